"""The import that is measured is the daemon's, and nothing but it, on the ExaBGP that this process imports."""

import sys
from pathlib import Path

import pytest

from benchmarks.exabgp_compat import fresh_import
from benchmarks.exabgp_compat.startup import what_the_daemon_imports
from benchmarks.startup import Import
from benchmarks.work import importing
from benchmarks.work.importing import Importing
from benchmarks.work.load_process import ChildError
from benchmarks.work.proof import WrongResultError

HERE = str(Path(fresh_import.__file__).parent)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of another package, to be imported in the place of ExaBGP's."""
    monkeypatch.setattr(importing, "what_the_daemon_imports", lambda: (str(tmp_path), ["imported"]))
    monkeypatch.setattr(importing, "_NEEDED", {"imported"})
    return tmp_path / "imported.py"


def counted() -> int:
    work = Importing()
    try:
        return work.count().measured
    finally:
        work.close()


def test_count_is_the_same_in_another_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    count = counted()
    assert count > 1_000_000
    monkeypatch.chdir(tmp_path)
    for name, value in {"LC_ALL": "C", "HOME": "/nowhere", "PYTHONPATH": HERE, "PYTHONHASHSEED": "7"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("exabgp.log.level", "DEBUG")
    assert counted() == count


def test_modules_are_those_that_this_process_has_imported_as_well() -> None:
    _, names = what_the_daemon_imports()
    work = Importing()
    work.prepare()
    work.run()
    found = work._found()["modules"]
    work.close()
    exabgp = [name for name in found if name.startswith("exabgp") and "six.moves" not in name]
    assert set(names) <= set(exabgp) <= set(sys.modules)
    assert not any(name.startswith(("benchmarks", "pytest", "vendored_six")) for name in found)
    assert work.modules == len(found)


def test_more_to_import_is_more(package: Path) -> None:
    package.write_text("numbers = []\n")
    count = counted()
    package.write_text("numbers = []\nfor number in range(100):\n    numbers.append(number)\n")
    assert 500 < counted() - count < 1000


def test_import_without_what_each_daemon_needs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = what_the_daemon_imports()
    monkeypatch.setattr(importing, "what_the_daemon_imports", lambda: (folder, ["exabgp.version"]))
    with pytest.raises(WrongResultError, match=r"is without exabgp\.bgp\.message\.update, exabgp"):
        Importing()


def test_what_an_import_raises_is_told(package: Path) -> None:
    package.write_text("raise RuntimeError('out of order')\n")
    with pytest.raises(ChildError, match="ended with status 1: RuntimeError: out of order"):
        Importing()


def test_where_nothing_can_be_kept_compiled_it_is_not_applicable(package: Path) -> None:
    package.write_text("")
    # No folder can be made where a file is.
    (package.parent / "__pycache__").touch()
    with pytest.raises(NotImplementedError, match="can't keep what it compiles of imported"):
        Importing()


def test_memory_of_an_import_is_seen(package: Path) -> None:
    package.write_text("octets = bytes(range(256)) * 200_000\n")
    Import.track_resident.setup()
    assert Import().track_resident() > 50_000_000
