"""What asv knows about this machine, and where that is kept."""

from pathlib import Path

import pytest
from asv.machine import MachineCollection

from tools.configuration import this_machine
from tools.errors import ToolError


@pytest.mark.parametrize("content", [b"", b'{"version": 1', b"[]", b'{"version": 1}', b"\xff\xfe"])
def test_a_damaged_file_of_machines_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    machines = tmp_path / ".asv" / "machines.json"
    monkeypatch.setattr(MachineCollection, "get_machine_file_path", _in_home)
    first = this_machine()
    made = machines.read_text()
    monkeypatch.setattr(MachineCollection, "get_machine_file_path", _in_home)
    machines.write_bytes(content)
    assert this_machine() == first
    assert machines.read_text() == made


def _in_home() -> str:
    return str(Path("~/.asv-machine.json").expanduser())


def test_a_damaged_file_of_machines_in_the_home_directory_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(MachineCollection, "get_machine_file_path", _in_home)
    (tmp_path / ".asv-machine.json").write_text('{"version": 1')
    with pytest.raises(ToolError, match=r"asv machine --yes"):
        this_machine()
