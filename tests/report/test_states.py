"""Numbers that the site does not have: n/a, failed and never measured are three things there, too."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from asv.results import Results
from asv.runner import BenchmarkResult

from tests.report.conftest import BENCHMARKS, MACHINE, TIME
from tools.history.lines import Commit, Line
from tools.history.store import Measured, Result
from tools.history.store import Series as Counted
from tools.report.collected import Collected, Described, Series, Stored, _extract
from tools.report.site.pages import Site, _counted, _releases_script

FAMILY = "message_parsing.Updates."
# By who measured it: what is kept by tree, and what asv has stored beside.
KEPT = {
    "track_counted": (Result(1234.0), "1,234"),
    "track_lacked": (Result(None, "not applicable: it knows no such family"), "n/a"),
    "track_wrong": (Result(None, "WrongResultError: 3 routes instead of 4"), "failed"),
}
ASVS = {"time_taken": (0.0015, "1.50ms"), "time_lacked": (math.nan, "n/a"), "time_wrong": (None, "failed")}
NEVER = {"track_later": "never measured"}
WORDS = {name: text for name, (_, text) in (KEPT | ASVS).items()} | NEVER


def described(name: str) -> Described:
    return Described(FAMILY + name, "seconds" if "time" in name else "bytecodes/message", "1", [], [], None, {})


@pytest.fixture
def site(tmp_path: Path) -> Site:
    values = {FAMILY + name: None if value is None or math.isnan(value) else value for name, (value, _) in ASVS.items()}
    failed = [FAMILY + name for name, (value, _) in ASVS.items() if value is None]
    collected = Collected(
        [Line("main", (Commit("a" * 40, 1, "the first", "tree"),))],
        {FAMILY + name: described(name) for name in WORDS},
        [Stored("a" * 40, {"python": "3.12.1", "machine": "here"}, values, failed)],
        {
            "tree": Measured(
                "", {Counted(FAMILY + name, "1", "bytecodes/message"): of for name, (of, _) in KEPT.items()}
            )
        },
        "3.12.1",
        "here",
        tmp_path,
        {"a" * 40: "5.0.0"},
        {"a" * 40: 1},
        {"a" * 40: "tree"},
    )
    return Site(collected, [], "", "")


def series(site: Site) -> Iterator[Series]:
    for known in site.collected.benchmarks.values():
        yield from known.series()


def test_a_column_says_which_of_the_three_it_is(site: Site) -> None:
    for column in site.columns:
        assert {of.name.removeprefix(FAMILY): column.shown(of) for of in series(site)} == WORDS


def test_releases_side_by_side_say_it_too(site: Site) -> None:
    data = json.loads(_releases_script(site).removeprefix("const NUMBERS = ").removesuffix(";\n"))
    assert {row[0].removeprefix(FAMILY): row[-1][0] for row in data["series"]} == {
        "track_counted": 1234.0,
        "time_taken": 0.0015,
    }
    assert [name for name, _ in data["columns"]] == ["5.0.0", "main"]


def test_the_status_counts_each(site: Site) -> None:
    (family,) = _counted(site)
    assert [family[of] for of in ("measured", "not_applicable", "failed", "missing")] == [2, 2, 2, 1]


def test_what_asv_has_stored_keeps_them_apart(tmp_path: Path) -> None:
    name = "message_parsing.Updates.track_decode_bytecodes"
    benchmark = BENCHMARKS[name] | {"params": [["1", "2", "3", "4"]]}
    stored = Results(MACHINE | {"python": "3.12.1"}, {}, "a" * 40, 1000, "3.12.1", "environment", {})
    # The third was not selected.
    stored.add_result(benchmark, BenchmarkResult([math.nan, None, None, 5.0], [None] * 4, [None] * 4, 0, "", None))
    stored._samples[name] = [None, None, [], None]
    stored.save(str(tmp_path))
    (file,) = tmp_path.glob("*/*.json")
    known = Described(name, "bytecodes/message", "1", ["routes"], benchmark["params"], None, benchmark)
    found = _extract(file, "bench", {name: known, TIME: described("time_taken")})
    assert found["values"] == {f"{name}(1)": None, f"{name}(2)": None, f"{name}(4)": 5.0}
    assert found["failed"] == [f"{name}(2)"]


def test_what_is_kept_by_tree_goes_before_what_asv_has_stored(site: Site) -> None:
    # A result of a commit of the same tree, or of benchmarks of another day.
    (stored,) = site.collected.stored
    stored.failed.append(FAMILY + "track_lacked")
    old = Counted(FAMILY + "track_later", "0", "bytecodes/message")
    site.collected.store["tree"].results[old] = Result(None, "WrongResultError: as it was then")  # type: ignore[index]
    assert site.collected.failed("a" * 40, "tree") == {FAMILY + "track_wrong", FAMILY + "time_wrong"}
