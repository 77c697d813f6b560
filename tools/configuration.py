"""asv's configuration of this repository."""

from asv.config import Config
from asv.util import UserError

from tools.errors import ToolError
from tools.paths import ROOT

FILE = ROOT / "asv.conf.json"


def configuration() -> Config:
    """What asv.conf.json says. Raises ToolError where it can't be read."""
    try:
        return Config.load(str(FILE))
    except (UserError, ValueError) as error:
        why = " ".join(str(error).split())
        raise ToolError(f"{FILE.name} can't be read ({why}): git checkout {FILE.name} brings it back") from None
