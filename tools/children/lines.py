"""Lines of JSON on the standard output of a child process, with nothing else among them."""

import json
import os
from collections.abc import Callable
from typing import Any

NOT_APPLICABLE = "not applicable: "
"""What the reason of a line begins with where the commit lacks what the benchmark needs."""


def json_lines() -> Callable[[dict[str, Any]], None]:
    """What writes a line. Whatever else is printed from now on, by processes started too, goes where errors go."""
    stream = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def write(line: dict[str, Any]) -> None:
        print(json.dumps(line), file=stream, flush=True)

    return write
