"""Memory that is kept or leaked is seen for what it is, on the ExaBGP that this process imports."""

import inspect
import sys
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import common, resource_monitoring
from benchmarks.exabgp_compat.session import speaker
from benchmarks.resource_monitoring import ContentLeak, HeldMemory, HeldRoutes, Leak
from benchmarks.wire import simple_update, simple_updates
from benchmarks.work.loads import LOADS, Decoded
from benchmarks.work.many_peers import MainLoopReading
from benchmarks.work.proof import WrongResultError
from benchmarks.work.traffic import SESSION


@pytest.fixture
def leak(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], int]:
    """The leak that the benchmark shows when ExaBGP keeps a bytes object of this size for each message."""
    speaker(SESSION)
    from exabgp.rib.incoming import IncomingRIB
    from exabgp.rib.outgoing import OutgoingRIB

    leaked: list[bytes] = []

    def inject(cls: type, name: str, size: int) -> None:
        real = getattr(cls, name)

        def leaking(*arguments: Any) -> Any:
            leaked.append(bytes(size - sys.getsizeof(b"")))
            return real(*arguments)

        leaking.__wrapped__ = real  # type: ignore[attr-defined]
        monkeypatch.setattr(cls, name, leaking)

    def measure(kind: str, size: int) -> int:
        Leak.track_leak.setup(kind)
        if size:
            inject(*((IncomingRIB, "update_cache") if kind == "received" else (OutgoingRIB, "add_to_rib")), size)
        return Leak().track_leak(kind)

    return measure


@pytest.mark.parametrize("kind", ["received", "pending"])
def test_healthy_exabgp_leaks_nothing(kind: str, leak: Callable[[str, int], int]) -> None:
    assert leak(kind, 0) == 0


@pytest.mark.parametrize("kind", ["received", "pending"])
def test_leak_of_a_kibibyte_a_message_is_seen_as_such(kind: str, leak: Callable[[str, int], int]) -> None:
    assert leak(kind, 1024) == pytest.approx(1024, rel=0.05)


@pytest.mark.parametrize("kind", ["received", "pending"])
def test_leak_of_64_bytes_a_message_is_seen(kind: str, leak: Callable[[str, int], int]) -> None:
    # Less what ExaBGP let go of meanwhile, and with a place in a list on top.
    assert 58 <= leak(kind, 64) <= 84


def test_kept_bytes_are_those_of_the_messages_held() -> None:
    load = "1000 UPDATEs decoded"
    HeldMemory.track_kept_bytes.setup(load)
    kept = HeldMemory().track_kept_bytes(load)
    assert 200 < kept < 10000
    assert HeldMemory().track_kept_bytes(load) == pytest.approx(kept, rel=0.01)


def test_every_load_is_proven() -> None:
    for load in LOADS.values():
        load.proven_part()


def test_wrong_load_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Decoded(simple_updates(SESSION, 3))
    monkeypatch.setattr(work, "_updates", [simple_update(SESSION, 5)] * 3)
    with pytest.raises(WrongResultError):
        work.prove()
    streams = [simple_updates(SESSION, 2), simple_updates(SESSION, 2, 2)]
    peers = MainLoopReading(streams, SESSION)
    monkeypatch.setattr(peers, "_streams", streams[::-1])
    with pytest.raises(WrongResultError):
        peers.prove()


@pytest.mark.parametrize("rib", ["Adj-RIB-In", "Adj-RIB-Out"])
def test_what_is_kept_by_content_is_seen(rib: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """ExaBGP keeps AS numbers for ever, and prefixes where a fault has it keep them."""
    ContentLeak.track_leak.setup(rib, "AS numbers")
    assert ContentLeak().track_leak(rib, "AS numbers") > 64
    ContentLeak.track_leak.setup(rib, "prefixes")
    assert ContentLeak().track_leak(rib, "prefixes") == 0
    from exabgp.rib.cache import Cache

    real = Cache.update_cache
    seen: dict[str, bytes] = {}

    def update_cache(self: Any, route: Any, *rest: Any) -> None:
        seen.setdefault(getattr(route, "nlri", route).cidr.prefix(), bytes(1000))
        real(self, route, *rest)

    update_cache.__signature__ = inspect.signature(real)  # type: ignore[attr-defined]
    monkeypatch.setattr(Cache, "update_cache", update_cache)
    ContentLeak.track_leak.setup(rib, "prefixes")
    assert ContentLeak().track_leak(rib, "prefixes") > 1000


def test_routes_that_share_their_attributes_take_less(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {}
    for attributes in ("shared", "distinct"):
        parameters = ("Adj-RIB-In", "ipv4", attributes)
        for method in (HeldRoutes.track_kept_bytes, HeldRoutes.track_kept_objects):
            method.setup(*parameters)
            values[attributes, method.__name__] = method(HeldRoutes(), *parameters)
    assert values["shared", "track_kept_bytes"] < values["distinct", "track_kept_bytes"] / 2
    assert values["shared", "track_kept_objects"] < values["distinct", "track_kept_objects"] / 2


METHODS = [
    (cls, method)
    for cls in vars(resource_monitoring).values()
    if isinstance(cls, type) and cls.__module__ == resource_monitoring.__name__
    for method in vars(cls)
    if method.startswith(("track_", "peakmem_"))
]


@pytest.mark.parametrize(("cls", "method"), METHODS, ids=lambda value: getattr(value, "__name__", value))
def test_short_memory_is_not_applicable_in_words(cls: Any, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource_monitoring, "NEEDED", 1 << 60)
    common._made.cache_clear()
    first = [values[0] for values in getattr(cls, "params", ())]
    with pytest.raises(
        NotImplementedError, match=r"1,099,511,627,776 MB of memory are needed, [\d,]+ MB are available"
    ):
        getattr(cls, method).setup(*first)
