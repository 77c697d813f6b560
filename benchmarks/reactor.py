"""The reactor: rows X28 and X29 of the checklist, what ExaBGP's reactor and its peers do in one process.

ExaBGP's own main loop of a peer handles what the peer sends, into the Adj-RIB-In. ExaBGP's own reactor, made of a
configuration, runs its own loop turn by turn, with real sessions of its peers and with a real API process.
"""

from benchmarks.common import Benchmark, Size, bytecodes, bytecodes_per, bytecodes_per_message, on
from benchmarks.measure.statistics import growth_exponent
from benchmarks.work.handling import COURSES, FAMILIES, ROUTES, Handling
from benchmarks.work.turns import CommandTurns, IdleTurns, waiting_commands


def _course(course: str, family: str) -> Handling:
    return COURSES[course].work(family, UpdatesOfManyRoutes.updates)


def _part_of_course(course: str, family: str) -> Handling:
    return COURSES[course].work(family, UpdatesOfManyRoutes.counted)


class UpdatesOfManyRoutes(Benchmark):
    """UPDATEs of 100 routes, handled by ExaBGP's main loop of the peer (X29).

    It reads and decodes them and keeps their routes: announced, announced with other attributes, withdrawn, or 50
    withdrawn and 50 others announced in each. But for the first, they come behind as many UPDATEs that announce, and
    the time is that of both: 20 UPDATEs, or 20 and 20. The count is per route of 3 UPDATEs, without what comes before.
    """

    rows = {"X29": ()}
    params = (list(COURSES), FAMILIES)
    param_names = ("course", "family")
    repeat = (2, 10, 1.0)
    updates = 20
    counted = 3

    def size(self, course: str, family: str) -> Size:
        messages = self.updates * (2 if COURSES[course].before else 1)
        return Size(messages, messages * ROUTES)

    @on(_course)
    def time_handle(self, work: Handling) -> None:
        work.run()

    @on(_part_of_course, unit="bytecodes/route")
    def track_handle_bytecodes(self, work: Handling) -> float:
        before = bytecodes(work.run_before, work) if work.comes_second else 0
        return round((bytecodes(work.run_counted, work) - before) / work.routes, 3)


def _turns(peers: int) -> IdleTurns:
    return IdleTurns(peers, ReactorTurns.turns)


def _few_turns(peers: int) -> IdleTurns:
    return IdleTurns(peers, ReactorTurns.counted)


class ReactorTurns(Benchmark):
    """Turns of the reactor's own loop with nothing to do: without peers, and with peers whose sessions are idle (X28).

    The time is that of 200 turns, the count per turn of 20. No timer elapses. Until 2025-11 each turn asks every peer
    for work; since then the peers are tasks, which sleep. Nothing is waited for: in a daemon a turn without work ends
    with 10 ms of it, until 2025-11.
    """

    rows = {"X28": ()}
    params = ([0, 1, 8, 64],)
    param_names = ("peers",)
    turns = 200
    counted = 20

    def size(self, peers: int) -> Size:
        return Size(self.turns, 0)

    @on(_turns)
    def time_turns(self, work: IdleTurns) -> None:
        work.run()

    @on(_few_turns, unit="bytecodes/turn")
    def track_turns_bytecodes(self, work: IdleTurns) -> float:
        return bytecodes_per(work.messages, work.run, work)


class InNumbersOfPeers:
    """The same turns with several numbers of peers."""

    def __init__(self) -> None:
        self._works = [IdleTurns(peers, ReactorTurns.counted) for peers in ReactorGrowth.peers]

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def exponent(self) -> float:
        """How the bytecodes of a turn grow with the peers."""
        costs = [bytecodes(work.run, work) for work in self._works]
        return round(growth_exponent([work.peers for work in self._works], costs), 4)


class ReactorGrowth(Benchmark):
    """How the bytecodes of a turn with nothing to do grow with the peers: the exponent over 8 and 64 of them (X28)."""

    rows = {"X28": ()}
    peers = (8, 64)

    def size(self) -> Size:
        return Size(ReactorTurns.counted, 0)

    @on(InNumbersOfPeers, unit="exponent")
    def track_turns_growth(self, work: InNumbersOfPeers) -> float:
        return work.exponent()


def _commands() -> CommandTurns:
    return waiting_commands(ReactorCommands.commands)


def _few_commands() -> CommandTurns:
    return waiting_commands(ReactorCommands.counted)


class ReactorCommands(Benchmark):
    """API commands that wait in the pipe, and the turns of the reactor in which all are read and handled (X28).

    Each announces a route with attributes of its own to a neighbour without a session, and is acknowledged. The time is
    that of 400 commands, the count per command of 25.
    """

    rows = {"X28": ()}
    # The commands of a run are there once.
    number, repeat, warmup_time = 1, (3, 10, 1.5), 0
    commands = 400
    counted = 25

    def size(self) -> Size:
        return Size(self.commands, self.commands)

    @on(_commands)
    def time_handle(self, work: CommandTurns) -> None:
        work.run()

    @on(_few_commands, unit="bytecodes/command")
    def track_handle_bytecodes(self, work: CommandTurns) -> float:
        return bytecodes_per_message(work.run, work)
