"""Numbers that one commit moved, told apart by the functions that moved them."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.explain.differences import Explanation, Function, Made, Stacks
from tools.explain.profiled import BENCHMARK
from tools.history import causes as of_causes
from tools.history.causes import MOST, Cause, apart, causes_of, chosen, merge_causes
from tools.history.events import Change, Event, by_cause, explained
from tools.history.lines import Commit
from tools.history.store import Series, Store

JSON = ["encoding.Json.track_line(1)", "encoding.Json.track_line(100)", "api.Line.track_line"]
RIB = ["announcing.Rib.track_insert(1)", "announcing.Rib.track_insert(100)"]
BEFORE, AFTER = (Commit(f"{place:040x}", place, f"commit {place}", f"t{place}") for place in (1, 2))


def cause(name: str, difference: float = 10, module: str = "") -> Cause:
    return Cause(module or f"exabgp.{name.partition('.')[0]}", name, 1, 100, 100 + difference)


def test_what_shares_no_module_is_apart() -> None:
    known = {
        JSON[0]: [cause("Response.update")],
        RIB[0]: [cause("RIB.insert"), cause("RIB.find", -5)],
        JSON[2]: [cause("Response.header"), cause("Response.update")],
    }
    assert apart([RIB[0], JSON[0], JSON[2]], known) == [[RIB[0]], [JSON[0], JSON[2]]]


def test_a_number_that_shares_with_two_makes_them_one() -> None:
    known = {"a.A.x": [cause("f")], "b.B.y": [cause("g")], "c.C.z": [cause("h")], "d.D.w": [cause("g"), cause("f")]}
    assert apart([*known], known) == [["a.A.x", "b.B.y", "d.D.w"], ["c.C.z"]]


@pytest.mark.parametrize("shared", [cause("log", 0.9), cause("benchmark", 10, BENCHMARK.module)])
def test_what_changed_next_to_nothing_and_what_is_no_function_of_exabgp_joins_nothing(shared: Cause) -> None:
    known = {JSON[0]: [cause("Response.update"), shared], RIB[0]: [cause("RIB.insert"), shared]}
    assert apart([JSON[0], RIB[0]], known) == [[JSON[0]], [RIB[0]]]


def test_functions_and_lines_of_one_module_are_one_cause() -> None:
    known = {"a.A.x": [cause("RIB.insert")], "b.B.y": [cause("kept = [None]", module="exabgp.RIB")]}
    assert apart([*known], known) == [["a.A.x", "b.B.y"]]
    known["b.B.y"] = [cause("RIB.insert", module="exabgp.other")]
    assert apart([*known], known) == [["a.A.x"], ["b.B.y"]]


def test_what_is_not_known_goes_with_what_is_named_like_it() -> None:
    known = {JSON[0]: [cause("Response.update")], RIB[0]: [cause("RIB.insert")], RIB[1]: []}
    names = [JSON[0], "zzz.Other.track_octets", RIB[1], RIB[0], JSON[1]]
    assert apart(names, known) == [[JSON[0], "zzz.Other.track_octets", JSON[1]], [RIB[1], RIB[0]]]


def test_where_nothing_is_known_it_is_one() -> None:
    assert apart(JSON, {}) == [JSON]


def test_of_many_one_of_each_benchmark_is_asked_for_and_of_each_family_first() -> None:
    many = [f"a.A.track_{n}({p})" for n in range(MOST + 5) for p in (1, 2)]
    found = chosen([*many, *RIB, *JSON])
    assert found[:4] == ["a.A.track_0(1)", RIB[0], JSON[0], JSON[2]]
    assert len(found) == MOST
    assert found[4:] == [f"a.A.track_{n}(1)" for n in range(1, MOST - 3)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What is looked for: numbers of the RIB are made by one function, those of JSON by another, others by none."""
    found: list[list[str]] = []

    def differences(_before: Path, _after: Path, names: Iterable[str]) -> list[Explanation]:
        found.append([*names])
        nothing = Stacks(*[Made(0, None, "bytecodes", 1, [], [])] * 2)
        made = {RIB[0]: ("RIB.insert", 500), JSON[0]: ("Response.update", 20), JSON[2]: ("Response.update", 10)}
        return [
            Explanation(name, "bytecodes", 1, 2, [Function(f"exabgp.{function}", function, 1, 0, difference)], nothing)
            for name in found[-1]
            if name in made
            for function, difference in [made[name]]
        ]

    monkeypatch.setattr(of_causes, "differences", differences)
    monkeypatch.setattr(of_causes.trees, "commit", lambda name, _: Path(name))
    return found


