"""FlowSpec rules, as tshark reads them."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks.wire import (
    HEADER_SIZE,
    AttributeCode,
    MalformedMessage,
    Session,
    path_attributes,
)
from benchmarks.wire.families.flow_rule import flow_command, flow_update

PREFIX = "198.51.100.0/24"


@pytest.fixture
def tshark(tmp_path: Path) -> Any:
    """What tshark makes of a message: its tree of fields."""
    if not (shutil.which("tshark") and shutil.which("text2pcap")):
        pytest.skip("there is no tshark")

    def read(message: bytes) -> Any:
        text, capture = tmp_path / "message.txt", tmp_path / "message.pcap"
        text.write_text(f"000000 {message.hex(' ')}\n")
        subprocess.run(["text2pcap", "-q", "-T", "50000,179", text, capture], check=True, capture_output=True)
        command = ["tshark", "-r", capture, "-T", "json", "--no-duplicate-keys"]
        (packet,) = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        return packet["_source"]["layers"]["bgp"]

    return read


def fields(tree: Any) -> dict[str, Any]:
    """The fields in a tree, by name, wherever they are."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        found[name] = value
        for branch in value if isinstance(value, list) else [value]:
            if isinstance(branch, dict):
                found |= fields(branch)
    return found


def test_rule_is_what_tshark_reads(tshark: Any) -> None:
    found = fields(tshark(flow_update(Session(), PREFIX)))
    assert (found["bgp.type"], found["bgp.length"]) == ("2", "61")
    assert (
        found["bgp.update.path_attribute.mp_reach_nlri.afi"],
        found["bgp.update.path_attribute.mp_reach_nlri.safi"],
    ) == (
        "1",
        "133",
    )
    said = json.dumps(found)
    assert "198.51.100.0/24" in said
    assert "65000" in said
    assert found["bgp.ext_com_flow.rate_limit"] == "0"
    assert "malformed" not in said.lower()


def test_values_of_attributes_are_read_whatever_the_family() -> None:
    found = path_attributes(flow_update(Session(), PREFIX)[HEADER_SIZE:])
    assert {*found} == {AttributeCode.ORIGIN, AttributeCode.AS_PATH, AttributeCode.MP_REACH_NLRI, 16}
    assert found[AttributeCode.MP_REACH_NLRI] == bytes.fromhex("0001 85 00 00 05 01 18 c63364")
    twice = bytes.fromhex("0000 0008 40010100 40010100")
    with pytest.raises(MalformedMessage, match="ORIGIN is there twice"):
        path_attributes(twice)


def test_command_names_the_prefix() -> None:
    assert flow_command(PREFIX) == f"announce flow route {{ match {{ destination {PREFIX}; }} then {{ discard; }} }}"
