"""The commands that people type, on a copy of this repository and a small history of ExaBGP."""

import json
import platform
import re
import shutil
import sys
from pathlib import Path

import pytest

from benchmarks.wire import Session, fitted_stream
from tests.command import refused
from tests.project import Project
from tests.wire.mrt_writer import record
from tools.git import git

CIDR = "bgp/message/update/nlri/cidr.py"
BENCH = "UpdateDecoding.*decode_bytecodes|KeepaliveDecoding"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """With commits on main, newest last: good, wrong, unimportable."""
    made = Project(tmp_path_factory.mktemp("end_to_end"))
    made.edit(CIDR, "        self.mask = mask\n", "        self.mask = mask - 1\n")
    made.commit("wrong")
    (made.exabgp / "src" / "exabgp" / CIDR).write_text("this is no Python\n")
    made.commit("unimportable")
    made.update()
    return made


def test_quick_run_prints_a_summary_and_keeps_nothing(project: Project) -> None:
    before = project.results()
    done = project.run("tools.measuring.bench", "--quick", "--bench", BENCH, "good^!")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ExaBGP" in done.stdout
    assert " P03   UpdateDecoding.decode " not in done.stdout, "times were not selected"
    assert " P07   KeepaliveDecoding.decode " in done.stdout
    (count,) = project.results("quick")["good"]["message_parsing.UpdateDecoding.track_decode_bytecodes"][0][:1]
    (line,) = re.findall(
        r"^ *P01 +UpdateDecoding\.track_decode_bytecodes +1, cold +(.*?) *$", done.stdout, re.MULTILINE
    )
    assert line.split() == ["bytecodes/message", f"{count:,.10g}"]
    assert "12 of 12 numbers measured, 0 not applicable, 0 benchmarks failed" in done.stdout
    assert list(project.results("quick")) == ["good"]
    assert project.results() == before


LONG = """
from benchmarks.common import Benchmark, Size


class Either(Benchmark):
    params = (["a moment", "an age"],)
    long = (("an age",),)

    def size(self, scenario):
        return Size(1, 0)

    def time_pass(self, scenario):
        pass
"""


LONGER = ("--long",)
TABLE_FIGURES = ("cpu_time", "kept_bytes", "receive_bytecodes", "resident", "route", "whole")


def test_what_takes_long_is_measured_on_demand(project: Project) -> None:
    families = [
        file for file in (project.folder / "benchmarks").glob("*.py") if file.stem not in ("__init__", "common")
    ]
    written = {file: file.read_text() for file in families}
    only = project.folder / "benchmarks" / "zzz.py"
    try:
        for file in families:
            file.unlink()
        only.write_text(LONG)
        short = project.run("tools.measuring.bench", "--quick", "good^!").stdout
        whole = project.run("tools.measuring.bench", "--quick", "--long", "good^!").stdout
        first, again, rest = (project.run("tools.measuring.bench", *more, "good^!").stdout for more in ((), (), LONGER))
    finally:
        only.unlink()
        for file, text in written.items():
            file.write_text(text)
    assert "1 of 1 numbers measured" in short
    assert "a moment" in short
    assert "--long measures them too" in short
    assert "2 of 2 numbers measured" in whole
    assert "--long" not in whole
    assert "failed" not in first.replace("0 benchmarks failed", "")
    assert "Either.time_pass" in first
    assert not re.search(r"^\[.*Either\.time_pass", again, re.MULTILINE), "what has a number was measured again"
    assert "1 of 1 numbers measured" in again
    assert re.search(r"^\[.*Either\.time_pass", rest, re.MULTILINE), "what was left out is measured when asked for"
    assert "2 of 2 numbers measured" in rest


def test_environment_that_lost_a_package_is_made_anew(project: Project) -> None:
    command = ("tools.measuring.bench", "--quick", "--bench", "KeepaliveDecoding.track", "good^!")
    project.run(*command).check_returncode()
    (lost,) = project.folder.glob(".asv/env/*/lib/python*/site-packages/asv_runner")
    shutil.rmtree(lost)
    done = project.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert lost.exists()


