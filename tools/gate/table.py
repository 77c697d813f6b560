"""Print all numbers of some commits side by side, in Markdown: time, memory, count, one line a number.

The numbers are those that asv has stored: measure the commits first. (``asv compare`` does this for two of them.) With
``--functions`` exact numbers that became worse have the functions of ExaBGP below them that made them so, as the gate
has them.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence

from tools.arguments import add_bench, new_file, positive
from tools.configuration import configuration, this_machine
from tools.errors import ToolError, run
from tools.gate.reasons import reasons
from tools.gate.rules import WORSE, changes
from tools.git import git
from tools.numbers.stored import Key, Number, descriptions, displayed, load, unit_beside
from tools.numbers.summary import rows_of
from tools.paths import ROOT, UPSTREAM
from tools.source.revisions import commit
from tools.terminal import Row, markdown_table

type Numbers = Mapping[Key, Number]


def main() -> None:
    """Load what is stored and print it."""
    parser = argparse.ArgumentParser(prog="table", description=__doc__)
    parser.add_argument("revisions", nargs="+", help="commits that have been measured")
    add_bench(parser, action="append", default=[])
    parser.add_argument(
        "--functions",
        type=positive,
        metavar="N",
        help="name the functions behind N exact numbers that became worse from the first commit to the last",
    )
    parser.add_argument("-o", "--output", type=new_file, metavar="FILE", help="write it there")
    options = parser.parse_args()
    os.chdir(ROOT)
    conf = configuration()
    for expression in options.bench:
        descriptions(conf, [expression])
    machine = this_machine()
    hashes = {revision: commit(revision) for revision in options.revisions}
    numbers = {revision: load(conf, machine, hash_, options.bench) for revision, hash_ in hashes.items()}
    for revision, of_commit in numbers.items():
        if not any(number.measured for number in of_commit.values()):
            raise ToolError(f"{revision} has no numbers here: python3 bootstrap.py bench -- {revision}")
    by: dict[Key, list[str]] = {}
    if options.functions:
        first, last = options.revisions[0], options.revisions[-1]
        if hashes[first] == hashes[last]:
            raise ToolError("--functions compares the first commit with the last: name two")
        by = _functions((hashes[first], hashes[last]), (numbers[first], numbers[last]), options.functions)
    columns = {
        f"{revision} ({git('log', '-1', '--format=%h %cs', hash_, cwd=UPSTREAM)})": numbers[revision]
        for revision, hash_ in hashes.items()
    }
    text = "".join(
        f"{line}\n" for line in markdown_table(("row", "benchmark", "unit", *columns), _rows(columns, by), texts=3)
    )
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


def _functions(hashes: tuple[str, str], columns: tuple[Numbers, Numbers], most: int) -> dict[Key, list[str]]:
    """In words, what made exact numbers worse, of those that grew most from the first commit to the second."""
    worse = [change for change in changes(*columns) if change.outcome in WORSE]
    why = reasons(worse, *hashes, most)
    if why.problem:
        # What was measured is to be shown all the same.
        print(why.problem, file=sys.stderr)
    return {change.key: list(why.of(change)) for change in worse}


def _rows(columns: Mapping[str, Numbers], by: Mapping[Key, Sequence[str]]) -> Iterator[Row]:
    first = next(iter(columns.values()))
    for key in sorted(first, key=lambda key: (rows_of(key) or ["~"], str(key))):
        numbers = [displayed(of_commit[key], key) for of_commit in columns.values()]
        yield (", ".join(rows_of(key)), str(key), unit_beside(key), *numbers)
        yield from (("", f"by {function}", "", *("" for _ in columns)) for function in by.get(key, ()))


if __name__ == "__main__":
    run(main)
