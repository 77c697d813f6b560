"""What is measured where nothing is selected."""

import pytest

from tools.measuring.bench import _default
from tools.suite import Suite


@pytest.mark.parametrize(
    ("daemon", "long", "there", "not_there"),
    [
        (False, False, "BacklogSize.time_drain(1000, 'received')", "BacklogSize.time_drain(15000, 'received')"),
        (False, True, "BacklogSize.time_drain(15000, 'received')", "DaemonReceiving"),
        (True, False, "DaemonReceiving.track_whole('10000 x 1, JSON')", "50000 x 1"),
        (True, True, "DaemonReceiving.track_whole('50000 x 1, JSON')", "BacklogSize"),
    ],
)
def test_each_set_of_parameters_is_long_or_not(daemon: bool, long: bool, there: str, not_there: str) -> None:
    names = _default(Suite(), daemon=daemon, long=long)
    assert any(name.endswith(there) for name in names)
    assert not any(not_there in name for name in names)
