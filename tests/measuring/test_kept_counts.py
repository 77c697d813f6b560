"""The counts of two releases are those that are kept, under the version that they are kept under."""

import platform
from pathlib import Path

import pytest

from tests import trees
from tools.children import jobs
from tools.errors import ToolError
from tools.measuring import kept_counts
from tools.measuring.kept_counts import Count, contradictions, differing_ratios
from tools.source import trees as trees_of_exabgp

NAME = "family.Class.track_some_bytecodes(1)"


def counts(version: str, value: float | None, name: str = NAME) -> kept_counts.Counts:
    return {release: {name: Count(version, value)} for release in kept_counts.RELEASES}


def test_counts_are_those_that_are_kept() -> None:
    for release in kept_counts.RELEASES:
        trees.release(release)  # skips where it can't be had
    found = kept_counts.measure()
    kept = kept_counts.kept(platform.python_version())
    if kept is not None:
        assert list(contradictions(kept, found)) == []
        assert found == kept, "python3 bootstrap.py counts writes what is kept anew"
        return
    builds = sorted(file.stem for file in kept_counts.KEPT.glob("*.json") if file.stem.startswith("3.12."))
    other = kept_counts.kept(builds[0])
    assert other is not None
    assert list(differing_ratios(other, found)) == []
    assert found[kept_counts.SIZES] == other[kept_counts.SIZES]
    assert {(name, count.version) for of in found.values() for name, count in of.items()} == {
        (name, count.version) for of in other.values() for name, count in of.items()
    }
    pytest.skip(f"no counts are kept for Python {platform.python_version()}: the ratios are those of {builds[0]}")


def test_count_that_changed_needs_another_version() -> None:
    (first, second) = contradictions(counts("1", 100), counts("1", 101))
    assert first.startswith(f"{NAME} on 4.2.25: 100 has become 101, and its version is still 1: raise `revision`")
    assert "on 5.0.15" in second
    assert list(contradictions(counts("1", 100), counts("2", 101))) == []


def test_size_that_changed_needs_another_version() -> None:
    name = "family.Class.time_something(1)"
    before, after = ({kept_counts.SIZES: {name: Count("1", size)}} for size in ([100, 100], [200, 100]))
    (line,) = contradictions(before, after)
    assert line.startswith(f"{name}: [100, 100] has become [200, 100], and its version is still 1: raise")
    assert list(contradictions(before, {kept_counts.SIZES: {name: Count("2", [200, 100])}})) == []


def test_number_that_came_or_went_needs_another_version() -> None:
    assert len(list(contradictions(counts("1", None), counts("1", 5)))) == 2
    assert len(list(contradictions(counts("1", 5), counts("1", None)))) == 2


def test_version_that_changed_for_nothing_is_a_contradiction() -> None:
    (line,) = contradictions(counts("1", 100), counts("2", 100))
    assert line == "family.Class: its version was 1 and is 2, but no count or size of it changed: take `revision` back"


def test_one_changed_count_of_a_class_is_enough_for_its_version() -> None:
    other = NAME.replace("(1)", "(2)")
    before = {release: {NAME: Count("1", 5), other: Count("1", 7)} for release in kept_counts.RELEASES}
    after = {release: {NAME: Count("2", 5), other: Count("2", 8)} for release in kept_counts.RELEASES}
    assert list(contradictions(before, after)) == []


def test_new_benchmark_contradicts_nothing() -> None:
    assert list(contradictions(counts("1", 5), counts("1", 7, "family.Other.track_some_bytecodes"))) == []


def test_ratio_of_the_releases_tells_a_changed_benchmark_on_any_python() -> None:
    old, new = kept_counts.RELEASES
    before = {old: {NAME: Count("1", 100)}, new: {NAME: Count("1", 200)}}
    same = {old: {NAME: Count("1", 110)}, new: {NAME: Count("1", 222)}}
    another = {old: {NAME: Count("1", 110)}, new: {NAME: Count("1", 240)}}
    assert list(differing_ratios(before, same)) == []
    (line,) = differing_ratios(before, another)
    assert line == f"{NAME}: 5.0.15 to 4.2.25 is 2.1818, and 2.0000 is kept"


def test_file_is_read_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_counts, "KEPT", tmp_path / "kept")
    assert kept_counts.kept(platform.python_version()) is None
    written = {"4.2.25": {NAME: Count("1", 1.5), "a.B.track_c": Count("2", None)}, "5.0.15": {NAME: Count("1", 7)}}
    written[kept_counts.SIZES] = {"a.B.time_c": Count("2", [100, 200])}
    kept_counts._write(written)
    assert kept_counts.kept(platform.python_version()) == written


def test_count_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    line = {"name": NAME, "version": "1", "value": None, "failed": "WrongResultError: 9 routes announced, the bytes 10"}
    line |= {"may_fail": False}
    monkeypatch.setattr(trees_of_exabgp, "release", lambda _: Path())
    monkeypatch.setattr(kept_counts.Interpreter, "run", lambda _, job, *__: iter([line] if job is jobs.counts else []))
    with pytest.raises(ToolError, match=r"^4\.2\.25: .*failed: WrongResultError: 9 routes announced"):
        kept_counts.measure()


def test_count_whose_class_knows_that_it_fails_has_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    line = {"name": NAME, "version": "1", "value": None, "failed": "WrongResultError: invalid", "may_fail": True}
    monkeypatch.setattr(trees_of_exabgp, "release", lambda _: Path())
    monkeypatch.setattr(kept_counts.Interpreter, "run", lambda _, job, *__: iter([line] if job is jobs.counts else []))
    assert kept_counts.measure()["4.2.25"] == {NAME: Count("1", None)}
