"""Commands as fast as the pipe takes them, to a daemon that acknowledges them to a process that reads that, or not."""

import time
from itertools import pairwise
from typing import Literal, NamedTuple

from benchmarks.daemon_harness import API_WRITES, Api, Daemon, Peer, Settings, Usage
from benchmarks.wire import commands
from benchmarks.work.announced import prove_announced
from benchmarks.work.announcing import announced
from benchmarks.work.daemon_announcing import SESSION, complete, nlri_of
from benchmarks.work.shared_runs import shared

type Acknowledgements = Literal["off", "read", "not read"]

# Seconds; a KEEPALIVE is due in each third of it.
_HOLD_TIME = 3
# Seconds without a route and without a command taken, more than two in which a KEEPALIVE is due: the daemon is frozen.
_FROZEN = 4.0
_TICK = 0.05


class Pressed(NamedTuple):
    """What became of commands. Times are in nanoseconds, from the first command taken.

    When the daemon stood still while the acknowledgements were in the pipe, `held` commands were not on the wire, and
    `refused` were not taken either; 0 where it did not. `silence` is the longest time without a KEEPALIVE while
    commands came to the wire or the daemon stood still. `whole` is until all are on the wire, with the time in which it
    stood still, and `recovery` from the first acknowledgement read until then, 0 where it did not. `used` is from the
    first command until then.
    """

    messages: int
    held: int
    refused: int
    silence: int
    whole: int
    recovery: int
    used: Usage

    def prepare(self) -> None:
        """It has been run."""


@shared
def press(count: int, acknowledgements: Acknowledgements) -> Pressed:
    """So many routes are announced, each by a command, all with the same attributes.

    Where acknowledgements are not read, they are once the daemon stands still or all routes have come. Raises
    WrongResultError where a route is lost or twice in the end, DaemonError where the daemon does not recover.
    """
    messages = announced(SESSION, "shared", count)
    settings = Settings(SESSION, api=API_WRITES, acknowledge=acknowledgements != "off", hold_time=_HOLD_TIME)
    with Daemon(settings) as daemon:
        (peer,), api = daemon.peers, daemon.api
        assert api
        daemon.start()
        daemon.establish()
        api.read(acknowledgements != "not read")
        peer.expect(announced=nlri_of(messages), keep=True)
        before = daemon.used()
        api.write(commands(messages))
        held = refused = resumed = 0
        if acknowledgements == "not read":
            _stand_still(daemon, peer, api)
            held, refused = count - peer.announced.seen, count - api.commands_taken
            resumed = time.monotonic_ns()
            api.read(True)
        used = complete(daemon, peer, peer.announced).since(before)
        prove_announced(peer.written, messages, SESSION)
        last, since = peer.announced.last_at, api.commands_taken_at()[0]
        keepalives = [at for at in peer.keepalives_at if at < last]
        silence = max(after - before for before, after in pairwise([*keepalives, last]))
        return Pressed(count, held, refused, silence, last - since, last - resumed if held else 0, used)


def _stand_still(daemon: Daemon, peer: Peer, api: Api) -> None:
    """Wait until all routes have come, or none does."""
    reached, since = (0, 0), time.monotonic()

    def over() -> bool:
        nonlocal reached, since
        now = peer.announced.seen, api.commands_taken
        if now != reached:
            reached, since = now, time.monotonic()
        return peer.announced.complete or time.monotonic() - since > _FROZEN

    daemon.until(over, lambda: peer.announced.seen, "of the routes on the wire", tick=_TICK)
