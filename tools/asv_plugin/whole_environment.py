"""Have asv make an environment anew that has lost what benchmarks are run with: asv looks whether its Python runs."""

import subprocess
from typing import Any

from asv.plugins.virtualenv import Virtualenv

# asv's own runner of benchmarks, and what "matrix" in asv.conf.json adds.
NEEDED = "import asv_runner, psutil"


def use_whole_environments() -> None:
    """Take no environment from now on that lacks a package."""
    is_there = Virtualenv.check_presence

    def is_whole(self: Any) -> bool:
        if not is_there(self):
            return False
        try:
            self.run_executable("python", ["-c", NEEDED], display_error=False)
        except (subprocess.CalledProcessError, OSError):
            return False
        return True

    Virtualenv.check_presence = is_whole
