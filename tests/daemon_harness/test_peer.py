"""The scripted BGP speaker by itself: what it says of its connection, and what it sends on it."""

import socket
import time
from contextlib import closing
from struct import pack

from benchmarks.daemon_harness.configuration import Settings
from benchmarks.daemon_harness.loop import Loop
from benchmarks.daemon_harness.peer import Peer, listeners
from benchmarks.wire import Session, keepalive, open_message, simple_updates


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


def test_no_keepalive_is_sent_inside_a_message() -> None:
    session, hold_time = Session(), 3
    opened = open_message(session, session.local_as, "127.0.0.2", hold_time).wire + keepalive().wire
    update = simple_updates(session, 1)[0].wire
    with closing(Loop(10, lambda: None)) as loop:
        (listener,) = listeners(["127.0.0.1"])
        peer = Peer(loop, listener, "127.0.0.1", Settings(session, hold_time=hold_time))
        peer.send(update[:20], more_follows=True)
        with socket.create_connection(listener.getsockname()) as other:
            other.sendall(opened)
            loop.until(lambda: peer.established_at, lambda: 0, None, 0.01)
            time.sleep(hold_time / 3)
            peer.tick()
            peer.send(update[20:])
            peer.tick()
            other.settimeout(10)
            read = b""
            while not read.endswith(keepalive().wire) or update not in read:
                read += other.recv(4096)
            assert read.endswith(keepalive().wire + update + keepalive().wire)
