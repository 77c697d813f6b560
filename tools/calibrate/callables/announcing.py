"""What ExaBGP executes to announce routes: from the handler of a command to the octets of UPDATEs."""

from tools.calibrate.callables.injection import Injection

_ATTRIBUTES = "exabgp.bgp.message.update.attribute."
_CONFIGURATION = "exabgp.configuration.configuration._Configuration."
_NLRI = "exabgp.bgp.message.update.nlri."
_RIB = "exabgp.rib."
_UPDATE = "exabgp.bgp.message.update."

ANNOUNCING = [
    Injection("route announced to neighbours", (_CONFIGURATION + "announce_route", _CONFIGURATION + "inject_change")),
    Injection("route withdrawn from neighbours", (_CONFIGURATION + "withdraw_route", _CONFIGURATION + "inject_change")),
    Injection(
        "next hop resolved",
        (
            "exabgp.bgp.neighbor.neighbor.Neighbor.resolve_self",
            "exabgp.bgp.neighbor.Neighbor.remove_self",
            "exabgp.bgp.neighbor.Neighbor.ip_self",
        ),
    ),
    Injection("route looked up among those announced", (_RIB + "cache.Cache.in_cache",)),
    Injection(
        "withdrawal put in the Adj-RIB-Out",
        (_RIB + "outgoing.OutgoingRIB.del_from_rib", _RIB + "outgoing.OutgoingRIB.add_to_rib"),
    ),
    Injection(
        "withdrawal kept in the Adj-RIB",
        (_RIB + "cache.Cache.update_cache_withdraw", _RIB + "cache.Cache.update_cache"),
    ),
    Injection("End-of-RIB announced to neighbours", (_CONFIGURATION + "inject_eor",)),
    Injection("ROUTE-REFRESH sent to neighbours", (_CONFIGURATION + "inject_refresh",)),
    Injection("routes sent again", (_RIB + "outgoing.OutgoingRIB.resend",)),
    Injection("Adj-RIB-Out withdrawn", (_RIB + "outgoing.OutgoingRIB.withdraw",)),
    Injection(
        "MP_REACH_NLRI encoded",
        (
            _NLRI + "collection.MPNLRICollection.packed_reach_attributes",
            _UPDATE + "Update._mp_messages",
            _ATTRIBUTES + "mprnlri.MPRNLRI.packed_attributes",
        ),
    ),
    Injection(
        "MP_UNREACH_NLRI encoded",
        (
            _NLRI + "collection.MPNLRICollection.packed_unreach_attributes",
            _ATTRIBUTES + "mpurnlri.MPURNLRI.packed_attributes",
        ),
    ),
    Injection("unicast NLRI encoded", (_NLRI + "inet.INETBase.pack_nlri", _NLRI + "inet.INET.pack_nlri")),
    Injection("labelled NLRI encoded", (_NLRI + "label.LabelBase.pack_nlri", _NLRI + "label.Label.pack")),
    Injection("VPN NLRI encoded", (_NLRI + "ipvpn.IPVPNBase.pack_nlri", _NLRI + "ipvpn.IPVPN.pack")),
    Injection("VPN NLRI index", (_NLRI + "ipvpn.IPVPNBase.index", _NLRI + "ipvpn.IPVPN.index")),
    Injection("labelled NLRI index", (_NLRI + "label.LabelBase.index", _NLRI + "label.Label.index")),
    Injection("prefix of a VPN NLRI", (_NLRI + "ipvpn.IPVPNBase.cidr",)),
    Injection("prefix of a labelled NLRI", (_NLRI + "label.LabelBase.cidr",)),
    Injection("FlowSpec encoded", (_NLRI + "flow.Flow.pack_nlri",)),
    Injection("FlowSpec rules encoded", (_NLRI + "flow.Flow._pack_from_rules", _NLRI + "flow.Flow.pack_nlri")),
    Injection(
        "AS_PATH encoded",
        (_ATTRIBUTES + "aspath.ASPath.pack_attribute", _ATTRIBUTES + "aspath.ASPath.pack"),
    ),
    Injection("NLRI index, with its family", (_NLRI + "nlri.NLRI._index",)),
    Injection(
        "index of a family", ("exabgp.protocol.family.Family.index", "exabgp.bgp.message.update.nlri.nlri.NLRI.index")
    ),
    Injection("SAFI of a family", ("exabgp.protocol.family.Family.safi",)),
    Injection("attributes index, made", (_ATTRIBUTES + "collection.AttributeCollection.index",)),
    Injection("routes waiting", ("exabgp.rib.outgoing.OutgoingRIB.pending",)),
]
