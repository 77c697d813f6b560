"""What is said about the cost of the benchmarks."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.children import Interpreter
from tools.children.jobs import costs, cpu_seconds
from tools.measuring.cost import SHOWN, report
from tools.terminal import report_console

DECODING = "message_parsing.UpdateDecoding"


def line(name: str, unit: str, setup: float, body: float, cpu: float, *parameters: str) -> dict[str, Any]:
    return {
        "name": name,
        "unit": unit,
        "parameters": [*parameters],
        "setup": setup,
        "body": body,
        "cpu": cpu,
        "skipped": False,
    }


LINES = [
    line(f"{DECODING}.time_decode", "seconds", 1.25, 10.5, 11.125, "100", "'cold'"),
    line(f"{DECODING}.time_decode", "seconds", 2.25, 20.5, 22.25, "100", "'warm'"),
    line(f"{DECODING}.track_decode_bytecodes", "bytecodes/message", 0.25, 123456.75, 123333.5),
    line("controls.ControlInterpreter.time_integers", "seconds", 0.0, 0.75, 0.625),
]


def printed(width: int, lines: list[dict[str, Any]] = LINES) -> list[str]:
    file = io.StringIO()
    report(report_console(file, width), lines, wall=130000, cpu=123400.0)
    return [" ".join(line.split()) for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("width", [40, 80, 150])
def test_every_number_is_printed_whole(width: int) -> None:
    words = " ".join(printed(width)).split()
    assert not any("…" in word for word in words)
    for number in (1.25, 10.5, 11.12, 2.25, 20.5, 22.25, 0.25, 123456.75, 123333.5, 0.0, 0.75, 0.62):
        assert f"{number:.2f}" in words, number


def test_cpu_seconds_are_told_by_kind_and_in_total() -> None:
    lines = printed(150)
    assert "count 1 0.25 123456.75 123333.50" in lines
    assert "time 2 3.50 31.00 33.38" in lines
    assert "control 1 0.00 0.75 0.62" in lines
    # The process that finds the benchmarks, and forks for each.
    assert "start and discovery 32.50" in lines
    assert lines[-1] == "4 numbers in 130000 s, 95% of it inside benchmark bodies; 123400.0 CPU seconds"


def test_the_most_expensive_come_first() -> None:
    many = [line(f"{DECODING}.time_decode", "seconds", 0.0, float(body), 1.0, str(body)) for body in range(SHOWN + 5)]
    rows = [text for text in printed(150, many) if text.startswith(DECODING)]
    assert len(rows) == SHOWN
    assert rows[0].startswith(f"{DECODING}.time_decode({SHOWN + 4}) ")


BURN = "import time\nwhile time.process_time() < 0.3: pass"
BURN_TWICE = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\n{BURN}"


def test_cpu_seconds_are_those_of_children_and_of_theirs() -> None:
    before = cpu_seconds()
    subprocess.run([sys.executable, "-c", BURN_TWICE], check=True)
    assert cpu_seconds() - before >= 0.6


def test_each_benchmark_has_the_cpu_seconds_of_its_process(tmp_path: Path) -> None:
    lines = list(Interpreter(tmp_path).run(costs, "ControlInterpreter"))
    assert {line["name"].rpartition(".")[2] for line in lines} == {"time_integers", "time_allocation"}
    for line in lines:
        assert line["unit"] == "seconds"
        assert not line["skipped"]
        assert line["cpu"] > 0
