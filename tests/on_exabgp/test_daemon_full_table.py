"""A beginning of the full table, received by a whole daemon of the ExaBGP that this process imports."""

import pytest

from benchmarks.daemon_harness import Api
from benchmarks.work.full_table import Family, receive_by_daemon
from benchmarks.work.proof import WrongResultError

ROUTES = 1500


@pytest.mark.parametrize("family", ["IPv4", "IPv6"])
def test_a_daemon_tells_of_each_route_once(family: Family) -> None:
    received = receive_by_daemon(family, ROUTES)
    assert received.routes == ROUTES
    assert received.cpu > 0
    assert received.whole > 0


def test_a_line_that_is_lost_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = Api.lines
    monkeypatch.setattr(Api, "lines", lambda api: list(lines(api))[1:])
    with pytest.raises(WrongResultError, match=r"^of 1,500 routes \d+ are lost and 0 are there twice, and 0 are"):
        receive_by_daemon("IPv4", ROUTES)
