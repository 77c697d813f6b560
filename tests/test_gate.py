"""The gate as people run it, on commits whose answer is known: its exit status and what it prints."""

import shutil
import subprocess
import time
from contextlib import suppress

import psutil
import pytest

from tests.project import Project
from tests.tools.command import refused

UPDATE = "bgp/message/update/__init__.py"
BEGIN = "        log.debug(lazyformat('parsing UPDATE', data), 'parser')\n"
CLASS = "@Message.register\nclass Update(Message):\n"
COUNT = r"UpdateDecoding.track_decode_bytecodes\(100, 'cold'\)"
TIME = r"UpdateDecoding.time_decode\(100, 'cold'\)"
# No release up to 5.0.1 lets lines wait for an API process.
SKIPPED = r"BacklogCost.track_drain_bytecodes\('written'\)"
# What each commit does at the beginning of the decoding of an UPDATE, and what it needs at the top of the module.
COMMITS = {
    "same": ("", ""),
    "slower": ("for _ in range(1200): pass", ""),
    "slower in C": ("crc32(MUCH)", "from zlib import crc32\n\nMUCH = bytes(1 << 24)\n"),
    "leak": ("KEPT.append(bytes(64))", "KEPT = []\n"),
    "no routes": ("data = bytes(2) + data[2:4] + data[4 : 4 + int.from_bytes(data[2:4])]", ""),
    "no routes either": ("data = bytes(2) + data[2:4] + data[4 : 4 + int.from_bytes(data[2:4])]", ""),
    "broken": ("", "this is no Python\n"),
}

