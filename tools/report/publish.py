"""Write the site: what asv publishes of all results, with the asv-tachyon pages in front, which work offline.

asv's own page loads its scripts from other hosts. It stays, as index.legacy.html.
"""

import argparse
import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from asv.config import Config
from asv.results import iter_results_paths

from tools.configuration import configuration
from tools.errors import ToolError, run
from tools.git import GitError, git
from tools.paths import ROOT, UPSTREAM
from tools.source.upstream import has

Index = dict[str, Any]
"""What index.json holds: what the graphs are of, and how to name it."""


def check(conf: Config, commits: str | None) -> None:
    """Refuse what asv would end on with a traceback, or with a site of nothing."""
    if next(iter_results_paths(str(ROOT / conf.results_dir)), None) is None:
        raise ToolError(
            f"nothing to publish: {ROOT / conf.results_dir} has no results; run python3 bootstrap.py bench first"
        )
    missing = [name for name in conf.branches if not has(UPSTREAM, f"refs/heads/{name}")]
    if missing:
        raise ToolError(
            f"upstream has no branch {', '.join(missing)}, which asv.conf.json names: fetch it into {UPSTREAM},"
            ' or take it out of "branches"'
        )
    if commits:
        try:
            git("rev-list", "--max-count=1", *shlex.split(commits), "--", cwd=UPSTREAM)
        except (GitError, ValueError) as error:
            raise ToolError(f"{commits} is no range of upstream's commits: {error}") from None


def call(results: Path, program: str, *arguments: str, stdout: int | None = None) -> None:
    """Run a program of this interpreter; where it is known why it fails, say that instead of its traceback."""
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments], cwd=ROOT, stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    why = why_failed(done.stderr, results) if done.returncode else None
    if why is None:
        sys.stderr.buffer.write(done.stderr)
        sys.stderr.flush()
    if done.returncode:
        raise ToolError(f"{program} {arguments[0]} failed, the site is as it was: {why or 'what it said is above'}")


def why_failed(said: bytes, results: Path) -> str | None:
    """What the system has refused a program that said this, or else which result is damaged."""
    # The last line names a full disk once for each file.
    refused = re.search(rb"\[Errno \d+\] ([\w -]+)", (said.splitlines() or [b""])[-1])
    if refused:
        return refused[1].decode()
    for path in sorted(results.rglob("*.json")):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            return f"{path} is damaged: remove it, and measure again what was in it"
    return None


def improve(index: Index, branches: list[str]) -> None:
    """Add to the index what asv-tachyon would guess, and guess wrong."""
    # It guesses that more is better in a track_*; to asv, and in its list of regressions, more is worse.
    for benchmark in index["benchmarks"].values():
        benchmark.setdefault("less_is_better", True)
    # It opens with the first series: of the branch named first.
    index["graph_param_list"].sort(key=lambda graph: branches.index(graph["branch"]))


def subjects(index: Index) -> dict[str, str]:
    """Return the first line of each published commit's message, by hash."""
    wanted = "\n".join(index["revision_to_hash"].values())
    log = git("log", "--no-walk", "--stdin", "--format=%H %s", cwd=UPSTREAM, stdin=wanted.encode())
    return {line[:40]: line[41:] for line in log.split("\n")}


def put_in_front(html: Path, results: Path) -> None:
    """Make asv-tachyon's page the one that opens."""
    call(results, "asv_tachyon", "install", str(html), stdout=subprocess.DEVNULL)
    # The feed's links are such as only asv's page understands.
    feed = html / "regressions.xml"
    feed.write_text(feed.read_text("utf-8").replace("index.html#", "index.legacy.html#"), "utf-8")


def main() -> None:
    """Write the site and say where it is."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.report.publish",
        description="Write the site of all results. Other arguments are handed to asv publish.",
    )
    parser.add_argument("range", nargs="?", help="only these commits, as git names them: 4.2..main (default: all)")
    parser.add_argument("--html-dir", "-o", type=Path, help="folder to write (default: html_dir of asv.conf.json)")
    arguments, others = parser.parse_known_args()
    if arguments.range:
        others.append(arguments.range)

    conf = configuration()
    site = (arguments.html_dir or ROOT / conf.html_dir).absolute()
    if site.exists() and any(site.iterdir()) and not (site / "index.json").is_file():
        raise ToolError(f"{site} holds something else than a site: name a new folder, or remove it")
    check(conf, arguments.range)
    results = ROOT / conf.results_dir

    site.parent.mkdir(parents=True, exist_ok=True)
    # The site that is there is replaced when the new one is whole.
    with tempfile.TemporaryDirectory(dir=site.parent, prefix=f"{site.name}.") as folder:
        html = Path(folder) / "new"
        call(results, "asv", "publish", "--html-dir", str(html), *others)
        index = json.loads((html / "index.json").read_text("utf-8"))
        if not index["graph_param_list"]:
            raise ToolError(
                "nothing to publish: no result is of today's benchmarks and of a commit in"
                f" {arguments.range or ', '.join(conf.branches)}; run python3 bootstrap.py bench first"
            )
        improve(index, conf.branches)
        (html / "index.json").write_text(json.dumps(index), "utf-8")
        (html / "commits.json").write_text(json.dumps(subjects(index)), "utf-8")
        put_in_front(html, results)
        if site.exists():
            site.rename(Path(folder) / "old")
        html.rename(site)
    print(f"The site is in {site}. Look at it with:")
    print(f"python3 -m http.server --bind 127.0.0.1 --directory {shlex.quote(str(site))} 0")


if __name__ == "__main__":
    run(main)
