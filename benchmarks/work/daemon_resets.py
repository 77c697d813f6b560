"""What any peer may send, and a daemon that ends its session for it."""

from typing import Literal, NamedTuple

from benchmarks.daemon_harness import API_READS, Daemon, SessionReset, Settings
from benchmarks.wire import AFI, HEADER_SIZE, SAFI, end_of_rib, simple_updates
from benchmarks.work.daemon_announcing import SESSION
from benchmarks.work.daemon_idling import HOLD_TIME
from benchmarks.work.shared_runs import shared

type Sent = Literal["an UPDATE in two parts", "an End-of-RIB of IPv4", "an UPDATE that is not kept"]

# Seconds between two parts of a message: a network that stalls, as it does when a segment is lost.
_PAUSE = 0.5


class Handled(NamedTuple):
    """How many of the daemon's sessions ended for what it was sent: 0, or 1."""

    messages: int
    resets: int

    def prepare(self) -> None:
        """It has been run."""


@shared
def resets(sent: Sent) -> Handled:
    """Send it, in one write with the handshake; of two parts the second half a second later.

    The session has survived when all was read and the daemon sends KEEPALIVEs afterwards. Raises DaemonError where it
    neither ends the session nor does that.
    """
    first, second = (message.wire for message in simple_updates(SESSION, 2))
    at_once, later = {
        "an UPDATE in two parts": (first + second[:HEADER_SIZE], second[HEADER_SIZE:]),
        "an End-of-RIB of IPv4": (first + end_of_rib(SESSION, AFI.IPV4, SAFI.UNICAST).wire, b""),
        "an UPDATE that is not kept": (first, b""),
    }[sent]
    # What is not kept is asked for by no API process either.
    kept = sent != "an UPDATE that is not kept"
    settings = Settings(SESSION, api=API_READS if kept else None, adj_rib_in=kept, hold_time=HOLD_TIME)
    with Daemon(settings) as daemon:
        (peer,) = daemon.peers
        peer.send(at_once, more_follows=bool(later))
        daemon.start()
        try:
            daemon.establish()
            if later:
                daemon.quiet(_PAUSE)
                peer.send(later)
            daemon.until(lambda: not peer.unread, lambda: -peer.unread, "octets read")
            # The first may have been on its way.
            enough = len(peer.keepalives_at) + 2
            daemon.until(lambda: len(peer.keepalives_at) >= enough, lambda: len(peer.keepalives_at), "KEEPALIVEs")
        except SessionReset:
            return Handled(1, 1)
    return Handled(1, 0)
