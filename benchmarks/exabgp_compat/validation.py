"""ExaBGP's check of a configuration file, as its command line runs it: neighbours read, each route encoded and back."""

import argparse
import importlib
import importlib.util
import logging
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from .reactor import forget_ribs, process_as_it_was
from .startup import settings, start

_COMMAND = "exabgp.application.validate"


class Validation:
    """The check of a file, with its routes and neighbours: ``validate``, or ``--test`` until it came in 2020-05."""

    def __init__(self, path: str) -> None:
        start()
        self._check = _command(path) if importlib.util.find_spec(_COMMAND) else _option(path)

    def prepare(self) -> None:
        """Forget what was left by the last check: RIBs, and loggers, as each check makes one, named after the time."""
        forget_ribs()
        known = logging.Logger.manager.loggerDict
        for name in [name for name in known if name.startswith("ExaBGP ")]:
            del known[name]

    def accepts(self) -> bool:
        """Whether ExaBGP finds nothing wrong with the file."""
        hook = sys.excepthook
        try:
            self._check()
        except SystemExit as end:
            # It ends the process, with the status that says so.
            return not end.code
        finally:
            sys.excepthook = hook
        return True

    def texts(self) -> list[str]:
        """What ExaBGP says of each route while it checks it: of the route as configured, and as decoded again."""
        found: list[str] = []

        def keep(frame: Any, event: str, value: Any) -> None:
            if event == "return" and frame.f_code.co_name == "extensive" and type(frame.f_locals["self"]) in kinds:
                found.append(value)

        kinds = _route_types()
        before = sys.getprofile()
        sys.setprofile(keep)
        try:
            self.accepts()
        finally:
            sys.setprofile(before)
        return found


def _command(path: str) -> Callable[[], object]:
    """The subcommand."""
    module = importlib.import_module(_COMMAND)
    parser = argparse.ArgumentParser()
    (module.setargs if hasattr(module, "setargs") else module.args)(parser)
    check = partial(module.cmdline, parser.parse_args(["--neighbor", "--route", path]))
    if not hasattr(module, "Reactor"):
        return check

    def check_with_reactor() -> None:
        # Until 2021-11 it makes one, which takes the process's signals.
        with process_as_it_was():
            check()

    return check_with_reactor


def _option(path: str) -> Callable[[], object]:
    """The option: to read a configuration is to check it then, and to end."""

    def check() -> None:
        from exabgp.configuration.configuration import Configuration

        debug = settings().debug
        debug.selfcheck = True
        try:
            if Configuration([path]).reload() is not True:
                raise SystemExit(1)
        finally:
            debug.selfcheck = False

    return check


def _route_types() -> tuple[type, ...]:
    """ExaBGP's class of a route with its attributes."""
    # `Change` until 2025-12.
    name = "route" if importlib.util.find_spec("exabgp.rib.route") else "change"
    return (getattr(importlib.import_module(f"exabgp.rib.{name}"), name.title()),)
