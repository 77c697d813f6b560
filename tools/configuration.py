"""What asv is told here: its configuration, where it keeps results, and what this machine is called."""

import contextlib
import functools
from pathlib import Path

from asv.config import Config
from asv.machine import Machine, MachineCollection
from asv.util import UserError

from tools.errors import ToolError
from tools.paths import ROOT

FILE = ROOT / "asv.conf.json"
# Where asv has started, which is where its configuration is.
QUICK_RESULTS = ".asv/quick"
MACHINES = Path(".asv/machines.json")
# By this variable a tool has asv keep its results in another folder.
RESULTS = "EXABGP_BENCH_RESULTS"
# What reading a damaged file of asv's may raise, beside OSError, which names the file itself.
DAMAGE = (UserError, ValueError, TypeError, KeyError, IndexError, AttributeError)


def configuration() -> Config:
    """What asv.conf.json says. Raises ToolError where it can't be read."""
    try:
        return Config.load(str(FILE))
    except (UserError, ValueError) as error:
        why = " ".join(str(error).split())
        raise ToolError(f"{FILE.name} can't be read ({why}): git checkout {FILE.name} brings it back") from None


@functools.cache
def commits_url() -> str:
    """What a commit's hash is appended to, for the page that shows it."""
    return str(configuration().show_commit_url)


def use_machine_file() -> None:
    """Have asv keep what it knows about this machine in the clone, unless its user has told it once and for all."""
    if Path(MachineCollection.get_machine_file_path()).exists():
        return
    MachineCollection.get_machine_file_path = staticmethod(lambda: str(MACHINES))
    this = Machine.get_defaults()
    with contextlib.suppress(*DAMAGE):
        if "machine" in MachineCollection.load(this["machine"]):
            return
    MACHINES.parent.mkdir(exist_ok=True)
    try:
        MachineCollection.save(this["machine"], this)
    except DAMAGE:
        # All that is in it was found out, and is again.
        MACHINES.unlink()
        MachineCollection.save(this["machine"], this)


def this_machine() -> str:
    """The name under which asv keeps the results of this machine."""
    use_machine_file()
    name = Machine.get_unique_machine_name()
    try:
        return str(MachineCollection.load(name)["machine"])
    except DAMAGE:
        # The one in the clone is made anew: this is what the user has told asv once and for all.
        raise ToolError(
            f"~/.asv-machine.json says nothing about this machine, {name}: asv machine --yes adds it; where the file is"
            " damaged, remove it first"
        ) from None
