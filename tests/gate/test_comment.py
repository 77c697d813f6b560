"""The comment on a pull request: what comes first, what is folded, and that GitHub takes it."""

import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from tests.gate.made_up import all_changed, compared, key, reasons
from tools.errors import ToolError
from tools.explain.causes import change_by
from tools.gate.comment import MOST_BYTES, NAMES, comment, plain
from tools.gate.continuous import judge
from tools.gate.reasons import Reasons
from tools.gate.rows import UNDECIDED
from tools.gate.rules import Change, Outcome
from tools.numbers.kinds import EXACT, Kind
from tools.numbers.stored import Key, Number

BASE, BRANCH = "4" * 40, "9" * 40
TIME = {"kind": Kind.TIME, "unit": "seconds"}
MIXED: dict[Key, tuple[float | None, float | None]] = {
    key("parsing.A.track_a", 1): (1000.0, 1100.0),
    key("parsing.A.track_a", 2): (1000.0, 1210.0),
    key("parsing.A.track_b"): (1000.0, 900.0),
    key("parsing.A.track_c"): (1000.0, 1000.0),
    key("parsing.A.track_d"): (1000.0, 1005.0),
    key("rib.B.track_e"): (1000.0, 500.0),
    key("rib.B.track_f"): (1000.0, None),
    key("rib.B.track_growth", kind=Kind.GROWTH, unit="exponent"): (1.0, 2.0),
    key("rib.B.track_leak"): (0.0, 64.0),
    key("quiet.C.track_g"): (1000.0, 1000.0),
    key("quiet.C.track_h"): (1000.0, math.nan),
    key("parsing.A.time_a", **TIME): (0.1, 0.3),
    key("parsing.A.time_b", **TIME): (0.1, 0.05),
    key("controls.Control.time_c", kind=Kind.CONTROL, unit="seconds"): (0.1, 0.1),
}


def said(changes: list[Change], why: Reasons | None = None) -> str:
    return comment(changes, judge(changes)[1], BASE, BRANCH, why or reasons(changes))


def split(page: str) -> tuple[str, list[tuple[str, str]]]:
    """What is there to be seen, and what is folded: the summaries with what is below them."""
    folded = re.findall(
        r"^<details>\n<summary>([^\n]*)</summary>\n\n(.*?)\n</details>$", page, re.MULTILINE | re.DOTALL
    )
    seen = re.sub(r"^<details>\n.*?\n</details>$", "", page, flags=re.MULTILINE | re.DOTALL)
    assert "details>" not in seen
    return seen, folded


def rows(table: str) -> list[list[str]]:
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


