"""What the tests that import ExaBGP share."""

import pytest

from benchmarks.exabgp_compat.reactor import forget_ribs


@pytest.fixture(autouse=True)
def _no_rib_of_another_test() -> None:
    """As in a process of its own: 4.2 can't give the RIB of a neighbour other families once there are routes in it."""
    forget_ribs()
