"""Print all numbers of some commits side by side, in Markdown: time, memory, count, one line a number.

The numbers are those that asv has stored: measure the commits first. (``asv compare`` does this for two of them.)
"""

import argparse
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from asv.config import Config
from asv.machine import Machine

from tools.asv_command import ROOT, UPSTREAM, commits_of
from tools.asv_plugin import use_machine_file
from tools.errors import ToolError, run
from tools.releases import git
from tools.results import EXACT, Key, Kind, Number, displayed, load
from tools.suite import check_expressions
from tools.summary import rows_of

type Numbers = Mapping[Key, Number]


def main() -> None:
    """Load what is stored and print it."""
    parser = argparse.ArgumentParser(prog="table", description=__doc__)
    parser.add_argument("revisions", nargs="+", help="commits that have been measured")
    parser.add_argument("-b", "--bench", action="append", default=[], metavar="RE", help="only benchmarks that match")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it there")
    options = parser.parse_args()
    check_expressions(options.bench)
    os.chdir(ROOT)
    conf = Config.load("asv.conf.json")
    use_machine_file()
    machine = Machine.load().machine
    commits = [commits_of(f"{revision}^!")[0] for revision in options.revisions]
    columns = {}
    for revision, commit in zip(options.revisions, commits, strict=True):
        numbers = load(conf, machine, commit, options.bench)
        if not any(number.measured for number in numbers.values()):
            raise ToolError(f"{revision} has no numbers here: python3 bootstrap.py bench -- {revision}^!")
        columns[f"{revision} ({git('log', '-1', '--format=%h %cs', commit, cwd=UPSTREAM)})"] = numbers
    lines = ["| " + " | ".join(cells) + " |\n" for cells in _rows(columns)]
    if options.output:
        options.output.write_text("".join(lines))
    else:
        print(*lines, sep="", end="")


def _rows(columns: Mapping[str, Numbers]) -> Iterator[list[str]]:
    yield ["row", "benchmark", "unit", *columns]
    yield ["---", "---", "---", *["--:" for _ in columns]]
    first = next(iter(columns.values()))
    for key in sorted(first, key=lambda key: (rows_of(key) or ["~"], str(key))):
        # The others are shown with a unit.
        unit = key.unit if key.kind in (*EXACT, Kind.OTHER) else ""
        yield [
            ", ".join(rows_of(key)),
            str(key),
            unit,
            *[displayed(numbers[key].value, key) for numbers in columns.values()],
        ]


if __name__ == "__main__":
    run(main)
