"""A daemon with its peers and its API process: it is started here, looked after, and gone when the block ends."""

import errno
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType

from benchmarks.daemon_harness import configuration, instructions, launch
from benchmarks.daemon_harness.api import Api
from benchmarks.daemon_harness.configuration import Settings
from benchmarks.daemon_harness.errors import DaemonError, SessionReset
from benchmarks.daemon_harness.keeper import FOLDER
from benchmarks.daemon_harness.loop import TICK, Loop, load
from benchmarks.daemon_harness.peer import Peer, listeners
from benchmarks.daemon_harness.turn import turn
from benchmarks.daemon_harness.usage import Usage, everything_ns

_PROCESSES = Path("/proc/self/environ")
_KEEPER = Path(__file__).with_name("keeper.py")
_SLEEPS = re.compile(r"^voluntary_ctxt_switches:\s*(\d+)", re.MULTILINE)
# Seconds without progress until a daemon is taken to hang, on a machine with nothing else to do.
_LIMIT = 30.0
# More of them for each route of the configuration, which shows no progress while it is read: five times what any era
# takes for one.
_LOADING = 0.003
# How many times as long a daemon takes, at most, that counts its instructions: 4.2 compares each route with all others
# on a reload, and takes a minute for 1,000.
_COUNTING = 10
# Seconds between two looks at what the daemon's process says by a file.
_TICK = 0.01
# Seconds that a process takes to be gone once its connections are.
_ENDING = 0.5
_NO_MORE = {errno.EMFILE: "open files", errno.ENFILE: "open files of the system", errno.EAGAIN: "processes"}


