import io
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import PATIENCE, Tool
from tools.errors import ToolError
from tools.git import reason
from tools.source.releases import read

Git = Callable[..., str]
Publish = Callable[..., Path]

BACKEND = """
import pathlib, time

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    gate = pathlib.Path({gate!r})
    while not gate.exists():
        time.sleep(0.1)
    folder = pathlib.Path(directory, "exabgp-{name}.dist-info")
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\\nName: exabgp\\nVersion: {name}\\n")
    return folder.name

build_wheel = None
"""
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


def write_sdist(path: Path, top: str, files: dict[str, str], date: int = 1_600_000_000) -> Path:
    """Write an sdist; every file after the first is an hour older than the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for hours, (name, text) in enumerate(files.items()):
            member = tarfile.TarInfo(f"{top}{name}")
            member.size, member.mtime = len(text), date - 3600 * hours
            member.mode = 0o755 if name.startswith("bin/") else 0o644
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Put a release into the index that pip sees; pip can prepare it once ``gate`` exists."""

    def run(name: str, date: int = 1_600_000_000, gate: Path = tmp_path) -> Path:
        files = {
            "src/exabgp/__init__.py": f"version = '{name}'\n",
            'src/exabgp/odd "name"\\.txt': "kept",
            "bin/exabgp": "#!/bin/sh\n",
            "PKG-INFO": f"Metadata-Version: 2.1\nName: exabgp\nVersion: {name}\n",
            "pyproject.toml": PYPROJECT,
            "backend.py": BACKEND.format(name=name, gate=str(gate)),
        }
        return write_sdist(tmp_path / "index" / f"exabgp-{name}.tar.gz", f"exabgp-{name}/", files, date)

    return run


@pytest.fixture
def history(workspace: Path) -> Path:
    return workspace / ".cache" / "releases.git"


def tags(git: Git, history: Path) -> dict[str, str]:
    lines = git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/tags", cwd=history).splitlines()
    return dict(line.split() for line in lines)


def order(git: Git, history: Path, branch: str = "main") -> list[str]:
    """The releases on a branch, oldest first, as asv lists its commits."""
    names = {commit: name for name, commit in tags(git, history).items()}
    return [names[commit] for commit in git("rev-list", "--first-parent", "--reverse", branch, cwd=history).split()]


def test_history_of_all_releases(tool: Tool, git: Git, history: Path, publish: Publish) -> None:
    for day, name in enumerate(("4.2.9", "4.2.10", "5.0.0", "5.0.1", "4.1.0", "3.4.28", "5.1.0rc1")):
        publish(name, 1_600_000_000 + 86400 * day)
    done = tool("releases", "all")
    assert done.returncode == 0, done.stderr

    assert order(git, history) == ["4.2.9", "4.2.10", "5.0.0", "5.0.1"]
    assert order(git, history, "4.2") == ["4.2.9", "4.2.10"]
    assert order(git, history, "5.0") == order(git, history)
    assert git("rev-parse", "HEAD", cwd=history) == git("rev-parse", "refs/heads/main", cwd=history)
    assert git("rev-list", "HEAD^!", cwd=history) == git("rev-parse", "5.0.1", cwd=history)
    assert git("rev-parse", "5.0.1^^", cwd=history) == git("rev-parse", "4.2.10", cwd=history)
    assert git("log", "-1", "--format=%at %ct", "4.2.10", cwd=history) == "1600086400 1600086400"
    assert git("show", "5.0.0:src/exabgp/__init__.py", cwd=history) == "version = '5.0.0'"
    assert git("show", '5.0.0:src/exabgp/odd "name"\\.txt', cwd=history) == "kept"
    assert git("ls-tree", "5.0.0", "bin/exabgp", cwd=history).startswith("100755 ")
    assert git("fsck", "--strict", cwd=history) == ""


def test_newest_of_each_minor_line_is_the_default(tool: Tool, git: Git, history: Path, publish: Publish) -> None:
    for name in ("4.2.9", "4.2.10", "5.0.2", "5.0.10"):
        publish(name)
    assert tool("releases").returncode == 0
    assert order(git, history) == ["4.2.10", "5.0.10"]
    assert order(git, history, "4.2") == ["4.2.10"]


def test_release_keeps_its_hash_whatever_is_added(tool: Tool, git: Git, history: Path, publish: Publish) -> None:
    for name in ("4.2.9", "4.2.10", "5.0.1"):
        publish(name)
    tool("releases", "minor")
    before = tags(git, history)
    assert set(before) == {"4.2.10", "5.0.1"}

    publish("4.2.11")
    publish("6.0.0")
    done = tool("releases", "all")
    assert done.returncode == 0, done.stderr
    assert "[3/3]" in done.stdout
    assert order(git, history) == ["4.2.9", "4.2.10", "4.2.11", "5.0.1", "6.0.0"]
    assert order(git, history, "4.2") == ["4.2.9", "4.2.10", "4.2.11"]
    assert before.items() <= tags(git, history).items()

    done = tool("releases", "minor")
    assert "/" not in done.stdout.partition(str(history))[0]  # nothing fetched, nothing lost
    assert len(order(git, history)) == 5


def test_hash_is_the_same_on_another_machine(tool: Tool, git: Git, history: Path, publish: Publish) -> None:
    publish("5.0.1")
    tool("releases")
    here = tags(git, history)
    history.rename(history.with_name("here"))
    tool("releases", TZ="Asia/Tokyo", GIT_COMMITTER_NAME="B", GIT_AUTHOR_DATE="2000-01-01T00:00:00Z", LC_ALL="C")
    assert tags(git, history) == here


