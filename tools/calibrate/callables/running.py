"""What ExaBGP executes in its reactor and in the main loop of a peer, whatever peers send."""

from tools.calibrate.callables.injection import Injection

_LOOP = "exabgp.reactor.loop.Reactor."
_PEER = "exabgp.reactor.peer."

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
    Injection("UPDATE handled", (_PEER + "handlers.update.UpdateHandler.handle_async",)),
]