def test_an_event_of_two_causes_is_two_with_all_its_numbers(tmp_path: Path, asked: list[list[str]]) -> None:
    names = [RIB[0], JSON[0], JSON[1], RIB[1], JSON[2]]
    changes = tuple(Change(Series(name, "1", "bytecodes"), 100, 200 - place) for place, name in enumerate(names))
    whole = Event(("main",), BEFORE, AFTER, 0, changes)
    rib, json = by_cause(Store(tmp_path), whole)
    assert [change.series.name for change in rib.changes] == RIB
    assert [change.series.name for change in json.changes] == JSON
    assert {*rib.changes, *json.changes} == {*changes}
    assert [str(cause) for cause in rib.functions] == ["exabgp.RIB.insert:1 RIB.insert 0 → 500"]
    assert [str(cause) for cause in json.functions] == ["exabgp.Response.update:1 Response.update 0 → 20"]
    assert {(part.before, part.commit, part.branches) for part in (rib, json)} == {(BEFORE, AFTER, ("main",))}
    # Found out once.
    assert [*by_cause(Store(tmp_path), whole)] == [rib, json]
    assert asked == [[RIB[0], JSON[0], JSON[2]]]


def test_what_is_known_is_not_looked_for_again(tmp_path: Path, asked: list[list[str]]) -> None:
    store = Store(tmp_path)
    causes_of(store, BEFORE, AFTER, ["a.A.track_octets", RIB[0]])
    assert causes_of(store, BEFORE, AFTER, ["a.A.track_octets"]) == {"a.A.track_octets": ()}
    causes_of(store, BEFORE, AFTER, [RIB[0], JSON[0]])
    assert asked == [["a.A.track_octets", RIB[0]], [JSON[0]]]


def test_how_much_the_functions_that_are_named_make(tmp_path: Path, asked: list[list[str]]) -> None:
    changes = tuple(Change(Series(name, "1", "bytecodes"), 0, after) for name, after in ((RIB[0], 1000), (JSON[0], 25)))
    event = Event(("main",), BEFORE, AFTER, 0, changes)
    assert not list(explained(Store(tmp_path), event))
    list(by_cause(Store(tmp_path), event))
    assert list(explained(Store(tmp_path), event)) == [0.5, 0.8]


def test_stores_merge_what_they_know_of_functions(tmp_path: Path, asked: list[list[str]]) -> None:
    one, two = Store(tmp_path / "one"), Store(tmp_path / "two")
    causes_of(one, BEFORE, AFTER, [RIB[0]])
    causes_of(two, BEFORE, AFTER, [JSON[0]])
    merge_causes(one, two)
    asked.clear()
    assert {name: len(found) for name, found in causes_of(one, BEFORE, AFTER, [RIB[0], JSON[0]]).items()} == {
        RIB[0]: 1,
        JSON[0]: 1,
    }
    assert not asked


def test_functions_in_a_damaged_file_are_one_line_and_looked_for_again(tmp_path: Path, asked: list[list[str]]) -> None:
    store = Store(tmp_path)
    causes_of(store, BEFORE, AFTER, [RIB[0]])
    (file,) = tmp_path.glob("*/causes/*.json")
    file.write_text("<<<<<<< HEAD")
    with pytest.raises(ToolError, match=r"is damaged and was put aside"):
        causes_of(store, BEFORE, AFTER, [RIB[0]])
    assert len(causes_of(store, BEFORE, AFTER, [RIB[0]])[RIB[0]]) == 1
    assert len(asked) == 2
