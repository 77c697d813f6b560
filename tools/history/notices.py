"""Write a notice of each commit that made counts worse, for an issue tracker, from what a sweep has measured.

FOLDER/open has a file for each commit whose change is still there, FOLDER/mended for those that are back where they
were: HASH.md, with a title in its first line and the text, in Markdown, after an empty one. What commits, numbers and
functions are called is code there: it notifies nobody and refers to nothing.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from tools.arguments import new_folder, positive
from tools.configuration import commits_url
from tools.errors import run
from tools.history import lines as history
from tools.history.causes import causes, kept
from tools.history.events import Change, Event, day, events, known_values, state
from tools.history.store import add_store, filled
from tools.paths import write_whole
from tools.terminal import markdown_table

LEAST = 1.0
OPEN, MENDED = "open", "mended"
# How many of its numbers a notice has, those that grew most.
NUMBERS = 20


def main() -> None:
    """Write them, and say how many are open."""
    parser = argparse.ArgumentParser(
        prog="notices", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=new_folder, metavar="FOLDER", help="where to write")
    parser.add_argument("--since", type=_date, metavar="DATE", help="only of commits since then, as 2026-01-31")
    parser.add_argument(
        "--least", type=float, default=LEAST, metavar="PERCENT", help="the smallest change; default: %(default)g"
    )
    parser.add_argument("--functions", type=positive, metavar="N", help="find out the functions of the N newest")
    add_store(parser)
    options = parser.parse_args()
    store = filled(options.store)
    lines = history.lines()
    found = [
        event
        for event in events(lines, known_values(store, lines), options.least / 100)
        if event.located and _worse(event) and (not options.since or event.commit.date >= options.since.timestamp())
    ]
    named = len(found) - (options.functions or 0)
    for index, event in enumerate(found):
        functions = causes if index >= named else kept
        event = replace(event, functions=functions(store, event.before, event.commit, _worse(event)[0].series.name))
        place, other = (MENDED, OPEN) if event.mended_by else (OPEN, MENDED)
        name = f"{event.commit.hash}.md"
        write_whole(options.folder / place / name, notice(event))
        (options.folder / other / name).unlink(missing_ok=True)
    still = sum(event.mended_by is None for event in found)
    print(f"{len(found):,} notices in {options.folder}, {still:,} of what is still there")


def notice(event: Event) -> str:
    """The title and the text of one."""
    worse = _worse(event)
    counts = "1 count grew" if len(worse) == 1 else f"{len(worse):,} counts grew"
    title = f"{event.commit.hash[:9]}: {counts}, by up to {100 * (worse[0].size - 1):,.1f} %"
    return "\n".join([title, "", *_text(event, worse), ""])


def _text(event: Event, worse: list[Change]) -> Iterator[str]:
    yield f"{commits_url()}{event.commit.hash} of {day(event.commit)} on {', '.join(event.branches)}: {state(event)}."
    yield f"\n{inert(event.commit.subject)}\n"
    rows = [
        (inert(change.series.name), f"{change.before:,.10g}", f"{change.after:,.10g}", f"{change.size:.3f}")
        for change in worse[:NUMBERS]
    ]
    yield from markdown_table(("number", "before", "after", "times"), rows, texts=1)
    if worse[NUMBERS:]:
        yield f"\nand {len(worse) - NUMBERS:,} more."
    if event.functions:
        yield "\nThe functions that make the first of them:\n"
        yield from (f"- {inert(str(cause))}" for cause in event.functions)


def inert(text: str) -> str:
    """Text as code, in which GitHub finds nobody to notify and nothing to link to."""
    return f"`{' '.join(text.split()).replace('`', "'")}`"


def _worse(event: Event) -> list[Change]:
    """The numbers of an event that grew, those that grew most first."""
    return [change for change in event.changes if change.worse]


def _date(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date such as 2026-01-31") from None


if __name__ == "__main__":
    run(main)
