"""A run of a daemon that lost a route, or has one twice, has no figures: it says how many."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from benchmarks.daemon_harness import SessionReset, Usage
from benchmarks.wire import Session, simple_updates
from benchmarks.work import daemon_receiving
from benchmarks.work.daemon_receiving import Received, _prove_kept, _told, receive
from benchmarks.work.proof import WrongResultError

UPDATES = simple_updates(Session(), 3)
USED = Usage(1, 1, 1, 1)
PREFIXES = ["1.0.0.0/24", "1.0.4.0/24", "1.0.8.0/22"]


class Api:
    """An API process that was told of routes, a line each."""

    def __init__(self, prefixes: list[str]) -> None:
        self._prefixes = prefixes

    def lines(self) -> Iterator[tuple[int, str]]:
        for at, prefix in enumerate([*self._prefixes, "192.0.2.0/24"]):
            yield at, f'{{ "nlri": "{prefix}" }}'


@pytest.mark.parametrize(
    ("prefixes", "words"),
    [
        (PREFIXES[:1], "of 3 routes 2 are lost and 0 are there twice"),
        ([*PREFIXES, PREFIXES[1]], "of 3 routes 0 are lost and 1 are there twice"),
        ([PREFIXES[0], PREFIXES[0], PREFIXES[2]], "of 3 routes 1 are lost and 1 are there twice"),
    ],
)
def test_routes_that_are_lost_or_there_twice(prefixes: list[str], words: str) -> None:
    wire = [update.wire for update in UPDATES]
    with pytest.raises(WrongResultError, match=f"^{words}$"):
        _told(UPDATES, wire, cast(Any, None), cast(Any, Api(prefixes)), USED)


@pytest.mark.parametrize(
    ("prefixes", "words"),
    [
        (PREFIXES[:1], "of 3 routes 2 are lost and 0 are held twice"),
        ([*PREFIXES, PREFIXES[1]], "of 3 routes 0 are lost and 1 are held twice"),
        ([*PREFIXES, "192.0.2.0/24"], "ExaBGP holds 4 routes, the messages leave 3"),
    ],
)
def test_routes_that_are_not_held_or_twice(prefixes: list[str], words: str) -> None:
    _prove_kept(PREFIXES, UPDATES)
    with pytest.raises(WrongResultError, match=f"^{words}"):
        _prove_kept(prefixes, UPDATES)


@pytest.mark.parametrize("resets", [0, 2, 3])
def test_a_session_that_is_reset_gets_another_chance(resets: int, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [SessionReset("reset")] * resets

    def once(*_: object) -> Received:
        if runs:
            raise runs.pop()
        return Received(1, 1, 1, USED)

    monkeypatch.setattr(daemon_receiving, "receive_once", once)
    assert receive("10000 x 1, JSON").resets == resets


def test_a_daemon_that_always_resets_the_session_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def once(*_: object) -> Received:
        raise SessionReset("reset")

    monkeypatch.setattr(daemon_receiving, "receive_once", once)
    with pytest.raises(SessionReset, match=r"^reset$"):
        receive("10000 x 1, JSON")
