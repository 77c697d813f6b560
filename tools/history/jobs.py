"""What the sweep runs on a tree beside its counts: the tree's own daemon."""

from collections.abc import Iterator

from benchmarks.daemon_harness import Daemon, DaemonError, Settings
from tools.children import Line

# A loaded machine may lose a session that would hold: what is called broken fails each time.
CHANCES = 2


def session() -> Iterator[Line]:
    """Whether the tree's daemon establishes a session with a peer: `reason` is None, or why it does not."""
    reason = None
    for _ in range(CHANCES):
        try:
            with Daemon(Settings()) as daemon:
                daemon.start()
                daemon.establish()
                reason = None
                break
        except DaemonError as error:
            reason = " ".join(str(error).split())
    yield {"reason": reason}
