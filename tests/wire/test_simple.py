from hashlib import sha256

import pytest

from benchmarks.wire import (
    Message,
    MessageType,
    NotificationTruth,
    RouteRefreshTruth,
    digest,
    keepalive,
    notification,
    route_refresh,
)
from tests.wire.independent import scapy_message

MARKER = "ff" * 16


def test_keepalive():
    assert keepalive().wire == bytes.fromhex(MARKER + "0013 04")
    assert keepalive().truth is None
    assert scapy_message(keepalive()).type == 4


def test_notification():
    message = notification(6, 2)
    assert message.wire == bytes.fromhex(MARKER + "0015 03 06 02")
    assert message.truth == NotificationTruth(6, 2, b"")


def test_notification_with_data():
    packet = scapy_message(notification(6, 4, b"bye"))
    assert (packet.error_code, packet.error_subcode, packet.data) == (6, 4, b"bye")


def test_route_refresh():
    message = route_refresh(2, 1)
    assert message.wire == bytes.fromhex(MARKER + "0017 05 0002 00 01")
    assert message.truth == RouteRefreshTruth(2, 1)
    packet = scapy_message(message)
    assert (packet.afi, packet.safi) == (2, 1)


@pytest.mark.parametrize(
    "build",
    [
        lambda: notification(256, 0),
        lambda: notification(6, -1),
        lambda: notification(6, 2, bytes(4076)),
        lambda: route_refresh(65536, 1),
        lambda: route_refresh(1, 256),
        lambda: Message(MessageType.KEEPALIVE, bytes(4078), None),
        lambda: Message(MessageType.OPEN, bytes(4078), None),
        lambda: Message(MessageType.UPDATE, bytes(65517), None),
    ],
)
def test_what_does_not_fit_is_refused(build):
    with pytest.raises(ValueError, match=r"fit|longer") as caught:
        build()
    assert "\n" not in str(caught.value)


def test_the_largest_messages_are_allowed():
    assert len(notification(6, 2, bytes(4075)).wire) == 4096
    assert len(Message(MessageType.UPDATE, bytes(65516), None).wire) == 65535


def test_digest_depends_on_each_octet_and_on_the_order():
    messages = [keepalive(), notification(6, 2)]
    octets = bytes.fromhex(MARKER + "0013 04" + MARKER + "0015 03 06 02")
    assert digest(messages) == sha256(octets).hexdigest()[:16]
    assert len({digest(messages), digest(messages[::-1]), digest([keepalive(), notification(6, 3)])}) == 3
