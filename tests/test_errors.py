"""How a tool ends: each in a process of its own, as it is the process that ends."""

import os
import signal
import subprocess
import sys

import pytest

from tools.paths import ROOT

HEAD = "import os, signal, sys, time\nfrom tools.errors import ToolError, run\n"
INTERRUPTED = (130, "interrupted\n")
# A destructor, in which Python drops what is raised.
DROPS = """
class Drops:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def main():
    Drops()
    time.sleep(300)
"""


def ends(code: str, **options: object) -> tuple[int, str]:
    """The status and what is said where ``main`` is made of this code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{HEAD}{code}\nrun(main)"], cwd=ROOT, capture_output=True, text=True, **options
    )
    return done.returncode, done.stderr


def raising(error: str) -> str:
    return f"def main():\n    raise {error}"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("ToolError('no such thing: make one')", 2, "error: no such thing: make one\n"),
        ("OSError(28, 'No space left on device', 'results')", 2, "error: No space left on device (results)\n"),
        ("OSError('no more')", 2, "error: no more\n"),
        ("KeyboardInterrupt", *INTERRUPTED),
        ("KeyboardInterrupt('stopped; go on')", 130, "stopped; go on\n"),
    ],
)
def test_what_a_user_can_mend_is_one_line(error: str, status: int, words: str) -> None:
    assert ends(raising(error)) == (status, words)


def test_a_defect_shows_where_it_is_and_is_no_verdict() -> None:
    status, said = ends(raising("KeyError('key')"))
    assert status == 2
    assert said.startswith("Traceback")
    assert said.endswith("KeyError: 'key'\n")


@pytest.mark.parametrize("status", [0, 1, 3, None])
def test_the_status_of_a_tool_is_kept(status: int | None) -> None:
    assert ends(f"def main():\n    return {status}") == (status or 0, "")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_each_way_to_stop_a_tool_is_one_line(name: str) -> None:
    assert ends(f"def main():\n    signal.raise_signal(signal.{name})\n    time.sleep(300)") == INTERRUPTED


def test_an_interrupt_that_came_while_python_started_is_one_line() -> None:
    code = "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\nsignal.raise_signal(signal.SIGINT)\n"
    assert ends(f"{code}def main():\n    return 1") == INTERRUPTED


def test_an_interrupt_that_python_drops_comes_again() -> None:
    assert ends(DROPS) == INTERRUPTED


def test_an_interrupt_after_the_verdict_changes_nothing() -> None:
    code = "import atexit\natexit.register(signal.raise_signal, signal.SIGINT)\ndef main():\n    return 1"
    assert ends(code) == (1, "")


def test_a_second_interrupt_says_no_second_line() -> None:
    code = "class Twice(KeyboardInterrupt):\n    def __str__(self):\n        signal.raise_signal(signal.SIGINT)\n"
    assert ends(f"{code}        return 'stopped'\n{raising('Twice')}") == (130, "stopped\n")


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_what_runs_in_the_background_stays_deaf(name: str) -> None:
    code = f"def main():\n    signal.raise_signal(signal.{name})\n    return 3"
    deaf = lambda: signal.signal(getattr(signal, name), signal.SIG_IGN)  # noqa: E731
    assert ends(code, preexec_fn=deaf) == (3, "")


def test_a_terminal_that_is_gone_changes_no_status() -> None:
    read, write = os.pipe()
    os.close(read)
    code = f"{HEAD}{raising('KeyboardInterrupt')}\nrun(main)"
    try:
        assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, stderr=write, check=False).returncode == 130
    finally:
        os.close(write)
