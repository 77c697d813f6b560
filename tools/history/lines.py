"""The commits of ExaBGP's branches, and of each the key of what its counts depend on.

A branch is the line of its first parents, oldest first, since the first commit that Python 3.12 can import. The key of
a commit is that of its package: git's ids of all that is in it. Of `version.py` only the number of the release is left
out, which no count depends on, so that the 3,411 commits of three branches have 1,345 keys.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.errors import ToolError
from tools.git import GitError, git, git_output
from tools.paths import UPSTREAM
from tools.source.install_commit import PACKAGE_TREES

BRANCHES = ("main", "5.0", "4.2")
# On main, and on the line that 5.0 and 4.2 come from: main was rewritten.
FIRST = ("14803b8fb9d71b4e6b43e27d47881a2cffe91052", "c17fa148dfbe436f32ac19cbce998d748952cc9c")
_VERSION = "version.py"
_NUMBERS = re.compile(rb"""^(release|commit)\s*=\s*["'][^"']*["']\s*$""", re.MULTILINE)
_KEY = 16


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its date is the committer's, in seconds; its tree is None where it has no package."""

    hash: str
    date: int
    subject: str
    tree: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A branch: its commits, oldest first."""

    branch: str
    commits: tuple[Commit, ...]


def lines(branches: Sequence[str] = BRANCHES) -> list[Line]:
    """Some branches of `upstream`. Raises ToolError where one of them is missing or has lost its beginning."""
    if git("rev-parse", "--is-shallow-repository", cwd=UPSTREAM) == "true":
        raise ToolError("upstream is a shallow clone: git -C upstream fetch --unshallow brings its history")
    listed = {branch: _listed(branch) for branch in branches}
    keys = tree_keys(dict.fromkeys(hash_ for of_branch in listed.values() for hash_, _, _ in of_branch))
    return [Line(branch, tuple(Commit(*of, keys[of[0]]) for of in of_branch)) for branch, of_branch in listed.items()]


def line_between(first: str, last: str) -> Line:
    """What lies between two commits of one branch, both included. Raises ToolError where there is no such branch."""
    if first == last:
        raise ToolError(f"{first[:9]} is both ends: name two commits")
    listed = _log(last, f"^{first}")
    parent = git("rev-parse", f"{listed[0][0]}^@", cwd=UPSTREAM).split()[:1] if listed else []
    if parent != [first]:
        backwards = git("rev-list", "--first-parent", f"{last}..{first}", "--", cwd=UPSTREAM)
        hint = "is it the other way round?" if not listed and backwards else "they are on different branches"
        raise ToolError(f"no line of first parents leads from {first[:9]} to {last[:9]}: {hint}")
    listed = [*_log(first, "--max-count=1"), *listed]
    keys = tree_keys([hash_ for hash_, _, _ in listed])
    return Line(f"{first[:9]}..{last[:9]}", tuple(Commit(*of, keys[of[0]]) for of in listed))


def tags() -> dict[str, str]:
    """The names of tags by the hash of their commit; of two of one commit the shorter."""
    named = git("for-each-ref", "--format=%(objectname) %(*objectname) %(refname:strip=2)", "refs/tags", cwd=UPSTREAM)
    found: dict[str, str] = {}
    for line in named.splitlines():
        object_, peeled, name = line.split(" ", 2)
        commit = peeled or object_
        found[commit] = min(found.get(commit, name), name, key=lambda tag: (len(tag), tag))
    return found


def tree_keys(hashes: Sequence[str] | dict[str, None]) -> dict[str, str | None]:
    """The keys of the packages of some commits, by one run of git: None where a commit has none."""
    asked = [f"{hash_}:{tree}{file}" for hash_ in hashes for tree in PACKAGE_TREES for file in ("", f"/{_VERSION}")]
    found = _objects(asked)
    keys: dict[str, str | None] = {}
    for hash_ in hashes:
        pairs = [(next(found), next(found)) for _ in PACKAGE_TREES]
        # As for install_commit: the first that is a package.
        keys[hash_] = next((_key(tree, version) for tree, version in pairs if tree and b" __init__.py\0" in tree), None)
    return keys


def _listed(branch: str) -> list[tuple[str, int, str]]:
    begin = [f"^{hash_}^" for hash_ in FIRST if _has(f"{hash_}^")]
    try:
        return _log(branch, *begin)
    except GitError:
        raise ToolError(f"upstream has no branch {branch}: git -C upstream branch says which it has") from None


def _log(*revisions: str) -> list[tuple[str, int, str]]:
    """Hash, date and subject of commits, oldest first."""
    logged = git("log", "--first-parent", "--reverse", "--format=%H %ct %s", *revisions, "--", cwd=UPSTREAM)
    fields = (line.split(" ", 2) for line in logged.splitlines())
    return [(hash_, int(date), "".join(subject)) for hash_, date, *subject in fields]


def _has(revision: str) -> bool:
    try:
        git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", cwd=UPSTREAM)
    except GitError:
        return False
    return True


def _objects(names: Sequence[str]) -> Iterator[bytes | None]:
    """The contents of some objects, None for one that is not there."""
    printed = git_output("cat-file", "--batch", cwd=UPSTREAM, stdin="".join(f"{name}\n" for name in names).encode())
    position = 0
    for _ in names:
        end = printed.index(b"\n", position)
        heading = printed[position:end].split()
        position = end + 1
        if heading[-1] == b"missing":
            yield None
        else:
            size = int(heading[-1])
            yield printed[position : position + size]
            position += size + 1


def _key(tree: bytes, version: bytes | None) -> str:
    """The key of a package: the content of its folder in git, and what its `version.py` says beside its number."""
    digest = hashlib.sha256()
    position = 0
    while position < len(tree):
        # A mode and a name, and twenty octets of an id.
        end = tree.index(b"\0", position) + 1
        if not tree[position:end].endswith(f" {_VERSION}\0".encode()):
            digest.update(tree[position : end + 20])
        position = end + 20
    digest.update(_NUMBERS.sub(b"", version or b""))
    return digest.hexdigest()[:_KEY]
