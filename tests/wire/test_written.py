import pytest

from benchmarks.wire import AttributeCode
from benchmarks.wire.families import FAMILIES
from benchmarks.wire.families.written import attributes_of, comparable, octets_of, routes_in_update


@pytest.mark.parametrize("name", [name for name, family in FAMILIES.items() if not family.distinguished])
def test_routes_and_attributes_are_read_as_they_were_put_in(name):
    family = FAMILIES[name]
    for index, message in enumerate(family.updates(3)):
        found = attributes_of(message.wire)
        code = AttributeCode.MP_UNREACH_NLRI if family.withdrawn else AttributeCode.MP_REACH_NLRI
        if family.withdrawn:
            assert found.keys() == {code}
            continue
        routes = routes_in_update(found[code])
        octets = b"".join(route.octets for route in message.truth.announced)
        assert routes == (family.family, family.next_hop or "", octets)
        assert octets_of(family.attributes(index)).items() <= found.items()


def test_the_bottom_of_a_stack_of_segments_says_nothing_and_their_labels_do():
    code = AttributeCode.TUNNEL_ENCAPSULATION
    (message,) = FAMILIES["IPv4 SR policies"].updates(1)
    attributes = attributes_of(message.wire)
    last = (16002 << 12).to_bytes(4)
    assert attributes[code].endswith(last)

    def ending_with(octets: bytes) -> dict[int, bytes]:
        return comparable({**attributes, code: attributes[code].removesuffix(last) + octets})

    assert ending_with((16002 << 12 | 1 << 8).to_bytes(4)) == comparable(attributes) == attributes
    for other in (16003 << 12, 16002 << 12 | 1, 16002 << 12 | 1 << 9):
        assert ending_with(other.to_bytes(4)) != attributes
