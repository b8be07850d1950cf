"""One process at a time runs a round in a data folder: a lock held by the operating system, gone with its process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from insomnia_desktop.base.errors import KnownError

_ASKED_EVERY: Final = 0.05
# Windows locks bytes against reading too; this one lies behind all that could be read.
_LOCKED_BYTE: Final = 1 << 20


class RoundLock:
    """The lock of a data folder. Threads: one loop's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = asyncio.Lock()

    @asynccontextmanager
    async def held(self, patience: float) -> AsyncIterator[None]:
        """Hold the lock within the block; rounds of this process queue, others are waited for so many seconds.

        Raises KnownError `sync.busy` where another process holds it longer, `store.folder_read_only`.
        """
        async with self._own:
            descriptor = await self._acquire(patience)
            try:
                yield
            finally:
                os.close(descriptor)

    async def _acquire(self, patience: float) -> int:
        try:
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise KnownError(
                "store.folder_read_only", folder=str(self._path.parent), reason=os.strerror(error.errno or 0)
            ) from error
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        try:
            while not _lock(descriptor):
                if loop.time() >= deadline:
                    raise KnownError("sync.busy")
                await asyncio.sleep(_ASKED_EVERY)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
