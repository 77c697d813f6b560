"""What is measured where nothing is selected."""

import argparse

import pytest

from tools.measuring.bench import _default
from tools.suite import Suite


@pytest.mark.parametrize(
    ("options", "there", "not_there"),
    [
        (set(), "BacklogSize.time_drain(1000, 'received')", "BacklogSize.time_drain(15000, 'received')"),
        ({"long"}, "BacklogSize.time_drain(15000, 'received')", "DaemonReceiving"),
        ({"daemon"}, "DaemonReceiving.track_whole('10000 x 1, JSON')", "50000 x 1"),
        ({"daemon", "long"}, "DaemonReceiving.track_whole('50000 x 1, JSON')", "BacklogSize"),
        ({"daemon", "long"}, "DaemonReceiving.track_whole('50000 x 1, JSON')", "FullTable"),
        ({"long"}, "BacklogSize.time_drain(15000, 'received')", "FullTable"),
        ({"full_table"}, "full_table.FullTableIPv4.track_kept_bytes('IPv4')", "daemon.Daemon"),
        ({"full_table"}, "full_table.DaemonFullTableIPv6.track_whole('IPv6')", "BacklogSize"),
    ],
)
def test_each_set_of_parameters_is_long_or_not(options: set[str], there: str, not_there: str) -> None:
    asked = argparse.Namespace(**{name: name in options for name in ("daemon", "long", "full_table")})
    names = _default(Suite(), asked)
    assert any(name.endswith(there) for name in names)
    assert not any(not_there in name for name in names)
