"""Build the release history: a git repository made of the sdists that ExaBGP has published.

It stands in for ExaBGP's own repository where that can't be reached, and is a series by itself: one commit and one
tag a release, ``main`` through all of them by version, and a branch for every minor line (4.2, 5.0, …).

A commit holds nothing but its release: its files, dated by the newest of them, and no parent. The order is laid over
the commits with ``git replace``, which every git command follows. So a release has the same hash on every machine and
keeps it, with the results saved under it, whichever other releases are there or come later.
"""

import argparse
import gzip
import io
import itertools
import re
import shutil
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from tools.errors import ToolError, run
from tools.git import git, reason
from tools.paths import CACHE

HISTORY = CACHE / "releases.git"
SDISTS = CACHE / "sdists"
SETS = ("minor", "all")

OLDEST = (4, 2)
"""pip prepares an sdist with its setup.py, and the older ones import what Python 3.12 no longer has."""
IDENTITY = "ExaBGP release <>"
PARALLEL = 4
PIP = (sys.executable, "-m", "pip")


class Release(NamedTuple):
    """What an sdist holds: its files by path, their modes, and the newest file's time in seconds."""

    files: dict[str, tuple[int, bytes]]
    newest: int


def by_version(release: str) -> tuple[int, ...]:
    """Return the sort key of a release number."""
    return tuple(int(part) for part in release.split("."))


def available() -> list[str]:
    """Ask pip which releases have an sdist, oldest first."""
    command = [*PIP, "index", "versions", "--timeout=10", "--retries=1", "--no-binary=exabgp", "exabgp"]
    done = subprocess.run(command, capture_output=True, check=False)
    listed = re.search(rb"^Available versions: (.+)$", done.stdout, re.MULTILINE)
    if listed is None:
        raise ToolError(f"pip finds no release of exabgp in the package index: {reason(done.stderr)}")
    final = [name for name in listed[1].decode().split(", ") if re.fullmatch(r"\d+(\.\d+)+", name)]
    return sorted((name for name in final if by_version(name) >= OLDEST), key=by_version)


def newest_of_each_minor(releases: Iterable[str]) -> list[str]:
    """Return the newest release of every minor line: 4.2.25 for 4.2."""
    lines = itertools.groupby(sorted(releases, key=by_version), key=lambda name: by_version(name)[:2])
    return [list(line)[-1] for _, line in lines]


def read(sdist: Path) -> Release:
    """Read an sdist whole, without its top folder; ToolError when it is damaged."""
    files: dict[str, tuple[int, bytes]] = {}
    newest = 0
    try:
        # Whole first: tarfile stops at the end mark, before gzip has compared its checksum.
        content = gzip.decompress(sdist.read_bytes())
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for member in archive:
                name = tarfile.data_filter(member, str(CACHE)).name  # refuses a path that leads elsewhere
                file = archive.extractfile(member) if member.isfile() else None
                if file is None:
                    continue
                mode = 0o755 if member.mode & 0o100 else 0o644
                files[name.partition("/")[2]] = (mode, file.read())
                newest = max(newest, int(member.mtime))
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise ToolError(f"{sdist.name} is damaged: {error}") from None
    if not any(name.endswith("exabgp/__init__.py") for name in files):
        raise ToolError(f"{sdist.name} holds no exabgp package")
    return Release(files, newest)


def fetch(name: str) -> Release:
    """Return a release from the cached sdist, or have pip fetch it when there is none or it is damaged."""
    sdist = SDISTS / f"exabgp-{name}.tar.gz"
    if sdist.exists():
        try:
            return read(sdist)
        except ToolError:
            sdist.unlink()
    partial = SDISTS / f"{name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    # pip, so that its index, proxy and certificates are the user's; it runs the sdist's build backend on the way.
    command = [
        *PIP,
        "download",
        "--quiet",
        "--no-deps",
        "--no-binary=exabgp",
        "--dest",
        str(partial),
        f"exabgp=={name}",
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    found = list(partial.glob("*.tar.gz"))
    if done.returncode or not found:
        raise ToolError(f"pip can't fetch it: {reason(done.stderr)}")
    found[0].replace(sdist)
    partial.rmdir()
    return read(sdist)


def add(name: str, release: Release) -> None:
    """Add a release to the history as a commit without parent, under its tag."""
    date = f"{release.newest} +0000"
    message = f"ExaBGP {name}\n".encode()
    stream = [b"commit refs/tags/%s\ncommitter %s %s\n" % (name.encode(), IDENTITY.encode(), date.encode())]
    stream.append(b"data %d\n%s\n" % (len(message), message))
    for path, (mode, content) in sorted(release.files.items()):
        quoted = '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        stream.append(b"M 100%o inline %s\ndata %d\n%s\n" % (mode, quoted.encode(), len(content), content))
    git("fast-import", "--quiet", cwd=HISTORY, stdin=b"".join(stream))


def present() -> list[str]:
    """Return the releases in the history, oldest first."""
    if not HISTORY.exists():
        return []
    return sorted(git("tag", "--list", cwd=HISTORY).split(), key=by_version)


def put_in_order() -> None:
    """Lay the version order over the commits, then move the branches: main last of all, 4.2 last of 4.2.*."""
    releases = present()
    for before, after in itertools.pairwise(releases):
        git("replace", "--force", "--graft", after, before, cwd=HISTORY)
    branches = {".".join(name.split(".")[:2]): name for name in releases} | {"main": releases[-1]}
    moves = "".join(f"update refs/heads/{branch} refs/tags/{name}\n" for branch, name in branches.items())
    git("update-ref", "--stdin", cwd=HISTORY, stdin=moves.encode())


def build(which: str) -> None:
    """Bring the history up to date with the newest release of each minor line, or with all releases."""
    offered = available()
    wanted = offered if which == "all" else newest_of_each_minor(offered)
    SDISTS.mkdir(parents=True, exist_ok=True)
    git("init", "--quiet", "--bare", "--initial-branch=main", "--object-format=sha1", HISTORY)
    missing = [name for name in wanted if name not in present()]
    with ThreadPoolExecutor(PARALLEL) as pool:
        fetching = {pool.submit(fetch, name): name for name in missing}
        try:
            for count, fetched in enumerate(as_completed(fetching), 1):
                name = fetching[fetched]
                try:
                    release = fetched.result()
                except ToolError as error:
                    outcome = f"left out: {error}"
                else:
                    add(name, release)
                    outcome = "added"
                print(f"[{count}/{len(missing)}] exabgp {name}: {outcome}", flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    if not present():
        raise ToolError("no release could be fetched: see the lines above")
    put_in_order()


def main() -> None:
    """Build the release history."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.source.releases",
        description=f"Build the git repository of ExaBGP's releases in {HISTORY}, or add the ones it lacks."
        " Sdists are kept, so this can be stopped and started again.",
    )
    parser.add_argument(
        "which", choices=SETS, nargs="?", default="minor", help="newest of each minor line (default), or all"
    )
    build(parser.parse_args().which)
    print(f"{HISTORY}: {', '.join(present())}")


if __name__ == "__main__":
    run(main)
