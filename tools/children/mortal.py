"""Processes that do not outlive the one that started them, even where that was killed."""

import ctypes
import os
import signal
import sys

# prctl(2), from linux/prctl.h: the signal that a process gets when its parent ends. A fork begins without one.
_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends. Other systems than Linux have nothing of the kind."""
    if sys.platform != "linux":
        return
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL):
        raise OSError(ctypes.get_errno(), "prctl")
    # It may have ended before.
    if os.getppid() != parent:
        os._exit(1)
