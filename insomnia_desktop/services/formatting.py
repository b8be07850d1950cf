"""Beautifying what a person writes, and pretty copies of response bodies."""

from __future__ import annotations

import logging
import mmap
import os
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Response

LARGEST_JSON: Final = 100_000_000
"""Bytes of a JSON body up to which there is a pretty copy; a larger one is shown as it came."""
LARGEST_XML: Final = 10_000_000
_INDENT: Final = 2
_logger = logging.getLogger(__name__)


class Formatting:
    """Formats texts and response bodies without changing a value in them.

    Threads: any.
    """

    def __init__(self, folder: DataFolder, loop: LoopThread) -> None:
        self._folder = folder.root / "pretty"
        self._responses = folder.responses
        self._loop = loop
        self._made = False

    def beautify(self, text: str, media_type: str, *, indent: int = _INDENT) -> str:
        """Return the text laid out anew: JSON, XML or GraphQL (`application/graphql`); `{{ }}` stays as it is.

        Numbers, duplicate keys, comments and the order are kept. Raises KnownError `format.invalid` (params: line,
        column, reason; both count from 1) and `format.unsupported` (media_type).
        """
        # Imported here and below: nothing is laid out while the window starts.
        from insomnia_desktop.services import graphql_layout, json_layout, xml_layout

        match _language(media_type):
            case "json":
                return json_layout.beautify(text, indent)
            case "xml":
                return xml_layout.beautify(text, indent)
            case "graphql":
                return graphql_layout.beautify(text, indent)
        raise KnownError("format.unsupported", media_type=media_type)

    def can_beautify(self, media_type: str) -> bool:
        """Say whether texts of a media type can be laid out anew."""
        return _language(media_type) != ""

    def pretty(self, response: Response) -> Future[Path | None]:
        """Return the future path of a pretty copy of a response body, or None: it is then shown as it came.

        The work is done on a worker thread. The file lives until `discard` or `close`.
        """
        return self._loop.submit(self._pretty_soon(self._responses / response.body_file, response.content_type))

    def pretty_file(self, path: Path, media_type: str) -> Path | None:
        """Write a pretty copy of a file and return its path; None where it is no JSON or XML, or is too large.

        For worker threads. JSON up to 100 MB, XML up to 10 MB.
        """
        language = _language(media_type)
        try:
            size = path.stat().st_size
            if (
                not size
                or language not in ("json", "xml")
                or size > (LARGEST_JSON if language == "json" else LARGEST_XML)
            ):
                return None
            self._prepare()
            target = self._folder / f"{path.name}-{new_row_id()}"
            descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                done = _write_json(path, out.write) if language == "json" else _write_xml(path, out.write)
        except OSError as error:
            # The body itself is there and can be shown; a pretty copy is a convenience.
            _logger.info("No pretty copy: %s", error.strerror)
            return None
        if not done:
            target.unlink(missing_ok=True)
            return None
        return target

    def discard(self, path: Path) -> None:
        """Remove a pretty copy that is not shown any more."""
        if path.parent == self._folder:
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove all pretty copies."""
        if self._made:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _prepare(self) -> None:
        # Only the window makes pretty copies, and a folder has one window: what lies here is left over from a crash.
        if not self._made:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._made = True
        self._folder.mkdir(mode=0o700, exist_ok=True)

    async def _pretty_soon(self, path: Path, media_type: str) -> Path | None:
        from asyncio import to_thread  # asyncio is loaded by the worker, never by the window's start

        return await to_thread(self.pretty_file, path, media_type)


def _language(media_type: str) -> str:
    kind = media_type.partition(";")[0].strip().lower()
    if kind in ("application/json", "text/json") or kind.endswith(("+json", "/json5", "-json")):
        return "json"
    if kind in ("application/xml", "text/xml") or kind.endswith("+xml"):
        return "xml"
    return "graphql" if kind == "application/graphql" else ""


def _write_json(path: Path, write: Callable[[bytes], object]) -> bool:
    from insomnia_desktop.services import json_layout

    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        return json_layout.write_pretty(mapped, write, indent=_INDENT)


def _write_xml(path: Path, write: Callable[[bytes], object]) -> bool:
    from insomnia_desktop.services import xml_layout

    data = path.read_bytes()
    try:
        xml_layout.check(data)
        # The viewer decodes by the same declaration, so the copy keeps the encoding of the body.
        encoding = xml_layout.encoding_of(data)
        write(xml_layout.laid_out(data.decode(encoding), _INDENT).encode(encoding))
    except (KnownError, UnicodeError, LookupError):
        return False
    return True
