"""Say what the benchmarks cost on one commit: wall clock, and how much of it is spent inside benchmark bodies.

The rest is setup (fixtures, and the proof that the work is done right) and processes. asv itself adds its start and
the install of the commit.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tools import trees
from tools.asv_command import ROOT, UPSTREAM
from tools.errors import ToolError, run
from tools.suite import check_expressions
from tools.terminal import report_console

SHOWN = 15

type Line = dict[str, Any]


def main() -> None:
    """Run all benchmarks once and print the split."""
    parser = argparse.ArgumentParser(prog="cost", description=__doc__)
    parser.add_argument(
        "exabgp", nargs="?", default="HEAD", help="a release, or a revision of upstream; default: %(default)s"
    )
    parser.add_argument("-b", "--bench", default=".", metavar="RE", help="only benchmarks that match")
    options = parser.parse_args()
    check_expressions([options.bench])
    tree = trees.release(options.exabgp) if trees.is_release(options.exabgp) else trees.commit(options.exabgp, UPSTREAM)
    environment = os.environ | {"PYTHONPATH": f"{tree}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tools.cost_child", options.bench]
    lines: list[Line] = []
    started = time.monotonic()
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True) as child,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        assert child.stdout
        task = progress.add_task("benchmarks", total=None)
        for text in child.stdout:
            lines.append(json.loads(text))
            progress.update(task, description=lines[-1]["name"], advance=1)
        child.wait()
        errors.seek(0)
        last = (errors.read().splitlines() or ["the child process died"])[-1]
    wall = time.monotonic() - started
    if child.returncode:
        raise ToolError(f"the benchmarks can't be run: {last}")
    if not lines:
        raise ToolError(f"no benchmark ran: is {options.bench!r} the name of one?")
    _report(lines, wall)


def _report(lines: list[Line], wall: float) -> None:
    table = Table(title="the most expensive", box=None)
    table.add_column("benchmark", overflow="fold")
    for heading in ("setup s", "body s"):
        table.add_column(heading, justify="right")
    for line in sorted(lines, key=_seconds, reverse=True)[:SHOWN]:
        name = f"{line['name']}({', '.join(line['parameters'])})"
        table.add_row(name, f"{line['setup']:.2f}", f"{line['body']:.2f}")
    console = report_console()
    console.print(table)
    body = sum(line["body"] for line in lines)
    measured = sum(not line["skipped"] for line in lines)
    console.print(
        f"{measured} numbers in {wall:.0f} s, {body / wall:.0%} of it inside benchmark bodies", highlight=False
    )
    for kind in sorted({line["type"] for line in lines}):
        of_kind = [line for line in lines if line["type"] == kind]
        bodies = sum(line["body"] for line in of_kind)
        console.print(f"{kind}: {sum(map(_seconds, of_kind)):.0f} s, {bodies:.0f} s in bodies", highlight=False)


def _seconds(line: Line) -> float:
    return float(line["setup"] + line["body"])


if __name__ == "__main__":
    run(main)
