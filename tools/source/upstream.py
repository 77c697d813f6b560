"""Provide ``upstream``, the ExaBGP repository that asv works on, beside asv.conf.json.

An ``upstream`` that is there is used as it is. Else it is made from the first of these that can be had:

1. ``EXABGP_REPO``: a repository with a work tree is linked to, so that HEAD is what its owner has checked out;
   a bare one or a URL is cloned;
2. a clone from GitHub;
3. the release history (tools/source/releases.py), linked to; the first place where ``--releases`` asks for it.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from tools.configuration import configuration
from tools.errors import ToolError, run
from tools.git import GitError, failure, git, reason, start_git
from tools.paths import CACHE, UPSTREAM
from tools.source import releases
from tools.source.install_commit import PACKAGE_TREES
from tools.source.releases import HISTORY

GITHUB = "https://github.com/Exa-Networks/exabgp.git"
SECONDS_TO_ANSWER = 10
IS_URL = re.compile(r"[\w+]+://|[^/]+:")
"""https://…, file://…, or git's host:path."""


def branches() -> list[str]:
    """Return the branches asv.conf.json names."""
    return list(configuration().branches)


def has(repository: Path, ref: str) -> bool:
    """Whether a repository has this ref or object."""
    try:
        git("rev-parse", "--quiet", "--verify", ref, cwd=repository)
    except GitError:
        return False
    return True


def repository_at(path: Path, name: str, what_to_do: str) -> Path:
    """Return the resolved path of a git repository, or say under its name why it is none and what to do."""
    path = path.resolve()
    if not path.is_dir():
        raise ToolError(f"{name}: {path} {'is no folder' if path.exists() else 'does not exist'}: {what_to_do}")
    try:
        top = Path(git("rev-parse", "--absolute-git-dir" if is_bare(path) else "--show-toplevel", cwd=path))
    except GitError:
        raise ToolError(f"{name}: {path} is not a git repository: {what_to_do}") from None
    if top.resolve() != path:
        raise ToolError(f"{name}: {path} is no git repository, but a folder inside {top}: {what_to_do}")
    return path


def is_bare(repository: Path) -> bool:
    """Whether a repository has no work tree, or is a work tree's .git."""
    return git("rev-parse", "--is-inside-work-tree", cwd=repository) == "false"


def wanted() -> str | None:
    """Return what EXABGP_REPO names: a URL, the resolved path of a repository, or nothing."""
    value = os.environ.get("EXABGP_REPO")
    if not value:
        return None
    path = Path(os.path.expanduser(value))  # noqa: PTH111  (that of pathlib ends in an exception for an unknown user)
    if not path.exists() and IS_URL.match(value):
        return value
    return str(repository_at(path, "EXABGP_REPO", "name a git repository of ExaBGP, or a URL"))


def origin() -> str | None:
    """Return where ``upstream`` comes from: the target of a link, the origin of a clone; nothing if not there."""
    if UPSTREAM.is_symlink():
        return str(UPSTREAM.resolve())
    if not UPSTREAM.exists():
        return None
    try:
        return git("config", "--get", "remote.origin.url", cwd=UPSTREAM)
    except GitError:
        return str(UPSTREAM)


def link(target: Path) -> None:
    """Make ``upstream`` a symbolic link; at no moment is there none."""
    new = CACHE / "upstream.link"
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(UPSTREAM)


def clone(source: str) -> None:
    """Clone into ``upstream``, which gets its name only when it is whole."""
    partial = CACHE / "upstream.partial"
    if partial.exists():
        shutil.rmtree(partial)
    terminal = sys.stderr.isatty()
    print(f"cloning {source}", flush=True)
    message = b""
    with start_git("clone", "--progress" if terminal else "--quiet", "--", source, partial) as process:
        assert process.stderr is not None
        while chunk := os.read(process.stderr.fileno(), 4096):
            if terminal:
                sys.stderr.buffer.write(chunk)
                sys.stderr.flush()
            message = (message + chunk)[-4096:]
    if process.returncode:
        raise failure(f"clone {source}", message)
    check(partial, source)
    UPSTREAM.unlink(missing_ok=True)  # a link, where one is replaced
    partial.rename(UPSTREAM)


def why_unreachable(url: str) -> str | None:
    """Ask a git server for its HEAD; return why there was no answer in time, or nothing."""
    # A session of its own: git leaves the connection to a child, which would outlive it.
    with start_git("ls-remote", "--exit-code", url, "HEAD", new_session=True) as process:
        try:
            _, message = process.communicate(timeout=SECONDS_TO_ANSWER)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                return f"no answer in {SECONDS_TO_ANSWER} s"
            raise
    return reason(message) if process.returncode else None


def remotes_with(repository: Path, branch: str) -> list[str]:
    """Return the remote branches of this name, origin's first: in a fork's clone another may be the only one."""
    found = git("for-each-ref", "--format=%(refname:short)", f"refs/remotes/*/{branch}", cwd=repository).split()
    return sorted(found, key=lambda name: (not name.startswith("origin/"), name))


def check(repository: Path, name: str) -> None:
    """Refuse a repository that has nothing for asv to work on."""
    known = branches()
    tips = [ref for branch in known for ref in (f"refs/heads/{branch}", *remotes_with(repository, branch))]
    tips = [ref for ref in tips if has(repository, ref)]
    if not tips:
        raise ToolError(f"{name} has none of the branches {', '.join(known)}: is it a repository of ExaBGP?")
    if not any(has(repository, f"{tip}:{tree}") for tip in tips for tree in PACKAGE_TREES):
        raise ToolError(f"{name} is no repository of ExaBGP: no {' or '.join(PACKAGE_TREES)} on its branches")


