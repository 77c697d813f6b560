"""Run a command: ``python -m tools COMMAND [ARGUMENTS]``, in the tox environment of that name.

tox and bootstrap.py both call this: what a command does is written here, what it needs installed in tox.ini.
"""

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

if __name__ == "__main__":
    # bootstrap.py starts this file by its path, from the folder of its user: what they name by a path is to be found.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

# What they import is found by now.
from tools.errors import ToolError, run
from tools.paths import ROOT

# Commands and their modules. Those that measure, or read the history, have an ExaBGP provided first.
ON_EXABGP = {
    "bench": "tools.measuring.bench",
    "continuous": "tools.gate.continuous",
    "explain": "tools.explain.command",
    "works": "tools.history.works",
    "history": "tools.history.sweep",
    "sharing": "tools.history.sharing",
    "events": "tools.history.events",
    "notices": "tools.history.notices",
    "claims": "tools.history.claims",
    "bisect": "tools.history.bisect",
    "cost": "tools.measuring.cost",
    "daemons": "tools.measuring.daemons",
    "calibrate": "tools.calibrate.__main__",
    "publish": "tools.report.publish",
    "report": "tools.report.written",
}
TOOLS = ON_EXABGP | {
    "upstream": "tools.source.upstream",
    "table": "tools.gate.table",
    "counts": "tools.measuring.kept_counts",
    "scenarios": "tools.report.scenarios",
}
# Programs that check this repository. The last one of a command gets the arguments.
WORKFLOWS = ".github/workflows"
CHECKS = {
    "test": [[sys.executable, "-m", "pytest", "--numprocesses", "2", "--dist", "worksteal", "--durations", "20"]],
    "lint": [
        ["ruff", "format", "--check"],
        ["ruff", "check"],
        ["mypy"],
        [
            "check-jsonschema",
            "--builtin-schema",
            "vendor.github-workflows",
            *sorted(map(str, (ROOT / WORKFLOWS).glob("*.yml"))),
        ],
        ["zizmor", "--offline", "--quiet", WORKFLOWS],
    ],
}


def main() -> int | None:
    """Run the command that is named first."""
    name, *arguments = sys.argv[1:] or [""]
    if name in CHECKS:
        _check(CHECKS[name], arguments)
    if name not in TOOLS:
        raise ToolError(f"{name!r} is no command: there are {', '.join([*TOOLS, *CHECKS])}")
    # Imported here, where ^C is one line already.
    from tools.lifetime import end_children_with_this_process, end_with_parent

    if "TOX_ENV_NAME" in os.environ:
        # tox ends at once where it is killed, and says nothing to what it has started.
        end_with_parent()
    end_children_with_this_process()
    if name in ON_EXABGP and not {"-h", "--help"} & {*arguments}:
        _tool("upstream", [])
    return _tool(name, arguments)


def _tool(name: str, arguments: list[str]) -> int | None:
    sys.argv = [name, *arguments]
    status: int | None = importlib.import_module(TOOLS[name]).main()
    return status


def _check(programs: list[list[str]], arguments: list[str]) -> NoReturn:
    os.chdir(ROOT)
    # Where scapy and the browser keep things: not in the home directory.
    os.environ |= dict.fromkeys(("XDG_CACHE_HOME", "XDG_CONFIG_HOME"), str(ROOT / ".cache" / "xdg"))
    *first, last = programs
    for program in first:
        if status := subprocess.call(program):
            sys.exit(status)
    os.execvp(last[0], [*last, *arguments])


if __name__ == "__main__":
    run(main)