def test_nothing_is_written_to_the_home_directory(project: Project) -> None:
    done = project.run("asv", "check", "-E", f"existing:{sys.executable}")
    # It says so of a setup or a method whose parameters it can't tell, and goes on.
    assert "failed to check" not in done.stdout + done.stderr
    assert done.returncode == 0
    assert {path.name for path in project.home.iterdir()} <= {".cache", ".rustup", ".local"}


# The last in the order of asv. It hangs where a file is not there, and makes it.
HANGS_ONCE = """
import time
from pathlib import Path


class Last:
    def track_last(self):
        if not Path({file!r}).exists():
            Path({file!r}).touch()
            time.sleep(3600)
        return 1
"""


def test_run_that_is_stopped_keeps_what_it_has_and_goes_on(project: Project, tmp_path: Path) -> None:
    shutil.rmtree(project.folder / ".asv" / "results", ignore_errors=True)
    hangs, last = tmp_path / "hangs", project.folder / "benchmarks" / "zzz.py"
    last.write_text(HANGS_ONCE.format(file=str(hangs)))
    command = ("tools.measuring.bench", "--bench", f"{BENCH}|zzz", "good^!")
    try:
        process = project.start(*command)
        errors = project.stop(process, hangs.exists)
        assert process.returncode == 130
        assert errors == "stopped; what was measured is saved, and the same command goes on from there\n"
        found = project.results()["good"]
        assert len(found) == 3

        done = project.run(*command)
    finally:
        last.unlink()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "13 of 13 numbers measured" in done.stdout
    after = project.results()["good"]
    assert {name: after[name] for name in found} == found, "what was measured before the stop was measured again"
    assert after.keys() == {*found, "zzz.Last.track_last"}


# Has the table of IPv6 be that of a small internet.
SMALL = "\nLENGTHS[AFI.IPV6] = {length: 1 + of // 500 for length, of in LENGTHS[AFI.IPV6].items()}\n"
LAST_ON_DEMAND = HANGS_ONCE.replace(
    "class Last:\n", "class Last:\n    on_demand, daemon, long, faults = True, False, (), ()\n"
)


def test_full_table_is_measured_on_demand_and_goes_on_by_number(project: Project, tmp_path: Path) -> None:
    shutil.rmtree(project.folder / ".asv" / "results", ignore_errors=True)
    benchmarks = project.folder / "benchmarks"
    table, family, last = (benchmarks / name for name in ("wire/full_table.py", "full_table.py", "zzz.py"))
    written = {file: file.read_text() for file in (table, family)}
    hangs = tmp_path / "hangs"
    command = ("tools.measuring.bench", "--full-table", "good^!")
    try:
        table.write_text(written[table] + SMALL)
        # One of the four classes.
        before, _, rest = written[family].partition("class FullTableIPv4")
        family.write_text(
            f"{before}class FullTableIPv6{rest.partition('class FullTableIPv6')[2].partition('class _Da')[0]}"
        )
        last.write_text(LAST_ON_DEMAND.format(file=str(hangs)))
        process = project.start(*command)
        project.stop(process, hangs.exists)
        assert process.returncode == 130
        found = project.results()["good"]
        assert found.keys() == {f"full_table.FullTableIPv6.track_{figure}" for figure in TABLE_FIGURES}

        done = project.run(*command)
    finally:
        last.unlink()
        for file, text in written.items():
            file.write_text(text)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 of 7 numbers measured" in done.stdout
    after = project.results()["good"]
    assert {name: after[name] for name in found} == found, "what was measured before the stop was measured again"
    assert after.keys() == {*found, "zzz.Last.track_last"}


def test_wrong_decoding_is_a_failure_with_the_difference_in_words(project: Project) -> None:
    done = project.run("tools.measuring.bench", "--bench", "UpdateDecoding.track_decode_bytecodes", "wrong^!")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "WrongResultError: message 0 (UPDATE): ExaBGP has announced" in done.stdout
    assert "no benchmark has a number" in done.stderr
    assert project.results()["wrong"]["message_parsing.UpdateDecoding.track_decode_bytecodes"][0] is None


