"""Import ExaBGP once, in the process that asv forks for each benchmark, and not in every fork of it.

asv's server imports every module of this package before it forks; nothing else imports this one. No number depends on
it: a count begins after ExaBGP is up, and what needs a process without history starts one (see
`benchmarks.work.load_process`).
"""

import gc

from benchmarks.exabgp_compat.startup import startup_error

# It is raised by the setups, so that each benchmark says why it has no number.
startup_error()

# What is there now stays: no collection in a fork walks it, nor copies the pages that it lies on.
gc.freeze()
