"""What all tests share. The tests in on_exabgp/ import ExaBGP: they run in processes of their own, once a tree."""

import os
import signal

# To import it ends the process whenever a connection is closed that it writes to: that is undone below.
import mrtparse  # noqa: F401

# Set by test_exabgp.py in the process that it starts for one tree of ExaBGP.
collect_ignore = [] if "EXABGP_TREE" in os.environ else ["on_exabgp"]

# A shell starts what runs in the background deaf to ^C, and nohup what it runs to the terminal's end; the tests
# interrupt what they start, which must hear it.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)

# Where it is set, Python writes at once, and nothing is left in a stream whose other end is gone.
os.environ.pop("PYTHONUNBUFFERED", None)
