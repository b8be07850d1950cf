"""Ports of this computer that stay as they are: one at which nobody listens, and one for the server of a test."""

from __future__ import annotations

import itertools
import os
import socket

# Below the ports that systems give out themselves (Linux from 32768, others from 49152): no connection takes them.
_FIRST, _HOW_MANY = 20_000, 10_000
_turns = itertools.count(os.getpid())


def closed_port() -> int:
    """Return a port at which nobody listens, nor will: it stays bound until this process ends."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    port: int = sock.getsockname()[1]
    # Left to the system to close, without a warning of Python's.
    sock.detach()
    return port


def port_for_server() -> int:
    """Return a port that a server may take, leave and take again: no other test gets it while this process lives."""
    while True:
        port = _FIRST + next(_turns) % _HOW_MANY
        # The two kinds of ports do not disturb each other: the one of UDP says to other test runs that it is taken.
        mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            mark.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("", port))
        except OSError:
            mark.close()
            continue
        mark.detach()
        return port
