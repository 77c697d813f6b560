"""What ExaBGP executes for its configuration, and for the commands of API processes, which the same parsers read."""

from tools.calibrate.callables.injection import Injection

_API = "exabgp.reactor.api."
_CONFIGURATION = "exabgp.configuration."
_COMMAND = _API + "command."
_LOOP = "exabgp.reactor.loop.Reactor."
_PROCESSES = _API + "processes.Processes."
_STATIC = _CONFIGURATION + "static."

CONFIGURING = [
    Injection("line read for the configuration", (_CONFIGURATION + "core.format.tokens",)),
    Injection("line of an API process tidied", (_CONFIGURATION + "core.format.formated",)),
    Injection(
        "line made tokens",
        (_CONFIGURATION + "core.parser.Parser._tokenise", _CONFIGURATION + "core.tokeniser.Tokeniser._tokenise"),
    ),
    Injection(
        "next line",
        (_CONFIGURATION + "core.parser.Parser.__call__", _CONFIGURATION + "core.tokeniser.Tokeniser.__call__"),
    ),
    Injection(
        "next token",
        (_CONFIGURATION + "core.parser.Tokeniser.__call__", _CONFIGURATION + "core.tokeniser.Iterator.__call__"),
    ),
    Injection("configuration line dispatched", (_CONFIGURATION + "configuration.Configuration.dispatch",)),
    Injection("configuration section entered", (_CONFIGURATION + "configuration.Configuration._enter",)),
    Injection("configuration line parsed", (_CONFIGURATION + "core.section.Section.parse",)),
    Injection("configuration scope moved to its context", (_CONFIGURATION + "core.scope.Scope.to_context",)),
    Injection("part of a configuration parsed", (_CONFIGURATION + "configuration.Configuration.partial",)),
    Injection(
        "routes of a configuration checked",
        (_CONFIGURATION + "check.check_generation", _CONFIGURATION + "check.check_neighbor"),
    ),
    Injection("route as text", ("exabgp.rib.route.Route.extensive", "exabgp.rib.change.Change.extensive")),
    Injection("octets as text", ("exabgp.util.od.od",)),
    Injection("sections of a configuration", (_CONFIGURATION + "configuration.Configuration._build_structure",)),
    Injection(
        "neighbour as text",
        (
            "exabgp.bgp.neighbor.neighbor.NeighborTemplate.configuration",
            "exabgp.bgp.neighbor.NeighborTemplate.configuration",
        ),
    ),
    Injection("reactor reloads", (_LOOP + "reload", _LOOP + "load")),
    Injection("peer reconfigured", ("exabgp.reactor.peer.Peer.reconfigure",)),
    Injection(
        "Adj-RIB-Out compared with a new configuration",
        ("exabgp.rib.outgoing.OutgoingRIB.replace_reload", "exabgp.rib.outgoing.OutgoingRIB.replace"),
    ),
    Injection("static route", (_STATIC + "route",)),
    Injection("static routes with attributes", (_STATIC + "attributes",)),
    Injection("static AS_PATH", (_STATIC + "parser.as_path",)),
    Injection("API command handled", (_API + "API.process", _API + "API.text")),
    Injection("API command dispatched", (_API + "dispatch.common.dispatch", _API + "API.response", _API + "API.text")),
    Injection("API route parsed", (_API + "API.api_route",)),
    Injection("announce route", (_COMMAND + "announce.announce_route",)),
    Injection("announce eor", (_COMMAND + "announce.announce_eor",)),
    Injection("announce route-refresh", (_COMMAND + "announce.announce_refresh",)),
    Injection(
        "neighbour selector parsed", (_API + "dispatch.common.extract_selector", _COMMAND + "limit.extract_neighbors")
    ),
    Injection("neighbour selector matched", (_COMMAND + "limit.match_neighbor",)),
    Injection("neighbour selectors matched", (_COMMAND + "limit.match_neighbors",)),
    Injection("peers of an API process", (_LOOP + "peers",)),
    Injection("lines of API processes read", (_PROCESSES + "_async_reader_callback", _PROCESSES + "received")),
    Injection("answer to an API process", (_PROCESSES + "_answer",)),
    Injection("API command acknowledged", (_PROCESSES + "answer_done",)),
    Injection("End-of-RIB of a command", (_API + "API.api_eor",)),
    Injection("ROUTE-REFRESH of a command", (_API + "API.api_refresh",)),
    Injection("word of a configuration read", (_CONFIGURATION + "core.parser.Tokeniser._get",)),
    Injection("what a section lacks", (_CONFIGURATION + "core.section.Section.missing_mandatory",)),
    Injection("configuration validated", (_CONFIGURATION + "configuration.Configuration.validate",)),
]
