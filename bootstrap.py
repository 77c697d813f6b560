"""Run a command of this repository on a fresh machine: python3 bootstrap.py COMMAND [ARGUMENTS].

Any Python 3 can start this. It finds a CPython 3.12, makes .venv from it with tox inside, has tox make the environment
of the command, and becomes the command. Nothing outside this folder is changed: what pip and virtualenv keep for the
next time is in .cache.
"""

# Not signal: to import that takes ten times as long, in which ^C would be a traceback.
import _signal as signal
import os
import sys

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
RUNNING = []


def stop(*_):
    """End at once, with all that was started, with one line and the status of ^C."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    for process in RUNNING:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
    os.write(2, b"interrupted\n")
    os._exit(130)


def listen():
    """Be ready to be stopped. A shell starts what runs in the background deaf to ^C, and nohup to its end."""
    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    unblock()


def unblock():
    """Have what stops this process, or has waited to do so, be heard."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


if __name__ == "__main__":
    # Before the imports: they take long enough for ^C to come.
    listen()

import configparser  # noqa: E402
import contextlib  # noqa: E402
import fcntl  # noqa: E402
import glob  # noqa: E402
import hashlib  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
from pathlib import Path  # noqa: E402

VERSION = "3.12"
TOX = "tox>=4.28"
ROOT = Path(__file__).resolve().parent
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# The file that says of an environment that it is whole.
WHOLE = "whole"
# How variables begin that would lead Python, pip, tox, pytest, asv or ExaBGP to what is not of this folder.
FOREIGN = ("PYTHON", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "TOX", "PYTEST_", "ASV_", "exabgp")
# Where pip and virtualenv keep things for the next time: in this folder.
CACHES = {"PIP_CACHE_DIR": "pip", "VIRTUALENV_OVERRIDE_APP_DATA": "virtualenv"}
HOW_TO_INSTALL = (
    "pyenv install 3.12, uv python install 3.12, on Fedora dnf install python3.12, "
    "on Ubuntu 24.04 apt install python3.12-venv"
)


class BootstrapError(Exception):
    """What is wrong and what to do, in one line."""


def main():
    """Make what is missing, then become the command."""
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        if sys.argv[1:] not in (["-h"], ["--help"]):
            raise BootstrapError("name a command first: python3 bootstrap.py --help says what there is")
        print(usage())
        return
    name, arguments = sys.argv[1], sys.argv[2:]
    if name not in commands():
        raise BootstrapError(f"{name!r} is no command: there are {', '.join(commands())}")
    if output("git", "--version") is None:
        raise BootstrapError("git is not installed, or not on PATH: install it first")
    environment = environment_of(os.environ)
    with one_at_a_time():
        if whole(VENV) != TOX or output(str(PYTHON), "-c", "") is None:
            make_venv(find_python(), environment)
        # asv starts the first python3.12 on PATH: let it be one that works.
        put_first(PYTHON.parent, environment)
        folder = tox_environment(name, environment)
    put_first(folder / "bin", environment)
    # tox has it before the arguments, and so have those who are used to tox.
    arguments = arguments[1:] if arguments[:1] == ["--"] else arguments
    command = [str(folder / "bin" / "python"), str(ROOT / "tools" / "__main__.py"), name, *arguments]
    sys.stdout.flush()
    # What stops it from now on waits until Python has started and the command listens.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    # Not a child: signals and the exit status are the command's own.
    os.execve(command[0], command, environment)


def commands():
    """The environments of tox.ini, each with its description."""
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(str(ROOT / "tox.ini"), encoding="utf-8")
    prefix = "testenv:"
    return {name[len(prefix) :]: tox[name].get("description", "") for name in tox if name.startswith(prefix)}


def usage():
    """The docstring, and what each command does."""
    return "\n".join([__doc__, *(f"  {name:12}{' '.join(what.split())}" for name, what in commands().items())])


def environment_of(variables):
    """The variables of a command, and of what makes its environment: those given, but for what leads astray."""
    environment = {name: value for name, value in variables.items() if not name.startswith(FOREIGN)}
    for name, folder in CACHES.items():
        environment.setdefault(name, str(CACHE / folder))
    # As in tox, whatever the locale.
    environment["PYTHONIOENCODING"] = "utf-8"
    return environment


def put_first(folder, environment):
    """Have programs found in a folder first."""
    environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', os.defpath)}"


