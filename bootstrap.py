"""Run a tox environment on a fresh machine: python3 bootstrap.py TOXENV [-- ARGUMENTS].

Any Python 3 can start this. It finds a CPython 3.12, makes .venv from it with tox inside, and runs tox there.
Nothing outside this folder is changed: what pip and virtualenv keep for the next time is in .cache.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "3.12"
TOX = "tox>=4.28"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
COMPLETE = VENV / "complete"
# What would lead the Python, pip or tox started here to files elsewhere.
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "TOX_WORK_DIR")
# Where pip and virtualenv keep things for the next time: in this folder.
CACHES = {"PIP_CACHE_DIR": "pip", "VIRTUALENV_OVERRIDE_APP_DATA": "virtualenv"}
HOW_TO_INSTALL = "pyenv install 3.12, uv python install 3.12, dnf install python3.12 or apt install python3.12-venv"


class BootstrapError(Exception):
    """What is wrong and what to do, in one line."""


def main():
    """Make .venv where it is missing, then become tox."""
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(0 if sys.argv[1:] in (["-h"], ["--help"]) else 2)
    if output("git", "--version") is None:
        raise BootstrapError("git is not installed, or not on PATH: install it first")
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    for name, folder in CACHES.items():
        environment.setdefault(name, str(ROOT / ".cache" / folder))
    if not is_complete():
        make_venv(find_python(), environment)
    # asv starts the first python3.12 on PATH: let it be one that works.
    environment["PATH"] = f"{PYTHON.parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
    os.chdir(str(ROOT))
    # Not a child: an interrupt and the exit status are tox's own.
    os.execve(str(PYTHON), [str(PYTHON), "-m", "tox", "run", "-e", *sys.argv[1:]], environment)


def output(*command):
    """Return what a command prints, or None where it can't be run or fails."""
    try:
        return subprocess.check_output(command, stderr=subprocess.DEVNULL, encoding="utf-8").strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def is_complete():
    """Whether .venv is whole, holds the tox wanted, and its Python still runs."""
    return COMPLETE.exists() and COMPLETE.read_text() == TOX and output(str(PYTHON), "-c", "") is not None


def find_python():
    """Return the path of a CPython 3.12 that runs: a pyenv shim on PATH may be dead, so each one is asked."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [[sys.executable], ["python" + VERSION], ["py", "-" + VERSION]]
    candidates += [[str(found)] for found in sorted(pyenv.glob(f"versions/{VERSION}*/bin/python"))]
    candidates += [[found] for found in [output("uv", "python", "find", VERSION)] if found]
    ask = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2], sys.executable)"
    for candidate in candidates:
        answer = (output(*candidate, "-I", "-c", ask) or "").split(" ", 2)
        if answer[:2] == ["cpython", VERSION]:
            return answer[2]
    raise BootstrapError(f"no Python {VERSION} that runs: install it, for instance by {HOW_TO_INSTALL}")


def make_venv(python, environment):
    """Make .venv with tox inside, from nothing: what an interruption has left is removed."""
    print("making .venv with tox, once", flush=True)
    if VENV.exists():
        shutil.rmtree(str(VENV))
    step([python, "-m", "venv", str(VENV)], environment)
    step([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TOX], environment)
    COMPLETE.write_text(TOX)


def step(command, environment):
    """Run a command, quiet unless it fails."""
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    if done.returncode:
        if "ensurepip is not available" in done.stdout or "No module named ensurepip" in done.stdout:
            raise BootstrapError(f"{command[0]} lacks ensurepip: on Debian or Ubuntu, apt install python{VERSION}-venv")
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        raise BootstrapError(f"{' '.join(command)} failed: {lines[-1] if lines else 'no message'}")


if __name__ == "__main__":
    try:
        main()
    except BootstrapError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"error: {error.strerror} ({error.filename})", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
