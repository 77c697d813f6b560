"""Tables on terminals of any width."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.terminal import markdown_table, print_table, report_console

HEADINGS = ("row", "benchmark", "time", "messages/s", "bytecodes/message")
ROWS = [
    ("P01", "UpdateDecoding.decode_and_use(100, cold)", "230μs", "4,344", "3,160.125"),
    ("", "Traffic.read", "failed", "", "never measured"),
]
CELL = st.text("abcdefghij0123456789.,", max_size=50)


def printed(width: int, headings: tuple[str, ...] = HEADINGS, rows: list[tuple[str, ...]] = ROWS) -> str:
    file = io.StringIO()
    print_table(report_console(file, width), headings, rows, texts=2)
    return file.getvalue()


@pytest.mark.parametrize("width", [40, 80, 150])
def test_every_cell_is_whole_and_every_line_fits(width: int) -> None:
    text = printed(width)
    for cell in filter(None, (cell for row in (HEADINGS, *ROWS) for cell in row)):
        assert cell in text or cell in ("row", "benchmark"), cell
    assert all(len(line) <= width for line in text.splitlines())
    assert "…" not in text


def test_a_row_is_a_line_where_there_is_room() -> None:
    (line,) = [line for line in printed(150).splitlines() if "decode_and_use" in line]
    assert line.split() == ["P01", "UpdateDecoding.decode_and_use(100,", "cold)", "230μs", "4,344", "3,160.125"]


def test_numbers_are_below_their_texts_and_headings_where_there_is_less() -> None:
    lines = printed(60).splitlines()
    assert lines[0] == "row  benchmark"
    assert lines[1].split() == list(HEADINGS[2:])
    assert lines[3] == "P01  UpdateDecoding.decode_and_use(100, cold)"
    assert lines[4].split() == ["230μs", "4,344", "3,160.125"]
    # Each under its heading.
    for heading, number in zip(HEADINGS[2:], lines[4].split(), strict=True):
        assert lines[1].index(heading) + len(heading) == lines[4].index(number) + len(number)


def test_each_number_has_its_heading_beside_it_where_there_is_little() -> None:
    lines = [line.split() for line in printed(40).splitlines()]
    assert ["bytecodes/message", "3,160.125"] in lines
    assert ["messages/s", "4,344"] in lines
    assert ["bytecodes/message", "never", "measured"] in lines
    assert ["messages/s"] not in lines, "there is no such number"


@given(st.integers(10, 200), st.lists(st.tuples(*[CELL] * 5), min_size=1, max_size=5))
def test_nothing_is_ever_cut(width: int, rows: list[tuple[str, ...]]) -> None:
    text = printed(width, rows=rows)
    for row in rows:
        for cell in row:
            assert cell in text


def test_markdown_is_never_wrapped() -> None:
    rows = [("x" * 500, "a|b", "1")]
    assert list(markdown_table(("benchmark", "unit", "before"), rows, texts=2)) == [
        "| benchmark | unit | before |",
        "| --- | --- | --: |",
        f"| {'x' * 500} | a\\|b | 1 |",
    ]


def test_the_width_is_the_one_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "47")
    assert report_console().width == 47
