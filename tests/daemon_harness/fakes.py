"""Daemons that do one thing wrong, each a package that is called exabgp."""

import textwrap
from pathlib import Path

# What all begin with: the port they are to dial, and the OPEN of a speaker.
_DIAL = """
import os, socket, sys, time
connection = socket.create_connection(("127.0.0.1", int(os.environ["exabgp.tcp.port"])))
def message(kind, body):
    connection.sendall(b"\\xff" * 16 + (19 + len(body)).to_bytes(2) + bytes([kind]) + body)
"""
_OPEN = _DIAL + "message(1, bytes([4]) + (65000).to_bytes(2) + (180).to_bytes(2) + bytes([10, 0, 0, 2, 0]))\n"
_ESTABLISH = _OPEN + 'message(4, b"")\n'
_ATTRIBUTES = "bytes([0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 3, 4, 192, 0, 2, 1])"
_WAIT = "time.sleep(1000)\n"

CRASHES = 'print("first words")\nraise ValueError("a defect")\n'
ENDS = "import sys\nsys.exit(3)\n"
NEVER_DIALS = 'import time\nprint("I wait", flush=True)\n' + _WAIT
NO_OPEN = _DIAL + _WAIT
NO_SESSION = _OPEN + _WAIT
NOTIFIES = _ESTABLISH + 'time.sleep(0.5)\nmessage(3, bytes([6, 2]) + b"go away")\n' + _WAIT
CLOSES = _ESTABLISH + "connection.close()\n" + _WAIT
DIES = _ESTABLISH + "time.sleep(0.5)\nos.kill(os.getpid(), 9)\n"
SAYS_NO_MORE = _ESTABLISH + _WAIT
FLAPS_ONCE = _ESTABLISH + "time.sleep(0.5)\nconnection.close()\n" + SAYS_NO_MORE
FLAPS = "while True:\n" + textwrap.indent(_ESTABLISH + "time.sleep(0.05)\nconnection.close()\n", "    ")
TALKS_NONSENSE = _OPEN + "connection.sendall(bytes(19))\n" + _WAIT
# 192.0.2.0/25 once and 192.0.2.128/25 twice, and the rest never.
LOSES = (
    _ESTABLISH
    + f"attributes = {_ATTRIBUTES}\n"
    + "for last in (0, 128, 128):\n"
    + "    message(2, bytes(2) + len(attributes).to_bytes(2) + attributes + bytes([25, 192, 0, 2, last]))\n"
    + _WAIT
)


def package(folder: Path, code: str) -> Path:
    """Write a fake daemon; return the folder that it is imported from."""
    (folder / "exabgp").mkdir()
    (folder / "exabgp" / "__init__.py").touch()
    (folder / "exabgp" / "__main__.py").write_text(code)
    return folder
