"""The store of counts by tree: what is put in is found, whole, in a store that another was merged into, too."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.history.store import Measured, Result, Series, Store

DECODE = Series("message_parsing.Traffic.track_decode_bytecodes", "1", "bytecodes/message")
USE = Series("message_parsing.Traffic.track_use_bytecodes", "1", "bytecodes/message")
LACKS = Result(None, "not applicable: it has no RIB")
# The benchmarks of today.
NOW = (DECODE, USE)


def test_what_is_put_is_found(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.trees() == set()
    assert store.measured("aa") is None
    found = Measured("c0ffee", {DECODE: Result(4.25), USE: LACKS})
    store.put("aa", found)
    store.put("bb", Measured("c0ffe2", broken="SyntaxError: async"))
    again = Store(tmp_path)
    assert again.measured("aa") == found
    assert again.values("aa") == {DECODE: 4.25, USE: None}
    assert again.trees() == {"aa", "bb"}
    assert tuple(of and of.broken for of in map(again.measured, ("aa", "bb"))) == (None, "SyntaxError: async")
    assert Store(tmp_path, "3.12.0").trees() == set()


def test_a_changed_benchmark_replaces_its_own_number_only(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("aa", Measured("c0ffee", {DECODE: Result(4.25), USE: Result(5.0)}))
    changed = DECODE._replace(version="2")
    store.put("aa", Measured("c0ffee", {changed: Result(4.5)}))
    assert Store(tmp_path).values("aa") == {changed: 4.5, USE: 5.0}


def test_trees_of_which_a_part_was_measured_share_the_list_of_the_others(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("aa", Measured("c0ffee", {DECODE: Result(4.25), USE: Result(5.0)}))
    store = Store(tmp_path)
    store.put("bb", Measured("c0ffe2", {USE: LACKS}))
    assert len(list(tmp_path.glob("*/series/*.json"))) == 1
    assert Store(tmp_path).measured("bb") == Measured("c0ffe2", {USE: LACKS})
    store.put("bb", Measured("c0ffe2", {DECODE: Result(4.5)}))
    assert Store(tmp_path).measured("bb") == Measured("c0ffe2", {DECODE: Result(4.5), USE: LACKS})


def test_stores_merge_and_none_loses_a_number(tmp_path: Path) -> None:
    one, two = Store(tmp_path / "one"), Store(tmp_path / "two")
    one.put("aa", Measured("c0ffee", {DECODE: Result(4.25)}))
    two.put("aa", Measured("c0ffee", {USE: Result(5.0)}))
    two.put("bb", Measured("c0ffe2", {USE: Result(6.0)}))
    assert one.merge(two, NOW) == 1
    assert one.values("aa") == {DECODE: 4.25, USE: 5.0}
    assert one.values("bb") == {USE: 6.0}
    before = {file: file.read_bytes() for file in tmp_path.glob("one/**/*.json")}
    assert one.merge(two, NOW) == 0
    assert {file: file.read_bytes() for file in tmp_path.glob("one/**/*.json")} == before


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_of_two_versions_that_of_today_stays_whichever_store_is_merged_first(
    tmp_path: Path, order: Sequence[str]
) -> None:
    old = DECODE._replace(version="0")
    stores = {"old": Store(tmp_path / "old"), "new": Store(tmp_path / "new")}
    stores["old"].put("aa", Measured("c0ffee", {old: Result(9.0), USE: Result(5.0)}))
    stores["new"].put("aa", Measured("c0ffee", {DECODE: Result(4.25)}))
    both = Store(tmp_path / "both")
    for name in order:
        both.merge(stores[name], NOW)
    assert both.values("aa") == {DECODE: 4.25, USE: 5.0}


@pytest.mark.parametrize("there", [{}, {USE: LACKS}, {DECODE: LACKS}])
def test_a_fault_elsewhere_takes_no_number_away(tmp_path: Path, there: dict[Series, Result]) -> None:
    one, two = Store(tmp_path / "one"), Store(tmp_path / "two")
    one.put("aa", Measured("c0ffee", {DECODE: Result(4.25), USE: Result(5.0)}))
    two.put("aa", Measured("c0ffee", there, fault=True))
    one.merge(two, NOW)
    assert one.measured("aa") == Measured("c0ffee", {DECODE: Result(4.25), USE: Result(5.0)})


def test_what_fails_with_the_machine_is_measured_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("aa", Measured("c0ffee", {DECODE: Result(4.25)}))
    store.put("aa", Measured("c0ffee", {USE: Result(None, "its process was killed")}, fault=True))
    assert store.measured("aa") == Measured("c0ffee", {DECODE: Result(4.25)})


def test_a_broken_tree_stays_what_was_measured_of_it(tmp_path: Path) -> None:
    one, two = Store(tmp_path / "one"), Store(tmp_path / "two")
    one.put("aa", Measured("c0ffee", {DECODE: Result(4.25)}))
    two.put("aa", Measured("c0ffee", broken="it was killed"))
    one.merge(two, NOW)
    assert one.measured("aa") == Measured("c0ffee", {DECODE: Result(4.25)})


@pytest.mark.parametrize("text", ["", "{", "[]", '{"commit": "c0ffee", "series": "0", "values": [1], "reasons": {}}'])
def test_a_damaged_file_is_said_once_and_kept(tmp_path: Path, text: str) -> None:
    store = Store(tmp_path)
    store.put("aa", Measured("c0ffee", {DECODE: Result(4.25)}))
    store.put("bb", Measured("c0ffee", {DECODE: Result(4.5)}))
    (file,) = tmp_path.glob("*/trees/aa.json")
    file.write_text(text)
    with pytest.raises(ToolError, match=r"aa.json is damaged") as raised:
        store.read()
    assert "\n" not in str(raised.value)
    assert file.with_suffix(".damaged").read_text() == text
    store.read()
    assert store.trees() == {"bb"}


def test_where_the_benchmarks_of_all_trees_are_damaged_one_line_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for tree in ("aa", "bb", "cc"):
        store.put(tree, Measured("c0ffee", {DECODE: Result(4.25)}))
    (file,) = tmp_path.glob("*/series/*.json")
    file.write_text("[")
    again = Store(tmp_path)
    with pytest.raises(ToolError, match=r"is damaged.*; 2 more are"):
        again.read()
    again.read()
    again.put("aa", Measured("c0ffee", {DECODE: Result(4.25)}))
    assert Store(tmp_path).values("aa") == {DECODE: 4.25}


def test_the_whole_history_fits_in_a_repository(tmp_path: Path) -> None:
    kept = json.loads(max((Path(__file__).parents[1] / "measuring" / "kept_counts").glob("*.json")).read_text())
    series: dict[Series, Result] = {}
    for name, (version, value) in kept["4.2.25"].items():
        series[Series(name, version, "bytecodes/message")] = Result(value) if value is not None else LACKS
    store = Store(tmp_path)
    store.put("aa", Measured("0" * 40, series))
    (file,) = tmp_path.glob("*/trees/*.json")
    assert len(series) > 100
    assert file.stat().st_size / len(series) * 450 * 1345 < 20 << 20
