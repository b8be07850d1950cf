"""Measures the server's part of sign-ins: `login-a` and `login-m1` of 100 accounts, on SQLite and on PostgreSQL.

The clients' arithmetic is done beside the loop that asks, in processes of its own, and is not counted.
"""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx

from insomnia_desktop.crypto.srp_client import ClientHandshake
from insomnia_desktop.protocol.binary import Bytes16, Bytes32, Bytes256
from insomnia_desktop.protocol.codec import decode_body, encode_body
from insomnia_desktop.protocol.sign_in import LoginA, LoginAAnswer, LoginM1, LoginM1Answer
from tests.performance.load import load
from tests.performance.row import Row, at_least, at_most
from tests.support import postgresql
from tests.support.sync_desk import new_device
from tests.support.sync_people import Person, person
from tests.support.sync_process import server_process, where

T = TypeVar("T")
_ACCOUNTS = 100
_A_SECOND = 50
_HANDSHAKES = 300
_AT_ONCE = 8
_P95_MS = 25
_CLIENT_PROCESSES = 2
_HEADERS = {"Content-Type": "application/json"}
# Nobody is turned away, and nobody who waits is given up.
_LIMIT = "attempts=1000000"
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class _Client:
    """Somebody with an account and what begins a handshake; small enough to be sent to another process."""

    email: str
    srp_auth: bytes
    srp_salt: bytes
    secret: bytes
    A: bytes


@dataclass(frozen=True)
class _Figures:
    """What handshakes took of those who asked, what each took of the server's processor (ms), how many a second."""

    taken: list[float]
    worked: float
    a_second: float


def rows() -> Iterator[Row]:
    """Measure on SQLite, and on PostgreSQL where the machine has it."""
    people = [person(f"person{number}@example.com", recovery=False) for number in range(_ACCOUNTS)]
    with tempfile.TemporaryDirectory(prefix="insomnia-desktop-bench-") as folder:
        yield from _on("SQLite", Path(folder) / "server.sqlite", people)
    binaries = postgresql.binaries()
    if binaries is None:
        print("This machine has no PostgreSQL: its figures are not measured.", file=sys.stderr)
        return
    with postgresql.running(binaries, durable=True) as server:
        yield from _on("PostgreSQL", server.address, people)


def _on(kind: str, database: Path | str, people: list[Person]) -> Iterator[Row]:
    # Not forked: this process has threads.
    spawning = multiprocessing.get_context("spawn")
    with (
        server_process(*where(database), "--port", "0", "--limit", _LIMIT) as server,
        ProcessPoolExecutor(_CLIENT_PROCESSES, spawning) as pool,
    ):
        alone, crowd = asyncio.run(_Measurement(server.address(), server.pid, people, pool).run())
    note = f"p50 {statistics.median(alone.taken):.1f} ms, {alone.worked:.1f} ms of processor; {load()}"
    yield at_most(f"server handshake, {kind}: p95", _P95_MS, _p95(alone.taken), "ms", note)
    note = (
        f"{_ACCOUNTS} accounts, {_AT_ONCE} at a time, all signed in; p95 {_p95(crowd.taken):.0f} ms, "
        f"{crowd.worked:.1f} ms of processor; {load()}"
    )
    yield at_least(f"server handshakes a second, {kind}", _A_SECOND, crowd.a_second, "per s", note)


class _Measurement:
    """The sign-ins of all people at one server."""

    def __init__(self, address: str, pid: int, people: list[Person], pool: Executor) -> None:
        self._address = address
        self._pid = pid
        self._people = people
        self._pool = pool

    async def run(self) -> tuple[_Figures, _Figures]:
        """Measure handshakes one after another, then several at a time."""
        async with httpx.AsyncClient(
            base_url=self._address, headers=_HEADERS, trust_env=False, timeout=_PATIENCE_S
        ) as client:
            self._http = client
            for each in self._people:
                answer = await client.post("/auth/signup", content=encode_body(each.sign_up))
                assert answer.status_code == 201, answer.text
            # Connections, statements and processes of both sides are made before anything counts.
            await self._measured(_ACCOUNTS, _AT_ONCE)
            return await self._measured(_HANDSHAKES, 1), await self._measured(_HANDSHAKES, _AT_ONCE)

    async def _measured(self, count: int, at_once: int) -> _Figures:
        waiting = iter(await self._clients(count))
        taken: list[float] = []

        async def one_after_another() -> None:
            for client in waiting:
                taken.append(await self._handshake(client))

        worked, began = _processor_ms(self._pid), time.perf_counter()
        await asyncio.gather(*(one_after_another() for _ in range(at_once)))
        seconds = time.perf_counter() - began
        return _Figures(taken, (_processor_ms(self._pid) - worked) / count, count / seconds)

    async def _clients(self, count: int) -> list[_Client]:
        people = [self._people[number % _ACCOUNTS] for number in range(count)]
        return list(await asyncio.gather(*(self._beside(_begin, *_known(each)) for each in people)))

    async def _handshake(self, client: _Client) -> float:
        """Sign in, check what comes of it, and return the milliseconds that the two answers took."""
        message = encode_body(LoginA(client.email, Bytes256(client.A)))
        begun, first = await self._ask("/auth/login-a", message)
        challenge = decode_body(begun, LoginAAnswer)
        M1, M2 = await self._beside(_prove, client, bytes(challenge.srpB))
        proof = LoginM1(Bytes16(challenge.handshake_id), Bytes32(M1), new_device())
        done, second = await self._ask("/auth/login-m1", encode_body(proof))
        assert decode_body(done, LoginM1Answer).srpM2 == M2
        return first + second

    async def _ask(self, path: str, body: bytes) -> tuple[bytes, float]:
        began = time.perf_counter()
        answer = await self._http.post(path, content=body)
        taken = (time.perf_counter() - began) * 1000
        assert answer.status_code == 200, answer.text
        return answer.content, taken

    def _beside(self, function: Callable[..., T], *arguments: object) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._pool, function, *arguments)


def _known(each: Person) -> tuple[str, bytes, bytes]:
    return each.email, bytes(each.credentials.keys.srp_auth), bytes(each.credentials.srp.salt)


def _begin(email: str, srp_auth: bytes, srp_salt: bytes) -> _Client:
    from insomnia_desktop.crypto.srp_group import new_secret

    secret = new_secret()
    return _Client(email, srp_auth, srp_salt, secret, ClientHandshake(email, srp_auth, secret).A)


def _prove(client: _Client, B: bytes) -> tuple[bytes, bytes]:
    proof = ClientHandshake(client.email, client.srp_auth, client.secret).respond(client.srp_salt, B)
    return proof.M1, proof.M2


def _p95(taken: list[float]) -> float:
    return sorted(taken)[round(len(taken) * 0.95) - 1]


def _processor_ms(pid: int) -> float:
    """Return what a process has had of the processor; other work on the machine does not change that, as it does time.

    Not a number where the system does not tell.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.nan
    # Its own and the system's for it: fields 14 and 15 of proc_pid_stat(5).
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
