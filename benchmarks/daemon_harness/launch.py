"""What the daemon's process runs: ``python -P launch.py CONFIGURATION`` is ``python -m exabgp CONFIGURATION``.

The module six that some trees carry is mended before (see `benchmarks.exabgp_compat.vendored_six`), and with
``launch.py CONFIGURATION FOLDER`` instructions are counted when the harness asks (see `instructions.py`). On a signal
the daemon writes what its Adj-RIB-In holds, a prefix a line, to a file beside its configuration.
"""

import importlib
import importlib.util
import runpy
import signal
import sys
from pathlib import Path
from types import FrameType, ModuleType

# The highest but one, which is nobody else's, and the file.
SIGNAL = signal.SIGRTMAX - 1
HELD = "held"

_HOLDING = Path(__file__).resolve().parents[1] / "exabgp_compat" / "held.py"
_COUNTING = Path(__file__).resolve().with_name("instructions.py")
_MENDING = Path(__file__).resolve().parents[1] / "exabgp_compat" / "vendored_six.py"


def main() -> None:
    """Become the daemon."""
    package = importlib.util.find_spec("exabgp")
    assert package
    assert package.origin
    if (Path(package.origin).parent / "vendoring" / "six.py").exists():
        mending = _module(_MENDING)
        mending.mend(importlib.import_module(mending.NAME))
    folder = Path(sys.argv[1]).parent

    def tell(_number: int, _frame: FrameType | None) -> None:
        # Whole or not at all.
        partial = folder / f"{HELD}.partial"
        partial.write_text("\n".join(_module(_HOLDING).held_by_this_process()))
        partial.rename(folder / HELD)

    signal.signal(SIGNAL, tell)
    if len(sys.argv) > 2:
        _module(_COUNTING).Instructions(Path(package.origin).parent, Path(sys.argv.pop())).install()
    sys.argv[0] = "exabgp"
    runpy.run_module("exabgp", run_name="__main__", alter_sys=True)


def _module(path: Path) -> ModuleType:
    """A module by its file: the daemon has nothing of this repository on its path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
