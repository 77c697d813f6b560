"""UPDATEs of many routes: what is handled is what was sent, and a fault is seen, on the ExaBGP of this process."""

import inspect
from typing import Any

import pytest

from benchmarks.exabgp_compat.session import speaker
from benchmarks.work.handling import COURSES, FAMILIES
from benchmarks.work.proof import WrongResultError
from benchmarks.work.traffic import SESSION


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("course", COURSES)
def test_every_course_is_proven(course: str, family: str) -> None:
    work = COURSES[course].work(family, 2)
    assert work.routes == 200
    (held,) = work._all.prefixes()
    assert len(held) == (0 if course == "withdrawn" else 200)
    work.close()


def test_route_that_keeps_its_old_attributes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker(SESSION)
    from exabgp.rib.incoming import IncomingRIB

    real = IncomingRIB.update_cache

    def update_cache(self: Any, route: Any, *rest: Any) -> None:
        held = self.cached_routes() if hasattr(self, "cached_routes") else self.cached_changes()
        # A route, or on some commits its NLRI and what else makes one.
        if getattr(route, "nlri", route).cidr.prefix() not in {other.nlri.cidr.prefix() for other in held}:
            real(self, route, *rest)

    update_cache.__signature__ = inspect.signature(real)  # type: ignore[attr-defined]
    monkeypatch.setattr(IncomingRIB, "update_cache", update_cache)
    with pytest.raises(WrongResultError, match="it was last announced with"):
        COURSES["announced with other attributes"].work("IPv4", 1)


def test_withdrawn_route_that_is_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker(SESSION)
    from exabgp.rib import cache

    # Whichever method takes a route out of the dictionary of a family.
    class Keeping(dict[Any, Any]):
        def pop(self, *_: Any) -> None:
            """Keep it."""

        def __delitem__(self, _: Any) -> None:
            """Keep it."""

    real = cache.Cache.update_cache

    def update_cache(self: Any, *arguments: Any) -> None:
        real(self, *arguments)
        for family, routes in self._seen.items():
            self._seen[family] = Keeping(routes)

    update_cache.__signature__ = inspect.signature(real)  # type: ignore[attr-defined]
    monkeypatch.setattr(cache.Cache, "update_cache", update_cache)
    with pytest.raises(WrongResultError, match="ExaBGP holds 100 routes, the messages leave 0"):
        COURSES["withdrawn"].work("IPv4", 1)
