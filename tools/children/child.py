"""What a process on a tree of ExaBGP runs: ``python -m tools.children.child MODULE JOB ARGUMENTS``.

JOB is a function in MODULE, ARGUMENTS its positional and named arguments in JSON. Each line that the job yields is
printed as a line of JSON.
"""

import importlib
import json
import sys

from tools.children.lines import json_lines
from tools.errors import run


def main() -> None:
    """Run the job."""
    module, name, arguments = sys.argv[1:]
    write = json_lines()
    args, kwargs = json.loads(arguments)
    for line in getattr(importlib.import_module(module), name)(*args, **kwargs):
        write(line)


if __name__ == "__main__":
    run(main)
