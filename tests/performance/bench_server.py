"""Measures the sync server as a process of its own, on SQLite with every commit on the disk: pushes, heads, pages."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.crypto.envelope import NO_PREV, Revision, rev_hash
from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, encode
from insomnia_desktop.protocol.codec import decode_body, encode_body
from insomnia_desktop.protocol.sync import Change, Page, Push, PushAnswer
from insomnia_desktop.server.database import accounts, groups, sessions
from insomnia_desktop.server.database.accounts import AccountRow
from insomnia_desktop.server.database.groups import GroupRow
from insomnia_desktop.server.database.opening import open_database
from insomnia_desktop.server.database.sessions import SessionRow
from tests.performance.row import Row, at_most
from tests.support.sync_process import server_process, where

_ACCOUNTS = 250
_DEVICES = 2
_PUSHES_A_SECOND = 200
_SECONDS = 10
_CONNECTIONS = 32
# An envelope of a document of 2 KB.
_ENVELOPE = 33 + 2048
_WHOLE_PUSH = 500
_YEAR_MS = 365 * 86_400_000


@dataclass
class _Device:
    """A signed-in device, the group that it pushes to, and the newest version of its one resource."""

    account_id: bytes
    group_id: bytes
    token: str
    resource_id: bytes = field(default_factory=lambda: os.urandom(16))
    version: int = 0
    rev_hash: bytes = NO_PREV

    def next_change(self) -> Change:
        """Return the next version of its resource."""
        blob = b"\x01\0\0\0\x01" + os.urandom(_ENVELOPE - 5)
        return Change(Bytes16(self.resource_id), self.version + 1, Bytes32(self.rev_hash), False, Binary(blob))

    def accepted(self, change: Change) -> None:
        """Go on from a version that the server has taken."""
        revision = Revision(self.group_id, change.id, change.version, change.prev, change.deleted, self.account_id)
        self.version, self.rev_hash = change.version, rev_hash(revision, change.blob)


class _Connection:
    """A connection that is kept open, as a client of ours keeps it; counts the bytes of both ways."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host
        self.bytes = 0

    async def ask(self, method: str, path: str, token: str, body: bytes = b"", *more: str) -> tuple[int, bytes, str]:
        """Ask and return status, body and ETag."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", f"Authorization: Bearer {token}", *more]
        lines.append("User-Agent: insomnia-desktop/0.1.0")
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        content = await self._reader.readexactly(int(fields.get(b"content-length", 0)))
        self.bytes += len(request) + len(head) + len(content)
        etag = next((line[6:] for line in head.decode().split("\r\n") if line.lower().startswith("etag: ")), "")
        return status, content, etag

    async def listen(self, token: str) -> None:
        """Open an event stream and read it until the connection is closed."""
        request = f"GET /v1/events HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {token}\r\n\r\n"
        self._writer.write(request.encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head

    async def drain(self) -> None:
        """Throw away what comes."""
        while await self._reader.read(65_536):
            pass

    def close(self) -> None:
        """Close it."""
        self._writer.close()


def rows() -> Iterator[Row]:
    """Yield the figures of a server with 250 accounts, two devices each."""
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "server.sqlite"
        devices = asyncio.run(_fill(file))
        with server_process(*where(file), "--port", "0") as process:
            address = process.address()
            host, port = address.removeprefix("http://").split(":")
            yield from asyncio.run(_measure(host, int(port), devices))


async def _fill(file: Path) -> list[_Device]:
    """Make accounts, sessions and groups as the server stores them."""
    database, now = await open_database(file), SystemClock().now_ms()
    devices: list[_Device] = []
    try:
        async with database.write() as connection:
            for number in range(_ACCOUNTS):
                account_id, group_id = os.urandom(16), os.urandom(16)
                await accounts.insert(connection, _account(account_id, f"p{number}@example.com", now))
                group = GroupRow(group_id, now, 0, bytes(32), 1, 0, 0, 0, 0, now)
                await connection.run_sync(groups.insert, group, account_id, "owner", os.urandom(61))
                for _ in range(_DEVICES):
                    token = os.urandom(32)
                    times = (now, now, now + _YEAR_MS)
                    row = SessionRow(H(token), account_id, os.urandom(16), "Laptop", "linux", "bench", *times)
                    await connection.run_sync(sessions.replace, row)
                    devices.append(_Device(account_id, group_id, encode(token)))
    finally:
        await database.close()
    return devices


def _account(account_id: bytes, email: str, now: int) -> AccountRow:
    kdf = (1, "pbkdf2-sha256", 1_000_000, os.urandom(16))
    srp = ("2048", "sha256", os.urandom(16), os.urandom(256), os.urandom(93))
    keys = (os.urandom(422), os.urandom(1800), os.urandom(32), os.urandom(61), os.urandom(64))
    return AccountRow(account_id, email, "", 1, now, 1, *kdf, *srp, *keys, None, None)


async def _measure(host: str, port: int, devices: list[_Device]) -> list[Row]:
    found = [await _no_op(host, port, devices[0])]
    found += await _one_push(host, port, devices[1])
    found += await _under_load(host, port, devices)
    found += await _whole(host, port, devices[-1])
    return [row for rows in found for row in (rows if isinstance(rows, list) else [rows])]


async def _no_op(host: str, port: int, device: _Device) -> list[Row]:
    """Measure a round that finds nothing new."""
    async with _connected(host, port) as connection:
        *_, etag = await connection.ask("GET", "/v1/heads", device.token)
        connection.bytes, times = 0, []
        for _ in range(200):
            begun = time.perf_counter()
            status, *_ = await connection.ask("GET", "/v1/heads", device.token, b"", f"If-None-Match: {etag}")
            times.append((time.perf_counter() - begun) * 1000)
            assert status == 304
    return [
        at_most("server: heads, nothing new", 2, statistics.median(times), "ms", _spread(times)),
        at_most("server: heads, nothing new, both ways", 400, connection.bytes / len(times), "bytes"),
    ]


async def _one_push(host: str, port: int, device: _Device) -> list[Row]:
    """Measure a push of one change with nothing else going on."""
    async with _connected(host, port) as connection:
        times = [await _push(connection, device) for _ in range(200)]
    return [at_most("server: one push of one change, alone", 6, statistics.median(times), "ms", _spread(times))]


async def _under_load(host: str, port: int, devices: list[_Device]) -> list[Row]:
    """Measure pushes at a steady rate, however long each takes, with a stream open for every device."""
    times: list[float] = []
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        streams = []
        for device in devices:
            stream = await stack.enter_async_context(_connected(host, port))
            await stream.listen(device.token)
            streams.append(tasks.create_task(stream.drain()))
        for _ in range(_CONNECTIONS):
            free.put_nowait(await stack.enter_async_context(_connected(host, port)))

        async def push(device: _Device, due: float) -> None:
            connection = await free.get()
            await _push(connection, device)
            times.append((time.perf_counter() - due) * 1000)
            free.put_nowait(connection)

        pushes = []
        begun = time.perf_counter()
        for number in range(_PUSHES_A_SECOND * _SECONDS):
            due = begun + number / _PUSHES_A_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            pushes.append(tasks.create_task(push(devices[number * 7 % len(devices)], due)))
        await asyncio.wait(pushes)
        for task in streams:
            task.cancel()
    times.sort()
    what = f"server: push of one change, p95, {_PUSHES_A_SECOND} a second, {len(devices)} streams"
    return [at_most(what, 10, times[int(len(times) * 0.95)], "ms", _spread(times))]


async def _whole(host: str, port: int, device: _Device) -> list[Row]:
    """Measure pushes and pages as long as they may be."""
    pushes, pages, after = [], [], 0
    async with _connected(host, port) as connection:
        path = f"/v1/groups/{encode(device.group_id)}"
        for _ in range(10):
            fresh = [_Device(device.account_id, device.group_id, "").next_change() for _ in range(_WHOLE_PUSH)]
            body = encode_body(Push(1 << 40, fresh))
            begun = time.perf_counter()
            status, *_ = await connection.ask("POST", f"{path}/push", device.token, body)
            pushes.append((time.perf_counter() - begun) * 1000)
            assert status == 200
        more = True
        while more:
            begun = time.perf_counter()
            _, content, _ = await connection.ask("GET", f"{path}/changes?after={after}", device.token)
            pages.append((time.perf_counter() - begun) * 1000)
            page = decode_body(content, Page)
            after, more = page.next, page.more
    return [
        at_most(f"server: push of {_WHOLE_PUSH} changes of 2 KB", 60, statistics.median(pushes), "ms", _spread(pushes)),
        at_most(f"server: page of {_WHOLE_PUSH} rows of 2 KB", 40, statistics.median(pages), "ms", _spread(pages)),
    ]


async def _push(connection: _Connection, device: _Device) -> float:
    change = device.next_change()
    body = encode_body(Push(1 << 40, [change]))
    begun = time.perf_counter()
    status, content, _ = await connection.ask("POST", f"/v1/groups/{encode(device.group_id)}/push", device.token, body)
    taken = (time.perf_counter() - begun) * 1000
    assert status == 200, content
    assert decode_body(content, PushAnswer).results[0].result == "ok", content
    device.accepted(change)
    return taken


@asynccontextmanager
async def _connected(host: str, port: int) -> AsyncIterator[_Connection]:
    connection = _Connection(*await asyncio.open_connection(host, port, limit=1 << 23), f"{host}:{port}")
    try:
        yield connection
    finally:
        connection.close()


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"p50 {statistics.median(ordered):.2f} ms, p95 {p95:.2f} ms, max {ordered[-1]:.2f} ms"