def test_commit_that_cannot_be_imported_fails_with_its_own_error(project: Project) -> None:
    done = project.run("tools.measuring.bench", "--bench", "UpdateDecoding.track_decode_bytecodes", "unimportable^!")
    assert done.returncode == 2
    assert "SyntaxError: invalid syntax" in done.stdout
    assert "cidr.py" in done.stdout


def test_failure_of_a_part_is_reported_beside_the_numbers(project: Project) -> None:
    done = project.run("tools.measuring.bench", "--bench", "message_parsing.*track_decode_bytecodes", "wrong^!")
    assert done.returncode == 1
    assert "KeepaliveDecoding" in done.stdout
    assert "benchmarks failed: message_parsing.UpdateBatch" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        (("no-such-branch^!",), {}, "no-such-branch^!: no revision of the ExaBGP in upstream"),
        (("good..good",), {}, "names no commit"),
        (("main..good",), {}, "main..good names no commit: is it good..main that you mean?"),
        ((), {"EXABGP_BENCH_MRT": "/none.gz"}, "EXABGP_BENCH_MRT: none.gz: cannot be read"),
        (("--bench", "no_such_benchmark", "good^!"), {}, "no benchmark matches 'no_such_benchmark'"),
        (("--bench", "Traffic", "--bench", "no_such_benchmark"), {}, "no benchmark matches 'no_such_benchmark'"),
    ],
)
def test_bad_input_is_one_line(
    project: Project, arguments: tuple[str, ...], variables: dict[str, str], words: str
) -> None:
    done = project.run("tools.measuring.bench", *arguments, **variables)
    refused(done, words)
    assert not done.stdout, "asv was started"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"<html>not found</html>", "MRT"), (b"\0\0\0\0\0\x0d\0\x01\0\0\0\x04abcd", "table dump")],
)
def test_recording_that_is_none_is_one_line(project: Project, content: bytes, words: str) -> None:
    file = project.folder / "recording"
    file.write_bytes(content)
    refused(
        project.run("tools.measuring.bench", "good^!", EXABGP_BENCH_MRT=str(file)), "EXABGP_BENCH_MRT: recording", words
    )


def test_recording_named_by_a_path_from_here(project: Project) -> None:
    messages = fitted_stream(1000, Session())
    (project.folder / "updates.mrt").write_bytes(b"".join(record(message.wire) for message in messages))
    bench = "Traffic.track_read_message_bytecodes"
    done = project.run("tools.measuring.bench", "--quick", "--bench", bench, "good^!", EXABGP_BENCH_MRT="updates.mrt")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 numbers measured" in done.stdout


