"""The import of what ExaBGP's daemon imports, in an interpreter of its own that has imported nothing before."""

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.exabgp_compat import fresh_import
from benchmarks.exabgp_compat.startup import what_the_daemon_imports
from benchmarks.measure import Bytecodes
from benchmarks.measure.process import resident_bytes
from benchmarks.work.load_process import ChildError
from benchmarks.work.proof import WrongResultError

# What no daemon runs without: an import that has left one of them out is not that of the daemon.
_NEEDED = {
    f"exabgp.{name}"
    for name in (
        "bgp.message.update",
        "configuration.configuration",
        "reactor.api.processes",
        "reactor.loop",
        "reactor.peer",
        "rib",
    )
}

# What an import may depend on is the same wherever it is measured: the locale, and the seed by which the standard
# library walks through sets. Nothing else is told to the interpreter but what it needs to start.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
_OF_THE_SYSTEM = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


class Importing:
    """An interpreter waits for the import; `run` has it done. Each run has an interpreter of its own.

    Python keeps what it compiles, and finds it there when it imports again: no compiling is in any figure. Raises
    WrongResultError when something that each daemon needs was not imported, and NotImplementedError where Python can't
    keep what it has compiled.
    """

    messages = 1

    def __init__(self) -> None:
        self._folder, self._modules = what_the_daemon_imports()
        self._child: subprocess.Popen[str] | None = None
        # What the count was made of, for those who look at it.
        self.counted: list[Bytecodes] = []
        # Its instructions by code: file, name, first line, number.
        self.executed: list[tuple[str, str, int, int]] = []
        self.prepare()
        # Compiles what was not.
        self.run()
        self.prepare()
        self.run()
        found = self._found()
        missing = _NEEDED.difference(found["modules"])
        if missing:
            raise WrongResultError(f"what the daemon imports is without {', '.join(sorted(missing))}")
        if found["uncompiled"]:
            raise NotImplementedError(f"Python can't keep what it compiles of {found['uncompiled'][0]}, and of others")
        self.modules = len(found["modules"])

    def close(self) -> None:
        """End the interpreter."""
        if self._child:
            # When its input closes it ends.
            self._child.communicate()

    def prepare(self) -> None:
        """Have a fresh interpreter wait."""
        self.close()
        command = [sys.executable, "-S", "-P", fresh_import.__file__, self._folder, *self._modules]
        self._child = subprocess.Popen(
            command,
            env=_ENVIRONMENT | {name: os.environ[name] for name in _OF_THE_SYSTEM if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._expect("ready")

    def run(self) -> None:
        """Import."""
        self._say("import")
        self._expect("done")

    def count(self) -> Bytecodes:
        """Bytecodes that a fresh interpreter executes to import."""
        self.prepare()
        self._say("count")
        self._expect("done")
        found = self._found()
        self.counted = [Bytecodes(found["measured"], found["own"], {})]
        self.executed = [tuple(of_code) for of_code in found["executed"]]
        return self.counted[0]

    def resident(self) -> int:
        """By how many bytes the import makes resident memory grow."""
        self.prepare()
        assert self._child
        before = resident_bytes(self._child.pid)
        self.run()
        return resident_bytes(self._child.pid) - before

    def _found(self) -> dict[str, Any]:
        self._say("tell")
        found: dict[str, Any] = json.loads(self._line())
        return found

    def _say(self, word: str) -> None:
        assert self._child
        assert self._child.stdin
        self._child.stdin.write(f"{word}\n")
        self._child.stdin.flush()

    def _expect(self, word: str) -> None:
        line = self._line().rstrip()
        if line != word:
            raise ChildError(f"the interpreter that imports ExaBGP says {line!r}, not {word!r}")

    def _line(self) -> str:
        assert self._child
        assert self._child.stdout
        line = self._child.stdout.readline()
        if not line:
            _, errors = self._child.communicate()
            last = (errors.splitlines() or ["it said nothing"])[-1]
            raise ChildError(f"the interpreter that imports ExaBGP ended with status {self._child.returncode}: {last}")
        return line
