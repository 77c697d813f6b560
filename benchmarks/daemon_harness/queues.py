"""What the system says of the queues of another process's connections."""

import socket
import sys
from pathlib import Path

_CONNECTIONS = Path("/proc/net/tcp")


def receive_queue(local: tuple[str, int], remote: tuple[str, int]) -> int:
    """Octets that have arrived at one end of a TCP connection of this machine, and that its process has not read."""
    ends = [_end(local), _end(remote)]
    for line in _CONNECTIONS.read_text().splitlines():
        fields = line.split()
        if fields[1:3] == ends:
            return int(fields[4].partition(":")[2], 16)
    return 0


def _end(address: tuple[str, int]) -> str:
    """An address and a port as the system writes them: the address as a number of this machine."""
    number = int.from_bytes(socket.inet_aton(address[0]), sys.byteorder)
    return f"{number:08X}:{address[1]:04X}"
