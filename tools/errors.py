"""How a tool of this repository ends: what a user can mend is one line; only a defect has a traceback."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from tools.encoding import print_what_can_be_printed

NO_RESULT = 2
INTERRUPTED = 130

# How a user, a terminal that closes and another program ask a tool to stop: all of them mean ^C.
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Seconds: when Python is elsewhere.
SOON = 0.01


class ToolError(Exception):
    """A problem the user can mend; the message is one line: what is wrong and what to do."""


def run(main: Callable[[], int | None]) -> NoReturn:
    """Call ``main`` and exit with its status, or with one line for what went wrong.

    A KeyboardInterrupt may say more than that it was one.
    """
    try:
        _listen()
        print_what_can_be_printed()
        status = main() or 0
        sys.stdout.flush()
        # It is said how it went: a signal that comes now changes nothing.
        stop_listening()
    except SystemExit:  # argparse, which has said why
        raise
    except BaseException as error:
        stop_listening()
        with suppress(OSError):  # nobody reads it: the terminal is gone
            print(_in_words(error), file=sys.stderr)
        _give_up_what_cannot_be_written()
        status = INTERRUPTED if isinstance(error, KeyboardInterrupt) else NO_RESULT
    sys.exit(status)


def _in_words(error: BaseException) -> str:
    match error:
        case ToolError():
            return f"error: {error}"
        case OSError():  # a full disk, a folder that can't be written to
            return f"error: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}"
        case KeyboardInterrupt():
            return str(error) or "interrupted"
    # A defect of this repository, for which Python's own status of 1 would say something else.
    return "".join(traceback.format_exception(error)).rstrip()


def _give_up_what_cannot_be_written() -> None:
    """Python writes at its end what is left in the streams, and has a status of its own where that fails."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def stop_listening() -> None:
    """Be deaf to further signals, while what was stopped is put away."""
    for number in (*STOPS, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)


def _listen() -> None:
    for number in STOPS:
        # A shell starts what runs in the background deaf to ^C, nohup what is to outlive the terminal.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    sys.unraisablehook = _raise_again
    # bootstrap.py has them wait while Python starts.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def _raise_again(lost: "sys.UnraisableHookArgs") -> None:
    """Python drops what is raised in a destructor, or in the midst of an import: an interrupt comes again later."""
    if lost.exc_type is KeyboardInterrupt:
        signal.setitimer(signal.ITIMER_REAL, SOON)
    else:
        sys.__unraisablehook__(lost)
