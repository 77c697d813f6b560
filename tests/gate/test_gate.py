"""The gate as people run it, on commits whose answer is known: its exit status and what it prints."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.wire import Session, fitted_stream
from tests.command import refused
from tests.project import Project
from tests.wire.mrt_writer import record
from tools.gate.timing import SAMPLES

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
    "slightly slower": ("for _ in range(200): pass", ""),
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
    return project.run("tools.gate.continuous", *options, base, branch)


def test_equal_code_is_nothing_slower(project: Project) -> None:
    page = project.folder / "page.md"
    done = gate(project, "same", "--counts", "--bench", COUNT, "--markdown", str(page))
    assert done.returncode == 0, done.stdout + done.stderr
    subjects, verdict = done.stdout.splitlines()[-2:]
    assert verdict == "1 number compared: nothing became slower."
    assert subjects.endswith(f" {SUBJECTS['same']}")
    words = "**ExaBGP benchmarks: nothing became slower**, COMMIT → COMMIT: 1 number compared, all exact.\n"
    assert re.sub(r"\b[0-9a-f]{9}\b", "COMMIT", page.read_text()) == words


def test_more_instructions_are_seen_by_a_count(project: Project) -> None:
    page = project.folder / "page.md"
    done = gate(project, "slower", "--counts", "--bench", COUNT, "--markdown", str(page))
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "1 number compared: 1 number became worse."
    (row,) = [line for line in page.read_text().splitlines() if line.startswith("| slower")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == "message_parsing.UpdateDecoding.track_decode_bytecodes(100, cold)"
    assert 1.01 < float(cells[-1]) < 1.05
    by = r"by Update\.unpack_message \+([\d,]+) \(exabgp\.bgp\.message\.update:\d+\)"
    difference = re.search(by, page.read_text())
    assert difference
    assert re.search(by, done.stdout)
    before, after = (float(cell.replace(",", "")) for cell in cells[2:4])
    assert int(difference[1].replace(",", "")) == after - before


def test_numbers_side_by_side_name_the_functions_that_made_them_worse(project: Project) -> None:
    project.run("tools.measuring.bench", "--bench", COUNT, "good", "slower").check_returncode()
    table = ("tools.gate.table", "--bench", COUNT, "--functions", "1")
    done = project.run(*table, "good", "slower")
    assert done.returncode == 0, done.stderr
    _, _, row, by = done.stdout.splitlines()
    before, after = (float(cell.replace(",", "")) for cell in row.strip("|").split("|")[-2:])
    found = re.match(r"\|  \| by Update\.unpack_message \+([\d,]+) \(exabgp\.bgp\.message\.update:\d+\) \|", by)
    assert found, by
    assert int(found[1].replace(",", "")) == after - before
    better = project.run(*table, "slower", "good")
    assert better.returncode == 0, better.stderr
    assert len(better.stdout.splitlines()) == 3
    refused(project.run(*table, "good", "slower", "good"), "compares the first commit with the last")


def test_what_is_too_little_to_be_slower_is_listed_with_its_cause(project: Project) -> None:
    page = project.folder / "page.md"
    done = gate(project, "slightly-slower", "--counts", "--bench", COUNT, "--markdown", str(page))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "1 number compared: nothing became slower."
    listed = r"Update\.unpack_message \+\d+ instructions \(exabgp\.bgp\.message\.update:\d+\): 1 number, \+0\.\d %"
    assert re.search(f"^   {listed}$", done.stdout, re.MULTILINE), done.stdout
    assert re.search(f"^- {listed}$", page.read_text(), re.MULTILINE)


def test_time_inside_c_is_seen_by_a_time_only(project: Project) -> None:
    done = gate(project, "slower-in-C", "--bench", COUNT, "--bench", TIME)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "measuring again what looks different: message_parsing.UpdateDecoding.time_decode" in done.stdout
    (row,) = [line for line in done.stdout.splitlines() if line.strip().startswith("slower")]
    assert "time_decode(100, cold)" in row


# Samples of times of both commits, of which asv would take fewer where a process is slow.
SAMPLES_OF = """
import json, sys
from tools.exclusive import measuring
from tools.gate.measurement import Gate
from tools.numbers.kinds import Kind
from tools.source.revisions import commit

gate = Gate(commit("good"), commit("same"), sys.argv[1:])
with measuring():
    found = gate.measure("times", gate.names(Kind.TIME), 2)
