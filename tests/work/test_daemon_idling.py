"""A daemon that resets its session under load gets another chance, and how often it had to is published."""

import pytest

from benchmarks.daemon_harness import SessionReset, Usage
from benchmarks.work import daemon_idling
from benchmarks.work.daemon_idling import Gap, keepalive_gap

USED = Usage(1, 1, 1, 1)


def test_resets_are_published(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [SessionReset("reset")] * 2

    def receive(routes: int) -> Gap:
        if runs:
            raise runs.pop()
        return Gap(routes, 1, USED)

    monkeypatch.setattr(daemon_idling, "_receive", receive)
    assert keepalive_gap(5, "receiving") == Gap(5, 1, USED, resets=2)
