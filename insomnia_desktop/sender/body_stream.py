"""The bytes of a request's body as they go out: files are opened before anything is sent and never held whole."""

from __future__ import annotations

import asyncio
import io
import os
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender.body_source import BodySource, BytesSource, FileSource, SequenceSource
from insomnia_desktop.sender.failures import file_failure

CHUNK_BYTES: Final = 512 * 1024
PREVIEW_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class _Piece:
    source: BytesSource | FileSource
    size: int


class BodyStream:
    """A body with its size; `chunks` may be read again for another hop. Threads: the loop's."""

    def __init__(self, pieces: tuple[_Piece, ...]) -> None:
        self._pieces = pieces
        self.size = sum(piece.size for piece in pieces)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes; raises KnownError `send.file_missing`, `send.file_unreadable`, `send.file_changed`."""
        for piece in self._pieces:
            if isinstance(piece.source, BytesSource):
                data = piece.source.data
                for start in range(0, len(data), CHUNK_BYTES):
                    yield data if len(data) <= CHUNK_BYTES else data[start : start + CHUNK_BYTES]
            else:
                async for chunk in _file_chunks(piece.source, piece.size):
                    yield chunk

    def preview(self) -> str:
        """Return the first 4 KiB as text, files by their names."""
        text = ""
        for piece in self._pieces:
            if len(text) >= PREVIEW_BYTES:
                break
            if isinstance(piece.source, BytesSource):
                text += piece.source.data[:PREVIEW_BYTES].decode("utf-8", "replace")
            else:
                text += f"[{os.path.basename(piece.source.path)}, {piece.size:,} bytes]"
        return text[:PREVIEW_BYTES]


async def open_body(source: BodySource) -> BodyStream:
    """Return the body with its size; raises KnownError `send.file_missing`, `send.file_unreadable`."""
    sources = source.pieces if isinstance(source, SequenceSource) else (source,)
    if all(isinstance(one, BytesSource) for one in sources):
        return BodyStream(tuple(_measured(one) for one in sources))
    return BodyStream(await asyncio.to_thread(lambda: tuple(_measured(one) for one in sources)))


def _measured(source: BytesSource | FileSource) -> _Piece:
    if isinstance(source, BytesSource):
        return _Piece(source, len(source.data))
    if not source.path or "\0" in source.path:
        # No file has a NUL in its name; Python refuses to ask.
        raise KnownError("send.file_missing", path=source.path, where=source.where)
    try:
        # Opened too: a file that may not be read is found out before anything is sent.
        descriptor = os.open(source.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise file_failure(error, path=source.path, where=source.where) from error
    try:
        status = os.fstat(descriptor)
        is_file = stat.S_ISREG(status.st_mode)
        # What the system makes up when it is read (/proc) says that it is empty; that would be sent.
        sized = is_file and (status.st_size > 0 or not os.read(descriptor, 1))
    except OSError as error:
        raise file_failure(error, path=source.path, where=source.where) from error
    finally:
        os.close(descriptor)
    if not sized:
        reason = "Its length is not known" if is_file else "It is not a file"
        raise KnownError("send.file_unreadable", path=source.path, where=source.where, reason=reason)
    return _Piece(source, status.st_size)


async def _file_chunks(source: FileSource, size: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    try:
        file = await loop.run_in_executor(None, io.FileIO, source.path)
    except OSError as error:
        raise file_failure(error, path=source.path, where=source.where) from error
    left = size
    try:
        while left:
            try:
                chunk = await loop.run_in_executor(None, file.read, min(CHUNK_BYTES, left))
            except OSError as error:
                raise file_failure(error, path=source.path, where=source.where) from error
            if not chunk:
                raise KnownError("send.file_changed", path=source.path, where=source.where)
            left -= len(chunk)
            yield chunk
    finally:
        file.close()
