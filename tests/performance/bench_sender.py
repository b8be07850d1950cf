"""Measures sending: one small request beside a bare httpx, cancelling, and 100 MB to a file beside curl."""

from __future__ import annotations

import asyncio
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from insomnia_desktop.sender.events import PhaseChanged
from tests.performance.row import Row, at_most
from tests.support.sending import request, sender_in

MEGABYTE = 1_000_000
_BIG = 100 * MEGABYTE
_SENDS = 300
_CANCELS = 20
_DOWNLOADS = 5
_SERVER = """
import asyncio, sys

BLOCK = bytes(range(256)) * 4096

async def talk(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            target = head.split(b" ")[1]
            if target == b"/silent":
                await reader.read()
                return
            size = int(target[1:])
            writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\nContent-Type: text/plain\\r\\n\\r\\n" % size)
            while size:
                piece = BLOCK[:size]
                writer.write(piece)
                size -= len(piece)
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()

async def main():
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def rows() -> Iterable[Row]:
    """Measure everything; each figure as soon as it is known."""
    with _server() as base, tempfile.TemporaryDirectory(prefix="insomnia-desktop-bench-") as folder:
        yield asyncio.run(_one_send(base, Path(folder)))
        yield asyncio.run(_cancel(base, Path(folder)))
        yield from _large(base, Path(folder))


async def _one_send(base: str, folder: Path) -> Row:
    import httpx

    url = f"{base}/2000"
    async with httpx.AsyncClient(trust_env=False) as client, sender_in(folder) as desk:
        await client.get(url)
        await desk.send(request(url))
        bare: list[float] = []
        ours: list[float] = []
        for _ in range(_SENDS):
            began = time.perf_counter()
            await client.get(url)
            bare.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            await desk.send(request(url))
            ours.append((time.perf_counter() - began) * 1000)
    of_httpx, of_us = statistics.median(bare), statistics.median(ours)
    note = f"{of_us:.2f} ms, bare httpx {of_httpx:.2f} ms"
    return at_most("one send, prepared to body on disk, over a bare httpx.AsyncClient", 1, of_us - of_httpx, "ms", note)


async def _cancel(base: str, folder: Path) -> Row:
    took: list[float] = []
    async with sender_in(folder) as desk, asyncio.TaskGroup() as group:
        for _ in range(_CANCELS):
            desk.events.clear()
            task = group.create_task(desk.send(request(f"{base}/silent")))
            await desk.told(PhaseChanged("wait"))
            began = time.perf_counter()
            task.cancel()
            outcome = await task
            took.append((time.perf_counter() - began) * 1000)
            assert outcome.response.state == "cancelled"
    return at_most("cancel a hanging request", 20, statistics.median(took), "ms", f"slowest {max(took):.1f} ms")


def _large(base: str, folder: Path) -> Iterator[Row]:
    curl = shutil.which("curl")
    of_curl: list[float] = []
    ours: list[float] = []

    async def measure() -> float:
        async with sender_in(folder) as desk:
            await desk.send(request(f"{base}/2000"))
            before = _peak()
            for _ in range(_DOWNLOADS):
                if curl is not None:
                    began = time.perf_counter()
                    command = [curl, "--silent", "--noproxy", "*", "--output", str(folder / "curl"), f"{base}/{_BIG}"]
                    process = await asyncio.create_subprocess_exec(*command)
                    await process.wait()
                    of_curl.append(time.perf_counter() - began)
                began = time.perf_counter()
                outcome = await desk.send(request(f"{base}/{_BIG}"))
                ours.append(time.perf_counter() - began)
                assert outcome.response.size_decoded == _BIG, outcome.response.error
                (folder / outcome.response.body_file).unlink()
            return _peak() - before

    memory = asyncio.run(measure())
    mine = statistics.median(ours)
    if of_curl:
        theirs = statistics.median(of_curl)
        note = f"{mine * 1000:.0f} ms, curl {theirs * 1000:.0f} ms"
        yield at_most("100 MB body: download to file over curl's", 1.3, mine / theirs, "x", note)
    yield at_most("100 MB body: extra memory while it is downloaded", 40, memory / MEGABYTE, "MB")


def _peak() -> float:
    """Return the most memory this process ever held, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


@contextmanager
def _server() -> Iterator[str]:
    """Serve from a process of its own, so that its work is not ours."""
    with subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()
