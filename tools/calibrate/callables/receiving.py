"""What ExaBGP executes for what peers send, and the first of what it executes for what is sent to them."""

from tools.calibrate.callables.injection import Injection

_ATTRIBUTES = "exabgp.bgp.message.update.attribute."
_NLRI = "exabgp.bgp.message.update.nlri."
_COMMUNITY = _ATTRIBUTES + "community."
_NETWORK = "exabgp.reactor.network.connection.Connection."

RECEIVING = [
    Injection("message dispatch", ("exabgp.bgp.message.Message.unpack",)),
    Injection("message class lookup", ("exabgp.bgp.message.Message.klass",)),
    Injection("UPDATE decode", ("exabgp.bgp.message.update.Update.unpack_message",)),
    Injection(
        "UPDATE contents",
        (
            "exabgp.bgp.message.update.UpdateCollection._parse_payload",
            "exabgp.bgp.message.update.Update.unpack_message",
        ),
    ),
    Injection(
        "UPDATE split",
        ("exabgp.bgp.message.update.UpdateCollection.split", "exabgp.bgp.message.update.Update.split"),
    ),
    Injection("KEEPALIVE decode", ("exabgp.bgp.message.keepalive.KeepAlive.unpack_message",)),
    Injection("NOTIFICATION decode", ("exabgp.bgp.message.notification.Notification.unpack_message",)),
    Injection("ROUTE-REFRESH decode", ("exabgp.bgp.message.refresh.RouteRefresh.unpack_message",)),
    Injection("NLRI decode, any family", (_NLRI + "nlri.NLRI.unpack_nlri",)),
    Injection(
        "NLRI decode, IPv4 and IPv6 unicast", (_NLRI + "inet.INETBase.unpack_nlri", _NLRI + "inet.INET.unpack_nlri")
    ),
    Injection("prefix decode", (_NLRI + "cidr.CIDR.decode",)),
    Injection("prefix made", (_NLRI + "cidr.CIDR.__init__",)),
    Injection("prefix as text", (_NLRI + "inet.INETBase.prefix", _NLRI + "inet.INET.prefix")),
    Injection(
        "MP_REACH_NLRI", (_ATTRIBUTES + "mprnlri.MPRNLRI.unpack_attribute", _ATTRIBUTES + "mprnlri.MPRNLRI.unpack")
    ),
    Injection(
        "MP_UNREACH_NLRI",
        (_ATTRIBUTES + "mpurnlri.MPURNLRI.unpack_attribute", _ATTRIBUTES + "mpurnlri.MPURNLRI.unpack"),
    ),
    Injection("attributes, whole", (_ATTRIBUTES + "AttributeCollection.unpack", _ATTRIBUTES + "Attributes.unpack")),
    Injection("attributes, one by one", (_ATTRIBUTES + "AttributeCollection.parse", _ATTRIBUTES + "Attributes.parse")),
    Injection("attributes, added", (_ATTRIBUTES + "AttributeCollection.add", _ATTRIBUTES + "Attributes.add")),
    Injection("attribute, by type", (_ATTRIBUTES + "Attribute.unpack",)),
    Injection("attribute flags", (_ATTRIBUTES + "Attribute.registered",)),
    Injection("ORIGIN", (_ATTRIBUTES + "origin.Origin.unpack_attribute", _ATTRIBUTES + "origin.Origin.unpack")),
    Injection("AS_PATH", (_ATTRIBUTES + "aspath.ASPath.unpack_attribute", _ATTRIBUTES + "aspath.ASPath.unpack")),
    Injection(
        "AS_PATH segments",
        (_ATTRIBUTES + "aspath.ASPath._unpack_segments_static", _ATTRIBUTES + "aspath.ASPath._new_aspaths"),
    ),
    Injection("AS_PATH as text", (_ATTRIBUTES + "aspath.ASPath.string",)),
    Injection("NEXT_HOP", (_ATTRIBUTES + "nexthop.NextHop.unpack_attribute", _ATTRIBUTES + "nexthop.NextHop.unpack")),
    Injection("MULTI_EXIT_DISC", (_ATTRIBUTES + "med.MED.unpack_attribute", _ATTRIBUTES + "med.MED.unpack")),
    Injection(
        "LOCAL_PREF",
        (_ATTRIBUTES + "localpref.LocalPreference.unpack_attribute", _ATTRIBUTES + "localpref.LocalPreference.unpack"),
    ),
    Injection(
        "ATOMIC_AGGREGATE",
        (
            _ATTRIBUTES + "atomicaggregate.AtomicAggregate.unpack_attribute",
            _ATTRIBUTES + "atomicaggregate.AtomicAggregate.unpack",
        ),
    ),
    Injection(
        "AGGREGATOR",
        (_ATTRIBUTES + "aggregator.Aggregator.unpack_attribute", _ATTRIBUTES + "aggregator.Aggregator.unpack"),
    ),
    Injection(
        "communities",
        (
            _COMMUNITY + "initial.communities.Communities.unpack_attribute",
            _COMMUNITY + "initial.communities.Communities.unpack",
        ),
    ),
    Injection("community", (_COMMUNITY + "initial.community.Community.__init__",)),
    Injection(
        "large communities",
        (
            _COMMUNITY + "large.communities.LargeCommunities.unpack_attribute",
            _COMMUNITY + "large.communities.LargeCommunities.unpack",
        ),
    ),
    Injection(
        "extended communities",
        (
            _COMMUNITY + "extended.communities.ExtendedCommunities.unpack_attribute",
            _COMMUNITY + "extended.communities.ExtendedCommunities.unpack",
        ),
    ),
    Injection("IP address as text", ("exabgp.protocol.ip.IP.ntop",)),
    Injection("numbers with names", ("exabgp.protocol.resource.Resource.__new__",)),
    Injection("protocol reads a message", ("exabgp.reactor.protocol.Protocol.read_message",)),
    Injection("connection reads a message, header checks", (_NETWORK + "reader_async", _NETWORK + "reader")),
    Injection("connection reads octets", (_NETWORK + "_reader_async", _NETWORK + "_reader")),
    Injection("log call that logs nothing", ("exabgp.logger._log.debug", "exabgp.logger.Logger.debug")),
    Injection("API command put in the queue", ("exabgp.reactor.asynchronous.ASYNC.schedule",)),
    Injection(
        "API command run from the queue",
        ("exabgp.reactor.asynchronous.ASYNC._run_async", "exabgp.reactor.asynchronous.ASYNC.run"),
    ),
    Injection("route kept in the Adj-RIB-In", ("exabgp.rib.cache.Cache.update_cache",)),
    Injection("route put in the Adj-RIB-Out", ("exabgp.rib.outgoing.OutgoingRIB.add_to_rib",)),
    Injection("UPDATEs made of the Adj-RIB-Out", ("exabgp.rib.outgoing.OutgoingRIB.updates",)),
    # Found hot by tracing.
    Injection(
        "KEEPALIVE made", ("exabgp.bgp.message.keepalive.KeepAlive.__init__", "exabgp.bgp.message.Message.__init__")
    ),
    Injection("log level looked up", ("exabgp.logger.option.option.log_enabled", "exabgp.logger.Logger._report")),
    Injection("connection waits for octets", (_NETWORK + "reading",)),
    Injection("attribute class lookup", (_ATTRIBUTES + "Attribute.klass",)),
    Injection("large communities compared", (_COMMUNITY + "large.community.LargeCommunity.__eq__",)),
    Injection("AFI looked up", ("exabgp.protocol.family.AFI.from_int", "exabgp.protocol.family.AFI.create")),
    Injection("family of an NLRI", ("exabgp.protocol.family.Family.__init__",)),
    Injection("unicast NLRI made", (_NLRI + "inet.INETBase.from_cidr", _NLRI + "inet.INET.__init__")),
    Injection("NLRI index", (_NLRI + "inet.INETBase.index", _NLRI + "inet.INET.index")),
    Injection(
        "attributes as text",
        (_ATTRIBUTES + "AttributeCollection._generate_text", _ATTRIBUTES + "Attributes._generate_text"),
    ),
    Injection(
        "attributes encoded", (_ATTRIBUTES + "AttributeCollection.pack_attribute", _ATTRIBUTES + "Attributes.pack")
    ),
    Injection("attribute header encoded", (_ATTRIBUTES + "Attribute._attribute",)),
    Injection(
        "UPDATE encoded",
        ("exabgp.bgp.message.update.UpdateCollection.messages", "exabgp.bgp.message.update.Update.messages"),
    ),
    Injection(
        "Adj-RIB-Out updated", ("exabgp.rib.outgoing.OutgoingRIB._update_rib", "exabgp.rib.cache.Cache.in_cache")
    ),
    Injection("line written for an API process", ("exabgp.reactor.api.processes.Processes.write",)),
    Injection("lines flushed to an API process", ("exabgp.reactor.api.processes.Processes.flush_write_queue",)),
    Injection("main loop of a peer", ("exabgp.reactor.peer.Peer._main",)),
    Injection("log message made later", ("exabgp.logger.format.lazymsg", "exabgp.logger.LazyFormat.__init__")),
    Injection("log octets formatted later", ("exabgp.logger.format.lazyformat",)),
    Injection("log call passed on", ("exabgp.logger.log.logger",)),
    Injection(
        "attribute class by number", (_ATTRIBUTES + "Attribute.klass_by_id", _ATTRIBUTES + "Attribute._registry_key")
    ),
    Injection("single attribute", (_ATTRIBUTES + "Attributes._parse_one",)),
    Injection("communities sorted", (_COMMUNITY + "initial.community.Community.__lt__",)),
    Injection("large communities sorted", (_COMMUNITY + "large.community.LargeCommunity.__lt__",)),
    Injection("extended communities sorted", (_COMMUNITY + "extended.community.ExtendedCommunityBase.__lt__",)),
    Injection("community as text", (_COMMUNITY + "initial.community.Community._get_string",)),
    Injection("attributes index", (_ATTRIBUTES + "Attributes.index",)),
    Injection("route index", ("exabgp.rib.change.Change.index",)),
    Injection(
        "UPDATE encoded, NLRI of IPv4",
        ("exabgp.bgp.message.update.Update._native_messages", _NLRI + "cidr.CIDR.pack_nlri"),
    ),
    Injection("UPDATE encoded, split", ("exabgp.bgp.message.update.Update._split_nlris",)),
    Injection("prefix of IPv4 octets", (_NLRI + "cidr.CIDR.from_ipv4",)),
    Injection("prefix size", (_NLRI + "cidr.CIDR.size",)),
    Injection("SAFI looked up", ("exabgp.protocol.family.SAFI.from_int", "exabgp.protocol.family.SAFI.create")),
    Injection("route withdrawn from the Adj-RIB-Out", ("exabgp.rib.outgoing.OutgoingRIB._del_from_rib_impl",)),
    Injection("connection named", (_NETWORK + "session",)),
    Injection("API command, coroutine or not", ("exabgp.reactor.asynchronous.ASYNC._is_coroutine",)),
    Injection("octet as number", ("exabgp.util.ordinal",)),
    Injection("number as octet", ("exabgp.util.character",)),
    Injection("AS number encoded", ("exabgp.bgp.message.open.asn.ASN.pack",)),
    Injection("AS number as text", ("exabgp.bgp.message.open.asn.ASN.__str__",)),
    Injection("AS_PATH shown", (_ATTRIBUTES + "aspath.ASPath.__repr__",)),
    Injection("AS_PATH segment encoded", (_ATTRIBUTES + "aspath.ASPath._segment",)),
    Injection("communities as text", (_COMMUNITY + "initial.communities.Communities.__repr__",)),
    Injection("communities listed", (_COMMUNITY + "initial.communities.Communities.communities",)),
    Injection("large communities of octets", (_COMMUNITY + "large.communities.LargeCommunities.from_packet",)),
    Injection("family asked for", ("exabgp.protocol.family.Family.family",)),
    Injection("address of a prefix as text", (_NLRI + "cidr.CIDR.top",)),
    Injection("address and length of a prefix as text", (_NLRI + "cidr.CIDR.prefix",)),
    Injection("NLRI as text", (_NLRI + "inet.INETBase.extensive", _NLRI + "inet.INET.extensive")),
    Injection("NLRI packed", ("exabgp.bgp.message.update.Update._packed_nlris",)),
    Injection("octets joined", ("exabgp.util.concat_bytes",)),
    Injection("length of an IP address", ("exabgp.protocol.ip.IP.length",)),
    Injection("warning logged", ("exabgp.logger._log.warning", "exabgp.logger.Logger.warning")),
    Injection("API commands run in one turn", ("exabgp.reactor.asynchronous.ASYNC.run",)),
    Injection("standard community of octets", (_COMMUNITY + "initial.community.Community.unpack",)),
    Injection("route target community of two-octet AS", (_COMMUNITY + "extended.rt.RouteTargetASN2Number.unpack",)),
    Injection("route origin community of an address", (_COMMUNITY + "extended.origin.OriginASNIP.unpack",)),
    Injection("CLUSTER_LIST listed", (_ATTRIBUTES + "clusterlist.ClusterList.clusters",)),
]
