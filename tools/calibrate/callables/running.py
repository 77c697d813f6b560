"""What ExaBGP executes in its reactor and in the main loop of a peer, whatever peers send."""

from tools.calibrate.callables.injection import Injection

_LOOP = "exabgp.reactor.loop.Reactor."
_NETWORK = "exabgp.reactor.network.connection.Connection."
_PEER = "exabgp.reactor.peer."
_PROTOCOL = "exabgp.reactor.protocol.Protocol."

# Work is added where a callable begins. So the reactor's loop itself is not here: it is entered once, before the turns
# that are counted. Nor is anything that the daemon runs only when it is imported: that is counted in a process of its
# own, in which nothing is injected.
RUNNING = [
    Injection("peers run in a turn", (_LOOP + "_run_async_peers",)),
    Injection("peers that are active", (_LOOP + "active_peers",)),
    Injection("peer's rate limit", (_LOOP + "_rate_limited",)),
    Injection("wait for sockets", (_LOOP + "_wait_for_io",)),
    Injection("incoming connections", ("exabgp.reactor.listener.Listener.incoming",)),
    Injection("peer run", (_PEER + "Peer.run",)),
    Injection("peer told to stop", (_PEER + "Peer.stopping",)),
    Injection("hold timer", ("exabgp.bgp.timer.ReceiveTimer.check_ka_timer",)),
    Injection("KEEPALIVE timer", ("exabgp.bgp.timer.SendTimer.need_ka",)),
    Injection("session established", (_PEER + "Peer._establish",)),
    Injection("session run", (_PEER + "Peer._run",)),
    Injection("peer reset", (_PEER + "Peer._reset",)),
    Injection("UPDATEs sent in a turn", (_PEER + "Peer._send_route_updates",)),
    Injection("UPDATEs of the Adj-RIB-Out sent", (_PROTOCOL + "new_update_generator", _PROTOCOL + "new_update")),
    Injection("UPDATE sent", (_PROTOCOL + "send",)),
    Injection("message sent", (_PROTOCOL + "write",)),
    Injection("OPEN sent", (_PROTOCOL + "new_open",)),
    Injection("OPEN received", (_PROTOCOL + "read_open",)),
    Injection("KEEPALIVE sent", (_PROTOCOL + "new_keepalive",)),
    Injection("End-of-RIB sent", (_PROTOCOL + "new_eor",)),
    Injection("connection writes", (_NETWORK + "writer_async", _NETWORK + "writer")),
    Injection("KEEPALIVE due", ("exabgp.reactor.keepalive.KA.send_if_needed", "exabgp.reactor.keepalive.KA.__call__")),
    Injection("UPDATE handled", (_PEER + "handlers.update.UpdateHandler.handle_async",)),
    Injection("API commands completed", (_LOOP + "_completed",)),
    Injection("setting read", ("exabgp.environment.config.ConfigOption.__get__",)),
    Injection("statistics of a session", (_PEER + "peer.Stats.changed_statistics", _PEER + "Stats.changed_statistics")),
    Injection("capabilities negotiated", ("exabgp.bgp.message.open.capability.negotiated.Negotiated._negotiate",)),
]
