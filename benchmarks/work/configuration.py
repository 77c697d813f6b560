"""Configurations of many neighbours and many routes, loaded and loaded again by ExaBGP's reactor."""

import os
import subprocess
import tempfile
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from benchmarks.exabgp_compat.established import EstablishedSessions
from benchmarks.exabgp_compat.reactor import Reactor, address_of, forget_ribs
from benchmarks.exabgp_compat.rib import Announcements
from benchmarks.exabgp_compat.session import negotiate, neighbor_text, peer_address
from benchmarks.exabgp_compat.validation import Validation
from benchmarks.wire import (
    HEADER_SIZE,
    Message,
    MessageType,
    decode_update,
    simple_updates,
    static_routes,
    with_attributes_of,
)
from benchmarks.work.announced import prove_announced, prove_left
from benchmarks.work.proof import WrongResultError
from benchmarks.work.traffic import SESSION

# The number of a route that no configuration has.
_OTHER = 1 << 16

# Turns of a main loop in which it surely sees to a reload; it writes at least one UPDATE in each further one.
_TURNS = 20

# What a route has besides that ExaBGP has decoded to check it.
_DECODED = ("local-preference", "100")


def static_section(routes: Sequence[Message]) -> str:
    """The section of a neighbour that has the routes of UPDATEs."""
    lines = "".join(f"\n        {route};" for route in static_routes(routes))
    return f"\n    static {{{lines}\n    }}"


def configuration_text(streams: Sequence[Sequence[Message]]) -> str:
    """A configuration with a neighbour for each stream, which has the routes of it."""
    return "".join(neighbor_text(SESSION, index, static_section(stream)) for index, stream in enumerate(streams))


def template_text(stream: Sequence[Message], neighbors: int) -> str:
    """A configuration with a template that has the session and the routes, and neighbours that inherit all of it."""
    template = neighbor_text(SESSION, 0, static_section(stream)).replace(peer_address(0), "everybody")
    inheriting = (f"neighbor {peer_address(index)} {{\n    inherit everybody;\n}}\n" for index in range(neighbors))
    return f"template {{{template}}}\n{''.join(inheriting)}"


# The routes of each neighbour after a change, and what else changes in the text.
type Change = Callable[[list[list[Message]]], tuple[list[list[Message]], Callable[[str], str]]]


def _of_the_first(change: Callable[[list[Message]], list[Message]]) -> Change:
    """A change of the routes of the first neighbour."""
    return lambda streams: ([change(streams[0]), *streams[1:]], str)


CHANGES: dict[str, Change] = {
    "nothing": _of_the_first(list),
    "one route more": _of_the_first(lambda stream: [*stream, *simple_updates(SESSION, 1, _OTHER)]),
    "one route less": _of_the_first(lambda stream: stream[:-1]),
    "one route's attributes": _of_the_first(
        lambda stream: [*stream[:-1], with_attributes_of(SESSION, stream[-1], simple_updates(SESSION, 1, _OTHER)[0])]
    ),
    # Its session has to be established anew.
    "one neighbour's hold time": lambda streams: (streams, lambda text: text.replace("180", "90", 1)),
}
"""What changes in a configuration, or in the first of its neighbours."""


class ConfigurationFile:
    """A file that ExaBGP reads its configuration from.

    It is gone when nothing refers to this object any more, or this process has ended, by whatever way: asv ends a
    benchmark's without any cleaning up.
    """

    def __init__(self) -> None:
        directory = tempfile.mkdtemp(prefix="exabgp-benchmark-")
        self._path = Path(directory) / "exabgp.conf"
        self.path = str(self._path)
        nowhere = subprocess.DEVNULL
        cleaner = subprocess.Popen(
            ["sh", "-c", 'cat; rm -r "$0"', directory],
            stdin=subprocess.PIPE,
            stdout=nowhere,
            stderr=nowhere,
            start_new_session=True,
            # Not the variable by which what asv has started is found and killed: this ends by itself.
            env={"PATH": os.environ.get("PATH", os.defpath)},
        )
        weakref.finalize(self, cleaner.communicate)

    def write(self, text: str) -> None:
        """Have the file say this."""
        self._path.write_text(text)


class Loading:
    """Have the reactor of a daemon that has just started load a configuration.

    Each neighbour has as many `routes`, all different, or the same ones by a template. The constructor raises
    WrongResultError unless each neighbour would be announced its routes, and nothing else, and ValueError with ExaBGP's
    own words when that refuses the configuration.
    """

    def __init__(self, neighbors: int, routes: int, template: bool = False) -> None:
        self.messages = neighbors * routes
        if template:
            self._streams = [simple_updates(SESSION, routes)] * neighbors
            text = template_text(self._streams[0], neighbors)
        else:
            self._streams = [simple_updates(SESSION, routes, index * routes) for index in range(neighbors)]
            text = configuration_text(self._streams)
        self._file = ConfigurationFile()
        self._file.write(text)
        self.prepare()
        self.load()
        prove_neighbors(self._reactor, self._streams)

    def prepare(self) -> None:
        """Make a reactor that has loaded nothing yet, in a process that has no RIB."""
        forget_ribs()
        self._reactor = Reactor(self._file.path)

    def load(self) -> None:
        """Load the configuration."""
        self._reactor.load()


