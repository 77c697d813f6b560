"""What ExaBGP executes in its reactor and in the main loop of a peer, whatever peers send."""

from tools.calibrate.injection import Injection

_LOOP = "exabgp.reactor.loop.Reactor."
_PEER = "exabgp.reactor.peer."

# What the daemon imports is counted in processes of its own, in which nothing can be injected: no callable is here for
# that it runs at start-up alone.
RUNNING = [
    Injection("main loop of the reactor", (_LOOP + "_async_main_loop", _LOOP + "run")),
    Injection("peers run in a turn", (_LOOP + "_run_async_peers", _LOOP + "run")),
    Injection("peers that are active", (_LOOP + "active_peers",)),
    Injection("peer's rate limit", (_LOOP + "_rate_limited",)),
    Injection("wait for sockets", (_LOOP + "_wait_for_io",)),
    Injection("peer run", (_PEER + "Peer.run",)),
    Injection("peer told to stop", (_PEER + "Peer.stopping",)),
    Injection("hold timer", ("exabgp.bgp.timer.ReceiveTimer.check_ka_timer",)),
    Injection("KEEPALIVE timer", ("exabgp.bgp.timer.SendTimer.need_ka",)),
    Injection("UPDATE handled", (_PEER + "handlers.update.UpdateHandler.handle_async", _PEER + "Peer._main")),
]
