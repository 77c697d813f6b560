"""What is printed of the numbers of one commit: all of them, at any width."""

import io
import math
from pathlib import Path

import pytest

from tests.stored import MACHINE, Stored
from tools.numbers.stored import Key, Number, displayed, load
from tools.numbers.summary import print_summary, tally
from tools.terminal import report_console

COMMIT = "a" * 40
DECODING = "message_parsing.UpdateDecoding"
SIZES, CACHES = [1, 10, 100], ["cold", "warm"]
VALUES = {
    f"{DECODING}.time_decode": [0.0002302, 0.00015, None, 0.000246, 0.0043, 12.5],
    f"{DECODING}.track_decode_bytecodes": [3160.125, 1255.0, None, 7474.0, 76910.0, 69664.0],
    # A count without its time, and a time without its count.
    f"{DECODING}.track_decode_and_use_bytecodes": [4107.0, 2202.0, 14918.0, 11434.0, 1152080123.125, 107962.0],
    "message_parsing.Traffic.time_read_message": [0.0123],
    "resource_monitoring.HeldMemory.track_kept_bytes": [1334.5, 29354.5, math.nan],
    "resource_monitoring.HeldMemory.peakmem_hold": [43.6e6, 116e6, 49.5e6],
    "controls.ControlInterpreter.time_integers": [0.00495],
}
UNITS = {"track_kept_bytes": "kept bytes/message", "peakmem_hold": "bytes"}
LOADS = ["1000 UPDATEs decoded", "1000 UPDATEs of 100 routes decoded", "50 peers"]


@pytest.fixture
def numbers(tmp_path: Path) -> dict[Key, Number]:
    stored = Stored(tmp_path / "results")
    for name, values in VALUES.items():
        method = name.rpartition(".")[2]
        unit = UNITS.get(method, "seconds" if method.startswith("time_") else "bytecodes/message")
        stored.describe(name, unit, *{6: [SIZES, CACHES], 3: [LOADS], 1: []}[len(values)])
    stored.describe("resource_monitoring.Leak.track_leak", "leaked bytes/message")
    stored.write(COMMIT, VALUES)
    return load(stored.conf, MACHINE, COMMIT, [])


def printed(numbers: dict[Key, Number], width: int) -> str:
    file = io.StringIO()
    print_summary(report_console(file, width), numbers)
    return file.getvalue()


@pytest.mark.parametrize("width", [40, 80, 150])
def test_every_number_that_is_stored_is_printed_whole(numbers: dict[Key, Number], width: int) -> None:
    found = printed(numbers, width).split()
    assert not any("…" in word for word in found)
    for key, number in numbers.items():
        for word in displayed(number, key).split():
            assert word in found, (key, word)
            found.remove(word)
    # A name that is longer than a line is the terminal's to wrap.
    assert all(len(line) <= width or " " not in line for line in printed(numbers, width).splitlines())


def test_times_have_their_rates_and_bytecodes_beside(numbers: dict[Key, Number]) -> None:
    times = printed(numbers, 150).partition("unit")[0]
    lines = [" ".join(line.split()) for line in times.splitlines()]
    assert "P01 UpdateDecoding.decode 1, cold 230μs 4,344 4,344 3,160.125" in lines
    assert "P02 UpdateDecoding.decode 10, cold failed failed" in lines
    assert "P03 UpdateDecoding.decode 100, warm 12.5s 0 8 69,664" in lines
    assert "ControlInterpreter.integers 4.95ms 4,040,404" in lines


def test_what_is_no_time_is_printed_with_its_unit(numbers: dict[Key, Number]) -> None:
    others = printed(numbers, 150).partition("unit")[2]
    lines = [" ".join(line.split()) for line in others.splitlines()]
    assert "P03 UpdateDecoding.track_decode_and_use_bytecodes 100, cold bytecodes/message 1,152,080,123" in lines
    assert "R01 HeldMemory.track_kept_bytes 1000 UPDATEs decoded kept bytes/message 1,334.5" in lines
    assert "R06 HeldMemory.track_kept_bytes 50 peers kept bytes/message n/a" in lines
    assert "R03 HeldMemory.peakmem_hold 1000 UPDATEs of 100 routes decoded bytes 116M" in lines
    assert any("Leak.track_leak leaked bytes/message never measured" in line for line in lines)
    assert "track_decode_bytecodes" not in others, "it is beside its time"


def test_tracks_alone_are_no_empty_table(tmp_path: Path) -> None:
    stored = Stored(tmp_path / "results")
    stored.describe(f"{DECODING}.track_decode_bytecodes", "bytecodes/message", [1], ["cold", "warm"])
    stored.write(COMMIT, {f"{DECODING}.track_decode_bytecodes": [3160.0, 1255.0]})
    text = printed(load(stored.conf, MACHINE, COMMIT, []), 150)
    assert "3,160" in text and "1,255" in text
    assert "messages/s" not in text


def test_a_benchmark_that_is_no_more_is_printed_all_the_same(tmp_path: Path) -> None:
    stored = Stored(tmp_path / "results")
    names = ["message_parsing.Former.time_decode", "former.Former.time_decode"]
    for name in names:
        stored.describe(name, "seconds")
    stored.write(COMMIT, {names[0]: 0.5, names[1]: 0.25})
    text = printed(load(stored.conf, MACHINE, COMMIT, []), 150)
    assert "500ms" in text and "250ms" in text


def test_numbers_are_counted_by_state(numbers: dict[Key, Number]) -> None:
    assert str(tally(numbers)) == (
        "22 of 27 numbers measured, 1 not applicable, 1 never measured, 2 benchmarks failed: "
        f"{DECODING}.time_decode, {DECODING}.track_decode_bytecodes"
    ).replace("22 of 27", f"{sum(number.measured for number in numbers.values())} of {len(numbers)}")
    assert len(numbers) == sum(map(len, VALUES.values())) + 1


def test_where_exabgp_is_known_to_be_wrong_nothing_has_failed(tmp_path: Path) -> None:
    stored = Stored(tmp_path / "results")
    name, kinds = "encoding.MessageEncoding.time_encode", ["KEEPALIVE", "ROUTE-REFRESH"]
    stored.describe(name, "seconds", kinds, ["json"])
    stored.write(COMMIT, {name: [0.001, None]})
    found = tally(load(stored.conf, MACHINE, COMMIT, []))
    assert (found.failed, found.known_faults) == ([], [name])
    assert str(found).endswith(f"0 benchmarks failed, 1 where ExaBGP is known to be wrong: {name}")
    stored.write(COMMIT, {name: [None, None]})
    assert tally(load(stored.conf, MACHINE, COMMIT, [])).failed == [name]
