"""What people may name on a command line: commits and ranges."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.source import revisions


@pytest.fixture
def hashes(tmp_path: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Those of upstream's three commits, oldest first; tags first, second, third, and a branch main."""
    git("init", "--quiet", "--initial-branch=main", tmp_path / "upstream", cwd=tmp_path)
    monkeypatch.setattr(revisions, "UPSTREAM", tmp_path / "upstream")
    made = []
    for name in ("first", "second", "third"):
        git("commit", "--quiet", "--allow-empty", "--message", name, cwd=tmp_path / "upstream")
        git("tag", "--annotate", "--message", name, name, cwd=tmp_path / "upstream")
        made.append(git("rev-parse", "HEAD", cwd=tmp_path / "upstream"))
    return made


@pytest.mark.parametrize("name", ["main", "HEAD", "third", "main^!", "third^!", "HEAD~0"])
def test_a_revision_means_that_commit(hashes: list[str], name: str) -> None:
    assert revisions.commits([name]) == [hashes[2]]
    assert revisions.commit(name) == hashes[2]
    assert revisions.commits([hashes[0], hashes[0][:9], "first"]) == [hashes[0]]


def test_a_range_means_its_commits_newest_first(hashes: list[str]) -> None:
    assert revisions.commits(["first..main"]) == [hashes[2], hashes[1]]
    assert revisions.commits(["first.."]) == [hashes[2], hashes[1]]
    assert revisions.commits(["first...second"]) == [hashes[1]]
    assert revisions.commits(["first", "first..main"]) == [hashes[0], hashes[2], hashes[1]]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("main..first", "main..first names no commit: is it first..main that you mean?"),
        ("..first", "..first names no commit: is it first.. that you mean?"),
        ("main..third", "main..third names no commit: its ends are one commit"),
        ("main...main", "main...main names no commit: its ends are one commit"),
        ("main..nothing", "nothing: no revision of the ExaBGP in upstream"),
        ("nothing", "nothing: no revision of the ExaBGP in upstream"),
        ("nothing^!", "nothing^!: no revision of the ExaBGP in upstream"),
        ("", "no revision of the ExaBGP in upstream"),
        ("main first", "no revision of the ExaBGP in upstream"),
        ("^main", "^main: no revision of the ExaBGP in upstream"),
        ("--all", "--all: no revision of the ExaBGP in upstream"),
    ],
)
def test_what_names_no_commit_is_one_line(hashes: list[str], name: str, words: str) -> None:
    assert hashes
    with pytest.raises(ToolError) as told:
        revisions.commits([name])
    assert str(told.value).startswith(words) or words in str(told.value)
    assert "\n" not in str(told.value)
