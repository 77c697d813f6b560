"""Lines of an API process, from its pipe to the Adj-RIBs-Out, by all that ExaBGP's reactor does with them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched, pairwise
from typing import Literal, NamedTuple

from benchmarks.exabgp_compat.api_process import ApiProcess, Octets, choose_api_settings, group_of, process_sections
from benchmarks.exabgp_compat.reactor import Reactor, address_of, forget_ribs
from benchmarks.exabgp_compat.rib import Announcements
from benchmarks.exabgp_compat.session import negotiate, neighbor_text, peer_address
from benchmarks.wire import (
    HEADER_SIZE,
    IPV4_UNICAST,
    AttributeCode,
    Origin,
    SegmentType,
    Session,
    UpdateTruth,
    attributes_command,
    commands,
    path_attributes,
    sharing_attributes,
    simple_updates,
    update,
)
from benchmarks.wire.families.flow_rule import IPV4_FLOW, flow_command, flow_update
from benchmarks.work.announced import prove_announced, prove_withdrawn
from benchmarks.work.configuration import ConfigurationFile
from benchmarks.work.proof import WrongResultError

SESSION = Session(families=(IPV4_UNICAST, IPV4_FLOW))

# How the lines are written: all at once; or so that each read ends in the midst of one.
type Writing = Literal["burst", "split"]

# Compares the UPDATEs that wait for one neighbour with what the lines ask for.
type Proof = Callable[[list[bytes]], None]


class Script(NamedTuple):
    """What the process writes, and what then waits for the neighbours that `selected` has, by number.

    `before` is handled earlier, and sent. `markers` are the End-of-RIB markers and ROUTE-REFRESHes that wait for each
    neighbour. The last `refused` of the lines are to be refused.
    """

    lines: Sequence[str]
    prove: Proof
    before: Sequence[str] = ()
    markers: Sequence[tuple[str, int, int]] = ()
    refused: int = 0
    neighbors: int = 1
    selected: Sequence[int] = (0,)


def announce_routes(count: int) -> Script:
    """Routes with attributes of their own, a line each."""
    routes = simple_updates(SESSION, count)
    return Script(commands(routes), lambda written: prove_announced(written, routes, SESSION))


def announce_plain_routes(count: int) -> Script:
    """Routes of which nothing is said but the next hop, a line each."""
    path = ((int(SegmentType.AS_SEQUENCE), (SESSION.local_as,)),)
    attributes = {AttributeCode.ORIGIN: int(Origin.IGP), AttributeCode.AS_PATH: path}
    prefixes = _prefixes(count)
    routes = [update(SESSION, announce=[prefix], attributes=attributes) for prefix in prefixes]
    lines = [f"announce route {prefix} next-hop 192.0.2.1" for prefix in prefixes]
    return Script(lines, lambda written: prove_announced(written, routes, SESSION))


def announce_known_routes(count: int) -> Script:
    """The same routes once more, as a health check does: nothing is to be sent."""
    lines = commands(simple_updates(SESSION, count))
    return Script(lines, _prove_nothing, before=lines)


def withdraw_routes(count: int) -> Script:
    """Routes that were announced with a next hop only are withdrawn, a line each."""
    routes = simple_updates(SESSION, count)
    announced = announce_plain_routes(count).lines
    lines = [line.replace("announce", "withdraw", 1) for line in announced]
    return Script(lines, lambda written: prove_withdrawn(written, routes, SESSION), before=announced)


def announce_attributes(count: int) -> Script:
    """Ten routes in each line, which have the attributes that it says."""
    batches = [sharing_attributes(SESSION, simple_updates(SESSION, 10, 10 * number)) for number in range(count)]
    routes = [route for batch in batches for route in batch]
    return Script(list(map(attributes_command, batches)), lambda written: prove_announced(written, routes, SESSION))


def announce_groups(count: int) -> Script:
    """Ten routes in each line, a group of commands: each route has attributes of its own."""
    routes = simple_updates(SESSION, 10 * count)
    lines = list(map(group_of, batched(commands(routes), 10)))
    return Script(lines, lambda written: prove_announced(written, routes, SESSION))


def announce_flows(count: int) -> Script:
    """FlowSpec rules, a line each."""
    prefixes = _prefixes(count)
    rules = [flow_update(SESSION, prefix) for prefix in prefixes]
    return Script(list(map(flow_command, prefixes)), lambda written: _prove_flows(written, rules))


def announce_end_of_rib(count: int) -> Script:
    """End-of-RIB markers."""
    return Script(["announce eor ipv4 unicast"] * count, _prove_nothing, markers=[("eor", *IPV4_UNICAST)] * count)


def announce_route_refresh(count: int) -> Script:
    """ROUTE-REFRESHes."""
    lines = ["announce route-refresh ipv4 unicast"] * count
    return Script(lines, _prove_nothing, markers=[("refresh", *IPV4_UNICAST)] * count)


def announce_to_all(count: int) -> Script:
    """Routes announced to ten neighbours."""
    return announce_routes(count)._replace(neighbors=10, selected=range(10))


def announce_to_one(count: int) -> Script:
    """Routes announced to one of ten neighbours, which each line names."""
    script = announce_routes(count)
    lines = [f"neighbor {peer_address(3)} {line}" for line in script.lines]
    return script._replace(lines=lines, neighbors=10, selected=(3,))


def refused(count: int) -> Script:
    """Lines that are to be refused: an unknown word, command, neighbour, and action of a rule."""
    kinds = (
        "announce route {} next-hop 192.0.2.1 nonsense",
        "advertise {}",
        "neighbor 192.0.2.99 announce route {} next-hop 192.0.2.1",
        "announce flow route {{ match {{ destination {}; }} then {{ explode; }} }}",
    )
    lines = [kinds[number % len(kinds)].format(prefix) for number, prefix in enumerate(_prefixes(count))]
    return Script(lines, _prove_nothing, refused=count)


def _prefixes(count: int) -> list[str]:
    routes = [route.truth for route in simple_updates(SESSION, count)]
    return [nlri.prefix for truth in routes if isinstance(truth, UpdateTruth) for nlri, _ in truth.announced]


class Handling:
    """Have ExaBGP handle the lines of a script, until each has done its work.

    The constructor raises WrongResultError unless what waits for the neighbours then, as UPDATEs, is what the lines ask
    for, and, where ExaBGP is to `acknowledge` them, unless it refuses those that are bad and no others.
    """

    def __init__(self, script: Script, writing: Writing = "burst", *, acknowledge: bool = False) -> None:
        self.messages = len(script.lines)
        self._script = script
        self._feed = list(_in_a_burst(script.lines) if writing == "burst" else _split(script.lines))
        self._before = list(_in_a_burst(script.before)) if script.before else []
        choose_api_settings(acknowledge=acknowledge)
        process, of_neighbor = process_sections()
        neighbors = [neighbor_text(SESSION, index, of_neighbor) for index in range(script.neighbors)]
        self._file = ConfigurationFile()
        self._file.write("".join([process, *neighbors]))
        forget_ribs()
        self._reactor = Reactor(self._file.path)
        self._reactor.load()
        # What comes later in this process has other families: ExaBGP may fail where those of a known RIB change.
        forget_ribs()
        self._reactor.establish()
        self._process = ApiProcess(self._reactor)
        self.close = self._process.close
        self.prepare()
        self.run()
        self._prove_answers(acknowledge)
        self._prove_waiting()

    def prepare(self) -> None:
        """Have the neighbours know what they are to know before, and nothing else; nothing waits."""
        self._process.clear()
        self._reactor.forget_all()
        if self._before:
            self._process.handle(self._before)
            self._reactor.forget_waiting()
            self._process.clear()

    def run(self) -> None:
        """Write the lines, and have them handled."""
        self._process.handle(self._feed)

    def updates(self) -> int:
        """UPDATEs that then wait for all neighbours."""
        self.prepare()
        self.run()
        return sum(
            len(list(Announcements(negotiate(SESSION, neighbor, "out")).drain()))
            for neighbor in self._reactor.neighbors
        )

    def _prove_answers(self, acknowledge: bool) -> None:
        # Some ExaBGPs say besides why they refuse a line, or what they have done with a group.
        answers = [line for line in self._process.answers() if line in ("done", "error")]
        refused = self._script.refused
        expected = ["done"] * (self.messages - refused) + ["error"] * refused if acknowledge else []
        if answers != expected:
            raise WrongResultError(
                f"ExaBGP answers {answers.count('done')} lines with done and {answers.count('error')} with error, "
                f"of {self.messages} {refused} are bad and {len(expected)} to be answered"
            )

    def _prove_waiting(self) -> None:
        script, reactor = self._script, self._reactor
        markers = reactor.waiting_markers()
        for index, (neighbor, found) in enumerate(zip(reactor.neighbors, markers, strict=True)):
            prove = script.prove if index in script.selected else _prove_nothing
            try:
                prove(list(Announcements(negotiate(SESSION, neighbor, "out")).drain()))
                if found != list(script.markers):
                    raise WrongResultError(f"{len(found)} markers wait, {len(script.markers)} were asked for")
            except WrongResultError as error:
                raise WrongResultError(f"neighbour {address_of(neighbor)}: {error}") from None


def _in_a_burst(lines: Sequence[str]) -> Iterator[Octets]:
    yield Octets("".join(f"{line}\n" for line in lines).encode(), len(lines))


def _split(lines: Sequence[str]) -> Iterator[Octets]:
    """Each write has the second half of a line and the first of the next."""
    whole = [f"{line}\n" for line in lines]
    halves = [(line[: len(line) // 2], line[len(line) // 2 :]) for line in whole]
    yield Octets(halves[0][0].encode(), 0)
    for (_, end), (beginning, _) in pairwise([*halves, ("", "")]):
        yield Octets((end + beginning).encode(), 1)


def _prove_nothing(written: list[bytes]) -> None:
    if written:
        raise WrongResultError(f"{len(written)} UPDATEs wait where nothing is to be sent")


def _prove_flows(written: list[bytes], rules: Sequence[bytes]) -> None:
    """Raise WrongResultError unless these UPDATEs of FlowSpec rules were written, each once, in any order."""

    def comparable(updates: Sequence[bytes]) -> list[list[tuple[int, bytes]]]:
        return sorted(sorted(path_attributes(update[HEADER_SIZE:]).items()) for update in updates)

    found, expected = comparable(written), comparable(rules)
    if found != expected:
        wrong = [rule for rule in found if rule not in expected][:1]
        raise WrongResultError(f"ExaBGP announces {len(found)} rules, not the {len(expected)} asked for: {wrong}")
