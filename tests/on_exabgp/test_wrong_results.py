"""An ExaBGP that decodes wrongly must make a benchmark fail with the difference in words, never report a number."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.exabgp_compat.session import speaker
from benchmarks.exabgp_compat.use import collection_of
from benchmarks.wire import Message, Session, keepalive, ten_route_update
from benchmarks.work.decoding import Decoding
from benchmarks.work.proof import WrongResultError
from benchmarks.work.reading import ConnectionReading, ProtocolReading

SESSION = Session()
_index = itertools.count()


def messages() -> list[Message]:
    """Three UPDATEs never seen before: ExaBGP keeps the attributes of the last one, spoilt ones too."""
    return [ten_route_update(SESSION, next(_index)) for _ in range(3)]


def routes(update: Any) -> list[Any]:
    collection = collection_of(update, speaker(SESSION))
    return collection.announces if hasattr(collection, "announces") else collection.nlris


def lose_a_route(update: Any) -> Any:
    del routes(update)[-1]
    return update


def repeat_a_route(update: Any) -> Any:
    routes(update)[0] = routes(update)[1]
    return update


def lose_an_attribute(update: Any) -> Any:
    del collection_of(update, speaker(SESSION)).attributes[4]
    return update


BREAKAGES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a route is lost": (lose_a_route, "9 routes announced, the bytes 10"),
    "a route is another": (repeat_a_route, "ExaBGP has announced"),
    "an attribute is lost": (lose_an_attribute, "attribute 4 as None"),
}


@pytest.fixture
def break_decoding(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], Any]], None]:
    """Have ExaBGP's own dispatch go on to something that spoils each UPDATE."""
    speaker(SESSION)
    from exabgp.bgp.message import Message as ExaBGPMessage

    real = ExaBGPMessage.unpack

    def spoil_with(spoil: Callable[[Any], Any]) -> None:
        def unpack(kind: int, *arguments: Any) -> Any:
            decoded = real(kind, *arguments)
            return spoil(decoded) if kind == 2 else decoded

        # The signature is asked for the direction: let it be that of the original.
        unpack.__wrapped__ = real  # type: ignore[attr-defined]
        monkeypatch.setattr(ExaBGPMessage, "unpack", staticmethod(unpack))

    return spoil_with


@pytest.mark.parametrize("name", BREAKAGES)
def test_wrong_decoding_is_refused(name: str, break_decoding: Callable[[Callable[[Any], Any]], None]) -> None:
    spoil, words = BREAKAGES[name]
    break_decoding(spoil)
    for work in (
        lambda: Decoding(messages(), SESSION, "cold"),
        lambda: ConnectionReading(messages(), SESSION),
        lambda: ProtocolReading(messages(), SESSION),
    ):
        with pytest.raises(WrongResultError, match=words):
            work()


def test_one_object_for_all_messages_is_refused(break_decoding: Callable[[Callable[[Any], Any]], None]) -> None:
    seen: list[Any] = []

    def first_again(update: Any) -> Any:
        seen.append(update)
        return seen[0]

    break_decoding(first_again)
    with pytest.raises(WrongResultError, match="message 1 "):
        Decoding(messages(), SESSION, "cold")


def test_the_no_op_of_read_message_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens when no RIB and no API process wants the routes: UPDATEs are not decoded at all."""
    import benchmarks.exabgp_compat.session as module

    text = module.neighbor_text
    monkeypatch.setattr(module, "neighbor_text", lambda *a: text(*a).replace("adj-rib-in true", "adj-rib-in false"))
    with pytest.raises(WrongResultError):
        ProtocolReading(messages(), SESSION)


def test_another_message_than_was_sent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import benchmarks.work.reading as module

    real = module.chunks
    monkeypatch.setattr(module, "chunks", lambda wires, *rest: real([keepalive().wire, *wires[1:]], *rest))
    for work in (ConnectionReading, ProtocolReading):
        with pytest.raises(WrongResultError):
            work(messages(), SESSION)


def test_the_right_thing_passes() -> None:
    Decoding(messages(), SESSION, "cold").decode()
    ConnectionReading(messages(), SESSION).read()
    ProtocolReading(messages(), SESSION).read_and_use()
