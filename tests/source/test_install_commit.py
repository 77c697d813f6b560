import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.paths import ROOT
from tools.source.install_commit import check_import, install


def checkout(folder: Path, tree: str, **modules: str) -> Path:
    """Write a checkout whose package has these modules; ``value`` tells commits apart."""
    package = folder / tree
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for name, text in modules.items():
        (package / f"{name}.py").write_text(text)
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    return folder


def value(site: Path, **variables: str) -> str:
    """What a fresh process reads from the installed exabgp.module."""
    return subprocess.run(
        [sys.executable, "-c", "import exabgp.module; print(exabgp.module.value)"],
        env=os.environ | {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": ""} | variables,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


@pytest.mark.parametrize("tree", ["src/exabgp", "lib/exabgp", "exabgp"])
def test_tree_of_every_era_is_installed_whole(tmp_path: Path, site: Path, tree: str) -> None:
    commit = checkout(tmp_path / "commit", tree, module="value = 1")
    (commit / tree / "protocol").mkdir()
    (commit / tree / "protocol" / "port_data.json").write_text("{}")
    installed = install(commit, site)
    assert installed == site / "exabgp"
    assert (installed / "protocol" / "port_data.json").read_text() == "{}"
    assert value(site) == "1"


def test_src_is_preferred_to_lib(tmp_path: Path, site: Path) -> None:
    commit = checkout(tmp_path / "commit", "lib/exabgp", module="value = 'lib'")
    checkout(commit, "src/exabgp", module="value = 'src'")
    install(commit, site)
    assert value(site) == "src"


def test_earlier_tree_is_replaced(tmp_path: Path, site: Path) -> None:
    install(checkout(tmp_path / "one", "src/exabgp", module="value = 1", gone="", same="x = 1"), site)
    install(checkout(tmp_path / "two", "lib/exabgp", module="value = 2", same="x = 1"), site)
    assert value(site) == "2"
    names = {path.name for path in (site / "exabgp").iterdir()}
    assert names == {"__init__.py", "module.py", "same.py", "__pycache__"}
    assert not [path for path in (site / "exabgp" / "__pycache__").iterdir() if path.name.startswith("gone")]
    assert [path.name for path in site.iterdir()] == ["exabgp"]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_bytecode_of_another_commit_is_never_used(
    tmp_path: Path, site: Path, elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sources of one size and one time, the pair that a .pyc can't tell apart."""
    variables = {"PYTHONPYCACHEPREFIX": str(tmp_path / "pycache")} if elsewhere else {}
    if elsewhere:
        monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "pycache"))
    before = checkout(tmp_path / "one", "src/exabgp", module="value = 1")
    after = checkout(tmp_path / "two", "src/exabgp", module="value = 2")
    installed = install(before, site)
    os.utime(installed / "module.py", (10**9, 10**9))
    assert value(site, **variables) == "1"  # compiled for that time
    copy = shutil.copyfile

    def copy_as_old(source: str, target: str) -> None:
        copy(source, target)
        os.utime(target, (10**9, 10**9))

    monkeypatch.setattr(shutil, "copyfile", copy_as_old)
    install(after, site)
    assert (installed / "module.py").stat().st_mtime == 10**9
    assert value(site, **variables) == "2"


def test_every_module_is_compiled_on_the_first_and_on_later_commits(tmp_path: Path, site: Path) -> None:
    install(checkout(tmp_path / "one", "src/exabgp", same="x = 1", other="x = 1"), site)
    installed = install(checkout(tmp_path / "two", "src/exabgp", same="x = 1", other="x = 2"), site)
    compiled = {path.name.partition(".")[0] for path in (installed / "__pycache__").iterdir()}
    assert compiled == {"__init__", "same", "other"}


def test_commit_with_a_syntax_error_installs(tmp_path: Path, site: Path) -> None:
    commit = checkout(tmp_path / "commit", "src/exabgp", module="value = 1", broken="def async(:\n", nul="\0")
    installed = install(commit, site)
    assert (installed / "broken.py").read_text() == "def async(:\n"
    assert value(site) == "1"


def test_committed_bytecode_is_left_behind(tmp_path: Path, site: Path) -> None:
    commit = checkout(tmp_path / "commit", "src/exabgp", module="value = 1")
    (commit / "src" / "exabgp" / "old.pyc").touch()
    assert not (install(commit, site) / "old.pyc").exists()


def test_what_an_interruption_left_is_no_obstacle(tmp_path: Path, site: Path) -> None:
    for name in ("exabgp.new", "exabgp.old"):
        checkout(site / name, "x", module="value = 0")
    install(checkout(tmp_path / "commit", "src/exabgp", module="value = 1"), site)
    assert value(site) == "1"
    assert [path.name for path in site.iterdir()] == ["exabgp"]


def test_failed_copy_leaves_the_earlier_tree(tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(checkout(tmp_path / "one", "src/exabgp", module="value = 1"), site)

    def full_disk(source: str, target: str) -> None:
        raise OSError(28, "No space left on device", target)

    monkeypatch.setattr(shutil, "copyfile", full_disk)
    with pytest.raises(ToolError, match=r"^can't copy the package: \[Errno 28\] No space left on device: .*$"):
        install(checkout(tmp_path / "two", "src/exabgp", module="value = 2", other=""), site)
    assert value(site) == "1"


def test_exabgp_found_elsewhere_is_refused(tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = checkout(tmp_path / "other", "exabgp", module="")
    installed = install(checkout(tmp_path / "commit", "src/exabgp", module=""), site)
    monkeypatch.delitem(sys.modules, "exabgp", raising=False)
    monkeypatch.syspath_prepend(str(site))
    check_import(installed)
    monkeypatch.syspath_prepend(str(other))
    with pytest.raises(ToolError, match="PYTHONPATH"):
        check_import(installed)


def in_environment(commit: Path, python: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(python), "-m", "tools.source.install_commit", str(commit)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_command_in_an_environment_without_anything_installed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    python = tmp_path / "env" / "bin" / "python"
    commit = checkout(tmp_path / "commit", "src/exabgp", module="value = 1")
    done = in_environment(commit, python)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    where = subprocess.run(
        [python, "-c", "import exabgp; print(exabgp.__file__)"], check=True, capture_output=True, text=True
    ).stdout
    assert where.startswith(str(tmp_path / "env"))

    (tmp_path / "nothing").mkdir()
    done = in_environment(tmp_path / "nothing", python)
    assert done.returncode == 2
    assert done.stderr == (
        f"error: {tmp_path}/nothing has no exabgp package: none of src/exabgp, lib/exabgp, exabgp is there\n"
    )
