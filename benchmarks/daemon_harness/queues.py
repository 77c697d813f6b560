"""What the system says of the queues of another process's connections."""

import socket
import sys
from pathlib import Path

_CONNECTIONS = Path("/proc/net/tcp")
# A list that is read while others open and close connections may leave one out.
_LOOKS = 3


def receive_queue(local: tuple[str, int], remote: tuple[str, int]) -> int | None:
    """Octets that have arrived at one end of a TCP connection of this machine, and that its process has not read.

    None where the system has no such connection, or does not say.
    """
    ends = [_end(local), _end(remote)]
    for _ in range(_LOOKS if _CONNECTIONS.exists() else 0):
        for line in _CONNECTIONS.read_text().splitlines():
            fields = line.split()
            if fields[1:3] == ends:
                return int(fields[4].partition(":")[2], 16)
    return None


def _end(address: tuple[str, int]) -> str:
    """An address and a port as the system writes them: the address as a number of this machine."""
    number = int.from_bytes(socket.inet_aton(address[0]), sys.byteorder)
    return f"{number:08X}:{address[1]:04X}"
