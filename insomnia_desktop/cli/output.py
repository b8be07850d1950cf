"""What a command writes: lines or JSON to standard output, one sentence to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.services.error_text import one_line, sentence


@dataclass(frozen=True, slots=True)
class Output:
    """Writes results in one of the two forms."""

    as_json: bool

    def result(self, value: Any, *, text: str | None = None) -> None:
        """Write a result: JSON with --json, else the text (None: nothing)."""
        if self.as_json:
            print(to_json(value))
        elif text is not None:
            print(text)

    def table(self, rows: Sequence[JsonObject], columns: Sequence[str]) -> None:
        """Write a list: JSON with --json, else a line for each with the columns aligned."""
        if self.as_json:
            print(to_json(rows))
            return
        cells = [[str(row.get(column) or "") for column in columns] for row in rows]
        widths = [max((len(row[at]) for row in cells), default=0) for at in range(len(columns))]
        for row in cells:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

    def failure(self, error: AppError) -> None:
        """Write an error: JSON to standard output with --json, else one sentence to standard error."""
        if self.as_json:
            print(to_json({"error": error_object(error)}))
        else:
            print(one_line(error), file=sys.stderr)


def error_object(error: AppError) -> JsonObject:
    """Return the JSON of an error: code, message, hint."""
    words = sentence(error)
    return {"code": error.code, "message": words.text, "hint": words.hint}


def to_json(value: Any) -> str:
    """Return JSON as it is written to standard output."""
    return json.dumps(value, ensure_ascii=False, indent=2)