class Validating:
    """Have ExaBGP check the configuration of a neighbour: read it, encode each route, decode it, and compare.

    The constructor raises as that of `Loading` does, and WrongResultError unless ExaBGP encodes and decodes each route,
    once and without a change, and accepts the configuration, and unless it refuses one that is wrong.
    """

    def __init__(self, routes: int) -> None:
        self.messages = routes
        Loading(1, routes)
        stream = simple_updates(SESSION, routes)
        text = configuration_text([stream])
        self._file = ConfigurationFile()
        self._validation = Validation(self._file.path)
        self._file.write(text.replace("next-hop", "next-pop", 1))
        # ExaBGP says what is wrong.
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            if self._accepts():
                raise WrongResultError("ExaBGP accepts a configuration that is wrong")
        self._file.write(text)
        if not self._accepts():
            raise WrongResultError("ExaBGP refuses a configuration that it can load")
        self.prepare()
        prove_checked(self._validation.texts(), stream)

    def prepare(self) -> None:
        """Forget what the last check has left."""
        self._validation.prepare()

    def _accepts(self) -> bool:
        self.prepare()
        return self._validation.accepts()

    def validate(self) -> None:
        """Check the configuration."""
        self._validation.accepts()


class Reloading:
    """Have the reactor load its configuration again, in which something has changed, or nothing; no peer is connected.

    `neighbors` have `routes` each, all different. The change is one of CHANGES. `updates` says what the daemon writes
    on sessions that are established. The constructor raises WrongResultError unless the peers, by what was written
    before and after, hold the routes of the configuration as it is then, and no others.
    """

    def __init__(self, neighbors: int, routes: int, change: str) -> None:
        self.messages = neighbors * routes
        self._before = [simple_updates(SESSION, routes, index * routes) for index in range(neighbors)]
        self._text = configuration_text(self._before)
        after, edit = CHANGES[change](self._before)
        text = configuration_text(after)
        self._after, self._changed = after, edit(text)
        # Where more than routes changes, the session of the first neighbour is of no use any more.
        self._to_be_closed = [0] if self._changed != text else []
        self._file = ConfigurationFile()
        self.updates = self._established()

    def prepare(self) -> None:
        """Load the configuration as it was, have all of it sent, and write the changed one."""
        forget_ribs()
        self._file.write(self._text)
        self._reactor = Reactor(self._file.path)
        self._reactor.load()
        self._reactor.forget_waiting()
        self._file.write(self._changed)

    def load(self) -> None:
        """Load the changed configuration."""
        self._reactor.load()

    def _established(self) -> int:
        """UPDATEs that the daemon writes on the sessions that it has, when it loads the changed configuration."""
        forget_ribs()
        self._file.write(self._text)
        reactor = Reactor(self._file.path)
        reactor.load()
        sessions = EstablishedSessions(reactor, SESSION)
        turns = _TURNS + len(self._before[0])
        try:
            first = [updates_of(messages) for messages in sessions.written(turns)]
            self._file.write(self._changed)
            reactor.load()
            then = [updates_of(messages) for messages in sessions.written(turns)]
            closed = sessions.closed
        finally:
            sessions.close()
        for before, after, sent, more in zip(self._before, self._after, first, then, strict=True):
            prove_announced(sent, before, SESSION)
            prove_left([*sent, *more], after, SESSION)
        if closed != self._to_be_closed:
            raise WrongResultError(f"ExaBGP closes the sessions {closed}, it should close {self._to_be_closed}")
        return sum(map(len, then))


def prove_neighbors(reactor: Reactor, streams: Sequence[Sequence[Message]]) -> None:
    """Raise WrongResultError unless there is a neighbour for each stream, whose routes wait to be announced to it."""
    expected = [peer_address(index) for index in range(len(streams))]
    for what, neighbors in (
        ("neighbours", reactor.neighbors),
        ("peers", [peer.neighbor for peer in reactor.peers]),
    ):
        found = list(map(address_of, neighbors))
        if found != expected:
            raise WrongResultError(f"ExaBGP has made the {what} {found}, the configuration has {expected}")
    for address, neighbor, stream in zip(expected, reactor.neighbors, streams, strict=True):
        try:
            prove_announced(Announcements(negotiate(SESSION, neighbor, "out")).drain(), stream, SESSION)
        except WrongResultError as error:
            raise WrongResultError(f"neighbour {address}: {error}") from None


def prove_checked(texts: Iterable[str], stream: Sequence[Message]) -> None:
    """Raise WrongResultError unless each route is among ExaBGP's texts, as configured, and once as decoded again.

    ExaBGP checks on an internal session: the decoded route has LOCAL_PREF.
    """
    found = Counter(map(_words, texts))
    configured = [_words(route.removeprefix("route ")) for route in static_routes(stream)]
    decoded = Counter(_words(" ".join([*words, *_DECODED])) for words in configured)
    if missing := [words for words in configured if words not in found]:
        raise WrongResultError(f"ExaBGP does not look at {len(missing)} of {len(configured)} routes: {missing[0]}")
    if (again := Counter({words: n for words, n in found.items() if {*_DECODED} <= {*words}})) != decoded:
        raise WrongResultError(f"ExaBGP decodes {again.total()} routes for {len(configured)}: {again - decoded}")


def _words(text: str) -> tuple[str, ...]:
    """The words of a route's text in alphabetical order, without the brackets, which differ by commit."""
    return tuple(sorted(word for word in text.split() if word not in "()[]"))


def updates_of(messages: Sequence[bytes]) -> list[bytes]:
    """The UPDATEs among messages, End-of-RIB markers left out."""
    updates = (octets for octets in messages if octets[18] == MessageType.UPDATE)
    return [octets for octets in updates if _has_routes(octets)]


def _has_routes(octets: bytes) -> bool:
    truth = decode_update(octets[HEADER_SIZE:], SESSION)
    return bool(truth.announced or truth.withdrawn)
