"""Put the ExaBGP commit that asv has checked out into the environment this runs in.

asv calls it with the environment's own Python. ExaBGP is pure Python, so the package's tree is all there is
to install: nothing is built, resolved or fetched. A commit that can't even be imported installs too: its
benchmarks then fail with ExaBGP's own error.
"""

import argparse
import compileall
import filecmp
import importlib
import importlib.util
import os
import shutil
import sys
import sysconfig
import warnings
from importlib.util import cache_from_source
from pathlib import Path

from tools.errors import ToolError, run

PACKAGE_TREES = ("src/exabgp", "lib/exabgp", "exabgp")
"""Where the package is in a checkout: since 2021-01-12, before that, and in some sdists."""


def package_tree(checkout: Path) -> Path:
    """Return the folder of the exabgp package in a checkout."""
    for name in PACKAGE_TREES:
        if (checkout / name / "__init__.py").is_file():
            return checkout / name
    raise ToolError(f"{checkout} has no exabgp package: none of {', '.join(PACKAGE_TREES)} is there")


def install(checkout: Path, site_packages: Path) -> Path:
    """Replace the exabgp package in ``site_packages`` by the one of ``checkout`` and return its folder.

    The new tree is made beside the old one and only renames touch the name that imports, so however this is
    interrupted, what is found under that name is whole.
    """
    source = package_tree(checkout)
    installed = site_packages / "exabgp"
    new, old = site_packages / "exabgp.new", site_packages / "exabgp.old"
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    if sys.pycache_prefix:  # bytecode lies outside the tree, where a .pyc of this commit could outlive it
        shutil.rmtree(Path(cache_from_source(str(installed / "__init__.py"))).parent, ignore_errors=True)

    def place(file: str, target: str) -> None:
        """Copy a file; where the tree before has the same bytes, share that and its bytecode."""
        before = installed / Path(target).relative_to(new)
        if not (before.is_file() and filecmp.cmp(file, before, shallow=False)):
            shutil.copyfile(file, target)
            return
        os.link(before, target)
        bytecode = Path(cache_from_source(str(before)))
        if bytecode.is_file():
            shared = Path(cache_from_source(target))
            shared.parent.mkdir(parents=True, exist_ok=True)
            shared.hardlink_to(bytecode)

    try:
        shutil.copytree(
            source,
            new,
            copy_function=place,
            ignore=shutil.ignore_patterns("__pycache__", "*.pyc"),
            ignore_dangling_symlinks=True,
        )
    except shutil.Error as error:  # one entry a file
        raise ToolError(f"can't copy the package: {error.args[0][0][2]}") from None
    if installed.exists():
        installed.rename(old)
    new.rename(installed)
    shutil.rmtree(old, ignore_errors=True)

    # Compiled now: else the first benchmark to import a module pays, in time and in 8 % of peak memory.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compileall.compile_dir(installed, quiet=2)
    return installed


def check_import(installed: Path) -> None:
    """Prove that ``import exabgp`` finds ``installed``, without running any of it."""
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("exabgp")
    origin = spec.origin if spec else None
    if origin is None or not Path(origin).samefile(installed / "__init__.py"):
        raise ToolError(
            f"import exabgp finds {origin}, not {installed}: unset PYTHONPATH, or run asv with a new env_dir"
        )


def main() -> None:
    """Install the commit named on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.source.install_commit",
        description="Put the ExaBGP package of a checkout into this Python's site-packages.",
    )
    parser.add_argument("checkout", type=Path, metavar="BUILD_DIR", help="folder with the commit's files")
    arguments = parser.parse_args()
    if sys.prefix == sys.base_prefix:
        raise ToolError(f"{sys.executable} is no virtual environment: asv calls this for the environments it makes")
    check_import(install(arguments.checkout, Path(sysconfig.get_path("purelib"))))


if __name__ == "__main__":
    run(main)
