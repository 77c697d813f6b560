"""Have asv tell environments by the exact version of Python, 3.12.1 and not 3.12: a count depends on it.

It is in the name of the environment and in each file of results, so that asv itself keeps the series of two versions
apart: in asv show, compare and publish, and in the folders of its environments.
"""

import functools
import platform
import subprocess
import sys
from typing import Any

from asv.environment import EnvironmentUnavailable
from asv.plugins.virtualenv import Virtualenv

_ASK = "import platform; print(platform.python_version())"


@functools.cache
def use_exact_python() -> None:
    """Make asv's virtualenv environments of exact versions from now on; once, however often it is asked for."""
    make, find = Virtualenv.__init__, Virtualenv._find_python
    executables: dict[str, str | None] = {}

    def exact(python: str) -> str:
        """The version of what is found under this name; it is found under that, too."""
        # The one that runs, where it will do: a shim on PATH may be dead.
        if platform.python_version().startswith(f"{python}."):
            version, executable = platform.python_version(), sys.executable
        else:
            executable = find(python)
            version = _version(executable, python)
        executables[version] = executable
        return version

    def init(self: Any, conf: Any, python: str, requirements: Any, tagged_env_vars: Any) -> None:
        make(self, conf, exact(python), requirements, tagged_env_vars)

    Virtualenv.__init__ = init
    Virtualenv._find_python = staticmethod(lambda python: executables.get(python) or find(python))


def _version(executable: str | None, python: str) -> str:
    """Raises EnvironmentUnavailable where there is none, or where it does not run."""
    try:
        answer = subprocess.check_output([executable or "", "-I", "-c", _ASK], stderr=subprocess.DEVNULL, text=True)
    except (OSError, subprocess.CalledProcessError):
        raise EnvironmentUnavailable(f"no Python {python} that runs: install it, or start asv with it") from None
    return answer.strip()