def test_interrupted_build_is_resumed(
    workspace: Path, tool: Tool, git: Git, history: Path, publish: Publish, environment: dict[str, str], tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    publish("4.2.10")
    publish("5.0.1", gate=gate)
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.source.releases"],
        cwd=workspace,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "[1/2] exabgp 4.2.10: added\n"
    os.killpg(process.pid, signal.SIGINT)
    _, message = process.communicate(timeout=PATIENCE)
    assert (process.returncode, message) == (130, "interrupted\n")
    assert git("for-each-ref", "refs/heads", cwd=history) == ""
    assert [path.name for path in workspace.glob(".cache/sdists/*.tar.gz")] == ["exabgp-4.2.10.tar.gz"]

    gate.touch()
    done = tool("releases")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("[1/1] exabgp 5.0.1: added\n")
    assert order(git, history) == ["4.2.10", "5.0.1"]
    assert not list(workspace.glob(".cache/sdists/*.partial"))


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_damaged_sdist_in_the_cache_is_fetched_again(
    workspace: Path, tool: Tool, git: Git, history: Path, publish: Publish, damage: str
) -> None:
    published = publish("5.0.1").read_bytes()
    cached = workspace / ".cache" / "sdists" / "exabgp-5.0.1.tar.gz"
    cached.parent.mkdir(parents=True)
    middle = len(published) // 2
    flipped = published[:middle] + bytes([published[middle] ^ 0xFF]) + published[middle + 1 :]
    cached.write_bytes({"cut": published[:-20], "flipped": flipped, "empty": b""}[damage])
    done = tool("releases")
    assert done.returncode == 0, done.stderr
    assert order(git, history) == ["5.0.1"]
    assert cached.read_bytes() == published


def test_cached_sdist_is_not_fetched_again(
    workspace: Path, tool: Tool, git: Git, history: Path, publish: Publish, tmp_path: Path
) -> None:
    """pip would wait at the gate for ever."""
    sdist = publish("5.0.1", gate=tmp_path / "never")
    cached = workspace / ".cache" / "sdists" / sdist.name
    cached.parent.mkdir(parents=True)
    cached.write_bytes(sdist.read_bytes())
    assert tool("releases").returncode == 0
    assert order(git, history) == ["5.0.1"]


def test_release_that_can_not_be_had_is_left_out_by_name(
    tool: Tool, git: Git, history: Path, publish: Publish, tmp_path: Path
) -> None:
    publish("4.2.10")
    (tmp_path / "index" / "exabgp-5.0.1.tar.gz").write_bytes(b"")
    done = tool("releases")
    assert done.returncode == 0
    assert "exabgp 5.0.1: left out: pip can't fetch it" in done.stdout
    assert order(git, history) == ["4.2.10"]


def test_sdist_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    for name in ("../../evil", "/../evil"):
        sdist = write_sdist(tmp_path / "evil.tar.gz", "", {"exabgp-1/exabgp/__init__.py": "", name: "x"})
        with pytest.raises(ToolError, match="damaged"):
            read(sdist)


def test_date_is_the_newest_files(tmp_path: Path) -> None:
    files = {"setup.py": "", "exabgp/__init__.py": "", "exabgp/a.py": ""}
    assert read(write_sdist(tmp_path / "a.tar.gz", "exabgp-1/", files, 1_500_000_000)).newest == 1_500_000_000


def test_sdist_without_the_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no exabgp package"):
        read(write_sdist(tmp_path / "a.tar.gz", "exabgp-1/", {"setup.py": ""}))


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (b"Cloning into 'x'...\nfatal: no such host\nPlease make sure\nit exists.\n", "no such host"),
        (b"WARNING: retrying\nERROR: No matching distribution\n", "No matching distribution"),
        (
            b"ERROR: Exception:\nTraceback (most recent call last):\nOSError: [Errno 28] full\n",
            "OSError: [Errno 28] full",
        ),
        (b"write error: full\n\n", "write error: full"),
        (b"", "no message"),
    ],
)
def test_line_that_tells_most(output: bytes, line: str) -> None:
    assert reason(output) == line


# In tools.source.upstream


def test_upstream_falls_back_to_the_release_history(
    workspace: Path, tool: Tool, git: Git, history: Path, publish: Publish
) -> None:
    for name in ("4.2.9", "4.2.10", "5.0.1"):
        publish(name)
    done = tool("upstream")
    assert done.returncode == 0, done.stderr
    assert "can't be reached" in done.stdout
    assert "the release history; HEAD" in done.stdout.splitlines()[-1]
    assert done.stdout.splitlines()[-1].endswith("branches main, 5.0, 4.2")
    assert (workspace / "upstream").resolve() == history

    publish("5.0.2")
    tool("upstream")
    assert order(git, history) == ["4.2.10", "5.0.1"]
    tool("upstream", "--update")
    assert order(git, history) == ["4.2.10", "5.0.1", "5.0.2"]
    tool("upstream", "--releases", "all")
    assert order(git, history) == ["4.2.9", "4.2.10", "5.0.1", "5.0.2"]


def test_release_history_by_name(workspace: Path, tool: Tool, publish: Publish, history: Path) -> None:
    publish("4.2.10")
    publish("5.0.1")
    tool("releases")
    assert tool("upstream", EXABGP_REPO=str(history)).returncode == 0
    assert (workspace / "upstream").resolve() == history
