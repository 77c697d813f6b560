"""How a tool of this repository ends: what a user can mend is one line; only a defect has a traceback."""

import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

from tools.encoding import print_what_can_be_printed

NO_RESULT = 2
INTERRUPTED = 130


class ToolError(Exception):
    """A problem the user can mend; the message is one line: what is wrong and what to do."""


def run(main: Callable[[], int | None]) -> NoReturn:
    """Call ``main`` and exit with its status, or with one line for what went wrong."""
    print_what_can_be_printed()
    try:
        status = main() or 0
        sys.stdout.flush()
    except ToolError as error:
        print(f"error: {error}", file=sys.stderr)
        status = NO_RESULT
    except OSError as error:  # a full disk, a folder that can't be written to
        where = f" ({error.filename})" if error.filename else ""
        print(f"error: {error.strerror or error}{where}", file=sys.stderr)
        status = NO_RESULT
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        status = INTERRUPTED
    except Exception:  # a defect of this repository, for which Python's own 1 would say something else
        traceback.print_exc()
        status = NO_RESULT
    sys.exit(status)