class Daemon:
    """ExaBGP's daemon with `settings`, for a ``with`` block; `limit` is in seconds without progress.

    `start` starts it, `peers` are what it dials, `api` is its API process or None. `started_at` is in nanoseconds.
    """

    def __init__(self, settings: Settings | None = None, limit: float = _LIMIT) -> None:
        self.settings = settings or Settings()
        self.peers: list[Peer] = []
        self.api: Api | None = None
        self.started_at = 0
        self._limit = (limit + _LOADING * len(self.settings.static)) * (_COUNTING if self.settings.counted else 1)
        self._loop = Loop(self._limit, self._check)
        self._child: subprocess.Popen[bytes] | None = None
        self._open = ExitStack()

    def __enter__(self) -> "Daemon":
        if not _PROCESSES.exists():
            raise NotImplementedError("this system has no /proc, by which a daemon is ended and measured")
        with ExitStack() as stack, _in_words():
            lock = stack.enter_context(turn())
            self.folder = Path(stack.enter_context(_kept_folder(lock)))
            stack.callback(self._loop.close)
            addresses = [] if self.settings.speaker else configuration.peer_addresses(self.settings.peers)
            for address, listener in zip(addresses, listeners(addresses), strict=True):
                self.peers.append(Peer(self._loop, listener, address, self.settings))
            if self.settings.api is not None:
                self.api = Api(self._loop, self.folder)
            self.configure(self.settings)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The keeper's end is the daemon's; then it is waited for.
        self._open.close()
        if self._child:
            self._child.wait()

    def configure(self, settings: Settings) -> None:
        """Write the configuration, for the start or for a reload."""
        program = self.api.program if self.api else Path()
        self._conf.write_text(configuration.configuration(settings, program))

    def reread(self, settings: Settings) -> None:
        """Write the configuration, and have `is_reread` tell when the daemon has begun to read it.

        Raises NotImplementedError where the file system does not tell.
        """
        self.configure(settings)
        self._forget_reading()
        self._conf.read_bytes()
        if not self.is_reread():
            raise NotImplementedError("the file system does not say when a file was read")
        self._forget_reading()

    def _forget_reading(self) -> None:
        os.utime(self._conf, ns=(0, self._conf.stat().st_mtime_ns))

    def is_reread(self) -> bool:
        """Whether the configuration was read since `reread`."""
        return self._conf.stat().st_atime_ns > 0

    @property
    def _conf(self) -> Path:
        return self.folder / "exabgp.conf"

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    @property
    def pid(self) -> int:
        """The number of the daemon's process."""
        assert self._child, "it was not started"
        return self._child.pid

    def start(self) -> None:
        """Start the daemon. It is up when it has dialled: see `until` and `establish`."""
        port = self.settings.speaker or self.peers[0].address[1]
        environment = configuration.environment(self.settings, port) | {FOLDER: str(self.folder)}
        with self._log.open("wb") as log, _in_words():
            self.started_at = time.monotonic_ns()
            self._child = subprocess.Popen(
                configuration.command(self.settings, self._conf),
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Deaf to a ^C that is for this process.
                start_new_session=True,
            )

    def establish(self) -> None:
        """Wait for an OPEN of the daemon on each session, then until all are established at the same time."""
        count = len(self.peers)
        if self.api:
            api = self.api
            self.until(lambda: api.up_at, lambda: 0, "API processes started")
        for name, goal in (("open_at", "OPENs"), ("established_at", "sessions established")):

            def reached(name: str = name) -> int:
                return sum(bool(getattr(peer, name)) for peer in self.peers)

            # Where sessions may flap, it is no progress that one is there again.
            self.until(lambda reached=reached: reached() == count, _highest(reached), f"of {count} {goal}")

    def until(
        self,
        done: Callable[[], object],
        progress: Callable[[], int],
        goal: str,
        limit: float | None = None,
        tick: float = TICK,
    ) -> None:
        """Run until something is so; `progress` is a number of `goal`, which words the errors.

        `limit` is in seconds without progress, and the daemon's where it is not given; `tick` is how often to look,
        in seconds, at what no socket tells.

        Raises DaemonError when the daemon makes no progress or ends, SessionReset when it ends a session.
        """
        self._until(self._loop, done, progress, goal, limit, tick)

    def _until(
        self,
        loop: Loop,
        done: Callable[[], object],
        progress: Callable[[], int],
        goal: str,
        limit: float | None,
        tick: float,
    ) -> None:
        try:
            with _in_words(errno.EMFILE, errno.ENFILE):
                loop.until(done, progress, limit, tick)
        except DaemonError as error:
            words = f"{error}, at {progress():,} {goal}; its last words: {self.last_words()}"
            raise type(error)(words) from None

    def dialled(self) -> None:
        """Wait until the daemon has dialled its first peer, which does not answer before `establish` or `until`."""
        peer = self.peers[0]
        self._alone(lambda: peer.is_dialled, "connections")

    def count(self) -> None:
        """Count the instructions of ExaBGP's package from now on; the settings have `counted`."""
        self._alone((self.folder / instructions.READY).exists, "of 1 probe ready")
        os.kill(self.pid, instructions.SIGNAL)
        self._alone((self.folder / instructions.COUNTING).exists, "of 1 probe counting")

    def counted(self) -> dict[str, int]:
        """Instructions executed since `count`, by the path of the code in the package and its name."""
        os.kill(self.pid, instructions.SIGNAL)
        file = self.folder / instructions.COUNTED
        self._alone(file.exists, "of 1 probe done")
        counts: dict[str, int] = json.loads(file.read_text())
        return counts

    def _alone(self, done: Callable[[], object], goal: str) -> None:
        """Run until something is so, while no peer and no API process of the daemon's gets an answer."""
        with closing(Loop(self._limit, self._check)) as loop:
            self._until(loop, done, lambda: 0, goal, None, _TICK)

    def quiet(self, seconds: float) -> None:
        """Run until the daemon has sent nothing to any of its peers for this many seconds.

        Raises DaemonError when it goes on for the daemon's limit.
        """
        since = time.monotonic_ns()

        def silence() -> int:
            return time.monotonic_ns() - max(since, *(peer.heard_at for peer in self.peers))

        def silent() -> bool:
            if time.monotonic_ns() - since > self._limit * load() * 10**9:
                raise DaemonError(f"the daemon was never silent for {seconds:g} s")
            return silence() > seconds * 10**9

        self.until(silent, silence, "ns of silence", tick=seconds / 10)

    def held(self) -> list[str]:
        """The prefixes of the routes that its Adj-RIBs-In hold; no API process is needed to ask for them."""
        file = self.folder / launch.HELD
        file.unlink(missing_ok=True)
        os.kill(self.pid, launch.SIGNAL)
        self.until(file.exists, lambda: 0, "of 1 Adj-RIB-In told", tick=_TICK)
        return file.read_text().split()

    def used(self) -> Usage:
        """The time now, and the CPU time that everybody has used until now: what is between two of them counts."""
        tester = time.process_time_ns() + (process_cpu_ns(self.api.pid) if self.api and self.api.pid else 0)
        daemon = process_cpu_ns(self.pid) if self._child else 0
        return Usage(time.monotonic_ns(), daemon, tester, everything_ns())

    def sleeps(self) -> int:
        """How often the daemon's threads have gone to sleep: the system's voluntary context switches."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/status")
        return sum(int(count) for task in tasks for count in _SLEEPS.findall(task.read_text()))

    def last_words(self) -> str:
        """The last line that the daemon has printed."""
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return next((line.strip() for line in reversed(lines) if line.strip()), "none")

    def _check(self) -> None:
        assert self._child, "it was not started"
        for peer in self.peers:
            peer.tick()
        wrong = next(self._wrong(), None)
        if wrong:
            # What ends closes its connections first.
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(_ENDING)
        if self._child.poll() is not None:
            raise DaemonError(f"the daemon ended {_how(self._child.returncode)}")
        if wrong:
            raise wrong

    def _wrong(self) -> Iterator[DaemonError]:
        for peer in self.peers:
            if peer.reset:
                yield SessionReset(f"the daemon reset the session with {peer.address[0]}: {peer.reset}")
        if self.api and self.api.ended:
            yield DaemonError("the API process ended")


def _highest(number: Callable[[], int]) -> Callable[[], int]:
    """The highest that a number has been when it was asked for."""
    highest = 0

    def so_far() -> int:
        nonlocal highest
        highest = max(highest, number())
        return highest

    return so_far


def process_cpu_ns(pid: int) -> int:
    """CPU time of a process in nanoseconds, by Linux's clock of it: its number is made of the process's."""
    return time.clock_gettime_ns(~pid << 3 | 2)


def _how(status: int) -> str:
    return f"by signal {-status}" if status < 0 else f"with status {status}"


@contextmanager
def _kept_folder(lock: int) -> Iterator[str]:
    """A folder, whose keeper ends all that was started with it when this block ends, or this process does."""
    # Without the environment: whoever ends all that this process has started leaves the keeper, which sees to the rest.
    environment = {name: os.environ[name] for name in ("TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-I", "-S", str(_KEEPER)],
        cwd="/",
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        pass_fds=[lock],
    ) as keeper:
        assert keeper.stdout
        folder = keeper.stdout.readline().decode().rstrip("\n")
        if not folder:
            raise NotImplementedError("there is no place for temporary files")
        yield folder


@contextmanager
def _in_words(*errors: int) -> Iterator[None]:
    """Say what the system has no more of, by one of these errors or any: what needs it is not applicable."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errors or _NO_MORE):
            raise
        raise NotImplementedError(f"the system allows no more {_NO_MORE[error.errno]}") from error
