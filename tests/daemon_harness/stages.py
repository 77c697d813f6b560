"""Bring a daemon to a stage, say what belongs to it, and end in some way: ``stages.py STAGE ENDING``.

The tests run it as a process of its own, on a tree of ExaBGP, and look for what is left of it.
"""

import json
import sys

from benchmarks.daemon_harness import API_WRITES, Daemon, Settings
from benchmarks.wire import Session, UpdateTruth, commands, simple_updates

ROUTES = 5000
STAGES = ("starting", "before OPEN", "established", "while sending")
SUCCESS, FAILURE, TIMEOUT, HANGING = ENDINGS = ("success", "failure", "timeout", "hanging")


def main(stage: str, ending: str) -> None:
    """Start a daemon, and end."""
    with Daemon(Settings(api=API_WRITES), limit=300) as daemon:
        (peer,) = daemon.peers
        daemon.start()
        if stage == "before OPEN":
            daemon.until(lambda: peer.connected_at, lambda: 0, "connections")
        elif stage != "starting":
            daemon.establish()
        if stage == "while sending":
            assert daemon.api
            updates = simple_updates(Session(), ROUTES)
            truths = [update.truth for update in updates]
            peer.expect(nlri for truth in truths if isinstance(truth, UpdateTruth) for nlri, _ in truth.announced)
            daemon.api.write(commands(updates))
            daemon.until(lambda: peer.announced.seen > 10, lambda: peer.announced.seen, "routes")
        print(json.dumps({"folder": str(daemon.folder), "port": peer.address[1], "pid": daemon.pid}), flush=True)
        if ending == FAILURE:
            raise ValueError("a defect")
        if ending != SUCCESS:
            daemon.until(lambda: False, lambda: 0, "of what never comes", 0.1 if ending == TIMEOUT else None)
    print(json.dumps({"left": True}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
