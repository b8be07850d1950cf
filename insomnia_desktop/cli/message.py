"""Method, headers and body of a request from the options of a command."""

from __future__ import annotations

import argparse
import json
import mimetypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model import Body, FileBody, NoBody, Request, Row, TextBody

_LARGEST_TEXT = 10_000_000


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
    Raises KnownError `cli.file_unreadable`, `cli.body_not_text`.
    """
    if arguments.body is not None:
        return text_body(arguments.body, arguments.type)
    if arguments.body_file is None:
        return None
    if arguments.body_file == "-":
        try:
            return text_body(sys.stdin.buffer.read().decode("utf-8"), arguments.type)
        except UnicodeDecodeError:
            raise KnownError("cli.body_not_text") from None
    path = Path(arguments.body_file).expanduser().absolute()
    try:
        if path.stat().st_size <= _LARGEST_TEXT:
            return text_body(path.read_bytes().decode("utf-8"), arguments.type or _guessed_type(path))
    except UnicodeDecodeError:
        pass
    except OSError as error:
        raise unreadable(path, error) from None
    return FileBody(path=str(path), media_type=arguments.type or _guessed_type(path) or "application/octet-stream")


def text_body(text: str, media_type: str | None) -> TextBody:
    """Return a body of text; without a media type it is JSON where it can be read as such, else plain text."""
    return TextBody(text=text, media_type=media_type or ("application/json" if _is_json(text) else "text/plain"))


def file_body(path: Path, media_type: str | None) -> FileBody:
    """Return a body that is the bytes of a file."""
    return FileBody(path=str(path), media_type=media_type or _guessed_type(path) or "application/octet-stream")


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


def _guessed_type(path: Path) -> str | None:
    return mimetypes.guess_type(path.name)[0]
