"""A beginning of the full table, received and kept by the ExaBGP that this process imports."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.measure import profile_bytecodes
from benchmarks.wire import FullTable
from benchmarks.work import full_table
from benchmarks.work.full_table import SESSIONS, Family, Table, count_instructions, count_kept_bytes, receive
from benchmarks.work.proof import WrongResultError

ROUTES = 2000
both = pytest.mark.parametrize("family", ["IPv4", "IPv6"])


@pytest.fixture(autouse=True)
def _few_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_table, "_COMPARED", 100)
    monkeypatch.setattr(full_table, "_COUNTED", 100)


@both
def test_all_routes_are_received(family: Family) -> None:
    received = receive(family, ROUTES)
    assert received.routes == ROUTES
    assert received.us_per_route == pytest.approx(received.whole / 1000 / ROUTES, abs=0.001)
    assert received.cpu_us_per_route > 0


@both
def test_counts_are_for_a_route_and_repeat(family: Family) -> None:
    counted, again = (count_instructions(family, ROUTES).value for _ in range(2))
    assert counted == again
    assert 500 < counted < 5000
    kept = count_kept_bytes(family, ROUTES).value
    assert 200 < kept < 2000


@both
def test_next_to_nothing_but_exabgp_is_counted(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []

    def count(call: Callable[[], object], prepare: Callable[[], object]) -> int:
        found.append(profile_bytecodes(call, prepare))
        return found[-1].measured

    monkeypatch.setattr(full_table, "count_bytecodes", count)
    count_instructions(family, ROUTES)
    assert [bytecodes.own_share <= 0.1 for bytecodes in found] == [True]


@pytest.mark.parametrize("measure", [receive, count_kept_bytes])
def test_a_table_of_which_routes_are_lost_has_no_number(measure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lossy(Table):
        def __init__(self, table: FullTable, what: str, updates: Any = None) -> None:
            # Its last UPDATE is never sent, but where it is only the first that are compared.
            super().__init__(table, what, [*table.updates()][:-1] if updates is None else updates)

    monkeypatch.setattr(full_table, "Table", Lossy)
    with pytest.raises(WrongResultError, match=rf"^of {ROUTES:,} routes \d+ are lost and 0 are there twice"):
        measure("IPv4", ROUTES)


def test_routes_are_what_they_were_announced_as(monkeypatch: pytest.MonkeyPatch) -> None:
    right = full_table.decode_update
    table = FullTable(SESSIONS["IPv4"], ROUTES)

    def wrong(body: bytes, session: Any) -> Any:
        truth = right(body, session)
        truth.attributes[1] ^= 1
        return truth

    monkeypatch.setattr(full_table, "decode_update", wrong)
    with pytest.raises(WrongResultError, match="attribute 1 as"):
        full_table._first(table, 10)
