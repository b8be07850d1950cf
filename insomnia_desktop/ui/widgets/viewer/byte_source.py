"""Bytes of a body, read where they are needed: a file through a small cache, or memory.

The file is read with seek and read, not mapped into memory. A mapping of a file that somebody else truncates
ends the whole process (SIGBUS); a read just comes back short, which is seen and said.
"""

from __future__ import annotations

import io
import os
import weakref
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

from insomnia_desktop.base.errors import KnownError

CHUNK = 64 * 1024
# 4 MB: more than all rows of the largest screen and their surroundings.
CACHED_CHUNKS = 64


class ByteSource(Protocol):
    """A body of a known size whose bytes can be read at any place; used by one thread."""

    @property
    def size(self) -> int:
        """Return the size in bytes at the time of opening."""
        ...

    @property
    def lost(self) -> bool:
        """Say whether bytes that were there at the opening could not be read any more."""
        ...

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from start to end through the cache; fewer when the body ends before."""
        ...

    def scan(self, start: int, end: int) -> bytes:
        """Return the bytes from start to end past the cache, for passes over the whole body."""
        ...

    def close(self) -> None:
        """Give the file back; the source is not used any more."""
        ...


class MemorySource:
    """A body that is in memory already."""

    def __init__(self, content: bytes) -> None:
        """Keep a reference, no copy."""
        self._content = content

    @property
    def size(self) -> int:
        """Return the size in bytes."""
        return len(self._content)

    @property
    def lost(self) -> bool:
        """Memory is never lost."""
        return False

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from start to end."""
        return self._content[max(start, 0) : max(end, 0)]

    def scan(self, start: int, end: int) -> bytes:
        """Return the bytes from start to end."""
        return self.read(start, end)

    def close(self) -> None:
        """Let the bytes go."""
        self._content = b""


class FileSource:
    """A body in a file that may be cut short by others while it is shown."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises KnownError `viewer.body_missing` or `viewer.body_unreadable`."""
        try:
            # Open until `close`: a file that is deleted meanwhile stays readable on POSIX.
            self._file = io.FileIO(os.fspath(path), "rb")
            self._size = os.fstat(self._file.fileno()).st_size
        except FileNotFoundError:
            raise KnownError("viewer.body_missing", file=path.name) from None
        except OSError as error:
            raise KnownError("viewer.body_unreadable", file=path.name, reason=error.strerror or "") from error
        # A viewer may go away with its window, without `close_file`.
        weakref.finalize(self, self._file.close)
        self._chunks: OrderedDict[int, bytes] = OrderedDict()
        self._lost = False

    @property
    def size(self) -> int:
        """Return the size in bytes at the time of opening."""
        return self._size

    @property
    def lost(self) -> bool:
        """Say whether the file became shorter or unreadable since it was opened; a look at its size, no reading."""
        if not self._lost and not self._file.closed:
            try:
                self._lost = os.fstat(self._file.fileno()).st_size < self._size
            except OSError:
                self._lost = True
        return self._lost

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from start to end through the cache; fewer when the file ends before."""
        start, end = max(start, 0), min(end, self._size)
        if start >= end:
            return b""
        first, last = start // CHUNK, (end - 1) // CHUNK
        if first == last:
            return self._chunk(first)[start - first * CHUNK : end - first * CHUNK]
        joined = b"".join(self._chunk(number) for number in range(first, last + 1))
        return joined[start - first * CHUNK : end - first * CHUNK]

    def scan(self, start: int, end: int) -> bytes:
        """Return the bytes from start to end past the cache."""
        start, end = max(start, 0), min(end, self._size)
        if start >= end:
            return b""
        wanted = end - start
        try:
            self._file.seek(start)
            content = self._file.read(wanted) or b""
            while len(content) < wanted:
                more = self._file.read(wanted - len(content))
                if not more:
                    self._lost = True
                    break
                content += more
        except (OSError, ValueError):
            # A network folder that went away, or a source that was closed: what is left is empty.
            self._lost = True
            return b""
        return content

    def accept_loss(self) -> None:
        """Take what is left of the file as the body from now on."""
        try:
            left = os.fstat(self._file.fileno()).st_size
        except (OSError, ValueError):
            left = 0
        # Unreadable at its full length (a network folder that went away): there is nothing left to show.
        self._size = left if left < self._size else 0
        self._chunks.clear()
        self._lost = False

    def close(self) -> None:
        """Give the file back."""
        self._chunks.clear()
        self._file.close()

    def _chunk(self, number: int) -> bytes:
        chunk = self._chunks.get(number)
        if chunk is not None:
            self._chunks.move_to_end(number)
            return chunk
        chunk = self.scan(number * CHUNK, (number + 1) * CHUNK)
        self._chunks[number] = chunk
        if len(self._chunks) > CACHED_CHUNKS:
            self._chunks.popitem(last=False)
        return chunk
