"""Trees of ExaBGP to import from, apart from asv's environments: releases, and commits of a clone. Made once, kept."""

import io
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from tools.errors import ToolError
from tools.git import GitError, git, git_output
from tools.paths import CACHE
from tools.source import releases
from tools.source.install_commit import install

TREES = CACHE / "trees"
NEWEST = "newest"

type Files = dict[str, tuple[int, bytes]]


def is_release(name: str) -> bool:
    """Whether a name means a release rather than a commit."""
    return name == NEWEST or re.fullmatch(r"\d+\.\d+\.\d+", name) is not None


def named(name: str, repository: Path) -> Path:
    """A folder from which a release imports, or a commit of a clone, by whatever name. Raises ToolError."""
    return release(name) if is_release(name) else commit(name, repository)


def release(name: str) -> Path:
    """A folder from which a release imports. Raises ToolError where the package index can't be reached."""
    wanted = releases.available()[-1] if name == NEWEST else name
    return _tree(wanted, lambda: release_files(wanted))


def release_files(name: str) -> Files:
    """The files of a release by path, with their modes. Raises ToolError where the package index can't be reached."""
    releases.SDISTS.mkdir(parents=True, exist_ok=True)
    try:
        return releases.fetch(name).files
    except ToolError as error:
        raise ToolError(f"release {name}: {error}") from None


def commit(revision: str, repository: Path) -> Path:
    """A folder from which a commit imports. Raises ToolError when the clone lacks it."""
    try:
        hash_ = git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", cwd=repository)
    except GitError:
        raise ToolError(f"{revision}: no release, and no commit of {repository}: see git log, tag and branch") from None
    return _tree(hash_, lambda: archive(repository, hash_))


def archive(repository: Path, hash_: str) -> Files:
    """The files of a commit's package by path, with their modes."""
    with tarfile.open(fileobj=io.BytesIO(git_output("archive", hash_, cwd=repository))) as tree:
        files = {member.name: tree.extractfile(member) for member in tree if member.isfile()}
        return {name: (0o644, file.read()) for name, file in files.items() if file and "exabgp/" in name}


def _tree(name: str, files: Callable[[], Files]) -> Path:
    """Lay files out as a checkout and install the package from it, as asv does for a commit."""
    folder = TREES / name
    with one_at_a_time():
        if not (folder / "exabgp").exists():
            checkout = folder / "checkout"
            lay_out(files(), checkout)
            install(checkout, folder)
    return folder


def lay_out(files: Files, folder: Path) -> None:
    """Write files into a folder, as in a checkout."""
    for path, (_, content) in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def one_at_a_time() -> FileLock:
    """Keep processes that run side by side from fetching a release, or making a tree, twice."""
    TREES.mkdir(parents=True, exist_ok=True)
    return FileLock(TREES / "lock")
