"""What tshark, a decoder that others wrote, reads in our octets."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from scapy.layers.inet import IP, TCP
from scapy.packet import Raw
from scapy.utils import wrpcap

from benchmarks.wire import Message

TSHARK = shutil.which("tshark")


def by_tshark(messages: Iterable[Message], folder: Path) -> list[str]:
    """Each message in tshark's words, all of its detail; sent on one connection."""
    packets, sequence = [], 1
    for message in messages:
        segment = TCP(sport=50000, dport=179, flags="PA", seq=sequence, ack=1)
        packets.append(IP(src="192.0.2.7", dst="192.0.2.8") / segment / Raw(message.wire))
        sequence += len(message.wire)
    file = folder / "messages.pcap"
    wrpcap(str(file), packets)
    command = [str(TSHARK), "-r", str(file), "-O", "bgp", "-o", "bgp.asn_len:4 octet", "-S", "end of packet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    texts = done.stdout.split("end of packet")[: len(packets)]
    assert len(texts) == len(packets), done.stdout + done.stderr
    return texts
