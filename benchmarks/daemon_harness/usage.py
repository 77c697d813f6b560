"""Who uses the processors of this machine while a daemon is measured."""

from typing import NamedTuple

import psutil

# What a virtual machine's host takes from it is used by others, too. A guest's time is in that of its users.
_UNUSED = ("idle", "iowait", "guest", "guest_nice")
# The system counts in hundredths of a second, of each processor by itself: less than this is nobody's.
_ERROR = 20_000_000


class Usage(NamedTuple):
    """A stretch of time, and the CPU time in it, all in nanoseconds.

    `daemon` is without its API process, which is the `tester` with the process that this runs in. `everything` is all
    that the processors of this machine did.
    """

    time: int
    daemon: int
    tester: int
    everything: int

    def since(self, before: "Usage") -> "Usage":
        """What was used between two readings."""
        return Usage(*(now - then for now, then in zip(self, before, strict=True)))

    @property
    def tester_share(self) -> float:
        """CPU seconds of the tester for each second."""
        return round(self.tester / self.time, 3)

    @property
    def others_share(self) -> float:
        """CPU seconds of everybody else for each second."""
        return round(max(0, self.everything - self.daemon - self.tester - _ERROR) / self.time, 3)


def everything_ns() -> int:
    """CPU time that all processors have spent since the system started, but for that in which they did nothing."""
    times = psutil.cpu_times()._asdict()
    return int(sum(seconds for name, seconds in times.items() if name not in _UNUSED) * 1e9)
