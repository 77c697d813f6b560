"""A process of its own for one load, so that its memory and CPU time are coloured by nothing before it.

``python -m benchmarks.work.load_process LOAD BYTES`` prints the figures as JSON, where that memory is available. It
ends when the process that has started it does, however that ends: asv kills a benchmark that takes too long, and knows
nothing of its children.
"""

import gc
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure.process import cpu_seconds, resident_bytes
from benchmarks.work.limits import require_memory
from benchmarks.work.loads import LOADS

# Bytes: three times the most that a load was seen to take on any commit.
NEEDED = 400 << 20

_ROOT = Path(__file__).resolve().parents[2]


class Usage(NamedTuple):
    """Resident memory in bytes and CPU time in seconds of a load: all its rounds, nothing before and after."""

    before: int
    loaded: int
    released: int
    cpu: float


class ChildError(RuntimeError):
    """The process ended without figures; the message is what it said."""


def usage(load: str, needed: int = NEEDED) -> Usage:
    """What a load uses, from a fresh process that can get the memory needed, in bytes.

    Raises NotImplementedError where psutil has no figure or memory is short, and ChildError with its last words when
    the process fails otherwise.
    """
    command = [sys.executable, "-m", "benchmarks.work.load_process", load, str(needed)]
    path = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(
        command,
        cwd=_ROOT,
        env=os.environ | {"PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        assert child.stdout
        # Its input stays open until it has ended: when that closes, it ends.
        out = child.stdout.read()
    if child.returncode:
        last = (out.splitlines() or ["it said nothing"])[-1]
        raise ChildError(f"the process of {load!r} ended with status {child.returncode}: {last}")
    answer = json.loads(out.splitlines()[-1])
    if isinstance(answer, str):
        raise NotImplementedError(answer)
    return Usage(*answer)


def measure(load: str) -> Usage:
    """What a load uses in this process, which must have run none before.

    Raises WrongResultError when ExaBGP makes of a message anything but what its octets say.
    """
    of = LOADS[load]
    work = of.build(of.messages)
    gc.collect()
    before, start = resident_bytes(), cpu_seconds()
    loaded = cpu = 0.0
    for _ in range(of.rounds):
        work.fill()
        cpu = cpu_seconds() - start
        loaded = max(loaded, resident_bytes())
        work.empty()
        gc.collect()
    used = Usage(before, int(loaded), resident_bytes(), cpu)
    # Of the whole load, now that it can spoil no figure.
    work.prove()
    return used


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _main(load: str, needed: str) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        require_memory(int(needed))
        answer: Usage | str = measure(load)
    except NotImplementedError as reason:
        answer = str(reason)
    print(json.dumps(answer), flush=True)
    # Not by the interpreter's own way out: it would wait for the thread that reads the input.
    os._exit(0)


if __name__ == "__main__":
    _main(*sys.argv[1:])
