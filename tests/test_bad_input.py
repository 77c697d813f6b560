"""Inputs that are no good, one a row: what is typed, and the one line that comes of it.

Each row has a copy of its own of one prepared folder: this repository with a small ExaBGP and a stored result. No row
starts a benchmark. All that was there before is there after, unchanged.
"""

import gzip
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest
from asv.benchmarks import Benchmarks
from asv.config import Config
from asv.machine import Machine, MachineCollection
from asv.results import Results
from asv.runner import BenchmarkResult
from asv.util import write_json

import bootstrap
from benchmarks.wire import Session, keepalive, link_local_next_hop_update, simple_update
from tests.command import PATIENCE
from tests.project import copy_repository
from tests.wire.mrt_writer import mrt, record
from tools.__main__ import TOOLS
from tools.git import git

# What a tool says at most before its last line: argparse's usage.
LINES = 6

TIME = "message_parsing.UpdateDecoding.time_decode"
# The tools by the names that people type, without what comes before each of them: that ExaBGP is provided.
MODULES = TOOLS | {name: f"tools.source.{name}" for name in ("releases", "install_commit")}


class Place(NamedTuple):
    """The folders of one row."""

    root: Path

    @property
    def project(self) -> Path:
        """This repository, with ``upstream`` and ``.asv``."""
        return self.root / "project"

    @property
    def exabgp(self) -> Path:
        """ExaBGP's repository: what ``upstream`` leads to."""
        return self.root / "exabgp"

    @property
    def home(self) -> Path:
        """The user's home directory."""
        return self.root / "home"

    @property
    def results(self) -> Path:
        """What asv has stored."""
        return self.project / ".asv" / "results"

    def fill(self, text: str) -> str:
        """A text with the names of these folders in it."""
        for name in ("root", "project", "exabgp", "home"):
            text = text.replace(f"{{{name}}}", str(getattr(self, name)))
        return text


@dataclass(frozen=True)
class Row:
    """One bad input."""

    what: str
    command: str
    # What the last line says, in this order.
    line: str
    status: int = 2
    make: Callable[[Place], object] | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    # Where it is typed.
    folder: str = "{project}"
    # What is in front of the command: limits.
    prefix: tuple[str, ...] = ()
    # Files that are made anew.
    renewed: tuple[str, ...] = ()


# Making the input


def _repository(path: Path) -> Path:
    git("init", "--quiet", "--initial-branch=main", path)
    return path


