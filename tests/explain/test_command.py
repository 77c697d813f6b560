"""The command as people type it: what it prints and writes, and what it says of what it can't explain."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.command import refused
from tests.project import Project

UPDATE = "bgp/message/update/__init__.py"
BEGIN = "        log.debug(lazyformat('parsing UPDATE', data), 'parser')\n"
COUNT = r"UpdateDecoding.track_decode_bytecodes\(1, 'cold'\)"
NAME = "message_parsing.UpdateDecoding.track_decode_bytecodes(1, 'cold')"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("explain"))
    made.edit(UPDATE, BEGIN, f"        sorted(range(99), key=str)\n        for _ in range(40): pass\n{BEGIN}")
    made.commit("slower")
    made.commit("same")
    made.edit(UPDATE, BEGIN, f"        raise ValueError('broken')\n{BEGIN}")
    made.commit("broken")
    made.update()
    return made


def explain(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return project.run("tools.explain.command", *arguments)


def total(file: Path) -> int:
    return sum(int(line.rpartition(" ")[2]) for line in file.read_text().splitlines())


def test_it_prints_and_writes_what_made_the_difference(project: Project, tmp_path: Path) -> None:
    page, picture, folder = tmp_path / "page.md", tmp_path / "picture.svg", tmp_path / "folded"
    files = "--markdown", str(page), "--svg", str(picture), "--folded", str(folder)
    done = explain(project, "good", "slower", "--bench", COUNT, "--top", "2", *files)
    assert done.returncode == 0, done.stderr
    heading, *table = done.stdout.splitlines()
    assert heading.startswith(f"{NAME}: ")
    before, after = (int(number.replace(",", "")) for number in heading.removeprefix(f"{NAME}: ").split()[:3:2])
    row = next(line.split() for line in table if "Update.unpack_message" in line)
    assert int(row[-1].replace(",", "")) == after - before > 80
    assert done.stdout.splitlines()[-1] == "1 count compared: 1 differ."
    assert "The first function explains 100 % of the difference." in done.stdout
    assert "| Update.unpack_message | exabgp.bgp.message.update:" in page.read_text()
    assert f"### {heading}" in page.read_text()

    then, now = sorted(folder.iterdir(), key=total)
    assert (then.name, now.name) == tuple(
        f"message_parsing-UpdateDecoding-track_decode_bytecodes-1-cold.{side}.folded" for side in ("before", "after")
    )
    # A run is of one message.
    assert (total(then), total(now)) == (before, after)
    assert all(line.startswith("benchmark;exabgp.") for line in now.read_text().splitlines())

    drawn = ElementTree.parse(picture).getroot()
    titles = [group.findtext(f"{SVG}title") or "" for group in drawn.iter(f"{SVG}g")]
    (root,) = [title for title in titles if title.startswith("benchmark: ")]
    assert root == f"benchmark: {before:,} → {after:,} ({after - before:+,})"
    fills = {
        (group.findtext(f"{SVG}title") or "").partition(": ")[0]: rect.get("fill", "")
        for group in drawn.iter(f"{SVG}g")
        for rect in group.iter(f"{SVG}rect")
    }
    assert fills["exabgp.bgp.message.update:Update.unpack_message"].startswith("rgb(255,")
    assert [name for name, fill in fills.items() if fill.endswith(",255)")] == []


def test_calls_into_c_of_a_time(project: Project, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    bench = r"UpdateDecoding.time_decode\(1, 'cold'\)"
    arguments = "--bench", bench, "--calls", "--markdown", str(page)
    done = project.run("tools.explain.command", *arguments, "good", "slower", COLUMNS="200")
    assert done.returncode == 0, done.stderr
    assert f"{NAME}: calls into C per message" in done.stdout
    row = next(line.split() for line in done.stdout.splitlines() if "sorted" in line)
    assert row[:2] == ["Update.unpack_message", "sorted"]
    assert row[3:5] == ["0", "1"]
    assert "| Update.unpack_message | sorted | exabgp.bgp.message.update:" in page.read_text()


def test_nothing_differs(project: Project) -> None:
    done = explain(project, "slower", "same", "--bench", COUNT)
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["1 count compared: none differs."]


def test_what_works_on_one_only_is_not_explained(project: Project) -> None:
    refused(explain(project, "good", "broken", "--bench", COUNT), "nothing that is selected has a count on both", NAME)


@pytest.mark.parametrize(
    ("base", "branch", "bench", "words"),
    [
        ("good", "good", COUNT, "good and good are one commit"),
        ("good", "no-such", COUNT, "no-such: no revision of the ExaBGP in upstream"),
        ("no-such", "good", COUNT, "no-such: no revision of the ExaBGP in upstream"),
        ("good", "same", "no_such", "no benchmark matches no_such"),
        ("good", "same", "time_decode", "time_decode selects no count of bytecodes and no kept bytes"),
        ("good", "same", "track_routes", "track_routes selects no count of bytecodes and no kept bytes"),
    ],
)
def test_what_can_not_be_explained(project: Project, base: str, branch: str, bench: str, words: str) -> None:
    refused(explain(project, base, branch, "--bench", bench), words)
