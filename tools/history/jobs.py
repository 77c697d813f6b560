"""What the sweep runs on a tree beside its counts: the tree's own daemon."""

import importlib
from collections.abc import Iterator

from tools.children import Line

# A loaded machine may lose a session that would hold: what is called broken fails each time.
CHANCES = 2


def session() -> Iterator[Line]:
    """Whether the tree's daemon establishes a session with a peer: `reason` is None, or why it does not."""
    harness = importlib.import_module("benchmarks.daemon_harness")
    reason = None
    for _ in range(CHANCES):
        try:
            with harness.Daemon() as daemon:
                daemon.start()
                daemon.establish()
        except harness.DaemonError as error:
            reason = " ".join(str(error).split())
        else:
            reason = None
            break
    yield {"reason": reason}
