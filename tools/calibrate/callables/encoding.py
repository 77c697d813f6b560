"""What ExaBGP executes to tell API processes of messages, in JSON and as text."""

from tools.calibrate.callables.injection import Injection

_ATTRIBUTES = "exabgp.bgp.message.update.attribute."
_CAPABILITY = "exabgp.bgp.message.open.capability."
_COMMUNITY = _ATTRIBUTES + "community."
_FAMILY = "exabgp.protocol.family."
_JSON = "exabgp.reactor.api.response.json.JSON."
_NLRI = "exabgp.bgp.message.update.nlri."
_PROCESSES = "exabgp.reactor.api.processes.Processes."
_TEXT = "exabgp.reactor.api.response.text.Text."
# What writes text since 2025-12.
_V4_TEXT = "exabgp.reactor.api.response.v4.text.V4Text."

ENCODING = [
    Injection("message told to API processes", (_PROCESSES + "message",)),
    Injection("API processes that want a message", (_PROCESSES + "_notify",)),
    *(
        Injection(f"{message} told to an API process", (_PROCESSES + name,))
        for message, name in (
            ("OPEN", "_open"),
            ("UPDATE", "_update"),
            ("NOTIFICATION", "_notification"),
            ("KEEPALIVE", "_keepalive"),
            ("ROUTE-REFRESH", "_refresh"),
        )
    ),
    *(
        Injection(f"JSON of {what}", (_JSON + name,))
        for what, name in (
            ("any message: header", "_header"),
            ("any message: neighbour", "_neighbor"),
            ("any message: counter", "_counter"),
            ("names and values", "_kv"),
            ("names and JSON", "_json_kv"),
            ("a string", "_string"),
            ("the session", "_negotiated"),
            ("UPDATE", "update"),
            ("UPDATE contents", "_update"),
            ("OPEN", "open"),
            ("NOTIFICATION", "notification"),
            ("KEEPALIVE", "keepalive"),
            ("ROUTE-REFRESH", "refresh"),
        )
    ),
    Injection("text of any message: header", (_V4_TEXT + "_header_body", _TEXT + "_header_body")),
    *(
        Injection(f"text of {message}", (_V4_TEXT + name, _TEXT + name))
        for message, name in (
            ("UPDATE", "update"),
            ("OPEN", "open"),
            ("NOTIFICATION", "notification"),
            ("KEEPALIVE", "keepalive"),
            ("ROUTE-REFRESH", "refresh"),
        )
    ),
    Injection("text on one line", ("exabgp.reactor.api.response.text.oneline", _TEXT + "oneline")),
    Injection("octets as hexadecimal text", ("exabgp.util.hexstring",)),
    Injection("text of a NOTIFICATION's data", ("exabgp.bgp.message.notification.Notification.data",)),
    Injection(
        "JSON of attributes",
        (
            _ATTRIBUTES + "collection.AttributeCollection._generate_json",
            _ATTRIBUTES + "attributes.Attributes._generate_json",
        ),
    ),
    Injection(
        "attributes shown",
        (_ATTRIBUTES + "collection.AttributeCollection.__repr__", _ATTRIBUTES + "attributes.Attributes.__repr__"),
    ),
    Injection("JSON of AS_PATH", (_ATTRIBUTES + "aspath.ASPath.json",)),
    Injection("JSON of communities", (_COMMUNITY + "initial.communities.Communities.json",)),
    Injection("JSON of an extended community", (_COMMUNITY + "extended.community.ExtendedCommunityBase.json",)),
    Injection(
        "number of an extended community",
        (
            _COMMUNITY + "extended.community.ExtendedCommunityBase._value",
            _COMMUNITY + "extended.community.ExtendedCommunityBase.json",
        ),
    ),
    Injection("route target shown", (_COMMUNITY + "extended.rt.RouteTargetASN2Number.__repr__",)),
    Injection("route origin shown", (_COMMUNITY + "extended.origin.OriginASNIP.__repr__",)),
    Injection("community shown", (_COMMUNITY + "initial.community.Community.__repr__",)),
    Injection("large community shown", (_COMMUNITY + "large.community.LargeCommunity.__repr__",)),
    Injection(
        "large community as text",
        (
            _COMMUNITY + "large.community.LargeCommunity._get_string",
            _COMMUNITY + "large.community.LargeCommunity.__repr__",
        ),
    ),
    Injection("large communities as text", (_COMMUNITY + "large.communities.LargeCommunities.__repr__",)),
    Injection("CLUSTER_LIST shown", (_ATTRIBUTES + "clusterlist.ClusterList.__repr__",)),
    Injection("attribute of an unknown type shown", (_ATTRIBUTES + "generic.GenericAttribute.__repr__",)),
    Injection(
        "JSON of a BGP-LS attribute",
        (_ATTRIBUTES + "bgpls.linkstate.jsonable", _ATTRIBUTES + "bgpls.linkstate.LinkState.json"),
    ),
    Injection("JSON of a unicast NLRI", (_NLRI + "inet.INETBase.json", _NLRI + "inet.INET.json")),
    Injection("JSON of a labelled NLRI", (_NLRI + "label.LabelBase._internal", _NLRI + "label.Label._internal")),
    Injection("JSON of a VPN NLRI", (_NLRI + "ipvpn.IPVPNBase._internal", _NLRI + "ipvpn.IPVPN._internal")),
    Injection("labelled NLRI as text", (_NLRI + "label.LabelBase.extensive", _NLRI + "label.Label.extensive")),
    Injection("prefix of a labelled NLRI as text", (_NLRI + "label.LabelBase.prefix", _NLRI + "label.Label.prefix")),
    Injection("VPN NLRI as text", (_NLRI + "ipvpn.IPVPNBase.extensive", _NLRI + "ipvpn.IPVPN.extensive")),
    Injection("JSON of labels", (_NLRI + "qualifier.labels.Labels.json",)),
    Injection("labels as text", (_NLRI + "qualifier.labels.Labels.__str__",)),
    Injection("route distinguisher as text", (_NLRI + "qualifier.rd.RouteDistinguisher._str",)),
    Injection("route distinguisher shown", (_NLRI + "qualifier.rd.RouteDistinguisher.__repr__",)),
    Injection("Ethernet segment identifier as text", (_NLRI + "qualifier.esi.ESI.__str__",)),
    Injection("JSON of FlowSpec", (_NLRI + "flow.Flow._json_members", _NLRI + "flow.Flow.json")),
    Injection("FlowSpec rules as text", (_NLRI + "flow.Flow._rules",)),
    Injection("FlowSpec number as text", (_NLRI + "flow.NumericString.short", _NLRI + "flow.NumericString.__str__")),
    Injection("octets of an EVPN NLRI as text", (_NLRI + "evpn.nlri.EVPN._raw",)),
    Injection("octets of a multicast VPN NLRI as text", (_NLRI + "mvpn.nlri.MVPN._raw",)),
    Injection("octets of a mobile NLRI as text", (_NLRI + "mup.nlri.MUP._raw",)),
    Injection("JSON of a mobile session", (_NLRI + "mup.t1st.Type1SessionTransformedRoute.json",)),
    Injection("JSON of a transformed mobile session", (_NLRI + "mup.t2st.Type2SessionTransformedRoute.json",)),
    Injection(
        "JSON of a route target", (_NLRI + "rtc.RTCBase.json", _NLRI + "rtc.RTC.json", _NLRI + "rtc.RTC.__str__")
    ),
    Injection("path identifier as text", (_NLRI + "qualifier.path.PathInfo.__repr__",)),
    Injection("VPLS as text", (_NLRI + "vpls.VPLSBase.extensive", _NLRI + "vpls.VPLS.extensive")),
    Injection("JSON of a BGP-LS link", (_NLRI + "bgpls.link.LINK.json",)),
    Injection("JSON of a BGP-LS node", (_NLRI + "bgpls.tlvs.node.NodeDescriptor.json",)),
    Injection("End-of-RIB as text", ("exabgp.bgp.message.update.eor.EOR.NLRI.extensive",)),
    Injection("text joined", ("exabgp.util.concat_strs",)),
    Injection("bits of a number", ("exabgp.protocol.resource.BitResource.bits",)),
    Injection("numbers by name", ("exabgp.protocol.resource.BitResource.named_bits",)),
    Injection("capabilities as text", (_CAPABILITY + "capabilities.Capabilities.__str__",)),
    Injection("families of a capability as text", (_CAPABILITY + "mp.MultiProtocol.__str__",)),
    Injection("JSON of the families of a capability", (_CAPABILITY + "mp.MultiProtocol.json",)),
    Injection("AFI as text", (_FAMILY + "_AFI.name", _FAMILY + "AFI.name")),
    Injection("SAFI as text", (_FAMILY + "_SAFI.name", _FAMILY + "SAFI.name")),
    Injection("address as text", ("exabgp.protocol.ip.IP.__str__", "exabgp.protocol.ip.IP.__repr__")),
    Injection("address range as text", ("exabgp.protocol.ip.IPRange.__repr__",)),
    Injection("address is IPv4", ("exabgp.protocol.ip.IP.ipv4",)),
    Injection("NEXT_HOP as text", (_ATTRIBUTES + "nexthop.NextHop.__repr__",)),
    Injection("JSON of a prefix, inner part", (_NLRI + "inet.INET._internal",)),
    Injection("FlowSpec as text", (_NLRI + "flow.Flow.extensive",)),
    Injection("FlowSpec, its route distinguisher", (_NLRI + "flow.Flow.rd",)),
    Injection("FlowSpec rules", (_NLRI + "flow.Flow.rules",)),
    Injection("JSON of a BGP-LS IPv4 prefix", (_NLRI + "bgpls.prefixv4.PREFIXv4.json",)),
    Injection("JSON of a BGP-LS IPv6 prefix", (_NLRI + "bgpls.prefixv6.PREFIXv6.json",)),
    Injection("JSON of a BGP-LS node NLRI", (_NLRI + "bgpls.node.NODE.json",)),
    Injection("JSON of a BGP-LS TLV", (_ATTRIBUTES + "bgpls.linkstate.BaseLS.json",)),
    Injection("JSON of the BGP-LS attribute", (_ATTRIBUTES + "bgpls.linkstate.LinkState.json",)),
    Injection("JSON of a multicast VPN shared join", (_NLRI + "mvpn.sharedjoin.SharedJoin.json",)),
    Injection("JSON of a multicast VPN source", (_NLRI + "mvpn.sourcead.SourceAD.json",)),
    Injection("JSON of a mobile segment", (_NLRI + "mup.isd.InterworkSegmentDiscoveryRoute.json",)),
    Injection("JSON of a direct mobile segment", (_NLRI + "mup.dsd.DirectSegmentDiscoveryRoute.json",)),
    Injection("ROUTE-REFRESH subtype as text", ("exabgp.bgp.message.refresh.Reserved.__str__",)),
    Injection("labels of a labelled NLRI", (_NLRI + "label.LabelBase.labels",)),
    Injection("router ID of an OPEN", ("exabgp.bgp.message.open.Open.router_id",)),
    Injection("JSON of a multicast VPN source join", (_NLRI + "mvpn.sourcejoin.SourceJoin.json",)),
]
