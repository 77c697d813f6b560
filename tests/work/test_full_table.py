"""Whether each route of a table was there once."""

import ipaddress

import pytest

from benchmarks.wire import IPV4_UNICAST, FullTable, Session
from benchmarks.work import full_table
from benchmarks.work.full_table import Ledger
from benchmarks.work.proof import WrongResultError

TABLE = FullTable(Session(families=(IPV4_UNICAST,)), 1000)
PREFIXES = [str(ipaddress.ip_network((network << (32 - length), length))) for length, network in TABLE.prefixes()]


@pytest.mark.parametrize(
    ("prefixes", "words"),
    [
        (PREFIXES[1:], "1 are lost and 0 are there twice, and 0 are"),
        (PREFIXES[:-3], "3 are lost and 0 are there twice, and 0 are"),
        ([*PREFIXES, PREFIXES[7]], "0 are lost and 1 are there twice, and 0 are"),
        ([*PREFIXES[1:], PREFIXES[7]], "1 are lost and 1 are there twice, and 0 are"),
        ([*PREFIXES, "192.0.2.0/24"], "0 are lost and 0 are there twice, and 1 are"),
        # Of the whole table, but not of this beginning of it.
        ([*PREFIXES, "100.0.0.0/24"], "0 are lost and 0 are there twice, and 1 are"),
        ([], "1,000 are lost and 0 are there twice, and 0 are"),
    ],
)
def test_what_is_lost_or_too_many_is_said(prefixes: list[str], words: str) -> None:
    ledger = Ledger(TABLE)
    ledger.take(prefixes)
    with pytest.raises(WrongResultError, match=f"^of 1,000 routes {words}"):
        ledger.check()


def test_each_once_in_whatever_order_is_right() -> None:
    ledger = Ledger(TABLE)
    ledger.take(reversed(PREFIXES[500:]))
    ledger.take(PREFIXES[:500])
    ledger.check()


@pytest.mark.parametrize("measure", ["receive", "count_kept_bytes", "receive_by_daemon"])
def test_where_memory_is_short_nothing_begins(measure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.work.limits.available_bytes", lambda: 200 << 20)
    monkeypatch.setattr(full_table, "Table", None)
    with pytest.raises(NotImplementedError, match=r"^[\d,]+ MB of memory are needed, 200 MB are available$"):
        getattr(full_table, measure)("IPv4")
