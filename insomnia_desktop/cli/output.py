"""What a command writes: lines or JSON to standard output, one sentence to standard error."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.services.error_text import one_line, sentence, visible


class OutputLost(Exception):
    """Standard output does not take what is written; the text says why."""


@dataclass(frozen=True, slots=True)
class Output:
    """Writes results in one of the two forms."""

    as_json: bool

    def result(self, value: Any, *, text: str | None = None) -> None:
        """Write a result: JSON with --json, else the text (None: nothing)."""
        if self.as_json:
            write_line(to_json(value))
        elif text is not None:
            write_line(text)

    def table(self, rows: Sequence[JsonObject], columns: Sequence[str]) -> None:
        """Write a list: JSON with --json, else a line for each with the columns aligned; what is so has its name."""
        if self.as_json:
            write_line(to_json(rows))
            return
        cells = [[_cell(column, row.get(column)) for column in columns] for row in rows]
        widths = [max((len(row[at]) for row in cells), default=0) for at in range(len(columns))]
        for row in cells:
            write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

    def failure(self, error: AppError) -> None:
        """Write an error: JSON to standard output with --json, else one sentence to standard error."""
        if self.as_json:
            write_line(to_json({"error": error_object(error)}))
        else:
            with contextlib.suppress(OSError):
                print(one_line(error), file=sys.stderr)

    def flush(self) -> None:
        """Write out what waits; raises OutputLost, and BrokenPipeError where the reader has gone."""
        with written():
            sys.stdout.flush()

    def give_up(self) -> None:
        """Let nothing more be written, not even by the interpreter's last flush."""
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def written() -> Iterator[None]:
    """Raise OutputLost for what the system says against standard output; BrokenPipeError stays."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputLost(os.strerror(error.errno or 0)) from None


def write_line(text: str) -> None:
    """Write a line to standard output; raises OutputLost, BrokenPipeError."""
    with written():
        print(text)


def error_object(error: AppError) -> JsonObject:
    """Return the JSON of an error: code, message, hint."""
    words = sentence(error)
    return {"code": error.code, "message": words.text, "hint": words.hint}


def moment(at: int) -> str:
    """Return a moment (ms since 1970 UTC) as people read it, in the time of this computer."""
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at / 1000))
    except (OverflowError, OSError, ValueError):
        # A server may say anything.
        return str(at)


def to_json(value: Any) -> str:
    """Return JSON as it is written to standard output."""
    # Where standard output takes no Unicode, the escapes of JSON say the same.
    unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
    return json.dumps(value, ensure_ascii=not unicode, indent=2)


def _cell(column: str, value: object) -> str:
    return column if value is True else visible(str(value or ""))
