"""The body of an answer on its way into its file: decoded within bounds, written beside the loop, never held whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from typing import Final, Protocol

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender.decoders import CorruptEncoding, DecodeLimits, DecoderChain
from insomnia_desktop.sender.failures import sink_failure

_BLOCK_BYTES: Final = 512 * 1024
_INLINE_BYTES: Final = 128 * 1024
# More than a response, its cookies and the store's log of both take.
_GIVEN_BACK_BYTES: Final = 1024 * 1024


class BodyFiles(Protocol):
    """Where bodies lie (`store.bodies`)."""

    def create(self, response_id: str) -> Path:
        """Return the path of a new, empty file for a response."""
        ...


class BodySink:
    """Takes a body chunk by chunk; a block is decoded and written in a thread while the next one arrives.

    Memory: two blocks of half a megabyte, and one piece of a decoder. Threads: `feed` and `finish` on the loop.
    """

    def __init__(self, files: BodyFiles, response_id: str, chain: DecoderChain, limits: DecodeLimits) -> None:
        self._files = files
        self._response_id = response_id
        self._chain = chain
        self._limits = limits
        self._blocks: list[bytes] = []
        self._waiting = 0
        self._job: asyncio.Future[None] | None = None
        self._descriptor: int | None = None
        self._stopped = False
        self.path: Path | None = None
        self.size_wire = 0
        self.size_decoded = 0
        self._decoding_of = 0

    async def feed(self, chunk: bytes) -> None:
        """Take bytes of the wire; raises KnownError.

        Codes: `send.corrupt_encoding` (encoding, reason), `send.decoded_too_large` (wire, decoded), `send.disk_full`
        and `send.body_unwritable` (received). What arrived before stays in the file, on a full disk but for its end.
        """
        self.size_wire += len(chunk)
        self._blocks.append(chunk)
        self._waiting += len(chunk)
        if self._waiting >= _BLOCK_BYTES:
            await self._join()
            blocks, self._blocks, self._waiting = self._blocks, [], 0
            self._job = asyncio.get_running_loop().run_in_executor(None, self._take, blocks)

    async def finish(self, *, complete: bool) -> None:
        """Write what is left and close the file; raises as `feed`.

        With `complete` an encoding without its end is an error too. The file is closed whatever happens.
        """
        try:
            await self._join()
            blocks, self._blocks, self._waiting = self._blocks, [], 0
            if self._chain.plain and sum(map(len, blocks)) <= _INLINE_BYTES:
                self._take(blocks)
            elif blocks or complete:
                self._job = asyncio.get_running_loop().run_in_executor(None, self._take, blocks, complete)
                await self._join()
        finally:
            await self._close()

    async def _join(self) -> None:
        if self._job is not None:
            # Shielded: a cancelled send must not leave a thread behind that writes into a closed file.
            await asyncio.shield(self._job)
            self._job = None

    async def _close(self) -> None:
        self._stopped = True
        job, self._job = self._job, None
        if job is not None:
            await asyncio.wait([job])
            if not job.cancelled():
                job.exception()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, blocks: list[bytes], complete: bool = False) -> None:
        try:
            for block in blocks:
                self._decoding_of += len(block)
                for piece in self._chain.feed(block):
                    self._write(piece)
                    if self._stopped:
                        return
            if complete:
                for piece in self._chain.finish():
                    self._write(piece)
        except CorruptEncoding as error:
            raise KnownError(
                "send.corrupt_encoding", encoding=error.encoding, reason=error.reason, received=self.size_decoded
            ) from None
        except OSError as error:
            failure = sink_failure(error, received=self.size_decoded)
            if failure.code == "send.disk_full":
                self._give_room_back()
            raise failure from error

    def _give_room_back(self) -> None:
        """Cut off the end of what was written, so that the response itself finds room in the store."""
        kept = max(0, self.size_decoded - _GIVEN_BACK_BYTES)
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, kept)
                self.size_decoded = kept

    def _write(self, piece: bytes) -> None:
        if not piece:
            return
        if self._descriptor is None:
            self.path = self._files.create(self._response_id)
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        view = memoryview(piece)
        while view:
            written = os.write(self._descriptor, view)
            self.size_decoded += written
            view = view[written:]
        if not self._chain.plain and not self._limits.allow(self._decoding_of, self.size_decoded):
            raise KnownError("send.decoded_too_large", wire=self._decoding_of, decoded=self.size_decoded)
