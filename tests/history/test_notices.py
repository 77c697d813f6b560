"""Notices of what became worse, of histories whose numbers are known, and of what names may hold."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.history.test_events import READ, USE, found
from tools.history import notices
from tools.history.causes import Cause
from tools.history.lines import Commit, Line
from tools.history.notices import inert, notice
from tools.history.store import Measured, Result, Store

DAY = 86400


def test_a_notice_says_which_commit_made_what_worse_and_by_which_function() -> None:
    (event,) = found([(100, 200), (150, 220)])
    event = replace(event, functions=(Cause("exabgp.rib", "Store.put", 12, 100, 150),))
    title, empty, *text = notice(event).splitlines()
    assert (title, empty) == ("000000000: 2 counts grew, by up to 50.0 %", "")
    assert text[0].endswith(f"/commit/{event.commit.hash} of 1970-01-02 on main: still there.")
    assert "`commit 1`" in text
    assert f"| `{READ.name}` | 100 | 150 | 1.500 |" in text
    assert f"| `{USE.name}` | 200 | 220 | 1.100 |" in text
    assert text[-1] == "- `exabgp.rib:12 Store.put 100 → 150`"


def test_a_notice_of_one_count_has_no_number_that_became_better() -> None:
    (event,) = found([(100, 200), (150, 100)])
    text = notice(event)
    assert text.startswith("000000000: 1 count grew, by up to 50.0 %\n")
    assert USE.name not in text


@pytest.mark.parametrize("text", ["fix #12 for @somebody", "<img src=x>", "a`@b`", "two\nlines", "[x](https://a)"])
def test_what_a_commit_is_called_is_code(text: str) -> None:
    shown = inert(text)
    assert shown[0] == shown[-1] == "`"
    assert not {"`", "\n"} & {*shown[1:-1]}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A history of four commits: one that makes reading worse and one that mends it, one that makes using worse."""
    line = Line("main", tuple(Commit(f"{n:x}" * 40, n * DAY, f"commit {n}", f"tree{n}") for n in range(1, 5)))
    monkeypatch.setattr("tools.history.lines.lines", lambda: [line])
    kept = Store(tmp_path / "results")
    for commit, (read, use) in zip(line.commits, [(100, 10), (150, 10), (100, 10), (100, 20)], strict=True):
        kept.put(str(commit.tree), Measured(commit.hash, {READ: Result(read), USE: Result(use)}))
    return kept


def write(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> list[str]:
    monkeypatch.setattr(sys, "argv", ["notices", str(folder), "--store", str(store.folder), *options])
    notices.main()
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.md"))


def test_what_is_mended_is_told_from_what_is_still_there(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(store, tmp_path / "notices", monkeypatch) == [f"mended/{'2' * 40}.md", f"open/{'4' * 40}.md"]
    assert "2 notices" in (said := capsys.readouterr().out)
    assert "1 of what is still there" in said


def test_older_and_smaller_ones_are_left_out(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert write(store, tmp_path / "late", monkeypatch, "--since", "1970-01-05") == [f"open/{'4' * 40}.md"]
    assert write(store, tmp_path / "large", monkeypatch, "--least", "60") == [f"open/{'4' * 40}.md"]


def test_functions_that_were_found_out_before_are_named_and_nothing_is_run(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.history.notices.causes", lambda *_: pytest.fail("that would run ExaBGP"))
    file = store.folder / store.python / "causes" / "tree3-tree4.json"
    file.parent.mkdir()
    file.write_text(json.dumps({USE.name: [["exabgp.rib", "Store.put", 12, 10, 20]]}))
    write(store, tmp_path / "notices", monkeypatch)
    assert "- `exabgp.rib:12 Store.put 10 → 20`" in (tmp_path / f"notices/open/{'4' * 40}.md").read_text()
    assert "functions" not in (tmp_path / f"notices/mended/{'2' * 40}.md").read_text()
