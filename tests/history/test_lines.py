"""The commits of ExaBGP's branches, and the keys by which what is measured is shared."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.git import git
from tools.history import lines as history
from tools.history.lines import Line


class Repository:
    """A repository with a package, and a branch of each name that ExaBGP has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        git("init", "--quiet", "--initial-branch=main", folder)
        git("config", "user.email", "a@example.org", cwd=folder)
        git("config", "user.name", "A", cwd=folder)

    def commit(self, subject: str, files: dict[str, str]) -> str:
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        git("add", "--all", cwd=self.folder)
        git("commit", "--quiet", "--allow-empty", "--message", subject, cwd=self.folder)
        return git("rev-parse", "HEAD", cwd=self.folder)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    made = Repository(tmp_path / "upstream")
    monkeypatch.setattr(history, "UPSTREAM", made.folder)
    return made


def read(branch: str = "main") -> Line:
    (line,) = history.lines([branch])
    return line


def test_a_line_is_its_commits_oldest_first(repository: Repository) -> None:
    first = repository.commit("begin", {"lib/exabgp/__init__.py": ""})
    second = repository.commit("go  on: a b", {"README": "x"})
    line = read()
    assert [(commit.hash, commit.subject) for commit in line.commits] == [(first, "begin"), (second, "go  on: a b")]
    assert line.commits[0].date <= line.commits[1].date
    assert line.commits[0].tree == line.commits[1].tree


def test_a_key_is_of_the_package_alone_and_not_of_its_place(repository: Repository) -> None:
    repository.commit("no package", {"README": ""})
    package = {"__init__.py": "", "bgp/a.py": "1"}
    repository.commit("lib", {f"lib/exabgp/{name}": text for name, text in package.items()})
    git("mv", "lib", "src", cwd=repository.folder)
    repository.commit("src", {"tests/a.py": "2"})
    repository.commit("another", {"src/exabgp/bgp/a.py": "2"})
    repository.commit("and back", {"src/exabgp/bgp/a.py": "1"})
    none, *keys = [commit.tree for commit in read().commits]
    assert none is None
    assert keys[0] == keys[1] == keys[3] != keys[2]


def test_only_the_number_of_a_release_is_left_out(repository: Repository) -> None:
    def version(release: str, json: str = "4.0.1") -> str:
        return f"import os\n\ncommit = \"5913d818\"\nrelease = '{release}'\njson = '{json}'\n"

    repository.commit("one", {"src/exabgp/__init__.py": "", "src/exabgp/version.py": version("4.2.9")})
    repository.commit("two", {"src/exabgp/version.py": version("4.2.10")})
    repository.commit("three", {"src/exabgp/version.py": version("4.2.10", "5.0.0")})
    one, two, three = (commit.tree for commit in read().commits)
    # What the JSON says of its version is in the octets of each line.
    assert one == two != three


def test_tags_name_commits(repository: Repository) -> None:
    first = repository.commit("one", {"src/exabgp/__init__.py": ""})
    git("tag", "5.0.0", cwd=repository.folder)
    git("tag", "debian/sid/5.0.0-1", cwd=repository.folder)
    second = repository.commit("two", {})
    git("tag", "--annotate", "--message", "x", "5.0.1", cwd=repository.folder)
    assert history.tags() == {first: "5.0.0", second: "5.0.1"}


def test_what_is_missing_is_said(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit("one", {"src/exabgp/__init__.py": ""})
    repository.commit("two", {})
    with pytest.raises(ToolError, match=r"upstream has no branch 9\.9"):
        history.lines(["9.9"])
    shallow = tmp_path / "shallow"
    git("clone", "--quiet", "--depth", "1", f"file://{repository.folder}", shallow)
    monkeypatch.setattr(history, "UPSTREAM", shallow)
    with pytest.raises(ToolError, match="shallow clone"):
        history.lines()


@pytest.mark.skipif("EXABGP_REPO" not in os.environ, reason="the real history: set EXABGP_REPO to a clone of ExaBGP")
def test_the_real_history_has_few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "UPSTREAM", Path(os.environ["EXABGP_REPO"]))
    commits = {commit.hash: commit.tree for line in history.lines() for commit in line.commits}
    assert len(commits) >= 3411
    assert None not in commits.values()
    assert len(set(commits.values())) < 0.4 * len(commits)
    # Identical on both sides of the fork of 5.0, and of 4.2, from main.
    at = {hash_[:9]: tree for hash_, tree in commits.items()}
    assert at["8a8b01c09"] == at["946997262"]
    assert at["227b9a33e"] == at["0517dc80b"]
