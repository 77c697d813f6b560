"""Trees of ExaBGP to test on: releases from the package index, commits from the clone that EXABGP_REPO names."""

import os
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.source import trees

ROOT = Path(__file__).resolve().parents[1]

# First and last of 4.2, first and last of 5.0: two Python 2 compatible ones, two from the years of rewriting.
RELEASES = ("4.2.0", "4.2.25", "5.0.1", "newest")

# One commit of each era of ExaBGP's programming interface that no release shows; what is new in it.
COMMITS = {
    "14803b8fb": "2018-07-09, the first that Python 3.7 and later can import",
    "a2010c6b8": "2020-05-17, logging looks its settings up itself",
    "97675836c": "2020-06-02, settings by getenv()",
    "1876f3a83": "2021-01-12, lib/ has become src/",
    "b1dbc5ec7": "2021-09-27, decoders take a direction",
    "4c899a212": "2025-11-12, decoders take none any more",
    "5e5133133": "2025-11-14, before a session has a direction",
    "b9afd60f4": "2025-11-14, a session has a direction",
    "4e72a7d65": "2025-11-17, coroutines beside generators",
    "f8c0dabb1": "2025-11-24, an import cycle that only the daemon's order survives",
    "dc483e1dc": "2025-11-26, another",
    "a395f9f37": "2025-11-29, neighbor.session",
    "d73f5a31b": "2025-12-01, read_message is a coroutine",
    "68845d64c": "2025-12-03, prefixes are decoded when read",
    "bc45d3f52": "2025-12-06, UpdateCollection",
    "a1d0e6744": "2025-12-06, an UPDATE wraps its bytes",
    "b47ab3c45": "2025-12-09, next hops beside NLRI",
    "ef74338a4": "2025-12-15, no next hop in an NLRI",
    "e767ceded": "2025-12-15, a RIB has methods of its own for withdrawals",
    "main": "main's head",
}


def release(name: str) -> Path:
    """A folder from which a release imports; made once. Skips where the package index can't be reached."""
    try:
        return trees.release(name)
    except ToolError as error:
        pytest.skip(f"release {name}: {error}")


def release_files(name: str) -> trees.Files:
    """The files of a release by path, with their modes. Skips where the package index can't be reached."""
    try:
        with trees.one_at_a_time():
            return trees.release_files(name)
    except ToolError as error:
        pytest.skip(f"release {name}: {error}")


def commit(revision: str) -> Path:
    """A folder from which a commit imports; made once. Skips without EXABGP_REPO, or when that lacks the commit."""
    repository = os.environ.get("EXABGP_REPO")
    if not repository:
        pytest.skip("eras of main that no release shows: set EXABGP_REPO to a clone of ExaBGP to test on them")
    try:
        return trees.commit(revision, Path(repository))
    except ToolError:
        pytest.skip(f"{repository} has no commit {revision}")