def test_a_range_is_announced_and_a_revision_is_one_commit(project: Project) -> None:
    shutil.rmtree(project.folder / ".asv" / "results", ignore_errors=True)
    bench = ("tools.measuring.bench", "--bench", "KeepaliveDecoding.track")
    heading = re.compile(r"^ExaBGP [0-9a-f]+ \S+ (.*)$", re.MULTILINE)
    done = project.run(*bench, "good", "good..wrong")
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(project.results()) == {"good", "wrong"}
    assert heading.findall(done.stdout) == ["good", "wrong"]
    announced = r"2 commits, 0 of them measured before: about \d+ \w+, at \d+ \w+ each \(a guess, .*\)"
    assert re.fullmatch(announced, done.stdout.splitlines()[0])

    # All that leads to it would be two.
    done = project.run(*bench, "main~1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert heading.findall(done.stdout) == ["wrong"]
    assert "measured before" not in done.stdout


def test_results_that_cannot_be_used_are_named_and_left_as_they_are(project: Project) -> None:
    project.run("tools.measuring.bench", "--bench", BENCH, "good").check_returncode()
    (file,) = project.folder.glob(f".asv/results/*/{git('rev-parse', 'good', cwd=project.exabgp)[:8]}-*.json")
    whole = file.read_text()
    content = json.loads(whole)
    assert content["params"]["python"] == platform.python_version()
    content["params"]["python"] = "3.12.99"
    try:
        file.write_text(json.dumps(content))
        refused(project.run("tools.gate.table", "good"), "was measured with Python 3.12.99 only")

        file.write_text(whole[: len(whole) // 2])
        for command in (("tools.measuring.bench", "--bench", BENCH, "good"), ("tools.gate.table", "good")):
            done = project.run(*command)
            refused(done, str(file.relative_to(project.folder)), "is damaged: remove it")
            assert not done.stdout, "asv was started"
        assert file.read_text() == whole[: len(whole) // 2]
    finally:
        file.write_text(whole)


def test_a_terminal_that_lacks_the_micro_sign_gets_another(project: Project) -> None:
    bench = ("--quick", "--bench", "ControlDeque.*1000 in'", "--bench", "KeepaliveDecoding.time", "good")
    done = project.run("tools.measuring.bench", *bench, PYTHONIOENCODING="ascii", COLUMNS="80")
    assert done.returncode == 0, done.stderr
    ours = done.stdout.partition("\nExaBGP ")[2]
    assert re.search(r"\d(us|ms) ", ours)
    assert ours.isascii()


def test_result_folder_that_cannot_be_written_is_one_line(project: Project) -> None:
    results = project.folder / ".asv" / "results"
    results.mkdir(parents=True, exist_ok=True)
    moved = results.rename(results.with_name("moved"))
    results.write_text("a file where a folder should be")
    try:
        refused(project.run("tools.measuring.bench", "good^!"), str(Path(".asv/results")))
    finally:
        results.unlink()
        moved.rename(results)


def test_asv_itself_works_on_the_results(project: Project) -> None:
    for command in (
        ("run", "--skip-existing", "--bench", BENCH, "good^!"),
        ("show", "good"),
        ("compare", "good", "good"),
    ):
        done = project.run("asv", *command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_numbers_are_printed_side_by_side(project: Project) -> None:
    project.run("tools.measuring.bench", "--bench", BENCH, "good^!").check_returncode()
    done = project.run("tools.gate.table", "--bench", BENCH, "good", "main~2")
    assert done.returncode == 0, done.stderr
    heading, _, *rows = done.stdout.splitlines()
    assert heading.startswith("| row | benchmark | unit | good (")
    assert " | main~2 (" in heading
    (row,) = [row for row in rows if "KeepaliveDecoding.track_decode_bytecodes(1000)" in row]
    assert re.fullmatch(r"\| P07 \| \S+ \| bytecodes/message \| (\d+) \| \1 \|", row)
    refused(project.run("tools.gate.table", "unimportable"), "unimportable has no numbers here")
    refused(
        project.run("tools.gate.table", "--bench", "Keepalive", "--bench", "no_such_benchmark", "good"),
        "no benchmark matches no_such_benchmark",
    )
    # What nobody has measured did not fail.
    whole = project.run("tools.gate.table", "good")
    assert "| message_parsing.Traffic.time_read_message |  | never measured |" in whole.stdout
    assert "failed" not in whole.stdout


def test_cost_is_told_with_its_share_in_benchmark_bodies(project: Project) -> None:
    done = project.run("tools.measuring.cost", "--bench", "KeepaliveDecoding", "good")
    assert done.returncode == 0, done.stderr
    told = r"^6 numbers in \d+ s, (\d+)% of it inside benchmark bodies; (\d+\.\d) CPU seconds$"
    found = re.search(told, done.stdout, re.MULTILINE)
    assert found
    assert 0 < int(found[1]) <= 100
    assert float(found[2]) > 0
    done = project.run("tools.measuring.cost", "--bench", "no_such_benchmark", "good")
    assert done.returncode == 2
    # Above it is the bar of the progress.
    assert done.stderr.splitlines()[-1].startswith("error: no benchmark ran")


def test_asv_continuous_sees_no_change_in_equal_code(project: Project) -> None:
    git("reset", "--quiet", "--hard", "good", cwd=project.exabgp)
    git("commit", "--quiet", "--allow-empty", "--message", "same", cwd=project.exabgp)
    done = project.run("asv", "continuous", "--bench", "message_parsing.*track_decode_bytecodes", "good", "HEAD")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BENCHMARKS NOT SIGNIFICANTLY CHANGED" in done.stdout
