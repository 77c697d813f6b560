"""A process on a tree of ExaBGP: what it says arrives, why it fails is one line, and it never outlives its parent."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.children import jobs
from tests.command import wait_until
from tools.children import Interpreter
from tools.children.forked import forked
from tools.errors import ToolError
from tools.lifetime import STARTED_BY
from tools.paths import ROOT


def is_gone(process: int) -> bool:
    try:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def hanging(file: Path) -> list[int]:
    """The processes of the job that hangs, once both are there."""
    wait_until(file.exists)
    return [int(number) for number in file.read_text().split()]


def test_it_imports_the_tree_with_the_environment_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXABGP_BENCH_TEST", "value")
    (line,) = Interpreter(tmp_path, "42").run(jobs.says_where_it_is, "EXABGP_BENCH_TEST")
    installed = next(number for number, path in enumerate(line["path"]) if path.endswith("site-packages"))
    assert line["path"].index(str(tmp_path)) < installed
    assert (line["seed"], line["variable"]) == ("42", "value")
    (line,) = Interpreter(tmp_path, without=("EXABGP_BENCH_TEST",)).run(
        jobs.says_where_it_is, variable="EXABGP_BENCH_TEST"
    )
    assert (line["seed"], line["variable"]) == ("0", None)


def test_a_line_arrives_before_the_next_is_made(tmp_path: Path) -> None:
    file = tmp_path / "file"
    lines = Interpreter(tmp_path).run(jobs.waits_for, str(file))
    assert next(lines) == {"line": 1}
    file.touch()
    assert list(lines) == [{"line": 2}]


@pytest.mark.parametrize(
    ("job", "arguments", "words"),
    [
        (jobs.refuses, (), "no such thing: name another"),
        (jobs.is_defective, (), "ValueError: a defect"),
        (jobs.is_killed, (), "the process was ended by SIGSEGV"),
        (jobs.is_killed_in_a_line, (), "the process was ended by SIGKILL"),
        (jobs.ends, (3,), "the process ended with status 3 and said nothing"),
    ],
)
def test_why_it_fails_is_one_line(tmp_path: Path, job: Callable, arguments: tuple, words: str) -> None:
    lines = Interpreter(tmp_path).run(job, *arguments)
    assert next(lines) == {"line": 1}
    with pytest.raises(ToolError) as error:
        next(lines)
    assert str(error.value) == words


def test_it_is_ended_when_it_takes_too_long(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"^hangs took more than 0\.5 s$"):
        list(Interpreter(tmp_path, limit=0.5).run(jobs.hangs, str(tmp_path / "file")))


def test_it_is_ended_when_nobody_reads_on(tmp_path: Path) -> None:
    lines = Interpreter(tmp_path).run(jobs.waits_for, str(tmp_path / "never"))
    next(lines)
    (child,) = [child for child in psutil.Process().children() if "tools.children.child" in child.cmdline()]
    lines.close()
    assert is_gone(child.pid)


def test_what_it_has_forked_is_ended_with_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    lines = Interpreter(tmp_path).run(jobs.hangs, str(file))
    found: list[int] = []

    def kill() -> None:
        found.extend(hanging(file))
        psutil.Process(found[0]).kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(ToolError, match="ended by SIGKILL"):
        next(lines)
    killer.join()
    for process in found:
        wait_until(lambda process=process: is_gone(process))


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    parent = (
        "from pathlib import Path; from tests.children import jobs; from tools.children import Interpreter;"
        f"list(Interpreter(Path({str(tmp_path)!r})).run(jobs.hangs, {str(file)!r}))"
    )
    # As somebody starts it, and not a process that has seen to the end of its children.
    environment = {name: value for name, value in os.environ.items() if name != STARTED_BY}
    with subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT, env=environment) as process:
        processes = hanging(file)
        process.kill()
    for one in processes:
        wait_until(lambda one=one: is_gone(one))


def test_a_fork_that_dies_has_no_answer() -> None:
    assert forked(max, 3, 7) == 7
    with pytest.raises(EOFError):
        forked(sys.exit)