class Text(HTMLParser):
    """The text of a page in HTML, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def as_html(page: str) -> Text:
    found = Text()
    found.feed(MarkdownIt("gfm-like", {"linkify": False}).render(page))
    return found


def test_the_verdict_is_first_then_families_then_functions_and_tables_are_folded() -> None:
    page = said(compared(MIXED))
    first = page.splitlines()[0]
    assert first == (
        f"**ExaBGP benchmarks: 6 numbers became worse**, {BASE[:9]} → {BRANCH[:9]}: 11 numbers compared, 9 exact."
    )
    parts = [
        "**ExaBGP benchmarks: 6 numbers became worse**",
        "Newly failing: rib.B.track_f.",
        "Newly skipped: quiet.C.track_h.",
        "| family | worse |",
        "What made exact numbers worse:",
        "docs/gate.md",
        "<summary>All exact numbers that changed: 5 worse, 2 better</summary>",
        "<summary>Exact changes of 0.1 % or more, too small to be worse or better: 1 number</summary>",
        "### Less reliable: times",
        "<summary>All less reliable numbers that changed: 1 worse, 1 better</summary>",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    seen, ((_, exact), (_, small), (_, times)) = split(page)
    assert "track_a" not in seen
    assert f"python3 bootstrap.py explain {BASE[:9]} {BRANCH[:9]} --bench rib\n" in seen
    assert {row[1] for row in rows(exact) if row[0]} == {
        str(key) for key, (old, new) in MIXED.items() if key.kind in EXACT and old != new and "track_d" not in str(key)
    }
    assert small == "- CIDR.prefix +5 instructions (exabgp.parsing:57): 1 number, +0.5 %\n"
    assert [row[:2] for row in rows(times)] == [["slower", "parsing.A.time_a"], ["faster", "parsing.A.time_b"]]


def test_a_line_of_a_family_is_what_its_changes_say() -> None:
    changes = compared(MIXED)
    seen, _ = split(said(changes))
    families = {row[0]: row[1:] for row in rows(seen)}
    # The geometric mean of 1.1, 1.21 and 0.9. A failure, an exponent and what was nothing have no ratio.
    assert families == {
        "rib": ["3", "1", "0", "-50.0 %", "-50.0 %"],
        "parsing": ["2", "1", "2", "-10.0 to +21.0 %", "+6.2 %"],
    }
    assert list(families) == ["rib", "parsing"], "those with most that became worse first"
    for family, (worse, better, neither, *_) in families.items():
        exact = [change for change in changes if change.key.kind in EXACT]
        of = [change.outcome for change in exact if str(change.key).startswith(f"{family}.")]
        assert int(worse) == sum(outcome in (Outcome.SLOWER, Outcome.NEWLY_FAILING) for outcome in of)
        assert (int(better), int(neither)) == (of.count(Outcome.FASTER), of.count(Outcome.SAME))


def test_what_made_numbers_worse_is_merged_by_cause_and_few() -> None:
    changes = compared({key(f"family{n}.A.track_a", p): (100.0, 110.0 + n) for n in range(8) for p in (1, 2)})
    seen, _ = split(said(changes))
    lines = [line for line in seen.splitlines() if line.startswith("- ")]
    assert lines[0] == "- CIDR.prefix +10 instructions (exabgp.family0:57): 2 numbers, +10.0 %"
    assert len(lines) == NAMES + 1
    assert lines[-1] == f"- and {8 - NAMES} more"


@pytest.mark.parametrize(
    ("ratios", "words"),
    [
        ([1.5, 0.9, 1.1], "-10.0 to +50.0 %"),
        ([1.5, 1.5], "+50.0 %"),
        ([math.inf, 1.5, 26.5], "+50.0 to +2,550.0 % and from nothing"),
        ([math.inf], "from nothing"),
    ],
)
def test_a_range_in_words(ratios: list[float], words: str) -> None:
    assert change_by(ratios) == words


@pytest.mark.parametrize("after", [1000.0, 1000.5])
def test_where_nothing_changed_there_is_one_line(after: float) -> None:
    page = said(compared({key("a.B.track_c"): (1000.0, after), key("a.B.time_c", **TIME): (0.1, 0.1)}))
    assert page == (
        f"**ExaBGP benchmarks: nothing became slower**, {BASE[:9]} → {BRANCH[:9]}: 2 numbers compared, 1 exact.\n"
    )


def test_without_times_there_is_nothing_less_reliable() -> None:
    page = said(compared({key("a.B.track_c"): (1000.0, 1100.0)}))
    assert "ess reliable" not in page
    assert page.count("<details>") == 1


def test_a_slower_time_alone_is_in_no_line_of_a_family() -> None:
    seen, ((summary, _),) = split(said(compared({key("a.B.time_c", **TIME): (0.1, 0.2)})))
    assert "| family" not in seen
    assert "explain" not in seen
    assert seen.startswith("**ExaBGP benchmarks: 1 number became worse**")
    assert summary == "All less reliable numbers that changed: 1 worse, 0 better"


def test_that_nothing_could_be_explained_is_seen() -> None:
    def explain(_: list[str]) -> list[object]:
        raise ToolError("ended by SIGKILL")

    changes = compared({key("a.B.track_c"): (1000.0, 1100.0)})
    seen, _ = split(said(changes, Reasons(changes, explain)))  # type: ignore[arg-type]
    assert "Not explained: ended by SIGKILL." in seen


@pytest.mark.parametrize("factor", [1.3, 0.7])
def test_where_all_numbers_changed_it_is_cut_and_says_so(factor: float) -> None:
    changes = all_changed(factor)
    page = said(changes)
    assert 0.9 * MOST_BYTES < len(page.encode()) <= MOST_BYTES
    seen, folded = split(page)
    assert "docs/gate.md" in seen
    exact = [str(change.key) for change in changes if change.key.kind in EXACT]
    assert {row[0] for row in rows(seen)} == {name.partition(".")[0] for name in exact}
    assert len(folded) == 2
    for kinds, (_, inside) in zip((EXACT, (Kind.TIME, Kind.MEMORY)), folded, strict=True):
        said_last = re.fullmatch(r"and ([\d,]+) more, for which .*", inside.splitlines()[-1])
        assert said_last
        listed = sum(bool(row[0]) for row in rows(inside))
        assert listed > 100
        assert listed + int(said_last[1]) == sum(change.key.kind in kinds for change in changes)


def test_that_all_numbers_fail_is_no_comment_too_long() -> None:
    changes = [
        Change(change.key, change.before, change.before if not index else Number(None), outcome)
        for index, change in enumerate(all_changed(1.3))
        for outcome in [Outcome.NEWLY_FAILING if index else Outcome.SAME]
    ]
    page = said(changes)
    assert len(page.encode()) <= MOST_BYTES
    line = page.splitlines()[1]
    assert line.startswith("Newly failing: ") and line.endswith(f" and {len(changes) - 1 - NAMES:,} more.")


@pytest.mark.parametrize(
    "text",
    [
        "Resource.__new__ +90",
        "A._add_to_rib -1 (was B._add)",
        "a.<locals>.b *c* **d** ~~e~~",
        r"[x](y) ![p](q) `code` &amp; \* \[z] C:\dir",
        "track_decode_bytecodes(100, cold)",
    ],
)
def test_names_are_text_and_nothing_else(text: str) -> None:
    found = as_html(plain(text))
    assert found.text.strip() == text
    assert found.tags == ["p"]


def test_names_in_the_whole_comment_are_as_they_are() -> None:
    changes = compared({key("a.B.track_c", "__x__ <img> a|b", "*"): (1000.0, 1100.0)})
    found = as_html(said(changes, reasons(changes, "Resource.__new__")))
    assert found.text.count("by Resource.__new__ +100 (exabgp.a:57)") == 1
    assert "a.B.track_c(__x__ <img> a|b, *)" in found.text
    assert not {"em", "img", "a", "s"} & {*found.tags}
    assert found.tags.count("strong") == 1, "the verdict"


def test_times_that_are_undecided_are_counted_and_not_compared() -> None:
    grew = key("a.A.time_b", **TIME)
    found = compared({key("a.A.track_b_bytecodes"): (100, 200), grew: (1.0, 1.5)})
    page = said([replace(change, outcome=Outcome.UNDECIDED) if change.key == grew else change for change in found])
    assert page.splitlines()[0].endswith(": 1 number compared, all exact.")
    assert page.splitlines()[1] == f"{UNDECIDED}: 1."
