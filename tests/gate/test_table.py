"""The table of the gate: every number in it whole, at any width."""

import io
import math

import pytest

from tools.gate.rows import HEADINGS, row_of
from tools.gate.rules import Change, Outcome
from tools.numbers.kinds import Kind
from tools.numbers.stored import NEVER_MEASURED, Key, Number, displayed
from tools.terminal import markdown_table, print_table, report_console

BYTECODES = Key("message_parsing.Traffic.track_read_message_and_use_bytecodes", (), Kind.COUNT, "bytecodes/message")
CHANGES = [
    Change(BYTECODES, Number(4963.413), Number(6600.113), Outcome.SLOWER),
    Change(
        Key("message_parsing.UpdateDecoding.time_decode", (100, "cold"), Kind.TIME, "seconds"),
        Number(0.00235, [0.00241, 0.00235]),
        Number(0.0119, [0.0125, 0.0117]),
        Outcome.SLOWER,
    ),
    Change(Key("a.B.track_c", (), Kind.COUNT, "routes"), Number(123456789.0), Number(None), Outcome.NEWLY_FAILING),
    Change(Key("a.B.track_d", (), Kind.COUNT, "routes"), Number(7.0), Number(math.nan), Outcome.NEWLY_SKIPPED),
    Change(Key("a.B.track_e", (), Kind.COUNT, "routes"), NEVER_MEASURED, Number(8.0), Outcome.NEW),
]


@pytest.mark.parametrize("width", [40, 80, 150])
def test_every_number_is_printed_whole(width: int) -> None:
    file = io.StringIO()
    print_table(report_console(file, width), HEADINGS, [row_of(change) for change in CHANGES], texts=2)
    words = file.getvalue().split()
    for change in CHANGES:
        for number in (change.before, change.after):
            for word in displayed(number, change.key, least=True).split():
                assert word in words, word
                words.remove(word)
    assert "1.330" in words and "4.979" in words
    assert "…" not in file.getvalue()


def test_never_measured_not_applicable_and_failed_are_three_things() -> None:
    rows = list(markdown_table(HEADINGS, [row_of(change) for change in CHANGES], texts=2))[2:]
    assert rows[0] == f"| slower | {BYTECODES} | 4,963.413 | 6,600.113 | 1.330 |"
    assert rows[2:] == [
        "| newly failing | a.B.track_c | 123,456,789 | failed |  |",
        "| newly skipped | a.B.track_d | 7 | n/a |  |",
        "| new | a.B.track_e | never measured | 8 |  |",
    ]
