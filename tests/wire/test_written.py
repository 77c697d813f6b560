import pytest

from benchmarks.wire import AttributeCode
from benchmarks.wire.families import FAMILIES
from benchmarks.wire.families.written import attributes_of, octets_of, routes_in_update


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
