"""Do once what every benchmark needs, in the process that asv forks for each of them, and not in every fork of it.

asv's server imports every module of this package before it forks; nothing else imports this one. No number depends on
it: a count begins after ExaBGP is up, and what needs a process without history starts one (see
`benchmarks.work.load_process`).
"""

import gc
import os

from benchmarks.exabgp_compat.startup import startup_error
from benchmarks.work.traffic import RECORDING, traffic

# It is raised by the setups, so that each benchmark says why it has no number.
startup_error()

# As many messages as most counts are of. A recording is read where its errors can be reported: in the setups.
if not os.environ.get(RECORDING):
    traffic(300)

# What is there now stays: no collection in a fork walks it, nor copies the pages that it lies on.
gc.freeze()