gate.clear()
print(json.dumps([len(number.samples) for change in found for number in (change.before, change.after)]))
"""


def test_each_process_takes_as_many_samples(project: Project) -> None:
    done = project.run_code(SAMPLES_OF, r"KeepaliveDecoding.time_decode\(100\)", r"Load.time_load\('500 routes'\)")
    done.check_returncode()
    assert json.loads(done.stdout.splitlines()[-1]) == [2 * SAMPLES] * 4


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


# As a gate does that is stopped after its counts; or that says whether it would take what is kept.
COUNTS_ONLY = """
import sys
from tools.gate.measurement import Gate
from tools.numbers.kinds import EXACT
from tools.source.revisions import commit

class Told(Gate):
    def _run(self, *_):
        raise SystemExit("measured again")

of = Told if sys.argv[1] == "told" else Gate
gate = of(commit("good"), commit("same"), sys.argv[2:])
gate.measure("counts", gate.names(*EXACT))
"""


def counts_only(project: Project, how: str, *selected: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return project.run_code(COUNTS_ONLY, how, *selected, **variables)


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Iterator[Path]:
    """The counts of a comparison of "same" that was stopped after them: the folder."""
    folder = project.folder / ".asv" / "gate"
    original = project.folder / "kept"
    if not original.exists():
        shutil.rmtree(folder, ignore_errors=True)
        counts_only(project, "measure", COUNT).check_returncode()
        folder.rename(original)
    shutil.copytree(original, folder)
    yield next(folder.glob("*/counts"))
    shutil.rmtree(folder)


def taken(project: Project, *selected: str, **variables: str) -> bool:
    """Whether a gate would take what is kept; it stays there."""
    folder = project.folder / ".asv" / "gate"
    copy = shutil.copytree(folder, folder.with_name("copy"))
    done = counts_only(project, "told", *selected or (COUNT,), **variables)
    shutil.rmtree(folder)
    copy.rename(folder)
    assert done.returncode == 0 or done.stderr == "measured again\n", done.stderr
    return done.returncode == 0


@contextmanager
def changed(file: Path, old: str, new: str) -> Iterator[None]:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
    yield
    file.write_text(text)


def test_comparison_that_was_stopped_goes_on_with_what_is_whole(project: Project, kept: Path) -> None:
    done = gate(project, "same", "--counts", "--bench", COUNT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "1 number compared: nothing became slower."
    assert "track_decode_bytecodes" not in done.stdout, "what was whole was measured again"
    assert not kept.exists()


def test_what_another_selection_has_measured_is_not_taken(project: Project, kept: Path) -> None:
    assert taken(project, COUNT)
    assert not taken(project, "KeepaliveDecoding")
    assert not taken(project, COUNT, "KeepaliveDecoding")


def test_what_was_measured_on_another_recording_is_not_taken(project: Project, kept: Path, tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("one", "same", "other"))
    for file, order in ((one, 1), (same, 1), (other, -1)):
        messages = fitted_stream(1000, Session())[::order]
        file.write_bytes(b"".join(record(message.wire) for message in messages))
    assert not taken(project, EXABGP_BENCH_MRT=str(one))
    counts_only(project, "measure", COUNT, EXABGP_BENCH_MRT=str(one)).check_returncode()
    assert taken(project, EXABGP_BENCH_MRT=str(same))
    assert not taken(project, EXABGP_BENCH_MRT=str(other))
    assert not taken(project)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tools/asv_plugin/whole_files.py", 'f"{path}.partial"', 'f"{path}.part"'),
        ("tools/source/install_commit.py", "compile_dir(installed, quiet=2)", "compile_dir(installed, quiet=1)"),
        ("benchmarks/measure/bytecodes.py", "import gc\n", "import gc\nimport math\n"),
        ("asv.conf.json", '"launch_method": "forkserver"', '"launch_method": "spawn"'),
    ],
)
def test_what_was_measured_in_another_way_is_not_taken(project: Project, name: str, old: str, new: str) -> None:
    with changed(project.folder / name, old, new):
        assert not taken(project)
    assert taken(project)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("asv.conf.json", '"hash_length": 9', '"hash_length": 8'),
        ("benchmarks/measure/bytecodes.py", '"""Count the bytecode', '"""In other words: count the bytecode'),
    ],
)
def test_what_no_number_depends_on_changes_nothing(project: Project, name: str, old: str, new: str) -> None:
    with changed(project.folder / name, old, new):
        assert taken(project)


def test_what_another_build_of_python_has_measured_is_not_taken(project: Project, kept: Path) -> None:
    (python,) = project.folder.glob(".asv/env/*/bin/python")
    original = python.rename(python.with_name("original"))
    python.write_text("#!/bin/sh\necho '3.12.1 (another build)'\n")
    python.chmod(0o755)
    try:
        assert not taken(project)
    finally:
        original.rename(python)


@pytest.mark.parametrize("damage", ["cut", "removed", "added", "no text"])
def test_what_is_damaged_is_not_taken(project: Project, kept: Path, damage: str) -> None:
    result = next(kept.glob("*/*-*.json"))
    match damage:
        case "cut":
            result.write_bytes(result.read_bytes()[:-40])
        case "removed":
            result.unlink()
        case "added":
            shutil.copy(result, result.with_name(f"2{result.name}"))
        case "no text":
            (kept / "complete").write_bytes(b"\xff\xfe")
    assert not taken(project)


def test_damaged_results_need_nobody_to_remove_them(project: Project, kept: Path) -> None:
    for file in kept.rglob("*.json"):
        file.write_text("{")
    done = gate(project, "same", "--counts", "--bench", COUNT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr
    assert done.stdout.splitlines()[-1] == "1 number compared: nothing became slower."


def test_branch_that_can_not_be_imported_measures_nothing(project: Project) -> None:
    done = gate(project, "broken", "--counts", "--bench", COUNT)
    refused(done, "no benchmark has a number on the branch")
    assert "this is no Python" in done.stdout


# Prints the counts, then the times, that a gate compares.
NAMES = """
import json, sys
from tools.gate.measurement import Gate
from tools.numbers.kinds import EXACT, Kind
gate = Gate("0" * 40, "1" * 40, sys.argv[1:])
print(json.dumps([gate.names(*EXACT), gate.names(Kind.TIME)]))
"""


def test_all_counts_are_compared_and_the_times_that_take_no_long(project: Project) -> None:
    counts, times = json.loads(project.run_code(NAMES).stdout)
    assert "message_parsing.UpdateStress.track_decode_bytecodes" in counts
    assert "message_parsing.UpdateStress.time_decode" not in times
    assert "message_parsing.Traffic.time_read_message" in times
    assert len(counts) == len({*counts}) > 80
    counts, times = json.loads(project.run_code(NAMES, "UpdateStress.*decode$", "KeepaliveDecoding").stdout)
    assert "message_parsing.UpdateStress.time_decode" in times
    assert not any("Traffic" in name for name in counts + times)


def test_selection_that_is_empty_measures_nothing(project: Project) -> None:
    refused(gate(project, "same", "--bench", "no_such_benchmark"), "no benchmark matches no_such_benchmark")
    refused(gate(project, "same", "--bench", COUNT, "--bench", "no_such"), "no benchmark matches no_such")
    refused(gate(project, "same", "--counts", "--bench", TIME), "no count matches")
    refused(gate(project, "same", "--bench", "ControlDeque"), "ControlDeque selects only controls")
    both = gate(project, "same", "--counts", "--all-times")
    assert both.returncode == 2
    assert "--all-times: not allowed with argument --counts" in both.stderr


def test_controls_are_not_counted_as_compared(project: Project) -> None:
    done = gate(project, "same", "--bench", r"KeepaliveDecoding.track.*\(100\)", "--bench", "ControlInterpreter")
    assert "ControlInterpreter.time_" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 number compared: nothing became slower."


def test_everything_skipped_measures_nothing(project: Project) -> None:
    refused(gate(project, "same", "--counts", "--bench", SKIPPED), "no benchmark has a number on the base")


@pytest.mark.parametrize(
    ("base", "branch", "words"),
    [
        ("no-such", "good", "no-such: no revision of the ExaBGP in upstream"),
        ("good", "no-such", "no-such: no revision of the ExaBGP in upstream"),
        ("good", "good", "good and good are one commit"),
        ("good..same", "same", "good..same: no revision"),
        ("^good", "same", "^good: no revision"),
        ("", "same", ": no revision"),
    ],
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
        done = project.run("tools.gate.continuous", "--counts", "--bench", COUNT, "good", "same", **nowhere)
    finally:
        shutil.rmtree(environments, ignore_errors=True)
        if moved.exists():
            moved.rename(environments)
    refused(done, "nothing was measured")
