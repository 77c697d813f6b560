"""What ExaBGP executes for families beside unicast, and for attributes that few routes have."""

from tools.calibrate.callables.injection import Injection

_ATTRIBUTES = "exabgp.bgp.message.update.attribute."
_COMMUNITY = _ATTRIBUTES + "community."
_NLRI = "exabgp.bgp.message.update.nlri."
_FLOW = _NLRI + "flow."
_MOBILE = _NLRI + "mup."
_SEGMENTS = _ATTRIBUTES + "tunnel_encap.sr_policy.segment_list."
_SR = _ATTRIBUTES + "sr."
_NODE = _NLRI + "bgpls.tlvs.node.NodeDescriptor."

FAMILIES = [
    Injection("NLRI of MP_REACH_NLRI", (_ATTRIBUTES + "mprnlri.MPRNLRI._parse_nexthop_and_nlris",)),
    Injection("NLRI of MP_UNREACH_NLRI", (_ATTRIBUTES + "mpurnlri.MPURNLRI.__iter__",)),
    Injection("prefix of IPv6 octets", (_NLRI + "cidr.CIDR.from_ipv6",)),
    Injection("prefix of a unicast NLRI", (_NLRI + "inet.INETBase.cidr",)),
    Injection("address of text", ("exabgp.protocol.ip.IP.init",)),
    Injection("labelled NLRI made", (_NLRI + "label.LabelBase.from_cidr", _NLRI + "label.Label.__init__")),
    Injection("labels found", (_NLRI + "label.LabelBase._label_end_offset",)),
    Injection(
        "labels made", (_NLRI + "qualifier.labels.Labels.make_labels", _NLRI + "qualifier.labels.Labels.__init__")
    ),
    Injection("labels listed", (_NLRI + "qualifier.labels.Labels.labels",)),
    Injection("labels listed, undecoded", (_NLRI + "qualifier.labels.Labels.raw_labels",)),
    Injection("VPN NLRI decode", (_NLRI + "ipvpn.IPVPNBase.unpack_nlri",)),
    Injection("EVPN decode", (_NLRI + "evpn.nlri.EVPN.unpack_nlri",)),
    Injection("multicast VPN decode", (_NLRI + "mvpn.nlri.MVPN.unpack_nlri",)),
    Injection("multicast VPN source and group", (_NLRI + "mvpn.nlri.check_source_and_group",)),
    Injection("mobile NLRI decode", (_MOBILE + "nlri.MUP.unpack_nlri",)),
    Injection(
        "mobile session decode",
        (
            _MOBILE + "t1st.Type1SessionTransformedRoute.unpack_nlri",
            _MOBILE + "t1st.Type1SessionTransformedRoute.unpack",
        ),
    ),
    Injection("mobile session, address length", (_MOBILE + "t1st.Type1SessionTransformedRoute.prefix_ip_len",)),
    Injection("mobile session, tunnel", (_MOBILE + "t1st.Type1SessionTransformedRoute._get_teid_qfi_offset",)),
    Injection("VPLS decode", (_NLRI + "vpls.VPLSBase.unpack_nlri", _NLRI + "vpls.VPLS.unpack_nlri")),
    Injection("route target decode", (_NLRI + "rtc.RTCBase.unpack_nlri", _NLRI + "rtc.RTC.unpack_nlri")),
    Injection("route target listed", (_NLRI + "rtc.RTCBase.rt",)),
    Injection("FlowSpec decode", (_FLOW + "Flow.unpack_nlri",)),
    Injection(
        "FlowSpec components",
        (_FLOW + "Flow._parse_rules", _FLOW + "Flow._unpack_components", _FLOW + "Flow.unpack_nlri"),
    ),
    Injection(
        "FlowSpec operations",
        (_FLOW + "Flow._parse_operations", _FLOW + "Flow._unpack_operations", _FLOW + "Flow.unpack_nlri"),
    ),
    Injection("FlowSpec component added", (_FLOW + "Flow.add",)),
    Injection("FlowSpec IPv6 prefix", (_FLOW + "IPrefix6.make",)),
    Injection(
        "BGP-LS link decode",
        (_NLRI + "bgpls.link.LINK._parse_tlvs", _NLRI + "bgpls.link.LINK.unpack_nlri"),
    ),
    Injection(
        "BGP-LS IPv4 prefix decode",
        (_NLRI + "bgpls.prefixv4.PREFIXv4._parse_tlvs", _NLRI + "bgpls.prefixv4.PREFIXv4.unpack_nlri"),
    ),
    Injection(
        "BGP-LS IPv6 prefix decode",
        (_NLRI + "bgpls.prefixv6.PREFIXv6._parse_tlvs", _NLRI + "bgpls.prefixv6.PREFIXv6.unpack_nlri"),
    ),
    Injection(
        "BGP-LS prefix length and octets",
        (_NLRI + "bgpls.tlvs.ipreach.IpReach.unpack_ipreachability", _NLRI + "bgpls.tlvs.ipreach.IpReach.unpack"),
    ),
    Injection("BGP-LS node decode", (_NODE + "unpack_node", _NODE + "unpack")),
    Injection("BGP-LS node descriptors", (_NODE + "unpack_descriptors",)),
    Injection("BGP-LS node made", (_NODE + "__init__",)),
    Injection(
        "BGP-LS attribute decode",
        (
            _ATTRIBUTES + "bgpls.linkstate.LinkState._parse_tlvs",
            _ATTRIBUTES + "bgpls.linkstate.LinkState.unpack",
            _ATTRIBUTES + "bgpls.linkstate.LINKSTATE.unpack",
        ),
    ),
    Injection(
        "BGP-LS flags decode",
        (
            _ATTRIBUTES + "bgpls.linkstate.FlagLS.unpack_flags",
            _ATTRIBUTES + "bgpls.linkstate.LsGenericFlags.unpack",
        ),
    ),
    Injection("SR policy segments", (_SEGMENTS + "_unpack_segment_subsubtlvs",)),
    Injection("AIGP decode", (_ATTRIBUTES + "aigp.AIGPBase.from_packet",)),
    Injection("PMSI_TUNNEL decode", (_ATTRIBUTES + "pmsi.PMSI.from_packet", _ATTRIBUTES + "pmsi.PMSI.unpack")),
    Injection("PMSI_TUNNEL text", (_ATTRIBUTES + "pmsi.PMSI.__repr__",)),
    Injection("prefix SID decode", (_SR + "prefixsid.PrefixSid.unpack_attribute", _SR + "prefixsid.PrefixSid.unpack")),
    Injection("prefix SID text", (_SR + "prefixsid.PrefixSid.__str__",)),
    Injection("blocks of labels listed", (_SR + "srgb.SrGb.srgbs", _SR + "srgb.SrGb.unpack")),
    Injection(
        "SRv6 service decode",
        (_SR + "srv6.l3service.Srv6L3Service.unpack_attribute", _SR + "srv6.l3service.Srv6L3Service.unpack"),
    ),
    Injection(
        "SRv6 SID decode",
        (
            _SR + "srv6.sidinformation.Srv6SidInformation.unpack_attribute",
            _SR + "srv6.sidinformation.Srv6SidInformation.unpack",
        ),
    ),
    Injection(
        "BGP-LS End.X SID decode",
        (
            _ATTRIBUTES + "bgpls.link.srv6endx.Srv6EndX._unpack_data",
            _ATTRIBUTES + "bgpls.link.srv6endx.Srv6EndX.unpack",
        ),
    ),
    Injection(
        "BGP-LS locator decode",
        (
            _ATTRIBUTES + "bgpls.link.srv6locator.Srv6Locator.unpack_bgpls",
            _ATTRIBUTES + "bgpls.link.srv6locator.Srv6Locator.unpack",
        ),
    ),
    Injection("BGP-LS locator text", (_ATTRIBUTES + "bgpls.link.srv6locator.Srv6Locator.__repr__",)),
    Injection(
        "SRv6 SID made octets",
        (
            _SR + "srv6.sidinformation.Srv6SidInformation.pack_tlv",
            _SR + "srv6.sidinformation.Srv6SidInformation.pack",
        ),
    ),
    Injection("BGP-LS link of octets", (_NLRI + "bgpls.link.LINK.unpack_bgpls_nlri",)),
    Injection("BGP-LS descriptors, one by one", (_NLRI + "bgpls.nlri.BGPLS.iter_tlvs",)),
    Injection("address of octets", ("exabgp.protocol.ip.IP.create_ip",)),
    Injection("family of a route", ("exabgp.protocol.family.Family.afi",)),
    Injection("multicast VPN index", (_NLRI + "mvpn.nlri.MVPN.index",)),
    Injection("SR policy segment encoded", (_SEGMENTS + "SegmentTypeA.pack",)),
    Injection("SR policy segments encoded", (_SEGMENTS + "SegmentListSubTLV.pack_value",)),
    Injection("mobile NLRI encoded", (_MOBILE + "nlri.MUP.pack_nlri",)),
    Injection("mobile session index", (_MOBILE + "t1st.Type1SessionTransformedRoute.index",)),
    Injection("SR policy NLRI encoded", (_NLRI + "sr_policy.SRPolicyNLRI.pack_nlri",)),
    Injection("SR policy NLRI index", (_NLRI + "sr_policy.SRPolicyNLRI.index",)),
    Injection("tunnel encapsulation encoded", (_ATTRIBUTES + "tunnel_encap.TunnelEncap.pack_attribute",)),
    Injection(
        "extended community decode",
        (
            _COMMUNITY + "extended.community.ExtendedCommunityBase.unpack_attribute",
            _COMMUNITY + "extended.community.ExtendedCommunityBase.unpack",
        ),
    ),
    Injection("extended communities listed", (_COMMUNITY + "extended.communities.ExtendedCommunities.communities",)),
    Injection("large communities listed", (_COMMUNITY + "large.communities.LargeCommunities.communities",)),
    Injection("large community made", (_COMMUNITY + "large.community.LargeCommunity.__init__",)),
    Injection("community added", (_COMMUNITY + "initial.communities.Communities.add",)),
    Injection("FlowSpec operation encoded", (_FLOW + "IOperation.pack",)),
    Injection("FlowSpec IPv6 pattern", (_FLOW + "_pattern_from_address",)),
    Injection("FlowSpec number", (_FLOW + "_number",)),
    Injection("class of an address", ("exabgp.protocol.ip.IP.klass",)),
    Injection("AFI of an address", ("exabgp.protocol.ip.IP.toafi",)),
    Injection("route target, its origin", (_NLRI + "rtc.RTCBase.origin",)),
    Injection("multicast VPN shared join decode", (_NLRI + "mvpn.sharedjoin.SharedJoin.unpack",)),
    Injection("multicast VPN source join decode", (_NLRI + "mvpn.sourcejoin.SourceJoin.unpack",)),
    Injection("mobile segment decode", (_MOBILE + "isd.InterworkSegmentDiscoveryRoute.unpack",)),
    Injection("mobile session, prefix", (_MOBILE + "t1st.Type1SessionTransformedRoute.prefix_ip",)),
    Injection(
        "mobile session by tunnel decode",
        (
            _MOBILE + "t2st.Type2SessionTransformedRoute.unpack_nlri",
            _MOBILE + "t2st.Type2SessionTransformedRoute.unpack",
        ),
    ),
    Injection("BGP-LS node listed", (_NLRI + "bgpls.node.NODE.node_ids",)),
    Injection("structure of an SRv6 SID encoded", (_SR + "srv6.sidstructure.Srv6SidStructure.pack",)),
    Injection("tunnel encapsulation TLVs", (_ATTRIBUTES + "tunnel_encap.tlv.SubTLV.unpack_subtlvs",)),
    Injection("segment by a label", (_SEGMENTS + "SegmentTypeA.unpack",)),
]