@contextlib.contextmanager
def one_at_a_time():
    """Keep two that start together from making the same thing."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "bootstrap.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting: another bootstrap.py makes something", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def output(*command):
    """Return what a command prints, or None where it can't be run or fails."""
    try:
        return subprocess.check_output(command, stderr=subprocess.DEVNULL, encoding="utf-8").strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def find_python():
    """Return the path of a CPython 3.12 that runs: a pyenv shim on PATH may be dead, so each one is asked."""
    # Not Path's: this one finds nothing where it may not look.
    pyenv = glob.escape(os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv"))  # noqa: PTH111
    installed = sorted(glob.glob(f"{pyenv}/versions/{VERSION}*/bin/python"))  # noqa: PTH207
    candidates = [[sys.executable], ["python" + VERSION], ["py", "-" + VERSION]]
    candidates += [[found] for found in installed]
    candidates += [[found] for found in [output("uv", "python", "find", VERSION)] if found]
    ask = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2], sys.executable)"
    for candidate in candidates:
        answer = (output(*candidate, "-I", "-c", ask) or "").split(" ", 2)
        if answer[:2] == ["cpython", VERSION]:
            return answer[2]
    raise BootstrapError(f"no Python {VERSION} that runs: install it, for instance by {HOW_TO_INSTALL}")


def make_venv(python, environment):
    """Make .venv with tox inside, from nothing."""
    print("making .venv with tox, once", flush=True)
    if VENV.exists():
        shutil.rmtree(str(VENV))
    step([python, "-m", "venv", str(VENV)], environment)
    step([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TOX], environment)
    note_whole(VENV, TOX)


def tox_environment(name, environment):
    """Return the folder of a tox environment, which tox makes, or brings up to date, where that is needed."""
    folder = ROOT / ".tox" / name
    # What decides what is in it, and which Python it has.
    digest = hashlib.sha256()
    for file in (ROOT / "tox.ini", ROOT / "pyproject.toml", VENV / "pyvenv.cfg"):
        digest.update(file.read_bytes())
    made_from = whole(folder)
    if made_from != digest.hexdigest():
        print(f"making .tox/{name}, once" if made_from is None else f"bringing .tox/{name} up to date", flush=True)
        # Of what is in it tox remembers only what it has put there.
        anew = ["--recreate"] if made_from is None else []
        step([str(PYTHON), "-m", "tox", "run", "--notest", *anew, "-e", name], environment)
        note_whole(folder, digest.hexdigest())
    return folder


def note_whole(folder, made_from):
    """Note of an environment what it was made from, and the size of each file but bytecode: Python writes it anew."""
    installed = (file for part in ("bin", "lib") for file in (folder / part).rglob("*") if file.suffix != ".pyc")
    files = [f"{file.stat().st_size} {file.relative_to(folder)}" for file in installed if file.is_file()]
    (folder / WHOLE).write_text("\n".join([made_from, *files]), "utf-8")


def whole(folder):
    """Return what an environment was made from, or None where one of its files is not as it was then."""
    try:
        made_from, *files = (folder / WHOLE).read_text("utf-8").splitlines()
        noted = (line.split(" ", 1) for line in files)
        return made_from if all((folder / name).stat().st_size == int(size) for size, name in noted) else None
    except (OSError, ValueError):
        return None


def step(command, environment):
    """Run a command, quiet unless it fails."""
    # Its own session, so that it can be ended with all that it starts, of which `stop` has to know at any moment.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    with subprocess.Popen(
        command,
        cwd=str(ROOT),
        env=dict(environment, NO_COLOR="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        preexec_fn=unblock,
    ) as process:
        RUNNING.append(process)
        unblock()
        said, _ = process.communicate()
        RUNNING.remove(process)
    if process.returncode:
        if "ensurepip is not available" in said or "No module named ensurepip" in said:
            raise BootstrapError(f"{command[0]} lacks ensurepip: on Debian or Ubuntu, apt install python{VERSION}-venv")
        lines = [line.strip() for line in said.splitlines() if line.strip()] or ["no message"]
        told = [line for line in lines if line.startswith("ERROR: ")] or lines
        raise BootstrapError(f"{' '.join(command)} failed: {told[-1]}")


if __name__ == "__main__":
    try:
        main()
    except BootstrapError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"error: {error.strerror}{f' ({error.filename})' if error.filename else ''}", file=sys.stderr)
        sys.exit(2)
