"""The scripted BGP speaker by itself: what it says of a connection that the other end has reset."""

import socket
from contextlib import closing
from struct import pack

from benchmarks.daemon_harness.configuration import Settings
from benchmarks.daemon_harness.loop import Loop
from benchmarks.daemon_harness.peer import Peer, listeners


def test_what_is_unread_can_be_asked_of_a_connection_that_was_reset() -> None:
    with closing(Loop(10, lambda: None)) as loop:
        (listener,) = listeners(["127.0.0.1"])
        peer = Peer(loop, listener, "127.0.0.1", Settings())
        with socket.create_connection(listener.getsockname()) as other:
            loop.until(lambda: peer.connected_at, lambda: 0, None, 0.01)
            assert peer.daemon_address == other.getsockname()
            assert peer.unread >= 0
            other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))
        # Before it has looked: it has a connection that has no other end.
        assert not peer.reset
        assert peer.unread >= 0
        assert peer.daemon_address[1] > 0
