"""API commands: row X26.

An API process, which ExaBGP has started, writes lines; ExaBGP reads them from its pipe, parses them, has its handlers
do what they ask for, and answers, turn by turn as its reactor does. What is then to be announced waits in the
neighbours' Adj-RIBs-Out. The commands are those of version 4 of the API, which all ExaBGPs know.
"""

from collections.abc import Callable
from typing import NamedTuple

from benchmarks.common import InSizes, OnceASample, Size, bytecodes, bytecodes_per, on
from benchmarks.work import api_commands as scripts
from benchmarks.work.api_commands import Handling, Script, Writing


class CommandBenchmark(OnceASample):
    """Base of the benchmarks of commands: what a run leaves waiting is thrown away before the next."""

    rows = {"X26": ()}
    repeat = (1, 10, 0.5)


class Kind(NamedTuple):
    """What makes the lines of a kind, and how many routes each is about."""

    script: Callable[[int], Script]
    routes: int = 1


_KINDS = {
    "announce route": Kind(scripts.announce_routes),
    "announce route, next hop only": Kind(scripts.announce_plain_routes),
    "announce route, known": Kind(scripts.announce_known_routes),
    "announce route to 10 neighbours": Kind(scripts.announce_to_all),
    "announce route to 1 of 10 neighbours": Kind(scripts.announce_to_one),
    "announce attributes, 10 routes": Kind(scripts.announce_attributes, 10),
    "group of 10 routes": Kind(scripts.announce_groups, 10),
    "announce flow": Kind(scripts.announce_flows),
    "withdraw route, next hop only": Kind(scripts.withdraw_routes),
    "announce eor": Kind(scripts.announce_end_of_rib, 0),
    "announce route-refresh": Kind(scripts.announce_route_refresh, 0),
    "refused": Kind(scripts.refused, 0),
}
_TIMED, _COUNTED = 50, 8


def _timed(kind: str) -> Handling:
    return Handling(_KINDS[kind].script(_TIMED))


def _counted(kind: str) -> Handling:
    return Handling(_KINDS[kind].script(_COUNTED))


class Commands(CommandBenchmark):
    """Commands of one kind are handled, without acknowledgement, all written at once (X26).

    The times are of 50 commands, the counts are per command of 8. The UPDATEs are those that then wait for all
    neighbours. Routes have attributes of their own unless it is said that they have not.
    """

    params = (list(_KINDS),)
    param_names = ("command",)

    def size(self, kind: str) -> Size:
        return Size(_TIMED, _TIMED * _KINDS[kind].routes)

    @on(_timed)
    def time_handle(self, work: Handling) -> None:
        work.run()

    @on(_counted, unit="bytecodes/command")
    def track_handle_bytecodes(self, work: Handling) -> float:
        return bytecodes_per(work.messages, work.run, work)

    @on(_counted, unit="UPDATEs")
    def track_waiting_updates(self, work: Handling) -> int:
        return work.updates()


class Circumstance(NamedTuple):
    """How lines of a kind are written, and whether they are acknowledged."""

    script: Callable[[int], Script]
    writing: Writing = "burst"
    acknowledge: bool = False
    # Of each command.
    routes: int = 1

    def work(self, commands: int) -> Handling:
        """The work with a number of commands."""
        return Handling(self.script(commands), self.writing, acknowledge=self.acknowledge)


_CIRCUMSTANCES = {
    "acknowledged": Circumstance(scripts.announce_plain_routes, acknowledge=True),
    "refused with an answer": Circumstance(scripts.refused, acknowledge=True, routes=0),
    "lines split across reads": Circumstance(scripts.announce_plain_routes, "split"),
}


def _timed_circumstance(circumstance: str) -> Handling:
    return _CIRCUMSTANCES[circumstance].work(_TIMED)


def _counted_circumstance(circumstance: str) -> Handling:
    return _CIRCUMSTANCES[circumstance].work(_COUNTED)


class CommandsUnderCircumstances(CommandBenchmark):
    """Commands are acknowledged, or refused, by lines that the process reads; or each read ends within a line (X26).

    They announce routes of which nothing is said but the next hop, or are bad.
    """

    params = (list(_CIRCUMSTANCES),)
    param_names = ("circumstance",)

    def size(self, circumstance: str) -> Size:
        return Size(_TIMED, _TIMED * _CIRCUMSTANCES[circumstance].routes)

    @on(_timed_circumstance)
    def time_handle(self, work: Handling) -> None:
        work.run()

    @on(_counted_circumstance, unit="bytecodes/command")
    def track_handle_bytecodes(self, work: Handling) -> float:
        return bytecodes_per(work.messages, work.run, work)


def _burst(commands: int) -> Handling:
    return Handling(scripts.announce_plain_routes(commands))


class CommandBurst(CommandBenchmark):
    """Many commands at once wait in the pipe and in ExaBGP's queue: routes with a next hop only (X26)."""

    params = ([1000, 5000],)
    param_names = ("commands",)
    long = ((5000,),)

    def size(self, commands: int) -> Size:
        return Size(commands, commands)

    @on(_burst)
    def time_handle(self, work: Handling) -> None:
        work.run()


def _bursts() -> InSizes:
    return InSizes([_burst(commands) for commands in (25, 200)])


def _cost(work: Handling) -> int:
    return bytecodes(work.run, work)


class CommandBurstGrowth(CommandBenchmark):
    """How the cost of a burst grows from 25 to 200 commands, more than ExaBGP runs in a turn (X26)."""

    @on(_bursts, unit="exponent")
    def track_handle_growth(self, work: InSizes) -> float:
        return work.exponent(_cost, 4)
