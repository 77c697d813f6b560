"""How far a long benchmark is, as a bar on a terminal."""

import io
import os
import time
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.work.progress import FILE, Chunks, ended_with_the_block, tell
from tests.command import wait_until
from tools.measuring.progress import progress_shown

CHUNKS = [b"a", b"b", b"c", b"d"]


SHOW_CURSOR = "\x1b[?25h"


def shown(file: io.StringIO, text: str) -> None:
    """Wait until a text is shown."""
    wait_until(lambda: text in file.getvalue())


def test_a_bar_follows_what_a_benchmark_tells() -> None:
    file = io.StringIO()
    with progress_shown(Console(file=file, force_terminal=True, width=80), tick=0.01):
        chunks = iter(Chunks("the table", CHUNKS)[1:])
        assert next(chunks) == b"b"
        shown(file, "25%")
        assert next(chunks) == b"c"
        shown(file, "50%")
        with ended_with_the_block("another"):
            tell("another", 3, 4)
            shown(file, "another")
            shown(file, "75%")
        # One bar after the other is taken away, and the cursor is back.
        wait_until(lambda: file.getvalue().count(SHOW_CURSOR) == 2)
    assert FILE not in os.environ


def test_where_there_is_no_terminal_nothing_is_told() -> None:
    file = io.StringIO()
    with progress_shown(Console(file=file)):
        assert FILE not in os.environ
        tell("the table", 1, 2)
    assert file.getvalue() == ""


def test_chunks_are_what_was_given_and_tell_each(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int, int]] = []
    monkeypatch.setattr("benchmarks.work.progress.tell", lambda *said: told.append(said))
    chunks = Chunks("the table", CHUNKS)
    assert len(chunks) == 4
    assert chunks[0] == b"a"
    # As often as they are gone through: a benchmark runs more than once.
    for _ in range(2):
        assert list(chunks[1:]) == CHUNKS[1:]
        assert told == [("the table", number, 4) for number in (1, 2, 3)]
        told.clear()


def test_half_a_line_is_not_read() -> None:
    file = io.StringIO()
    with progress_shown(Console(file=file, force_terminal=True, width=80), tick=0.01):
        Path(os.environ[FILE]).write_text("1 ")
        time.sleep(0.05)
        tell("the table", 1, 4)
        shown(file, "the table")
