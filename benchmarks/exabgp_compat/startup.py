"""Bring ExaBGP up as its daemon does: import, environment, logging set up and silent, attribute cache on."""

import functools
import importlib
import importlib.machinery
import importlib.util
import inspect
import os
import signal
import sys
import syslog
import warnings
from pathlib import Path
from typing import Any

from . import vendored_six

# What ``python -m exabgp`` comes to: its command line, since 2020; the daemon itself, which is a module of its own
# (bgp until 4.2, server since). Each leads to the reactor, and that to the rest.
_DAEMON = ("exabgp.application.main", "exabgp.application.bgp", "exabgp.application.server")


def start() -> None:
    """Start ExaBGP once in this process.

    Whatever ExaBGP itself raises while it is imported is passed on, each time: a commit that can't be imported fails
    with its own error.
    """
    error = startup_error()
    if error:
        raise error


@functools.cache
def startup_error() -> Exception | SystemExit | None:
    """Start ExaBGP once in this process; what it raised, or None.

    It is not tried again: a second import would go on from what the first has left.
    """
    try:
        _start()
    except (Exception, SystemExit) as error:
        return error
    return None


def _start() -> None:
    _forget_user_settings()
    with warnings.catch_warnings():
        # Escape sequences that Python 3.12 warns of, in vendored modules of 4.x.
        warnings.simplefilter("ignore", SyntaxWarning)
        _mend_vendored_six()
        _import_the_daemon()
        environment = settings()
    # As Python has it for the daemon. A shell tells what it runs in the background to ignore SIGINT, and then asyncio
    # does less at the start of each of the event loops that some commits make for every command of the API.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _silence(environment)
    # Until late 2025 the library set this itself each time it made an attribute collection; since then only the
    # daemon does. Without it the attribute cache would be off on new commits and on on old ones.
    from exabgp.bgp.message.update.attribute import Attribute

    Attribute.caching = environment.cache.attributes


def what_the_daemon_imports() -> tuple[str, list[str]]:
    """The folder that ExaBGP is in, and the modules whose import is that of the daemon, in its order."""
    start()
    package = importlib.import_module("exabgp")
    assert package.__file__
    mended = [vendored_six.NAME] if _mend_vendored_six() else []
    return str(Path(package.__file__).parents[1]), mended + list(filter(importlib.util.find_spec, _DAEMON))


def _import_the_daemon() -> None:
    """Import what ``python -m exabgp`` does, in its order: some commits have import cycles that no other survives."""
    hook = sys.excepthook
    for name in _DAEMON:
        if importlib.util.find_spec(name):
            importlib.import_module(name)
    # 4.x prints a report of its own for whatever is raised, which would hide what a benchmark says.
    sys.excepthook = hook


def _forget_user_settings() -> None:
    """Drop ExaBGP settings in the process environment: they would change the work from one user to the next."""
    for name in list(os.environ):
        if name.startswith(("exabgp.", "exabgp_")):
            del os.environ[name]


def _mend_vendored_six() -> bool:
    """Import the vendored six, where there is one, and have it import what is in it. False where there is none."""
    try:
        six = importlib.import_module(vendored_six.NAME)
    except ModuleNotFoundError:
        return False
    vendored_six.mend(six)
    return True


@functools.cache
def settings() -> Any:
    """ExaBGP's settings at their defaults, quiet: the one object that ExaBGP itself looks into."""
    try:
        from exabgp.environment import getenv
    except ImportError:
        # Until 2020-05. An empty path: no file of settings is read.
        from exabgp.configuration.setup import environment as environment_class

        environment = environment_class.setup("")
    else:
        environment = getenv()
    # A number while the logger spoke syslog (until 2020-05), a name since.
    environment.log.level = syslog.LOG_CRIT if isinstance(environment.log.level, int) else "CRITICAL"
    environment.debug.defensive = False
    return environment


def setting(section: str, name: str, *, default: Any) -> Any:
    """One of ExaBGP's settings, where it has one of that name."""
    try:
        return getattr(getattr(settings(), section), name)
    # A table of settings raises the one, a class of them the other.
    except (KeyError, AttributeError):
        return default


def _silence(environment: Any) -> None:
    """Set the logging up as the daemon does. The level, CRITICAL, keeps it silent; calls to it cost what they cost."""
    logger = importlib.import_module("exabgp.logger")
    log = getattr(logger, "log", None)
    if log is None:
        logger.Logger().restart(True)
    elif inspect.signature(log.init).parameters:
        log.init(environment)
    else:
        # For some weeks of 2020 it looked the settings up itself.
        log.init()
