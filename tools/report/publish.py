"""Write the site of all numbers: pages that say what changed, and asv's own pages beside them.

The numbers are those kept by tree in `results`, and those that asv has stored.
"""

import argparse
import gc
import shlex
import tempfile
from pathlib import Path

from asv.config import Config

from tools.configuration import configuration
from tools.errors import ToolError, run
from tools.git import GitError, git
from tools.paths import ROOT, UPSTREAM
from tools.report import explorer
from tools.report.collected import collect
from tools.report.site.pages import Site, write
from tools.report.steps import steps
from tools.source.upstream import has

# What tells a site from a folder of other hands: of this kind, and as it was when asv's page was all of it.
MARKS = ("explorer/index.json", "index.json")


def check(conf: Config) -> None:
    """Refuse what nothing could be made of."""
    missing = [name for name in conf.branches if not has(UPSTREAM, f"refs/heads/{name}")]
    if missing:
        raise ToolError(
            f"upstream has no branch {', '.join(missing)}, which asv.conf.json names: fetch it into {UPSTREAM},"
            ' or take it out of "branches"'
        )


def commits_in(range_: str) -> set[str]:
    """The commits of a range, as git names it."""
    try:
        return set(git("rev-list", *shlex.split(range_), "--", cwd=UPSTREAM).split())
    except (GitError, ValueError) as error:
        raise ToolError(f"{range_} is no range of upstream's commits: {error}") from None


def main() -> None:
    """Write the site and say where it is."""
    parser = argparse.ArgumentParser(prog="publish", description=__doc__)
    parser.add_argument("range", nargs="?", help="only these commits, as git names them: 4.2..main (default: all)")
    parser.add_argument("--html-dir", "-o", type=Path, help="folder to write (default: html_dir of asv.conf.json)")
    options = parser.parse_args()

    conf = configuration()
    site = (options.html_dir or ROOT / conf.html_dir).absolute()
    if site.exists() and any(site.iterdir()) and not any((site / mark).is_file() for mark in MARKS):
        raise ToolError(f"{site} holds something else than a site: name a new folder, or remove it")
    check(conf)
    site.parent.mkdir(parents=True, exist_ok=True)
    try:
        _publish(conf, options.range, site)
    except OSError as error:
        raise ToolError(f"publish failed, the site is as it was: {error.strerror}") from None
    print(f"The site is in {site}. Look at it with:")
    print(f"python3 -m http.server --bind 127.0.0.1 --directory {shlex.quote(str(site))} 0")


def _publish(conf: Config, range_: str | None, site: Path) -> None:
    """Read all numbers and write the site, whole or not at all."""
    # Millions of numbers are read and none is in a cycle: to look for some takes a second.
    gc.disable()
    collected = collect(conf, commits_in(range_) if range_ else None)
    if not collected.series:
        raise ToolError(
            "nothing to publish: no result is of today's benchmarks and of a commit in"
            f" {range_ or ', '.join(conf.branches)}; run python3 bootstrap.py bench first"
        )
    # The site that is there is replaced when the new one is whole.
    with tempfile.TemporaryDirectory(dir=site.parent, prefix=f"{site.name}.") as folder:
        html = Path(folder) / "new"
        write(Site(collected, steps(collected), conf.project_url, conf.show_commit_url), html)
        explorer.write(conf, collected, html / "explorer")
        if site.exists():
            site.rename(Path(folder) / "old")
        html.rename(site)


if __name__ == "__main__":
    run(main)
