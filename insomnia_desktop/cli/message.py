"""Method, headers and body of a request from the options of a command."""

from __future__ import annotations

import argparse
import io
import json
import mimetypes
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TextIO

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model import Body, FileBody, NoBody, Request, Row, TextBody

_LARGEST_TEXT = 10_000_000
_BLOCK = 1 << 20


def applied(request: Request, arguments: argparse.Namespace, *, body: Body | None) -> Request:
    """Return the request with the options that were given put in; `body` None leaves its body.

    Raises KnownError `cli.bad_header`.
    """
    method = arguments.method
    if method is None and body is not None and isinstance(request.body, NoBody) and request.method == "GET":
        method = "POST"
    return msgspec.structs.replace(
        request,
        url=arguments.url if arguments.url is not None else request.url,
        method=method if method is not None else request.method,
        headers=_with_headers(request.headers, arguments.header or ()),
        body=body if body is not None else _retyped(request.body, arguments.type),
    )


def kept_body(arguments: argparse.Namespace) -> Body | None:
    """Return the body to keep in a request, or None where none was given.

    A text file becomes part of the request; one that is no UTF-8 text or larger than 10 MB is named by its path.
    Raises KnownError `cli.file_unreadable`, `cli.no_standard_input`, `cli.body_not_text`.
    """
    if arguments.body is not None:
        return text_body(arguments.body, arguments.type)
    if arguments.body_file is None:
        return None
    if arguments.body_file == "-":
        whole = io.BytesIO()
        copy_standard_input(whole)
        try:
            return text_body(whole.getvalue().decode("utf-8"), arguments.type)
        except UnicodeDecodeError:
            raise KnownError("cli.body_not_text") from None
    path, size = readable_file(arguments.body_file)
    try:
        if size <= _LARGEST_TEXT:
            return text_body(path.read_bytes().decode("utf-8"), arguments.type or _guessed_type(path))
    except UnicodeDecodeError:
        pass
    except OSError as error:
        raise unreadable(path, error) from None
    if not _is_unicode(str(path)):
        raise KnownError("cli.file_unreadable", path=str(path), reason="its name is no text, so it cannot be kept")
    return file_body(path, arguments.type)


def text_body(text: str, media_type: str | None) -> TextBody:
    """Return a body of text; without a media type it is JSON where it can be read as such, else plain text."""
    return TextBody(text=text, media_type=media_type or ("application/json" if _is_json(text) else "text/plain"))


def file_body(path: Path, media_type: str | None) -> FileBody:
    """Return a body that is the bytes of a file."""
    return FileBody(path=str(path), media_type=media_type or _guessed_type(path) or "application/octet-stream")


def readable_file(text: str) -> tuple[Path, int]:
    """Return the path and the size of a file that can be read; raises KnownError `cli.file_unreadable`.

    A pipe or a device is refused: it may never end, or never begin.
    """
    path = full_path(text)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            reason = "it is a folder" if path.is_dir() else "it is not a file; standard input is named -"
            raise KnownError("cli.file_unreadable", path=str(path), reason=reason)
        with path.open("rb") as file:
            return path, os.fstat(file.fileno()).st_size
    except OSError as error:
        raise unreadable(path, error) from None


def full_path(text: str) -> Path:
    """Return the path that a person typed; `~` is this person's folder where there is one."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        # Nobody has this name: what begins with ~ may be the name of a file.
        return Path(text).absolute()
    except OSError:
        # The folder that we were started in is gone; whoever opens the file is told so.
        return Path(text)


def copy_standard_input(target: IO[bytes]) -> None:
    """Copy standard input to its end; raises KnownError `cli.no_standard_input`, and OSError of the target."""
    # There is none where it was closed before the start, whatever the types say.
    source: TextIO | None = sys.stdin
    if source is None:
        raise KnownError("cli.no_standard_input", reason="it is closed")
    while True:
        try:
            block = source.buffer.read(_BLOCK)
        except OSError as error:
            raise KnownError("cli.no_standard_input", reason=os.strerror(error.errno or 0)) from None
        if not block:
            return
        target.write(block)


def unreadable(path: Path, error: OSError) -> KnownError:
    """Return the error of a file that cannot be read."""
    return KnownError("cli.file_unreadable", path=str(path), reason=os.strerror(error.errno or 0))


def _with_headers(rows: tuple[Row, ...], given: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows with the given headers in place of those of the same names, at the place of the first."""
    headers: list[tuple[str, str]] = []
    for text in given:
        name, colon, value = text.partition(":")
        if not colon or not name.strip():
            raise KnownError("cli.bad_header", text=name.strip())
        headers.append((name.strip(), value.strip()))
    replaced = {name.lower() for name, _ in headers}
    result: list[Row] = []
    done: set[str] = set()
    for row in rows:
        key = row.name.lower()
        if key not in replaced:
            result.append(row)
        elif key not in done:
            done.add(key)
            values = [(name, value) for name, value in headers if name.lower() == key]
            result += [_row(name, value, row.id if at == 0 else None) for at, (name, value) in enumerate(values)]
    return (*result, *(_row(name, value, None) for name, value in headers if name.lower() not in done))


def _row(name: str, value: str, row_id: str | None) -> Row:
    return Row(id=row_id or new_row_id(), name=name, value=value)


def _retyped(body: Body, media_type: str | None) -> Body:
    if media_type is not None and isinstance(body, TextBody | FileBody):
        return msgspec.structs.replace(body, media_type=media_type)
    return body


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _guessed_type(path: Path) -> str | None:
    return mimetypes.guess_type(path.name)[0]