# rich would take this for its markup, and stop at what it does not open.
SUBJECTS = {"same": "[reactor][/peer] :smile: change nothing"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Each commit has the name of what it changes, and only the first of them, "good", below it."""
    made = Project(tmp_path_factory.mktemp("gate"))
    original = (made.exabgp / "src" / "exabgp" / UPDATE).read_text()
    for name, (line, top) in COMMITS.items():
        (made.exabgp / "src" / "exabgp" / UPDATE).write_text(original)
        made.edit(UPDATE, BEGIN, f"        {line}\n{BEGIN}" if line else BEGIN)
        made.edit(UPDATE, CLASS, f"{top}\n\n{CLASS}" if top else CLASS)
        made.commit(name.replace(" ", "-"), SUBJECTS.get(name, ""))
    made.update()
    return made


def gate(project: Project, branch: str, *options: str, base: str = "good") -> subprocess.CompletedProcess[str]:
    return project.run("tools.continuous", *options, base, branch)


def test_equal_code_is_nothing_slower(project: Project) -> None:
    page = project.folder / "page.md"
    done = gate(project, "same", "--counts", "--bench", COUNT, "--markdown", str(page))
    assert done.returncode == 0, done.stdout + done.stderr
    subjects, verdict = done.stdout.splitlines()[-2:]
    assert verdict == "1 numbers compared: nothing became slower."
    assert subjects.endswith(f" {SUBJECTS['same']}")
    assert subjects in page.read_text()


def test_more_instructions_are_seen_by_a_count(project: Project) -> None:
    page = project.folder / "page.md"
    done = gate(project, "slower", "--counts", "--bench", COUNT, "--markdown", str(page))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 numbers became worse" in done.stdout
    (row,) = [line for line in page.read_text().splitlines() if line.startswith("| slower")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == "message_parsing.UpdateDecoding.track_decode_bytecodes(100, cold)"
    assert 1.01 < float(cells[-1]) < 1.05


def test_time_inside_c_is_seen_by_a_time_only(project: Project) -> None:
    done = gate(project, "slower-in-C", "--bench", COUNT, "--bench", TIME)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "measuring again what looks different: message_parsing.UpdateDecoding.time_decode" in done.stdout
    (row,) = [line for line in done.stdout.splitlines() if line.strip().startswith("slower")]
    assert "time_decode(100, cold)" in row


def test_leak_is_seen(project: Project) -> None:
    done = gate(project, "leak", "--counts", "--bench", r"Leak.track_leak\('received'\)")
    assert done.returncode == 1, done.stdout + done.stderr
    (row,) = [line for line in done.stdout.splitlines() if line.strip().startswith("slower")]
    before, after = row.split()[-2:]
    assert int(before) == 0
    # The object of 97 bytes and its place in the list, which grows by more than one at a time.
    assert 97 <= int(after) <= 97 * 1.2


def test_what_worked_on_the_base_and_fails_on_the_branch_is_a_failure(project: Project) -> None:
    done = gate(project, "no-routes", "--counts", "--bench", COUNT, "--bench", "KeepaliveDecoding")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "newly failing" in done.stdout
    assert "WrongResultError" in done.stdout


def test_branch_that_decodes_no_route_measures_nothing(project: Project) -> None:
    done = gate(project, "no-routes", "--counts", "--bench", COUNT)
    assert done.returncode == 2
    assert "WrongResultError" in done.stdout
    refused(done, "no benchmark has a number on the branch")


def test_base_that_decodes_no_route_measures_nothing(project: Project) -> None:
    refused(
        gate(project, "good", "--counts", "--bench", COUNT, base="no-routes"),
        "no benchmark has a number on the base",
    )


def test_controls_are_no_numbers_of_a_base_or_branch_that_has_none(project: Project) -> None:
    both = ("--bench", COUNT, "--bench", "ControlDeque")
    refused(gate(project, "good", *both, base="no-routes"), "no benchmark has a number on the base")
    refused(gate(project, "no-routes", *both), "no benchmark has a number on the branch")


def test_what_has_no_number_on_either_is_named(project: Project) -> None:
    selected = ("--bench", COUNT, "--bench", SKIPPED, "--bench", "KeepaliveDecoding")
    done = gate(project, "no-routes-either", "--counts", *selected, base="no-routes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-2:] == [
        "Fails, and without a number on the base: message_parsing.UpdateDecoding.track_decode_bytecodes(100, cold).",
        "Not applicable, and without a number on the base: "
        "backlog_saturation.BacklogCost.track_drain_bytecodes(written).",
    ]


def stopped_after_the_counts(project: Project, *command: str) -> None:
    def whole() -> set[str]:
        return {file.parent.name for file in project.folder.glob(".asv/gate/*/*/complete")}

    process = project.start(*command)
    project.stop(process, whole)
    assert process.returncode == 130
    assert whole() == {"counts"}


def test_comparison_that_was_stopped_goes_on_with_what_is_whole(project: Project) -> None:
    command = ("tools.continuous", "--bench", COUNT, "--bench", TIME, "good", "same")
    stopped_after_the_counts(project, *command)
    done = project.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    # Controls as well, where a time looked different and was looked at again.
    assert done.stdout.splitlines()[-1].endswith(" numbers compared: nothing became slower.")
    assert "UpdateDecoding.time_decode" in done.stdout
    assert "track_decode_bytecodes" not in done.stdout, "what was whole was measured again"


def test_what_another_selection_has_measured_is_not_taken(project: Project) -> None:
    stopped_after_the_counts(project, "tools.continuous", "--bench", SKIPPED, "--bench", TIME, "good", "same")
    done = gate(project, "same", "--counts", "--bench", r"BacklogCost.track_drain_bytecodes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 numbers compared: nothing became slower." in done.stdout


def running_asv(parent: int) -> psutil.Process | None:
    """The asv that a process has started, if it is there already."""
    for child in psutil.Process(parent).children():
        # Others, as git, end while one looks.
        with suppress(psutil.NoSuchProcess):
            if "asv" in child.cmdline():
                return child
    return None


def test_asv_that_is_killed_is_no_verdict(project: Project) -> None:
    process = project.start("tools.continuous", "--counts", "--bench", COUNT, "good", "same")
    deadline = time.monotonic() + 60
    while not (asv := running_asv(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert asv
    asv.kill()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert errors.splitlines() == ["error: asv was ended by SIGKILL: out of memory? The same command goes on"]


def test_branch_that_can_not_be_imported_measures_nothing(project: Project) -> None:
    done = gate(project, "broken", "--counts", "--bench", COUNT)
    refused(done, "no benchmark has a number on the branch")
    assert "this is no Python" in done.stdout


def test_selection_that_is_empty_measures_nothing(project: Project) -> None:
    refused(gate(project, "same", "--bench", "no_such_benchmark"), "no count, time or peak of memory matches no_such")
    refused(gate(project, "same", "--counts", "--bench", TIME), "no count matches")
    refused(gate(project, "same", "--bench", "("), "'(' is no regular expression")


def test_everything_skipped_measures_nothing(project: Project) -> None:
    refused(gate(project, "same", "--counts", "--bench", SKIPPED), "no benchmark has a number on the base")


@pytest.mark.parametrize(
    ("base", "branch", "words"),
    [("no-such", "good", "no-such"), ("good", "no-such", "no-such"), ("good", "good", "one commit")],
)
def test_revisions_that_can_not_be_compared(project: Project, base: str, branch: str, words: str) -> None:
    refused(gate(project, branch, base=base), words)


def test_no_environment_measures_nothing(project: Project) -> None:
    environments = project.folder / ".asv" / "env"
    moved = environments.with_name("moved")
    if environments.exists():
        environments.rename(moved)
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/none"}
    try:
        done = project.run("tools.continuous", "--counts", "--bench", COUNT, "good", "same", **nowhere)
    finally:
        shutil.rmtree(environments, ignore_errors=True)
        if moved.exists():
            moved.rename(environments)
    refused(done, "nothing was measured")