def _commit(repository: Path, subject: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@b")
    git(*who, "commit", "--quiet", "--allow-empty", "--message", subject, cwd=repository)


def _other_repository(place: Place) -> None:
    _commit(_repository(place.root / "other"), "no ExaBGP")


def _bare(place: Place) -> None:
    git("init", "--quiet", "--bare", "--initial-branch=main", place.root / "bare.git")


def _bare_of_another(place: Place) -> None:
    _other_repository(place)
    git("clone", "--quiet", "--bare", place.root / "other", place.root / "bare.git")


def _damaged_repository(place: Place) -> None:
    (place.exabgp / ".git" / "HEAD").write_text("ref: nothing\n")


def _shallow(place: Place) -> None:
    """A clone that has the tips of two branches, and nothing that both come from."""
    with _moved(place.exabgp) as whole:
        git("clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{whole}", place.exabgp)
        for name in ("side", "5.0", "4.2"):
            git("branch", name, f"origin/{name}", cwd=place.exabgp)


@contextmanager
def _moved(path: Path) -> Iterator[Path]:
    yield path.rename(path.with_name(f"whole {path.name}"))


def _own_clone(place: Place) -> None:
    _without_upstream(place)
    git("clone", "--quiet", place.exabgp, place.project / "upstream")


def _without_upstream(place: Place) -> None:
    (place.project / "upstream").unlink()


def _upstream_is_a_file(place: Place) -> None:
    _without_upstream(place)
    (place.project / "upstream").touch()


def _upstream_is_empty(place: Place) -> None:
    _without_upstream(place)
    (place.project / "upstream").mkdir()


def _dangling(place: Place) -> None:
    place.exabgp.rename(place.root / "moved")


def _without_history(place: Place) -> None:
    git("tag", "--delete", "blob", cwd=place.exabgp)


def _file(name: str, content: bytes | str = b"") -> Callable[[Place], object]:
    def make(place: Place) -> None:
        path = place.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return make


def _folder(name: str) -> Callable[[Place], object]:
    return lambda place: (place.root / name).mkdir(parents=True)


def _replaced_by_a_file(name: str) -> Callable[[Place], object]:
    def make(place: Place) -> None:
        shutil.rmtree(place.root / name, ignore_errors=True)
        _file(name)(place)

    return make


def _removed(name: str) -> Callable[[Place], object]:
    def make(place: Place) -> None:
        path = place.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return make


def _cut(pattern: str) -> Callable[[Place], object]:
    """A file that ends in its midst, as a full disk leaves it."""

    def make(place: Place) -> None:
        (path,) = place.results.glob(pattern)
        path.write_bytes(path.read_bytes()[:-40])

    return make


def _unreadable(name: str) -> Callable[[Place], object]:
    return lambda place: (place.root / name).chmod(0)


def _read_only(name: str) -> Callable[[Place], object]:
    return lambda place: (place.root / name).chmod(0o555)


def _fifo(place: Place) -> None:
    os.mkfifo(place.root / "recording")


def _socket(place: Place) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        # The path of a socket is short.
        here = Path.cwd()
        os.chdir(place.root)
        try:
            server.bind("recording")
        finally:
            os.chdir(here)


def _site(place: Place) -> None:
    _file("project/.asv/html/index.json", "{}")(place)


def _broken_venv(place: Place) -> None:
    """A .venv that bootstrap.py takes for its own, but for tox."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place.project / ".venv"], check=True)
    (place.project / ".venv" / "lib" / "tox.py").touch()
    bootstrap.note_whole(place.project / ".venv", bootstrap.TOX)
    (place.project / ".venv" / "lib" / "tox.py").unlink()


# Recordings

SESSION = Session()
SHORT = b"".join(record(simple_update(SESSION, index).wire) for index in range(48))
MALFORMED = simple_update(SESSION).wire.replace(b"\x40\x01\x01\0", b"\x40\x01\x01\7")
LEFT_OUT = record(link_local_next_hop_update(SESSION).wire) + record(MALFORMED)
RECORDINGS = {
    "an empty recording": (b"", "is empty: fetch it again"),
    "a recording that is a web page": (b"<html>Not found</html>", "is not an MRT file: use an updates file"),
    "a recording that is a table dump": (mrt(13, 1, bytes(20)), "holds a table dump, not messages"),
    "a recording that is cut": (SHORT[:-1], "the file is truncated, fetch it again"),
    "a recording that is cut and compressed": (gzip.compress(SHORT)[:-20], "the compressed data ends early"),
    "a recording that is damaged": (gzip.compress(b"")[:10] + b"\xff" * 20, "is damaged"),
    "a recording with a malformed record": (SHORT + mrt(16, 4, b"short"), "record 49 .* holds no BGP message"),
    "a recording that is too short": (SHORT, "has 48 UPDATEs .*, 1000 are needed .*: use a longer updates file"),
    "a recording that is too short without what is left out": (
        SHORT + LEFT_OUT,
        "has 48 UPDATEs .* 1000 are needed .*1 with a link-local next hop.*, 1 not valid",
    ),
    "a recording without an UPDATE": (record(keepalive().wire), "has 0 UPDATEs .*, 1000 are needed"),
}
NAMED = {"EXABGP_BENCH_MRT": "{root}/recording"}


def _on_recordings() -> Iterator[Row]:
    for what, (content, line) in RECORDINGS.items():
        yield Row(what, "bench main", f"EXABGP_BENCH_MRT: recording: .*{line}", 2, _file("recording", content), NAMED)
    regular = "EXABGP_BENCH_MRT: recording: is no regular file: name an updates file"
    for tool in ("bench main", "continuous good main"):
        name = tool.split()[0]
        yield Row(f"{name}: a recording that is a FIFO", tool, regular, make=_fifo, variables=NAMED)
        yield Row(
            f"{name}: a recording that is not there",
            tool,
            r"recording: cannot be read \(No such file or directory\): check the path /.*/recording",
            variables=NAMED,
        )
    yield Row("a recording that is a folder", "bench main", regular, make=_folder("recording"), variables=NAMED)
    yield Row("a recording that is a socket", "bench main", regular, make=_socket, variables=NAMED)
    yield Row(
        "a recording that is a device",
        "bench main",
        "zero: is no regular file",
        variables={"EXABGP_BENCH_MRT": "/dev/zero"},
    )
    yield Row(
        "a recording in the home directory of a shell",
        "bench main",
        r"has 48 UPDATEs",
        make=_file("home/recording", SHORT),
        variables={"EXABGP_BENCH_MRT": "~/recording"},
    )
    yield Row(
        "a recording in the home directory of nobody",
        "bench main",
        r"cannot be read \(No such file",
        variables={"EXABGP_BENCH_MRT": "~nobody-of-this-name/recording"},
    )
    yield Row(
        "a recording relative to another folder",
        "bench main",
        r"recording: has 48 UPDATEs",
        make=_file("elsewhere/recording", SHORT),
        variables={"EXABGP_BENCH_MRT": "recording"},
        folder="{root}/elsewhere",
    )
    yield Row(
        "a relative recording that is only in the project",
        "bench main",
        r"recording: cannot be read .*/elsewhere/recording",
        make=lambda place: (_file("project/recording", SHORT)(place), _folder("elsewhere")(place)),
        variables={"EXABGP_BENCH_MRT": "recording"},
        folder="{root}/elsewhere",
    )
    yield Row(
        "a recording that may not be read",
        "bench main",
        r"recording: cannot be read \(Permission denied\)",
        make=lambda place: (_file("recording", SHORT)(place), _unreadable("recording")(place)),
        variables=NAMED,
        prefix=UNPRIVILEGED,
    )
    for tool, status in (("continuous good main", 2), ("asv run main^!", 1)):
        name = tool.split()[0]
        short, page = _file("recording", SHORT), _file("recording", b"<html>")
        yield Row(f"{name}: a recording that is too short", tool, "recording: has 48 UPDATEs", status, short, NAMED)
        yield Row(f"{name}: a recording that is a web page", tool, "recording: is not an MRT", status, page, NAMED)


# Limits

# Root may read and write everything; without these capabilities it is as any other user.
_CAPABILITIES = "-dac_override,-dac_read_search,-fowner"
_AS_A_USER = (str(shutil.which("setpriv")), f"--bounding-set={_CAPABILITIES}", f"--inh-caps={_CAPABILITIES}", "--")
UNPRIVILEGED = _AS_A_USER if os.geteuid() == 0 else ()


def _no_more_than(kilobytes: int) -> tuple[str, ...]:
    """No file may be larger, as when the disk is full."""
    return ("/bin/bash", "-c", f'ulimit -f {kilobytes}; exec "$@"', "bash")


FULL_OUTPUT = ("/bin/bash", "-c", 'exec "$@" >/dev/full', "bash")
OTHER_OWNER = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}


def _from(path: str) -> dict[str, str]:
    return {"EXABGP_REPO": path}


NAME_A_REPOSITORY = "name a git repository of ExaBGP, or a URL"
WHERE = "see git -C upstream log, tag and branch"
NO_EXPRESSION = r"'\(' is no regular expression: "

# fmt: off
ROWS = [
    # Where ExaBGP comes from.
    Row("EXABGP_REPO that is not there", "upstream", f"EXABGP_REPO: /.*/none does not exist: {NAME_A_REPOSITORY}",
        variables=_from("{root}/none")),
    Row("EXABGP_REPO that is an empty folder", "upstream", f"empty is not a git repository: {NAME_A_REPOSITORY}",
        variables=_from("{root}/empty")),
    Row("EXABGP_REPO that is a file", "upstream", f"file is no folder: {NAME_A_REPOSITORY}", make=_file("file"),
        variables=_from("{root}/file")),
    Row("EXABGP_REPO that is a folder inside a repository", "upstream",
        f"src is no git repository, but a folder inside /.*/exabgp: {NAME_A_REPOSITORY}",
        variables=_from("{exabgp}/src")),
    Row("EXABGP_REPO without a commit", "upstream", "new has none of the branches main, 5.0, 4.2",
        make=lambda place: _repository(place.root / "new"), variables=_from("{root}/new")),
    Row("EXABGP_REPO of something else", "upstream", "other is no repository of ExaBGP: no src/exabgp or lib/exabgp",
        make=_other_repository, variables=_from("{root}/other")),
    Row("EXABGP_REPO that is bare and without branches", "upstream", "bare.git has none of the branches main, 5.0, 4.2",
        make=lambda place: (_without_upstream(place), _bare(place)), variables=_from("{root}/bare.git")),
    Row("EXABGP_REPO that is bare and of something else", "upstream", "bare.git is no repository of ExaBGP",
        make=lambda place: (_without_upstream(place), _bare_of_another(place)), variables=_from("{root}/bare.git")),
    Row("EXABGP_REPO that is damaged", "upstream", f"exabgp is not a git repository: {NAME_A_REPOSITORY}",
        make=_damaged_repository, variables=_from("{exabgp}")),
    Row("EXABGP_REPO that is another user's", "upstream",
        "exabgp belongs to another user, so git refuses it: "
        "git config --global --add safe.directory /.*/exabgp",
        variables=_from("{exabgp}") | OTHER_OWNER),
    Row("a bare EXABGP_REPO that is another user's", "upstream", "git config --global --add safe.directory /.*bare.git",
        make=lambda place: (_without_upstream(place), _bare(place)),
        variables=_from("{root}/bare.git") | OTHER_OWNER),
    Row("EXABGP_REPO that may not be read", "upstream", r"Permission denied \(/.*exabgp", make=_unreadable("exabgp"),
        variables=_from("{exabgp}"), prefix=UNPRIVILEGED),
    Row("EXABGP_REPO in the home directory of nobody", "upstream", f"does not exist: {NAME_A_REPOSITORY}",
        variables=_from("~nobody-of-this-name/exabgp")),
    Row("EXABGP_REPO that is a URL of nothing", "upstream", "git clone file:///.*/none failed: .*does not",
        make=_without_upstream, variables=_from("file://{root}/none")),
    Row("EXABGP_REPO that is a URL of a kind unknown", "upstream", "git clone nosuch://x failed: ",
        make=_without_upstream, variables=_from("nosuch://x")),
    Row("EXABGP_REPO that looks like an option", "upstream", "git clone --upload-pack=x:y failed: ",
        make=_without_upstream, variables=_from("--upload-pack=x:y")),
    Row("EXABGP_REPO beside a clone", "upstream",
        "upstream is a clone of /.*/exabgp, but EXABGP_REPO is /.*/other: remove upstream, or unset EXABGP_REPO",
        make=lambda place: (_own_clone(place), _other_repository(place)), variables=_from("{root}/other")),
    Row("an upstream that is a file", "upstream", "upstream is no folder: remove it, and run this again",
        make=_upstream_is_a_file),
    Row("an upstream that is empty", "upstream", "upstream is not a git repository: remove it, and run this again",
        make=_upstream_is_empty),
    Row("an upstream that leads nowhere", "upstream", "no ExaBGP: GitHub can't be reached, .* set EXABGP_REPO",
        make=_dangling),
    Row("an upstream that is another user's", "upstream", "git config --global --add safe.directory",
        variables=OTHER_OWNER),
    Row("no network", "upstream", "no ExaBGP: GitHub can't be reached, .* package index: .* set EXABGP_REPO",
        make=_without_upstream),
    Row("an unknown set of releases", "upstream --releases some", "argument --releases: invalid choice: 'some'"),
    Row("an option that upstream does not have", "upstream --fast", "unrecognized arguments: --fast"),
    Row("no git", "upstream", "git is not installed, or not on PATH: install it first",
        variables={"PATH": "{root}/empty"}),
    Row("a .cache that is a file", "upstream", r"File exists \(/.*/.cache\)",
        make=_replaced_by_a_file("project/.cache")),
    Row("a project that may not be written to", "upstream", r"Permission denied \(/.*/project/.cache\)",
        make=lambda place: (_removed("project/.cache")(place), _read_only("project")(place)), prefix=UNPRIVILEGED),
    Row("a full disk while ExaBGP is cloned", "upstream", "git clone file:///.*exabgp failed: ",
        make=lambda place: (_without_upstream(place), _large(place)), variables=_from("file://{exabgp}"),
        prefix=_no_more_than(8)),
    Row("a configuration that is not there", "upstream", "asv.conf.json",
        make=_removed("project/asv.conf.json")),
    Row("a configuration that is damaged", "upstream", "asv.conf.json",
        make=_file("project/asv.conf.json", '{"version": 1,')),
    Row("no package index", "releases", "pip finds no release of exabgp in the package index"),
    Row("a set of releases that releases does not have", "releases some", "argument which: invalid choice: 'some'"),

    # bench
    Row("bench: an unknown revision", "bench no-such", f"no-such.*: {WHERE}"),
    Row("bench: an unknown end of a range", "bench good..no-such", f"no-such.*: {WHERE}"),
    Row("bench: an empty revision", "bench ''", f"revision.*: {WHERE}"),
    Row("bench: a range of nothing", "bench good..good", "good..good names no commit"),
    Row("bench: a reversed range", "bench main..good", "main..good names no commit.* good..main"),
    Row("bench: a tag of no commit", "bench blob", f"blob.*: {WHERE}"),
    Row("bench: a revision that looks like an option", "bench -- --all", f"--all.*: {WHERE}"),
    Row("bench: no regular expression", "bench --bench '('", NO_EXPRESSION),
    Row("bench: an expression that nothing matches", "bench --bench no_such main", "no_such"),
    Row("bench: an expression of two that nothing matches", "bench --bench Keepalive --bench no_such main", "no_such"),
    Row("bench: an unknown option", "bench --no-such", "unrecognized arguments: --no-such"),
    Row("bench: no ExaBGP", "bench", "upstream, .*, is not there: run python3 bootstrap.py upstream",
        make=_without_upstream),
    Row("bench: an ExaBGP that is another user's", "bench", "git config --global --add safe.directory",
        variables=OTHER_OWNER),
    Row("bench: results that are a file", "bench main", r".asv/results",
        make=_replaced_by_a_file("project/.asv/results")),
    Row("bench: results that may not be written", "bench main", r"Permission denied \(.*.asv/results",
        make=_read_only("project/.asv/results"), prefix=UNPRIVILEGED),
    Row("bench: a result that is cut", "bench good", r"results/.*\.json",
        make=_cut("*/*-*.json")),
    *_on_recordings(),

    # continuous
    Row("continuous: an unknown base", "continuous no-such main", f"no-such.*: {WHERE}"),
    Row("continuous: an unknown branch", "continuous good no-such", f"no-such.*: {WHERE}"),
    Row("continuous: an empty revision", "continuous good ''", f"{WHERE}"),
    Row("continuous: a range", "continuous good good..main", f"good..main.*: {WHERE}"),
    Row("continuous: a tag of no commit", "continuous good blob", f"blob.*: {WHERE}"),
    Row("continuous: one commit twice", "continuous main HEAD", "main and HEAD are one commit, .*: nothing to compare"),
    Row("continuous: no common ancestor", "continuous --merge-base main unrelated",
        "main and unrelated have no common ancestor"),
    Row("continuous: a shallow clone", "continuous --merge-base main side", "git .*fetch --unshallow",
        make=_shallow),
    Row("continuous: no regular expression", "continuous --bench '(' good main", NO_EXPRESSION),
    Row("continuous: an expression that nothing matches", "continuous --bench no_such good main", "no_such"),
    Row("continuous: only controls", "continuous --bench Control good main", "control"),
    Row("continuous: only times where counts are asked for", "continuous --counts --bench time_decode good main",
        "no count matches time_decode"),
    Row("continuous: a page in a folder that is not there", "continuous --markdown {root}/none/page.md good main",
        "argument --markdown: there is no folder /.*/none: make it first"),
    Row("continuous: a page that is a folder", "continuous --markdown {root} good main",
        "argument --markdown: /.* is a folder: name a file in it"),
    Row("continuous: a page that may not be written", "continuous --markdown {root}/empty/page.md good main",
        "argument --markdown: /.*/empty/page.md may not be written", make=_read_only("empty"), prefix=UNPRIVILEGED),
    Row("continuous: no ExaBGP", "continuous", "upstream, .*, is not there: run python3 bootstrap.py upstream",
        make=_without_upstream),
    Row("continuous: an ExaBGP that is another user's", "continuous", "git config --global --add safe.directory",
        variables=OTHER_OWNER),
    Row("continuous: three revisions", "continuous good main side", "unrecognized arguments: side"),

    # table
    Row("table: no revision", "table", "the following arguments are required: revisions"),
    Row("table: an unknown revision", "table no-such", f"no-such.*: {WHERE}"),
    Row("table: a commit that was not measured", "table main", "main has no numbers.*: python3 bootstrap.py bench"),
    Row("table: no regular expression", "table --bench '(' good", NO_EXPRESSION),
    Row("table: an expression that nothing matches", "table --bench no_such good", "no_such"),
    Row("table: nothing measured at all", "table good", "python3 bootstrap.py bench",
        make=_removed("project/.asv/results")),
    Row("table: a result that is cut", "table good", r"results/.*\.json", make=_cut("*/*-*.json")),
    Row("table: descriptions that are cut", "table good", r"results/benchmarks\.json", make=_cut("benchmarks.json")),
    Row("table: a file in a folder that is not there", "table -o {root}/none/table.md good",
        "argument -o/--output: there is no folder /.*/none: make it first"),
    Row("table: a full disk", "table -o /dev/full good", "No space left on device"),
    Row("table: an output that is full", "table good", "No space left on device", prefix=FULL_OUTPUT),
    Row("table: functions of one commit", "table --functions 3 good", "--functions compares the first commit"),
    Row("table: functions of one commit twice", "table --functions 3 good good", "--functions compares the first"),
    Row("table: no functions", "table --functions 0 good", "argument --functions: 0 is no number from 1 on"),
    Row("table: a file of machines that is damaged", "table main", "main has no numbers",
        make=_file("project/.asv/machines.json", '{"version'), renewed=("project/.asv/machines.json",)),
    Row("table: a file of machines that is something else", "table main", "main has no numbers",
        make=_file("project/.asv/machines.json", "[]"), renewed=("project/.asv/machines.json",)),

    # explain
    Row("explain: no branch", "explain good", "the following arguments are required: branch"),
    Row("explain: an unknown revision", "explain good no-such", "no-such: no revision of the ExaBGP in upstream"),
    Row("explain: one commit", "explain good good", "good and good are one commit, .*: nothing to explain"),
    Row("explain: one release", "explain 4.2.25 4.2.25", "4.2.25 and 4.2.25 are one commit, 4.2.25: nothing"),
    Row("explain: a release that can't be had", "explain 9.9.9 good", "release 9.9.9: pip can't fetch it"),
    Row("explain: no ExaBGP", "explain good main", "upstream, .*, is not there: run python3 bootstrap.py upstream",
        make=_without_upstream),
    Row("explain: no regular expression", "explain --bench '(' good main", NO_EXPRESSION),
    Row("explain: an expression that nothing matches", "explain --bench no_such good main", "no_such"),
    Row("explain: no count", "explain --bench time_decode good main", "time_decode selects no count of bytecodes"),
    Row("explain: calls of what has no count", "explain --calls --bench peakmem good main",
        "peakmem selects no count of bytecodes, and no time that has one beside it"),
    Row("explain: calls as a picture", "explain --calls --svg {root}/a.svg good main", "--calls has no stacks"),
    Row("explain: stacks in a file", "explain --folded {project}/tox.ini good main",
        "argument --folded: /.*/tox.ini is no folder: name another"),
    Row("explain: a picture in a folder that is not there", "explain --svg {root}/none/a.svg good main",
        "argument --svg: there is no folder /.*/none: make it first"),
    Row("explain: no functions", "explain --top 0 good main", "argument --top: 0 is no number from 1 on"),

    # cost, works, history, calibrate
    Row("cost: an unknown revision", "cost no-such", "no-such: no release, and no commit of /.*upstream"),
    Row("cost: a release that can't be had", "cost 9.9.9", "release 9.9.9: pip can't fetch it"),
    Row("cost: no regular expression", "cost --bench '('", NO_EXPRESSION),
    Row("cost: an expression that nothing matches", "cost --bench no_such good", "no_such"),
    Row("cost: no ExaBGP", "cost", "upstream, .*, is not there: run python3 bootstrap.py upstream",
        make=_without_upstream),
    Row("daemons: no revision", "daemons", "the following arguments are required: revisions"),
    Row("daemons: an unknown revision", "daemons no-such", f"no-such.*: {WHERE}"),
    Row("daemons: no runs", "daemons --runs 0 good", "argument --runs: 0 is no number from 1 on"),
    Row("daemons: no regular expression", "daemons --bench '(' good", NO_EXPRESSION),
    Row("daemons: an expression that nothing matches", "daemons --bench no_such good", "no benchmark of whole daemons"),
    Row("daemons: what takes long", "daemons --bench 50000 good", "those that take long need --long"),
    Row("daemons: a page that is a folder", "daemons --markdown {root} good", "argument --markdown: /.* is a folder"),
    Row("bench: daemons, and none that matches", "bench --daemon --bench no_such good", "no_such"),
    Row("bench: full tables, and none that matches", "bench --full-table --bench no_such good", "no_such"),
    Row("works: no regular expression", "works --bench '('", NO_EXPRESSION),
    Row("works: an expression that nothing matches", "works --bench no_such", "no benchmark is called 'no_such'"),
    Row("works: a folder to write to", "works --markdown .", "argument --markdown: . is a folder"),
    Row("works: no commits", "works --sample 0", "argument --sample: 0 is no number from 1 on"),
    Row("works: a negative number", "works --sample -3", "argument --sample: -3 is no number from 1 on"),
    Row("works: a number in words", "works --sample ten", "argument --sample: ten is no number from 1 on"),
    Row("works: an ExaBGP that is not ExaBGP's own", "works",
        r"upstream has no 14803b8fb\^..main: ExaBGP's real history is needed, set EXABGP_REPO"),
    Row("history: no share", "history --shard 9/8", "argument --shard: 9/8 is no share such as 3/8"),
    Row("history: no regular expression", "history --bench '('", NO_EXPRESSION),
    Row("history: an expression that nothing matches", "history --bench no_such", "no count is called 'no_such'"),
    Row("history: a time", "history --bench KeepaliveDecoding.time_decode", "no count is called"),
    Row("history: no branch", "history --branch 9.9", "upstream has no branch 9.9: git -C upstream branch"),
    Row("history: no trees", "history --trees 0", "argument --trees: 0 is no number from 1 on"),
    Row("history: no jobs", "history --jobs 0", "argument --jobs: 0 is no number from 1 on"),
    Row("history: no address", "history --scheduler host:8786", "host:8786 is no address such as tcp://HOST:8786"),
    Row("history: its own workers and others'", "history --jobs 2 --scheduler tcp://host:8786", "not allowed with"),
    Row("history: minutes in words", "history --minutes ten", "argument --minutes: ten is no number from 1 on"),
    Row("history: a store that is a file", "history --store {root}/file", r"Not a directory \(/.*/file/",
        make=_file("file")),
    Row("history: nothing to merge", "history --merge {root}/none", "none is no store of counts of Python 3"),
    Row("history: nothing to unpack", "history --unpack", "results has no counts of Python 3.*bootstrap.py history"),
    Row("history: no ExaBGP", "history", "upstream, .*, is not there: run python3 bootstrap.py upstream",
        make=_without_upstream),
    Row("events: no sweep", "events", "results has no counts of Python 3.*bootstrap.py history"),
    Row("events: a folder to write to", "events --markdown .", "argument --markdown: . is a folder"),
    Row("events: no functions", "events --functions 0", "argument --functions: 0 is no number from 1 on"),
    Row("notices: no folder", "notices", "the following arguments are required: FOLDER"),
    Row("notices: a folder that is a file", "notices tox.ini", "argument FOLDER: tox.ini is no folder: name another"),
    Row("notices: no date", "notices --since yesterday {root}/notices", "argument --since: .*yesterday"),
    Row("notices: no sweep", "notices {root}/notices", "results has no counts of Python 3.*bootstrap.py history"),
    Row("sharing: no sample", "sharing --sample 0", "argument --sample: 0 is no number from 1 on"),
    Row("sharing: an expression that nothing matches", "sharing --bench no_such", "no count is called 'no_such'"),
    Row("report: no sweep", "report", "none of the numbers that the report is of was measured: .*bootstrap.py history"),
    Row("report: an unknown option", "report --no-such", "unrecognized arguments: --no-such"),
    Row("claims: no sweep", "claims", "results has no counts of Python 3.*bootstrap.py history"),
    Row("bisect: nothing named", "bisect", "the following arguments are required: SERIES, GOOD, BAD"),
    Row("bisect: no regular expression", "bisect '(' good main", NO_EXPRESSION),
    Row("bisect: a time", "bisect KeepaliveDecoding.time_decode good main", "no count is called"),
    Row("bisect: several counts", "bisect KeepaliveDecoding good main", "3 counts match 'KeepaliveDecoding'"),
    Row("bisect: an unknown revision", r"bisect 'KeepaliveDecoding.*\(100\)' no-such main", "no-such: no revision"),
    Row("bisect: one commit", r"bisect 'KeepaliveDecoding.*\(100\)' main main", "is both ends: name two commits"),
    Row("bisect: the wrong way round", r"bisect 'KeepaliveDecoding.*\(100\)' main good", "is it the other way round"),
    Row("calibrate: no regular expression", "calibrate --bench '('", NO_EXPRESSION),
    Row("calibrate: a negative number", "calibrate --comparisons -1",
        "argument --comparisons: -1 is no number from 0 on"),
    Row("calibrate: an unknown injection", "calibrate --inject no-such", "no injection is called 'no-such'"),
    Row("calibrate: an unknown step", "calibrate --step no-such", "argument --step: invalid choice: 'no-such'"),
    Row("calibrate: an unknown ExaBGP", "calibrate --step counts --exabgp no-such", "no-such: no release, and no"),
    Row("calibrate: a page in a folder that is not there", "calibrate --page {root}/none/page.md",
        "argument --page: there is no folder /.*/none: make it first"),
    Row("calibrate: a page that is a folder", "calibrate --page {root}", "argument --page: /.* is a folder: name"),

    # publish and preview
    Row("publish: nothing measured", "publish", "nothing to publish: .* run python3 bootstrap.py bench first",
        make=_removed("project/.asv/results")),
    Row("publish: no ExaBGP", "publish", "upstream, .*, is not there: run python3 bootstrap.py upstream",
        make=_without_upstream),
    Row("publish: no branch", "publish", "upstream has no branch 5.0, which asv.conf.json names",
        make=lambda place: git("branch", "-D", "5.0", cwd=place.exabgp)),
    Row("publish: a range of nothing", "publish main..no-such", "main..no-such is no range of upstream's commits"),
    Row("publish: a range that no shell would take", "publish \"'\"", "' is no range of upstream's commits"),
    Row("publish: a folder of something else", "publish -o {home}", "something else than a site: name a new folder",
        make=_file("home/thesis")),
    Row("publish: a folder below a file", "publish -o {root}/file/site", r"\(/.*/file", make=_file("file")),
    Row("publish: a result that is cut", "publish", r"results/.*-.*\.json is damaged: remove it, and measure again",
        make=_cut("*/*-*.json")),
    Row("publish: descriptions that are cut", "publish", r"results/benchmarks\.json is damaged: remove it",
        make=_cut("benchmarks.json")),
    Row("publish: a full disk", "publish", "failed, the site is as it was: File too large", prefix=_no_more_than(8)),
    Row("asv preview: no site", "asv preview", "no site in .asv/html: python3 bootstrap.py publish writes it", 1),
    Row("asv preview: a folder that is not there", "asv preview -o {root}/none", "no site in /.*/none", 1),
    Row("asv preview: a port that is too high", "asv preview -p 99999", "port 99999: ports are numbers", 1, _site),
    Row("asv preview: a negative port", "asv preview -p -1", "port -1: ports are numbers", 1, _site),
    Row("asv preview: a port in words", "asv preview -p http", "argument --port.*: invalid int value: 'http'"),

    # What runs the tools.
    Row("no command", "tools", "'' is no command: there are bench, "),
    Row("an unknown command", "tools no-such", "'no-such' is no command: there are bench, "),
    Row("a command without an ExaBGP", "tools bench", "no ExaBGP: GitHub can't be reached", make=_without_upstream),
    Row("counts: no package index", "counts", "release 4.2.25: pip can't fetch it"),
    Row("counts: an unknown option", "counts --no-such", "unrecognized arguments: --no-such"),
    Row("scenarios: an unknown option", "scenarios --no-such", "unrecognized arguments: --no-such"),

    # asv itself, and what it calls.
    Row("asv: no regular expression", "asv run --bench '(' main^!", NO_EXPRESSION, 1),
    Row("asv: a range of nothing", "asv run main..main", "No commit hashes selected", 1),
    Row("asv: an unknown revision", "asv find no-such..main x", "bad revision 'no-such..main'", 1),
    Row("asv: a commit that was not measured", "asv compare good main", "Did not find results for commit", 1),
    Row("asv: results that may not be written", "asv publish", "Permission denied: '.asv/html'", 1,
        make=_read_only("project/.asv"), prefix=UNPRIVILEGED),
    Row("install_commit: no folder", "install_commit", "the following arguments are required: BUILD_DIR"),
    Row("install_commit: no package", "install_commit {home}", "home has no exabgp package"),
]
# fmt: on


def _large(place: Place) -> None:
    (place.exabgp / "large").write_bytes(os.urandom(1 << 16))
    git("add", "--all", cwd=place.exabgp)
    _commit(place.exabgp, "large")


# bootstrap.py is started by any Python: here as one would that is not the one wanted.
OTHER_PYTHON = "import sys, runpy; sys.executable = '/none'; runpy.run_path('bootstrap.py', run_name='__main__')"
ONLY_GIT = {"PATH": "{root}/programs"}


def _programs(place: Place, **scripts: str) -> None:
    """A PATH with git and these programs."""
    folder = place.root / "programs"
    folder.mkdir()
    found = shutil.which("git")
    assert found
    (folder / "git").symlink_to(found)
    for name, text in scripts.items():
        path = folder / name.replace("_", ".")
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)


def _pyenv(place: Place) -> None:
    _programs(place)
    _folder("pyenv/versions/3.12.1")(place)
    _unreadable("pyenv/versions")(place)


NO_PYTHON = "no Python 3.12 that runs: install it, for instance by pyenv install 3.12"
# fmt: off
ROWS += [
    Row("bootstrap: no command", "bootstrap", ".", 2),
    Row("bootstrap: an option of tox", "bootstrap -e bench", ".", 2),
    Row("bootstrap: no git", "bootstrap bench", "git is not installed, or not on PATH: install it first",
        variables={"PATH": "{root}/empty"}),
    Row("bootstrap: no Python 3.12", "other_python bench", NO_PYTHON, make=_programs, variables=ONLY_GIT),
    Row("bootstrap: a dead shim of pyenv", "other_python bench", NO_PYTHON, variables=ONLY_GIT,
        make=lambda place: _programs(place, python3_12="echo 'pyenv: python3.12: command not found' >&2; exit 127")),
    Row("bootstrap: a Python without ensurepip", "other_python bench",
        "lacks ensurepip: .* apt install python3.12-venv", variables=ONLY_GIT, make=lambda place: _programs(
            place, python3_12='case "$*" in *"-m venv"*) echo "ensurepip is not available"; exit 1;; '
            f'*) echo "cpython 3.12 {place.root}/programs/python3.12";; esac')),
    Row("bootstrap: a PYENV_ROOT that may not be read", "other_python bench", NO_PYTHON, make=_pyenv,
        variables=ONLY_GIT | {"PYENV_ROOT": "{root}/pyenv"}, prefix=UNPRIVILEGED),
    Row("bootstrap: no package index", "bootstrap bench", "No matching distribution found for tox"),
    Row("bootstrap: a .venv that lost tox", "bootstrap bench", "No matching distribution found for tox",
        make=_broken_venv, renewed=("project/.venv",)),
    Row("bootstrap: a .venv that is a file", "bootstrap bench", r"Not a directory \(/.*/.venv\)",
        make=_file("project/.venv")),
    Row("bootstrap: a project that may not be written to", "bootstrap bench", "Permission denied",
        make=_read_only("project"), prefix=UNPRIVILEGED),
]
# fmt: on


# Running it


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A copy of this repository with a small ExaBGP, and a result of its commit "good"."""
    place = Place(tmp_path_factory.mktemp("prepared"))
    copied = ("tools", "benchmarks", "asv.conf.json", "bootstrap.py", "tox.ini", ".python-version")
    copy_repository(place.project, *copied)
    (place.project / "docs").mkdir()
    for folder in (place.home, place.root / "empty", place.project / ".cache"):
        folder.mkdir()
    _make_exabgp(place)
    (place.project / "upstream").symlink_to(place.exabgp)
    _store_a_result(place)
    # Each row starts a Python on them.
    subprocess.run([sys.executable, "-m", "compileall", "-q", place.project], check=True)
    return place


def _make_exabgp(place: Place) -> None:
    package = _repository(place.exabgp) / "src" / "exabgp"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('version = "0"\n')
    git("add", "--all", cwd=place.exabgp)
    for name in ("good", "main"):
        _commit(place.exabgp, name)
        git("tag", "good", "HEAD", cwd=place.exabgp) if name == "good" else None
    for branch in ("5.0", "4.2", "side"):
        git("branch", branch, "good", cwd=place.exabgp)
    git("checkout", "--quiet", "side", cwd=place.exabgp)
    _commit(place.exabgp, "side")
    git("checkout", "--quiet", "--orphan", "unrelated", cwd=place.exabgp)
    _commit(place.exabgp, "unrelated")
    git("checkout", "--quiet", "main", cwd=place.exabgp)
    git("tag", "blob", "main:src/exabgp/__init__.py", cwd=place.exabgp)


def _store_a_result(place: Place) -> None:
    conf = Config()
    conf.results_dir, conf.benchmark_dir = str(place.results), str(place.project / "benchmarks")
    described = {"name": TIME, "type": "time", "unit": "seconds", "version": "1", "code": ""}
    benchmark = described | {"params": [["1"], ["'cold'"]], "param_names": ["routes", "cache"]}
    place.results.mkdir(parents=True)
    Benchmarks(conf, [benchmark]).save()
    this = Machine.get_defaults()
    MachineCollection.save(this["machine"], this, str(place.project / ".asv" / "machines.json"))
    folder = place.results / this["machine"]
    folder.mkdir()
    write_json(str(folder / "machine.json"), this, Machine.api_version)
    version = ".".join(map(str, sys.version_info[:3]))
    good = git("rev-parse", "good", cwd=place.exabgp)
    of_commit = Results(this | {"python": version}, {}, good, 1_700_000_000_000, "3.12", "virtualenv-py3.12-psutil", {})
    of_commit.add_result(benchmark, BenchmarkResult([5e-6], [[5e-6]], [1], 0, "", None))
    of_commit.save(str(place.results))


@pytest.fixture
def place(prepared: Place, tmp_path: Path) -> Iterator[Place]:
    """A copy of the prepared folder, to spoil."""
    copy = Place(tmp_path / "place")
    shutil.copytree(prepared.root, copy.root, symlinks=True)
    upstream = copy.project / "upstream"
    upstream.unlink()
    upstream.symlink_to(copy.exabgp)
    yield copy
    # What may not be read can't be removed by pytest.
    for folder in copy.root.rglob("*"):
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o755)


