"""Rows of a key/value table as the table knows them, and how their values read as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Literal, NoReturn, TypeAlias

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.base.json_value import JsonValue

ValueKind: TypeAlias = Literal["text", "file", "json"]
RowField: TypeAlias = Literal["name", "value", "description"]


@dataclass(frozen=True, slots=True)
class KeyValueRow:
    """One row: `value` is what is shown and edited, whatever the kind.

    For kind "text" it is the text itself, for "json" a JSON text that may be half written, for "file" the path of the
    file. `media_type` and `filename` belong to a multipart part and travel along untouched.
    """

    id: str
    enabled: bool = True
    name: str = ""
    value: str = ""
    description: str = ""
    kind: ValueKind = "text"
    media_type: str = ""
    filename: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is written in any cell."""
        return not (self.name or self.value or self.description)

    def with_field(self, field: RowField, text: str) -> KeyValueRow:
        """Return the row with one cell changed."""
        if field == "name":
            return replace(self, name=text)
        if field == "value":
            return replace(self, value=text)
        return replace(self, description=text)

    def field(self, field: RowField) -> str:
        """Return the text of one cell."""
        if field == "name":
            return self.name
        return self.value if field == "value" else self.description


KeyValueRows: TypeAlias = tuple[KeyValueRow, ...]


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a table of rows can do; the same model and view serve all uses."""

    has_boxes: bool = True
    has_ghost: bool = True
    is_name_locked: bool = False
    has_descriptions: bool = True
    value_kinds: tuple[ValueKind, ...] = ("text",)


PAIRS = TableShape()
PATH_PARAMETERS = TableShape(has_boxes=False, has_ghost=False, is_name_locked=True)
PARTS = TableShape(value_kinds=("text", "file"))
VARIABLES = TableShape(value_kinds=("text", "json"))


@dataclass(frozen=True, slots=True)
class JsonProblem:
    """Why a text is no JSON value, and where: `column` counts characters from 1."""

    message: str
    column: int


def new_row(name: str = "", value: str = "", description: str = "", *, enabled: bool = True) -> KeyValueRow:
    """Return a row with a fresh id."""
    return KeyValueRow(new_row_id(), enabled, name, value, description)


def compact_json(value: JsonValue) -> str:
    """Return a JSON value in one line without needless blanks; characters stand as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def with_json_value(row: KeyValueRow, value: JsonValue) -> KeyValueRow:
    """Return the row showing a stored value: a string as its text, anything else as compact JSON."""
    if isinstance(value, str):
        return replace(row, kind="text", value=value)
    return replace(row, kind="json", value=compact_json(value))


def json_value(row: KeyValueRow) -> JsonValue:
    """Return the value that a row of variables stands for.

    A row of kind "text" is always a string, whatever it looks like: `true` and `12` too. One of kind "json" is the
    value that it spells. While it spells none, it is its own text as a string, so that saving loses nothing.
    """
    if row.kind != "json" or json_problem(row.value) is not None:
        return row.value
    return _load(row.value)


def json_problem(text: str) -> JsonProblem | None:
    """Say why a text is no JSON value, or None where it is one."""
    try:
        _load(text)
    except json.JSONDecodeError as error:
        return JsonProblem(_MESSAGES.get(error.msg, error.msg), error.pos + 1)
    except RecursionError:
        return JsonProblem("Nested too deep", 1)
    except ValueError as error:  # a number of thousands of digits
        return JsonProblem(str(error).partition(";")[0], 1)
    return None


def json_type(text: str) -> str:
    """Return the type of a JSON text: "object", "list", "string", "number", "boolean", "null", or "" if it is none."""
    if json_problem(text) is not None:
        return ""
    value = _load(text)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((dict, "object"), (list, "list"), (str, "string")):
        if isinstance(value, kind):
            return name
    return "number"


def same_meaning(left: KeyValueRow, right: KeyValueRow) -> bool:
    """Say whether two rows stand for the same thing; JSON may be spelled differently, as while it is written."""
    if left == right:
        return True
    if "json" not in (left.kind, right.kind) or "file" in (left.kind, right.kind):
        return False
    if replace(left, kind="text", value="") != replace(right, kind="text", value=""):
        return False
    return compact_json(json_value(left)) == compact_json(json_value(right))


_MESSAGES = {
    "Expecting value": "Value missing",
    "Extra data": "Text after the value",
    "Expecting ',' delimiter": "Comma missing",
    "Expecting ':' delimiter": "Colon missing",
    "Expecting property name enclosed in double quotes": "Quoted name missing",
    "Illegal trailing comma before end of object": "Comma before the end",
    "Illegal trailing comma before end of array": "Comma before the end",
    "Unterminated string starting at": "Closing quote missing",
}


def _load(text: str) -> JsonValue:
    loaded: JsonValue = json.loads(text, parse_constant=lambda name: _refuse(text, name))
    return loaded


def _refuse(text: str, name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is not JSON", text, max(0, text.find(name)))
