"""docs/scenarios.md says of every row of the checklist which benchmark measures it, as asv discovers them."""

import re
import sys
from pathlib import Path

import pytest
from asv_runner.discovery import disc_benchmarks

from benchmarks.message_parsing import KeepaliveDecoding
from tools.errors import ToolError
from tools.report import scenarios

CHECKLIST = [
    f"{family}{number:02}"
    for family, rows in (("P", 14), ("T", 12), ("B", 16), ("C", 11), ("R", 12))
    for number in range(1, rows + 1)
]
NAME = re.compile(r"`(\w+\.\w+\.(?:time|track|peakmem)_\w+)`")


def lines() -> list[list[str]]:
    """The lines of the table that are about a row."""
    text = scenarios.PAGE.read_text()
    return [
        re.split(r" (?<!\\)\| ", line.strip("| ")) for line in text.splitlines() if re.match(r"\| [A-Z]\d\d ", line)
    ]


def test_the_page_is_what_the_benchmarks_say() -> None:
    assert scenarios.PAGE.read_text() == scenarios.page(), f"{scenarios.RENEW} writes it anew"


def test_every_row_of_the_checklist_has_a_benchmark() -> None:
    rows = [row for row, *_ in lines()]
    assert [*dict.fromkeys(rows)][: len(CHECKLIST)] == CHECKLIST
    assert {*rows} >= {"X16"}
    for line in lines():
        _, text, benchmarks, parameters, metrics, sentence = line
        assert text
        assert parameters
        assert sentence.endswith(".")
        assert len(NAME.findall(benchmarks)) == len(metrics.split("<br>"))


def test_the_page_names_the_benchmarks_that_asv_discovers_and_no_others() -> None:
    discovered = {benchmark.name for benchmark in disc_benchmarks(str(scenarios.BENCHMARKS))}
    assert {*NAME.findall(scenarios.PAGE.read_text())} == discovered


@pytest.mark.parametrize(
    ("row", "cls", "parameters", "metrics"),
    [
        ("P02", "UpdateDecoding", "10, cold · warm", "time<br>time<br>bytecodes/message<br>bytecodes/message"),
        ("B13", "BacklogSize", "15000, pending", "time"),
        ("T07", "CommandQueueGrowth", "none", "exponent"),
        ("R10", "BacklogLimit", "31000 UPDATEs received", "peak memory"),
    ],
)
def test_a_line_has_the_parameters_of_its_row_and_the_units_of_its_class(
    row: str, cls: str, parameters: str, metrics: str
) -> None:
    (line,) = [line for line in lines() if line[0] == row and f".{cls}." in line[2]]
    assert line[3:5] == [parameters, metrics]


def test_an_old_page_is_found_and_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "docs" / "scenarios.md"
    old.parent.mkdir()
    old.write_text(scenarios.PAGE.read_text() + "edited by hand\n")
    monkeypatch.setattr(scenarios, "PAGE", old)
    monkeypatch.setattr(scenarios, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["scenarios", "--check"])
    with pytest.raises(ToolError, match=r"^docs/scenarios\.md is not what the benchmarks say: .* writes it$"):
        scenarios.main()
    monkeypatch.setattr(sys, "argv", ["scenarios"])
    scenarios.main()
    monkeypatch.setattr(sys, "argv", ["scenarios", "--check"])
    scenarios.main()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"P06": (100,), "P07": (1000,)}, "no benchmark measures row P12 of checklist.toml"),
        ({"P06": (7,), "P12": (10000,)}, r"KeepaliveDecoding measures row P06 with \(7,\), which none"),
        ({"Z01": (100,)}, "checklist.toml has no row Z01, which KeepaliveDecoding measures"),
    ],
)
def test_rows_that_do_not_fit_the_checklist_are_one_line(
    rows: dict[str, tuple[int, ...]], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeepaliveDecoding, "rows", rows)
    with pytest.raises(ToolError, match=words) as error:
        scenarios.page()
    assert "\n" not in str(error.value)


def test_the_first_sentence_of_a_docstring_is_without_its_rows() -> None:
    class Documented:
        """UPDATEs decoded (P01, P03-P05), and
        ``read`` by a user (B01).  Then more.

        And more.
        """

    class Silent:
        pass

    assert scenarios.first_sentence(Documented) == "UPDATEs decoded, and `read` by a user."
    with pytest.raises(ToolError, match="Silent has no docstring"):
        scenarios.first_sentence(Silent)