def variables(place: Place) -> dict[str, str]:
    """Those of a user who reaches neither GitHub nor a package index."""
    strange = ("GIT_", "PIP_", "EXABGP_", "PYENV_", "TOX_", "VIRTUALENV_", "XDG_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return inherited | {
        "HOME": str(place.home),
        "PYTHONPATH": str(place.project),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{place.root}/github/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(place.root / "empty"),
        "PYENV_ROOT": str(place.root / "none"),
    }


def command(row: Row, place: Place) -> list[str]:
    name, *arguments = shlex.split(row.command)
    match name:
        case "asv":
            program = ["-m", "asv"]
        case "bootstrap":
            program = ["bootstrap.py"]
        case "other_python":
            program = ["-c", OTHER_PYTHON]
        case "tools":
            program = ["-m", "tools"]
        case _:
            program = ["-m", MODULES[name]]
    return [*row.prefix, sys.executable, *program, *map(place.fill, arguments)]


def what_is_there(place: Place, renewed: tuple[str, ...] = ()) -> dict[str, bytes | str]:
    """Content of each file, but for those that are made anew, and for git's memory of what it has looked at."""
    found: dict[str, bytes | str] = {}
    for path in place.root.rglob("*"):
        name = str(path.relative_to(place.root))
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file() and path.name != "index" and path.suffix != ".pyc" and not name.startswith(renewed or "/"):
            found[name] = path.read_bytes() if os.access(path, os.R_OK) else "may not be read"
    return found


