"""What the daemon's process runs: ``python -P launch.py CONFIGURATION`` is ``python -m exabgp CONFIGURATION``.

The module six that some trees carry is mended before (see `benchmarks.exabgp_compat.vendored_six`).
"""

import importlib
import importlib.util
import runpy
import sys
from pathlib import Path

_MENDING = Path(__file__).resolve().parents[1] / "exabgp_compat" / "vendored_six.py"


def main() -> None:
    """Become the daemon."""
    package = importlib.util.find_spec("exabgp")
    assert package
    assert package.origin
    if (Path(package.origin).parent / "vendoring" / "six.py").exists():
        # By its file: the daemon has nothing of this repository on its path.
        spec = importlib.util.spec_from_file_location("vendored_six", _MENDING)
        assert spec
        assert spec.loader
        mending = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(mending)
        mending.mend(importlib.import_module(mending.NAME))
    sys.argv[0] = "exabgp"
    runpy.run_module("exabgp", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
