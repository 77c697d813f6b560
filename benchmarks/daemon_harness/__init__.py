"""A real daemon: ``python -m exabgp`` as a child, a BGP speaker on loopback as its peers, and a real API process.

    with Daemon(Settings(api=API_READS)) as daemon:
        (peer,) = daemon.peers
        peer.send(b"".join(message.wire for message in updates))
        daemon.api.watch_for(prefix_of_the_last)
        daemon.start()
        daemon.establish()
        daemon.until(lambda: daemon.api.seen_at, lambda: daemon.api.octets_read, "octets of JSON")

Nothing here imports exabgp: the daemon does, from where this process would. One daemon runs at a time on a machine; a
second waits its turn. Whatever ends this process, the daemon, its API process and their files are gone afterwards.

All times are nanoseconds of `time.monotonic_ns`, which all processes of a machine share; 0 is never. Limits are of
progress: seconds without any, more where the machine is loaded. What the daemon does wrong raises `DaemonError`, one
line with its last words; what this machine can't do, NotImplementedError with the reason.
"""

from benchmarks.daemon_harness.api import Api
from benchmarks.daemon_harness.configuration import API_READS, API_WRITES, Settings
from benchmarks.daemon_harness.daemon import Daemon
from benchmarks.daemon_harness.errors import DaemonError, SessionReset
from benchmarks.daemon_harness.peer import Peer
from benchmarks.daemon_harness.routes import Routes
from benchmarks.daemon_harness.usage import Usage

__all__ = [
    "API_READS",
    "API_WRITES",
    "Api",
    "Daemon",
    "DaemonError",
    "Peer",
    "Routes",
    "SessionReset",
    "Settings",
    "Usage",
]
