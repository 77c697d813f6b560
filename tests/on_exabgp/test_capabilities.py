"""Each capability of exabgp_compat, on the ExaBGP that this process imports."""

import io
import logging
from contextlib import redirect_stderr, redirect_stdout

import pytest

from benchmarks.exabgp_compat.caches import forget_attributes, remember_fresh_caches
from benchmarks.exabgp_compat.configuration import neighbors
from benchmarks.exabgp_compat.connection import ConnectionReader, Link, chunks
from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.protocol import ProtocolReader
from benchmarks.exabgp_compat.session import neighbor_text, speaker, speakers
from benchmarks.exabgp_compat.startup import start
from benchmarks.exabgp_compat.use import text_reader
from benchmarks.measure import count_bytecodes
from benchmarks.wire import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    Message,
    Session,
    keepalive,
    large_update,
    notification,
    open_message,
    route_refresh,
    simple_update,
    ten_route_update,
    update,
)
from benchmarks.work.proof import prove_decoded, prove_read, prove_used
from tests.on_exabgp.attributes import ATTRIBUTES

SESSIONS = {
    "plain": Session(),
    "IPv4 only": Session(families=(IPV4_UNICAST,)),
    "ADD-PATH": Session(addpath=frozenset({IPV4_UNICAST, IPV6_UNICAST})),
    "two-octet AS": Session(asn4=False),
    "extended message": Session(extended_message=True),
    "internal": Session(local_as=65001, peer_as=65001),
}


def updates(session: Session) -> list[Message]:
    return [simple_update(session, 0), ten_route_update(session, 1), large_update(session, 150, 2)]


def everything() -> list[Message]:
    """UPDATEs with every attribute that the builder knows, both families, and withdrawals."""
    session = SESSIONS["plain"]
    return [
        *updates(session),
        update(session, announce=["10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32"], attributes=ATTRIBUTES),
        update(session, announce=["2001:db8::/32", "::/0", "2001:db8::1/128"], attributes=ATTRIBUTES),
        update(session, withdraw=["10.0.0.0/8", "192.0.2.1/32"]),
        update(session, withdraw=["2001:db8::/32"]),
        update(session, announce=["10.0.0.0/9"], withdraw=["10.0.0.0/8", "2001:db8::/32"], attributes=ATTRIBUTES),
    ]


def test_start_is_quiet_and_logging_is_real(capfd: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        start()
    assert out.getvalue() + "".join(capfd.readouterr()) == ""
    # Calls to the log end in ExaBGP's own check of the level, not in a stand-in.
    assert "Mock" not in {type(handler).__name__ for handler in logging.getLogger().handlers}


def test_attribute_cache_is_on_as_in_the_daemon() -> None:
    start()
    from exabgp.bgp.message.update.attribute import Attribute

    assert Attribute.caching is True


def test_configuration_gives_neighbours_in_order() -> None:
    text = "".join(neighbor_text(SESSIONS["plain"], index) for index in (1, 2, 300))
    found = [str(key) for key in neighbors(text)]
    assert len(found) == len(set(found)) == 3


def test_configuration_error_is_reported_in_exabgp_words() -> None:
    with pytest.raises(ValueError, match=r"refuses the configuration(.|\n)*nonsense"):
        neighbors("neighbor 127.0.0.2 { nonsense 12; }")


@pytest.mark.parametrize("direction", ["in", "out"])
@pytest.mark.parametrize("name", SESSIONS)
def test_session_is_negotiated(name: str, direction: str) -> None:
    session = SESSIONS[name]
    one = speaker(session, direction)  # checks the outcome itself
    assert bool(one.negotiated.asn4) is session.asn4
    assert one.negotiated.msg_size == session.max_message_size


def test_session_that_is_not_what_was_asked_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import benchmarks.exabgp_compat.session as module

    other = Session(families=(IPV4_UNICAST,))
    monkeypatch.setattr(module, "open_message", lambda _, asn, router_id: open_message(other, asn, router_id))
    with pytest.raises(AssertionError, match="ExaBGP negotiated families"):
        speaker(SESSIONS["plain"])


def test_each_speaker_has_a_neighbour_of_its_own() -> None:
    three = speakers(SESSIONS["plain"], 3)
    assert len({id(one.neighbor) for one in three}) == len({id(one.negotiated) for one in three}) == 3


@pytest.mark.parametrize("name", SESSIONS)
def test_updates_are_decoded_and_used(name: str) -> None:
    session = SESSIONS[name]
    one = speaker(session)
    messages = updates(session)
    decoded = list(decoder(one)(*types_and_bodies(messages)))
    prove_decoded(decoded, messages, one)
    use = text_reader(decoded[0], one)
    prove_used(map(use, decoded), messages)


def test_every_attribute_and_family_is_decoded_and_used() -> None:
    one = speaker(SESSIONS["plain"])
    messages = everything()
    decoded = list(decoder(one)(*types_and_bodies(messages)))
    prove_decoded(decoded, messages, one)
    use = text_reader(decoded[0], one)
    prove_used(map(use, decoded), messages)


def test_message_of_any_type_is_decoded() -> None:
    session = SESSIONS["plain"]
    one = speaker(session)
    messages = [
        open_message(session, session.peer_as, "192.0.2.2"),
        simple_update(session),
        notification(6, 2, b""),
        keepalive(),
        route_refresh(1, 1),
    ]
    decoded = list(decoder(one)(*types_and_bodies(messages)))
    prove_decoded(decoded, messages, one)
    assert (decoded[2].code, decoded[2].subcode) == (6, 2)
    assert (int(decoded[4].afi), int(decoded[4].safi)) == (1, 1)


def test_connection_reads_whole_messages() -> None:
    session = SESSIONS["plain"]
    speaker(session)
    messages = [keepalive(), *everything(), notification(6, 2), *[simple_update(session, i) for i in range(1000)]]
    link = Link()
    reader = ConnectionReader(link)
    feed = chunks([message.wire for message in messages])
    assert len(feed) > 1, "the stream is meant to be sent in several pieces"
    prove_read(reader.read(feed), messages)
    prove_read(reader.read(feed), messages)
    reader.close()
    link.close()


def test_protocol_reads_messages() -> None:
    session = SESSIONS["plain"]
    one = speaker(session)
    messages = [keepalive(), *everything(), keepalive()]
    link = Link()
    reader = ProtocolReader(one, link)
    feed = chunks([message.wire for message in messages])
    prove_decoded(reader.read(feed), messages, one)
    prove_decoded(reader.read(feed), messages, one)
    reader.close()
    link.close()


def test_protocol_reads_extended_messages() -> None:
    session = SESSIONS["extended message"]
    one = speaker(session)
    messages = [large_update(session, 1500)]
    assert len(messages[0].wire) > 4096
    link = Link()
    reader = ProtocolReader(one, link)
    prove_decoded(reader.read(chunks([messages[0].wire])), messages, one)
    reader.close()
    link.close()


def test_caches_are_cold_again_once_the_attributes_are_forgotten() -> None:
    session = SESSIONS["plain"]
    one = speaker(session)
    fresh = remember_fresh_caches()
    decode = decoder(one)
    types, bodies = types_and_bodies([ten_route_update(session, 5)])

    def work() -> None:
        list(decode(types, bodies))

    warm = count_bytecodes(work)
    cold = count_bytecodes(work, lambda: forget_attributes(one))
    assert cold > warm * 1.2
    assert count_bytecodes(work) == warm
    forget_attributes(one)
    assert [cache for cache, _ in fresh] == [contents for _, contents in fresh]
