"""Where the bytes of a request's body come from; described here, opened in `body_stream`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class BytesSource:
    """Bytes in memory."""

    data: bytes


@dataclass(frozen=True, slots=True)
class FileSource:
    """The bytes of a file; `where` names the place for people ("body", "part avatar")."""

    path: str
    where: str


@dataclass(frozen=True, slots=True)
class SequenceSource:
    """Bytes and files one after another: a multipart body."""

    pieces: tuple[BytesSource | FileSource, ...]


BodySource: TypeAlias = BytesSource | FileSource | SequenceSource
EMPTY = BytesSource(b"")
