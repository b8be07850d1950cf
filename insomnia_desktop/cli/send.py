"""`send`: one request on its way, and the body of the answer on standard output."""

from __future__ import annotations

import argparse
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import Any

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.message import applied, copy_standard_input, file_body, full_path, readable_file, text_body
from insomnia_desktop.cli.output import error_object, to_json, write_line, written
from insomnia_desktop.model import Body, Request, Response
from insomnia_desktop.services.sending import ACTIVE, SendHandle

_INTERRUPTED = 130
_SNIFFED = 1024
_STANDARD = "-"


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Send and return the exit status; Ctrl+C stops the send, keeps what arrived, and returns 130."""
    with tempfile.TemporaryDirectory(prefix="insomnia-desktop-") as scratch:
        handle = _start(context, arguments, Path(scratch))
        try:
            response = handle.future.result()
        except KeyboardInterrupt:
            handle.cancel()
            handle.future.result()
            return _INTERRUPTED
    shows_file = False
    try:
        if response.state != "ok":
            record = response.error
            raise KnownError(record.code, **record.params) if record is not None else KnownError("send.cancelled")
        shows_file = context.output.as_json and arguments.output in (None, _STANDARD)
        return _write(context, arguments, response)
    finally:
        if arguments.target is None:
            # Nobody but who was told of the file can look at the body again, and that for an hour.
            if not shows_file:
                context.services.sending.forget_body(response)
            context.services.storage.collect_garbage()


def _start(context: Context, arguments: argparse.Namespace, scratch: Path) -> SendHandle:
    sending = context.services.sending
    environment_id: Any = ACTIVE
    workspace_id = context.workspace_id()
    if arguments.env is not None:
        named = context.environment_id(arguments.env)
        environment_id = None if named == context.services.environments.base_id(workspace_id) else named
    if arguments.target is not None:
        request_id = context.request_id(arguments.target)
        return sending.send(request_id, listener=lambda _: None, environment_id=environment_id)
    blank = Request(id="", parent_id=None, sort_key="")
    request = applied(blank, arguments, body=_body(arguments, scratch))
    return sending.send_once(request, workspace_id, listener=lambda _: None, environment_id=environment_id)


def _body(arguments: argparse.Namespace, scratch: Path) -> Body | None:
    """Return the body: text with its variables, or the very bytes of a file or of standard input."""
    if arguments.body is not None:
        return text_body(arguments.body, arguments.type)
    if arguments.body_file is None:
        return None
    if arguments.body_file != _STANDARD:
        path, _ = readable_file(arguments.body_file)
        return file_body(path, arguments.type)
    path = scratch / "standard-input"
    try:
        with path.open("wb") as file:
            copy_standard_input(file)
    except OSError as error:
        raise _unwritable(path, error) from None
    return file_body(path, arguments.type)


def _write(context: Context, arguments: argparse.Namespace, response: Response) -> int:
    """Write the answer where it was asked for; 1 with --fail from status 400 on."""
    body = context.services.sending.body_path(response)
    refused = arguments.fail and response.status >= 400
    error = KnownError("cli.status", status=response.status, reason=response.reason) if refused else None
    place = body
    if arguments.output is not None and arguments.output != _STANDARD:
        place = _copy(body, full_path(arguments.output))
    elif not context.output.as_json and body is not None:
        _print_body(body, even_binary=arguments.output == _STANDARD)
    if context.output.as_json:
        shown = response_json(response, place)
        write_line(to_json({**shown, "error": error_object(error)} if error is not None else shown))
    elif error is not None:
        context.output.failure(error)
    return 1 if refused else 0


def response_json(response: Response, body: Path | None) -> JsonObject:
    """Return the JSON of a response as `send --json` writes it."""
    timings = response.timings
    return {
        "id": response.id,
        "status": response.status,
        "reason": response.reason,
        "http_version": response.http_version,
        "url": response.url,
        "headers": [list(header) for header in response.headers],
        "timings": {
            "dns": timings.dns,
            "connect": timings.connect,
            "tls": timings.tls,
            "wait": timings.wait,
            "download": timings.download,
            "total": timings.total,
        },
        "size": {"wire": response.size_wire, "decoded": response.size_decoded},
        "body_file": str(body) if body is not None else None,
    }


def _copy(body: Path | None, target: Path) -> Path:
    """Write the body to a file, whose old content stays until all of the new one is written."""
    part = target.with_name(f"{target.name[:100]}.{new_row_id()}.part") if _is_plain(target) else target
    try:
        with part.open("wb") as out:
            if body is not None:
                with body.open("rb") as source:
                    shutil.copyfileobj(source, out)
        if part is not target:
            part.replace(target)
    except OSError as error:
        if part is not target:
            part.unlink(missing_ok=True)
        raise _unwritable(target, error) from None
    return target


def _is_plain(target: Path) -> bool:
    """Say whether a file can be replaced by another: no link, no device, no folder, and in a folder of ours."""
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    except OSError:
        return False
    return stat.S_ISREG(mode) and bool(target.name) and os.access(target.parent, os.W_OK | os.X_OK)


def _unwritable(path: Path, error: OSError) -> KnownError:
    return KnownError("cli.file_unwritable", path=str(path), reason=os.strerror(error.errno or 0))


def _print_body(body: Path, *, even_binary: bool) -> None:
    """Copy the bytes of a body to standard output; a terminal gets no binary ones unless it was named."""
    with body.open("rb") as source:
        if sys.stdout.isatty() and not even_binary and b"\0" in source.read(_SNIFFED):
            raise KnownError("cli.binary_output", bytes=body.stat().st_size)
        source.seek(0)
        with written():
            sys.stdout.flush()
            shutil.copyfileobj(source, sys.stdout.buffer)
            sys.stdout.buffer.flush()
