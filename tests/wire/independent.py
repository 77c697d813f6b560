"""What other people's decoders read in our octets, in the terms of `benchmarks.wire`."""

from io import BytesIO
from ipaddress import IPv4Address

import mrtparse
from scapy.config import conf

from benchmarks.wire import AttributeCode, Message, Nlri, Session, UpdateTruth
from tests.wire import mrt_writer

conf.logLevel = 40
from scapy.contrib import bgp as scapy_bgp  # noqa: E402  (scapy warns while it is imported)

ATTRIBUTES_OF_ROUTES = (AttributeCode.MP_REACH_NLRI, AttributeCode.MP_UNREACH_NLRI)


def by_mrtparse(message: Message, session: Session) -> UpdateTruth:
    """An UPDATE as mrtparse reads it. ADD-PATH must be negotiated for all families or none."""
    subtype = {
        (True, False): mrt_writer.MESSAGE_AS4,
        (False, False): mrt_writer.MESSAGE,
        (True, True): mrt_writer.MESSAGE_AS4_ADDPATH,
        (False, True): mrt_writer.MESSAGE_ADDPATH,
    }[session.asn4, bool(session.addpath)]
    (entry,) = list(mrtparse.Reader(BytesIO(mrt_writer.record(message.wire, subtype))))
    assert not entry.err, entry.err_msg
    data = entry.data["bgp_message"]
    assert data["length"] == len(message.wire)
    attributes = {key(a["type"]): a for a in data["path_attributes"]}
    assert len(attributes) == len(data["path_attributes"])
    reach, unreach = (attributes.pop(code, None) for code in ATTRIBUTES_OF_ROUTES)

    announced = [(nlri(1, route), attributes[3]["value"]) for route in data["nlri"]]
    if reach:
        announced += [(nlri(2, route), reach["value"]["next_hop"][0]) for route in reach["value"]["nlri"]]
    withdrawn = [nlri(1, route) for route in data["withdrawn_routes"]]
    if unreach:
        withdrawn += [nlri(2, route) for route in unreach["value"]["withdrawn_routes"]]
    values = {code: value(code, a["value"]) for code, a in attributes.items()}
    return UpdateTruth(tuple(announced), tuple(withdrawn), values)


def key(named: dict[int, str]) -> int:
    (number,) = named
    return number


def nlri(afi: int, route: dict[str, object]) -> Nlri:
    return Nlri(afi, 1, f"{route['prefix']}/{route['length']}", route.get("path_id"))


def value(code: int, v: object) -> object:
    if code == AttributeCode.ORIGIN:
        return key(v)
    if code in (AttributeCode.AS_PATH, AttributeCode.AS4_PATH):
        return tuple((key(segment["type"]), tuple(map(int, segment["value"]))) for segment in v)
    if code == AttributeCode.ATOMIC_AGGREGATE:
        assert v == ""
        return True
    if code in (AttributeCode.AGGREGATOR, AttributeCode.AS4_AGGREGATOR):
        return int(v["as"]), v["id"]
    if code == AttributeCode.COMMUNITIES:
        return tuple((int(a) << 16) + int(b) for a, b in (item.split(":") for item in v))
    if code == AttributeCode.LARGE_COMMUNITIES:
        return tuple(tuple(map(int, item.split(":"))) for item in v)
    if code == AttributeCode.EXTENDED_COMMUNITIES:
        return tuple(item.to_bytes(8) for item in v)
    if code == AttributeCode.AIGP:
        tlvs = ((tlv["type"], tlv["length"], tlv["value"]) for tlv in v)
        return b"".join(bytes([kind]) + size.to_bytes(2) + number.to_bytes(size - 3) for kind, size, number in tlvs)
    if code == AttributeCode.CLUSTER_LIST:
        return tuple(v)
    if code in (
        AttributeCode.NEXT_HOP,
        AttributeCode.MULTI_EXIT_DISC,
        AttributeCode.LOCAL_PREF,
        AttributeCode.ORIGINATOR_ID,
    ):
        return v
    return bytes.fromhex(v)


def scapy_message(message: Message, *, asn4: bool = True) -> object:
    """The message as scapy reads it, from the octets on the wire."""
    scapy_bgp.bgp_module_conf.use_2_bytes_asn = not asn4
    packet = scapy_bgp.BGPHeader(message.wire)
    assert packet.len == len(message.wire)
    assert packet.marker == (1 << 128) - 1
    return packet


def by_scapy(message: Message, session: Session) -> tuple[list[str], list[str], dict[int, object]]:
    """Announced and withdrawn prefixes, and the attributes that scapy reads right, of an UPDATE.

    Without ADD-PATH and default routes. Communities and AGGREGATOR it reads in part, or not at all.
    """
    packet = scapy_message(message, asn4=session.asn4)
    announced = [route.prefix for route in packet.nlri]
    withdrawn = [route.prefix for route in packet.withdrawn_routes]
    attributes = {}
    for a in packet.path_attr:
        v = a.attribute
        match a.type_code:
            case AttributeCode.ORIGIN:
                attributes[a.type_code] = v.origin
            case AttributeCode.AS_PATH:
                attributes[a.type_code] = tuple((s.segment_type, tuple(s.segment_value)) for s in v.segments)
            case AttributeCode.NEXT_HOP:
                attributes[a.type_code] = v.next_hop
            case AttributeCode.MULTI_EXIT_DISC:
                attributes[a.type_code] = v.med
            case AttributeCode.LOCAL_PREF:
                attributes[a.type_code] = v.local_pref
            case AttributeCode.ORIGINATOR_ID:
                attributes[a.type_code] = v.originator_id
            case AttributeCode.CLUSTER_LIST:
                attributes[a.type_code] = tuple(str(IPv4Address(item)) for item in v.cluster_list)
            case AttributeCode.MP_REACH_NLRI:
                announced += [route.prefix for route in v.nlri]
            case AttributeCode.MP_UNREACH_NLRI:
                withdrawn += [route.prefix for route in v.afi_safi_specific.withdrawn_routes]
    return announced, withdrawn, attributes
