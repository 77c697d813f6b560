"""The commits of ``upstream`` that people name on a command line."""

import re
from collections.abc import Iterable

from tools.errors import ToolError
from tools.git import GitError, git
from tools.paths import UPSTREAM


def commit(revision: str) -> str:
    """The hash of one commit; also of one named as a range of itself, as asv wants it: ``main^!``."""
    name = revision.removesuffix("^!")
    try:
        found = git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", cwd=UPSTREAM)
    except GitError:
        found = ""
    # What is to be left out of a range, ^main, has a sign.
    if not found.isalnum():
        raise ToolError(f"{revision}: no revision of the ExaBGP in upstream: see git -C upstream log, tag and branch")
    return found


def commits(revisions: Iterable[str]) -> list[str]:
    """The hashes of the commits that revisions and ranges name, each once; those of a range newest first."""
    found = [of for revision in revisions for of in (_range(revision) if ".." in revision else [commit(revision)])]
    return list(dict.fromkeys(found))


def _range(revisions: str) -> list[str]:
    first, last = re.split(r"\.{2,3}", revisions, maxsplit=1)
    for end in filter(None, (first, last)):
        commit(end)
    found = _between(revisions)
    if not found:
        backwards = f"{last}..{first}"
        hint = f": is it {backwards} that you mean?" if _between(backwards) else ": its ends are one commit"
        raise ToolError(f"{revisions} names no commit{hint}")
    return found


def _between(revisions: str) -> list[str]:
    return git("rev-list", "--first-parent", "--end-of-options", revisions, "--", cwd=UPSTREAM).split()