def add_branches() -> None:
    """Add the local branches that asv needs and ``upstream`` has only as a remote's; say so."""
    for name in branches():
        if has(UPSTREAM, f"refs/heads/{name}"):
            continue
        remotes = remotes_with(UPSTREAM, name)
        if remotes:
            git("branch", name, remotes[0], cwd=UPSTREAM)
            print(f"added the local branch {name} (from {remotes[0]}) to {UPSTREAM.resolve()}")
        else:
            print(
                f"warning: upstream has no branch {name}, which asv publish and asv run NEW need: "
                f"git -C upstream fetch {GITHUB} {name}:{name}",
                file=sys.stderr,
            )


def provide_from(source: str) -> None:
    """Make ``upstream`` from what EXABGP_REPO names, unless it is that already."""
    if UPSTREAM.exists() and source in (origin(), str(UPSTREAM.resolve())):
        return
    if UPSTREAM.exists() and not UPSTREAM.is_symlink():
        raise ToolError(
            f"upstream is a clone of {origin()}, but EXABGP_REPO is {source}: remove upstream, or unset EXABGP_REPO"
        )
    path = Path(source)
    if path.exists() and (path == HISTORY or not is_bare(path)):
        check(path, f"EXABGP_REPO: {source}")
        link(path)
    else:
        clone(source)


def provide(which: str | None) -> None:
    """Make ``upstream`` from GitHub, or else, or where releases are asked for, from the release history."""
    tried = ""
    if which is None:
        problem = why_unreachable(GITHUB)
        if problem is None:
            clone(GITHUB)
            return
        print(f"{GITHUB} can't be reached ({problem}): using the history of releases instead", flush=True)
        tried = "GitHub can't be reached, and "
    try:
        releases.build(which or "minor")
    except ToolError as error:
        raise ToolError(f"no ExaBGP: {tried}{error}; set EXABGP_REPO to a clone of it") from None
    link(HISTORY)


def fetch() -> None:
    """Fetch into a clone and move its branches forward, where that loses nothing."""
    try:
        git("fetch", "--quiet", "--tags", "origin", cwd=UPSTREAM)
    except ToolError as error:
        print(f"warning: upstream is not updated: {error}", file=sys.stderr)
        return
    checked_out = git("rev-parse", "--abbrev-ref", "HEAD", cwd=UPSTREAM)
    for name in branches():
        if not has(UPSTREAM, f"refs/remotes/origin/{name}") or not has(UPSTREAM, f"refs/heads/{name}"):
            continue
        try:
            if name == checked_out:
                git("merge", "--quiet", "--ff-only", f"origin/{name}", cwd=UPSTREAM)
            else:
                git("fetch", "--quiet", ".", f"refs/remotes/origin/{name}:refs/heads/{name}", cwd=UPSTREAM)
        except ToolError as error:
            print(f"warning: upstream's branch {name} is left as it is: {error}", file=sys.stderr)


def refresh(which: str | None, update: bool) -> None:
    """Bring an ``upstream`` that was there up to date, as far as that was asked for."""
    target = UPSTREAM.resolve()
    if target == HISTORY:
        if update and why_unreachable(GITHUB) is None:
            clone(GITHUB)
        elif update or which:
            releases.build(which or "minor")
        return
    if which:
        print("--releases is for the release history, which upstream is not: nothing to do; remove upstream first")
    if update and UPSTREAM.is_symlink():
        print(f"upstream is a link to {target}: update it there")
    elif update:
        fetch()


def describe() -> None:
    """Say what ``upstream`` is, in one line, and that asv measures commits only, where that matters."""
    head = git("log", "-1", "--format=%h %cs %s", "HEAD", cwd=UPSTREAM)
    here = [name for name in branches() if has(UPSTREAM, f"refs/heads/{name}")]
    source = "the release history" if UPSTREAM.resolve() == HISTORY else origin()
    print(f"upstream: {source}; HEAD {head}; branches {', '.join(here)}")
    if not is_bare(UPSTREAM) and git("status", "--porcelain", "--untracked-files=no", cwd=UPSTREAM):
        print("note: upstream has changes that are not committed; they are not measured")


def main() -> None:
    """Provide ``upstream`` and say what it is."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.source.upstream",
        description="Provide the ExaBGP repository that asv works on, as upstream beside asv.conf.json: what is there,"
        " else what EXABGP_REPO names (a path or URL), else a clone from GitHub, else the history of the releases.",
    )
    parser.add_argument(
        "--releases",
        choices=releases.SETS,
        help="use the release history: the newest of each minor line (as where GitHub can't be reached), or all",
    )
    parser.add_argument("--update", action="store_true", help="get what is new since upstream was made")
    arguments = parser.parse_args()
    git("--version")
    CACHE.mkdir(exist_ok=True)
    # Two tox environments that start together would make it twice.
    with FileLock(CACHE / "upstream.lock"):
        source = wanted()
        was_there = UPSTREAM.exists()
        if source:
            provide_from(source)
        elif not was_there:
            provide(arguments.releases)
        repository_at(UPSTREAM, "upstream", "remove it, and run this again")
        check(UPSTREAM, "upstream")
        if was_there:
            refresh(arguments.releases, arguments.update)
        add_branches()
        describe()


if __name__ == "__main__":
    run(main)
