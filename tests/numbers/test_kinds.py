"""What a number is, by the name and the unit of its benchmark."""

import re

import pytest

from benchmarks.common import UNITS, Exactness
from tools.configuration import configuration
from tools.numbers.kinds import KINDS, Kind, count_beside, kind_of, time_beside
from tools.suite import Suite


@pytest.mark.parametrize(
    ("name", "unit", "kind"),
    [
        ("message_parsing.A.time_b", "seconds", Kind.TIME),
        ("message_parsing.A.peakmem_b", "bytes", Kind.MEMORY),
        ("message_parsing.A.track_b", "bytecodes/message", Kind.COUNT),
        ("message_parsing.A.track_b", "bytecodes/route", Kind.COUNT),
        ("message_parsing.A.track_b", "kept bytes/message", Kind.COUNT),
        ("message_parsing.A.track_b", "leaked bytes/message", Kind.COUNT),
        ("message_parsing.A.track_b", "routes", Kind.COUNT),
        ("message_parsing.A.track_b", "1/Jain's index", Kind.COUNT),
        ("message_parsing.A.track_b", "exponent", Kind.GROWTH),
        ("message_parsing.A.track_b_bytecodes", "resident bytes/message", Kind.OTHER),
        ("message_parsing.A.track_b_bytecodes", "CPU µs/message", Kind.OTHER),
        ("message_parsing.A.track_b_bytecodes", "µs/message", Kind.OTHER),
        ("message_parsing.A.track_b_bytecodes", "ratio", Kind.OTHER),
        ("message_parsing.ControlOfNothing.time_b", "seconds", Kind.TIME),
        ("controls.ControlDeque.time_deque", "seconds", Kind.CONTROL),
    ],
)
def test_the_unit_says_the_kind_and_the_name_does_not(name: str, unit: str, kind: Kind) -> None:
    assert kind_of(name, unit) is kind


def test_the_unit_of_every_benchmark_is_known() -> None:
    for (name, _), benchmark in Suite().cases(""):
        assert benchmark.unit in KINDS, name
        assert (benchmark.unit == "seconds") == (benchmark.type == "time"), name
        assert (benchmark.unit == "bytes") == (benchmark.type == "peakmemory"), name


def test_controls_are_controls_and_nothing_else_is() -> None:
    kinds = {name: kind_of(name, benchmark.unit) for (name, _), benchmark in Suite().cases("")}
    controls = {name for name, kind in kinds.items() if kind is Kind.CONTROL}
    assert controls == {name for name in kinds if name.startswith("controls.")}
    assert controls


def test_the_site_allows_of_tracks_more_noise_to_those_that_are_noisy_and_to_no_others() -> None:
    thresholds = configuration().regressions_thresholds
    tracks = {case[0]: benchmark.unit for case, benchmark in Suite().cases("") if benchmark.type == "track"}
    # asv takes the highest of those that match the beginning of a name.
    allowed = {name: max(share for names, share in thresholds.items() if re.match(names, name)) for name in tracks}
    noisy = {name for name, unit in tracks.items() if UNITS[unit] is Exactness.NOISY}
    assert noisy
    assert allowed == {name: 0.1 if name in noisy else 0.01 for name in tracks}


def test_a_time_and_the_count_beside_it() -> None:
    time, count = "a.B.time_read_message", "a.B.track_read_message_bytecodes"
    assert time_beside(count) == time
    assert count_beside(time) == count
    assert "message_parsing.UpdateDecoding.time_decode" in {
        time_beside(benchmark.name) for _, benchmark in Suite().cases("UpdateDecoding.track")
    }
