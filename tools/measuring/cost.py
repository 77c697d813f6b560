"""Say what the benchmarks cost on one commit: wall clock, CPU, and how much is spent inside benchmark bodies.

The rest is setup (fixtures, and the proof that the work is done right) and processes. asv itself adds its start and
the install of the commit.
"""

import argparse
import time
from collections import defaultdict

from rich.console import Console
from rich.progress import Progress

from tools.arguments import add_bench
from tools.children import Interpreter, Line
from tools.children.jobs import costs, cpu_seconds
from tools.errors import ToolError, run
from tools.numbers.kinds import Kind, kind_of
from tools.paths import UPSTREAM
from tools.source import trees
from tools.terminal import Row, print_table, report_console

SHOWN = 15
FIGURES = ("setup s", "body s", "CPU s")


def main() -> None:
    """Run all benchmarks once and print the split."""
    parser = argparse.ArgumentParser(prog="cost", description=__doc__)
    parser.add_argument(
        "exabgp", nargs="?", default="HEAD", help="a release, or a revision of upstream; default: %(default)s"
    )
    add_bench(parser, default=".")
    options = parser.parse_args()
    tree = trees.named(options.exabgp, UPSTREAM)
    lines: list[Line] = []
    started, used = time.monotonic(), cpu_seconds()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("benchmarks", total=None)
        for line in Interpreter(tree).run(costs, options.bench):
            lines.append(line)
            progress.update(task, description=line["name"], advance=1)
    wall, cpu = time.monotonic() - started, cpu_seconds() - used
    if not lines:
        raise ToolError(f"no benchmark ran: is {options.bench!r} the name of one?")
    report(report_console(), lines, wall, cpu)


def report(console: Console, lines: list[Line], wall: float, cpu: float) -> None:
    """Print what each kind of benchmark costs, and the most expensive of them."""
    console.print("the most expensive")
    expensive = sorted(lines, key=_seconds, reverse=True)[:SHOWN]
    rows = [(_name(line), *_figures([line])) for line in expensive]
    print_table(console, ("benchmark", *FIGURES), rows, texts=1)
    by_kind: defaultdict[Kind, list[Line]] = defaultdict(list)
    for line in lines:
        by_kind[kind_of(line["name"], line["unit"])].append(line)
    rows = [
        (kind.value, str(len(of_kind)), *_figures(of_kind))
        for kind, of_kind in sorted(by_kind.items(), key=lambda item: item[0].value)
    ]
    rest = cpu - sum(line["cpu"] for line in lines)
    rows.append(("start and discovery", "", "", "", f"{rest:.2f}"))
    print_table(console, ("kind", "numbers", *FIGURES), rows, texts=1)
    measured = sum(not line["skipped"] for line in lines)
    body = sum(line["body"] for line in lines)
    console.print(
        f"{measured} numbers in {wall:.0f} s, {body / wall:.0%} of it inside benchmark bodies; {cpu:.1f} CPU seconds",
        highlight=False,
    )


def _name(line: Line) -> str:
    parameters = ", ".join(line["parameters"])
    return f"{line['name']}({parameters})" if parameters else str(line["name"])


def _figures(lines: list[Line]) -> Row:
    return [f"{sum(line[part] for line in lines):.2f}" for part in ("setup", "body", "cpu")]


def _seconds(line: Line) -> float:
    return float(line["setup"] + line["body"])


if __name__ == "__main__":
    run(main)
