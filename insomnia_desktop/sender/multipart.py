"""The `multipart/form-data` form of parts (RFC 7578, with names escaped as browsers do); pure."""

from __future__ import annotations

import mimetypes
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from insomnia_desktop.sender.body_source import BytesSource, FileSource, SequenceSource

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class FilledPart:
    """A part with its variables put in; `path` is None in a text part."""

    name: str
    value: str = ""
    path: str | None = None
    media_type: str = ""
    filename: str = ""


def new_boundary() -> str:
    """Return a fresh boundary: 30 characters, 120 random bits."""
    return secrets.token_hex(15)


def multipart_source(parts: Sequence[FilledPart], boundary: str) -> SequenceSource:
    """Return the body: parts in order, line breaks of text parts as typed."""
    pieces: list[BytesSource | FileSource] = []
    head = b""
    for part in parts:
        head += b"--" + boundary.encode("ascii") + b"\r\n" + _part_headers(part)
        if part.path is None:
            head += part.value.encode("utf-8") + b"\r\n"
        else:
            pieces += [BytesSource(head), FileSource(part.path, f"part {part.name}")]
            head = b"\r\n"
    pieces.append(BytesSource(head + b"--" + boundary.encode("ascii") + b"--\r\n"))
    return SequenceSource(tuple(pieces))


def media_type_of(path: str) -> str:
    """Return the media type that a file name suggests."""
    guessed, encoding = mimetypes.guess_type(path)
    return guessed if guessed and encoding is None else "application/octet-stream"


def _part_headers(part: FilledPart) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{_escaped(part.name)}"'
    media_type = part.media_type
    if part.path is not None:
        disposition += f'; filename="{_escaped(part.filename or PurePath(part.path).name)}"'
        media_type = media_type or media_type_of(part.path)
    elif part.filename:
        disposition += f'; filename="{_escaped(part.filename)}"'
    lines = disposition + (f"\r\nContent-Type: {media_type}" if media_type else "") + "\r\n\r\n"
    return lines.encode("utf-8")


def _escaped(name: str) -> str:
    return _LINE_BREAK.sub("%0D%0A", name).replace('"', "%22")
