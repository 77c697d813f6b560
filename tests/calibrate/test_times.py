"""Which times stand beside counts."""

from tools.calibrate.times import times_beside
from tools.children import Line
from tools.suite import Suite


def count(name: str, *parameters: str) -> Line:
    return {"case": [name, 0], "parameters": list(parameters)}


def test_a_time_has_the_parameters_of_its_count_and_is_not_long() -> None:
    counts = [
        count("high_load_throughput.ProtocolStress.track_bytecodes_per_route", "1000 UPDATEs of 100 routes"),
        count("high_load_throughput.ProtocolStress.track_read_message_bytecodes", "10000 UPDATEs"),
        count("backlog_saturation.BacklogCost.track_drain_bytecodes", "pending"),
        count("message_parsing.UpdateDecoding.track_decode_bytecodes", "10", "warm"),
        count("message_parsing.Traffic.track_read_message_bytecodes"),
    ]
    suite = Suite()
    found = [(name, list(suite.case((name, index))._current_params)) for name, index in times_beside(counts)]
    assert found == [
        ("message_parsing.UpdateDecoding.time_decode", [10, "warm"]),
        ("message_parsing.Traffic.time_read_message", []),
    ]