def run(row: Row, place: Place, **options: str) -> subprocess.CompletedProcess[str]:
    given = {name: place.fill(value) for name, value in row.variables.items()}
    return subprocess.run(
        command(row, place),
        cwd=place.fill(row.folder),
        env=variables(place) | given | options,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("row", ROWS, ids=[row.what for row in ROWS])
def test_one_clear_line_and_nothing_lost(row: Row, place: Place) -> None:
    if row.make:
        row.make(place)
    before = what_is_there(place, row.renewed)
    done = run(row, place)
    assert done.returncode == row.status, done
    assert "Traceback" not in done.stdout + done.stderr
    said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    assert 1 <= len(said) <= LINES, done.stderr
    last = said[-1]
    assert re.search(row.line, last), last
    if row.status == 2 and done.stderr:
        assert re.match(r"(.*: )?error: ", last), last
    after = what_is_there(place, row.renewed)
    assert {name: after.get(name) for name in before} == before


def test_a_port_that_is_taken(place: Place) -> None:
    _site(place)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = run(Row("", f"asv preview -p {port}", ""), place)
    assert done.returncode == 1
    assert done.stdout == f"· port {port} can't be had: Address already in use: name another by --port\n"


def test_an_encoding_that_lacks_the_micro_sign(place: Place) -> None:
    """No input that is bad: what can't be printed is replaced."""
    done = run(Row("", "table good", ""), place, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert re.search(r"time_decode.* 5\.00us ", done.stdout), done.stdout


def test_the_table_is_long_and_no_input_is_there_twice() -> None:
    assert len({row.what for row in ROWS}) == len(ROWS) >= 78
