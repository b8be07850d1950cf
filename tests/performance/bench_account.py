"""Measures a sign-in of the program at a real server, beside the derivation alone."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.protocol.limits import ITERATIONS_DEFAULT
from tests.performance.load import load
from tests.performance.row import Row, at_most
from tests.support.account_desk import EMAIL, PASSWORD, AccountDesk, account_desk
from tests.support.sync_process import server_process

_SIGN_INS = 15
_OVER_DERIVATION_MS = 150


def rows() -> Iterator[Row]:
    """Derive and sign in, in turn."""
    with tempfile.TemporaryDirectory(prefix="insomnia-desktop-bench-") as temporary:
        folder = Path(temporary)
        arguments = ("--data-dir", str(folder / "server"), "--port", "0", "--limit", "attempts=100000")
        with server_process(*arguments) as server, account_desk(folder / "a", clock=SystemClock()) as desk:
            address = server.address()
            desk.enter(address)
            yield _sign_in(desk, address)


def _sign_in(desk: AccountDesk, address: str) -> Row:
    """From the click to the stored session: `login-s`, derivation, handshake, keys, secrets, store."""
    from insomnia_desktop.crypto.passwords import derive, normalise

    assert desk.row is not None
    password, salt = normalise(PASSWORD), os.urandom(16)
    derived: list[float] = []
    over: list[float] = []
    for _ in range(_SIGN_INS):
        began = time.perf_counter()
        derive(EMAIL, password, salt, ITERATIONS_DEFAULT)
        between = time.perf_counter()
        desk.sign_in(address)
        ended = time.perf_counter()
        derived.append((between - began) * 1000)
        over.append((ended - between) * 1000 - derived[-1])
    note = f"over a derivation of {statistics.median(derived):.0f} ms; {min(over):.0f} to {max(over):.0f} ms; {load()}"
    what = "sign-in, whole, 1,000,000 iterations: over the derivation"
    return at_most(what, _OVER_DERIVATION_MS, statistics.median(over), "ms", note)
