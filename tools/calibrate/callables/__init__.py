"""The callables of ExaBGP that get slower, by what they are for."""

from tools.calibrate.callables.announcing import ANNOUNCING
from tools.calibrate.callables.configuring import CONFIGURING
from tools.calibrate.callables.encoding import ENCODING
from tools.calibrate.callables.families import FAMILIES
from tools.calibrate.callables.receiving import RECEIVING
from tools.calibrate.callables.running import RUNNING

CALLABLES = (*RECEIVING, *ANNOUNCING, *CONFIGURING, *ENCODING, *FAMILIES, *RUNNING)
