"""A body of 1 GB, up from a file and down to one, by the real program in its own process: never held whole."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from insomnia_desktop.base.paths import DataFolder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read the way Linux tells it"),
]

_T = TypeVar("_T")
_ROOT = Path(__file__).parents[2]
_SIZE = 1_000_000_000
_BLOCK = bytes(range(256)) * 4096
_MOST_MEMORY = 150 * 1024
"""In KiB: the program itself takes some 45 MB; a body held whole would be ten times that."""
# VmHWM and not ru_maxrss: that one begins with what the process that started this one had in memory.
_MEASURED = """
import pathlib, re, sys
from insomnia_desktop.app.main import main
status = main(sys.argv[1:])
peak = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())
sys.stderr.write(f"peak={peak[1]}\\n")
sys.exit(status)
"""


class _Peer:
    """Counts what comes up, and sends what is asked for down; on a loop of its own."""

    def __init__(self) -> None:
        self.received = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        async def end() -> None:
            self._server.close()
            await self._server.wait_closed()

        self._do(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        while self.received < length:
            self.received += len(await reader.read(1 << 20))
        left = 0 if length else _SIZE
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % left)
        while left:
            piece = _BLOCK[:left]
            writer.write(piece)
            left -= len(piece)
            await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
def peer() -> Iterator[_Peer]:
    """A peer on loopback."""
    peer = _Peer()
    yield peer
    peer.close()


def _run(folder: DataFolder, *words: str) -> tuple[subprocess.CompletedProcess[str], int]:
    command = [sys.executable, "-c", _MEASURED, "--data-dir", str(folder.root), *words]
    ended = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert ended.returncode == 0, ended
    return ended, int(ended.stderr.rpartition("peak=")[2])


def test_a_gigabyte_comes_down_into_a_file(data_folder: DataFolder, peer: _Peer) -> None:
    ended, peak = _run(data_folder, "send", "--url", peer.url, "--json")
    body = Path(json.loads(ended.stdout)["body_file"])
    assert body.stat().st_size == _SIZE
    with body.open("rb") as file:
        file.seek(_SIZE - 1000)
        assert file.read() == (_BLOCK * 2)[(_SIZE - 1000) % len(_BLOCK) :][:1000]
    assert peak < _MOST_MEMORY


def test_a_gigabyte_goes_up_from_a_file(data_folder: DataFolder, peer: _Peer, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        os.truncate(file.fileno(), _SIZE)
    _, peak = _run(
        data_folder, "send", "--url", peer.url, "--body-file", str(large), "--type", "application/octet-stream"
    )
    assert peer.received == _SIZE
    assert peak < _MOST_MEMORY
