"""Patches: the edits that turn one JSON object into another, and the edits that take them back.

A step of a path is a key of an object, `@` + id for a row of a table (a list whose elements all are objects with a
text `id`), or `#order` for the order of the rows of a table. A key that begins with `@`, `#` or a backslash is written
with a backslash before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any, Final, TypeAlias, cast

import msgspec

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.base.json_value import JsonObject, JsonValue

ORDER: Final = "#order"


class Absent(Enum):
    """The value of a key that is not there."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
Path: TypeAlias = tuple[str, ...]
_Container: TypeAlias = "dict[str, Any] | list[Any]"


class Edit(msgspec.Struct, frozen=True):
    """Sets the value at a path; ABSENT removes it."""

    path: Path
    value: Any


Patch: TypeAlias = tuple[Edit, ...]


def row_step(row_id: str) -> str:
    """Return the step that leads to a row of a table."""
    return "@" + row_id


def key_step(key: str) -> str:
    """Return the step that leads to a key of an object."""
    return "\\" + key if key[:1] in ("@", "#", "\\") else key


def diff(before: JsonObject, after: JsonObject) -> Patch:
    """Return the edits that turn `before` into `after`: key by key, and row by row in tables."""
    edits: list[Edit] = []
    _diff_object(before, after, (), edits)
    return tuple(edits)


def apply(fields: JsonObject, patch: Patch) -> tuple[JsonObject, Patch]:
    """Return the edited copy and the patch that takes the edits back; `fields` stays as it was.

    What an edit needs and does not find (a row that was removed meanwhile) is made, so that no edit is lost.
    """
    root = cast(JsonObject, _copy(fields))
    inverse: list[Edit] = []
    for edit in patch:
        inverse[:0] = _apply_one(root, edit)
    return root, tuple(inverse)


def value_at(fields: JsonObject, path: Iterable[str]) -> Any:
    """Return what stands at a path, ABSENT where nothing does."""
    at: Any = fields
    for step in path:
        if step == ORDER:
            return [row["id"] for row in at] if is_table(at) else ABSENT
        at = _get(at, step) if _fits(at, step) else ABSENT
        if at is ABSENT:
            return ABSENT
    return at


def touched_fields(patch: Patch) -> frozenset[str]:
    """Return the top-level keys that a patch touches."""
    return frozenset(_key(edit.path[0]) for edit in patch)


def to_json(patch: Patch) -> list[JsonValue]:
    """Return the patch as JSON; an edit without `value` removes."""
    out: list[JsonValue] = []
    for edit in patch:
        item: JsonObject = {"path": list(edit.path)}
        if edit.value is not ABSENT:
            item["value"] = edit.value
        out.append(item)
    return out


def from_json(items: Iterable[Any]) -> Patch:
    """Read what `to_json` wrote; raises Bug `patch.malformed`."""
    edits = []
    for item in items:
        try:
            path = tuple(item["path"])
        except (KeyError, TypeError):
            raise Bug("patch.malformed") from None
        if not path or not all(isinstance(step, str) for step in path):
            raise Bug("patch.malformed")
        edits.append(Edit(path, item.get("value", ABSENT)))
    return tuple(edits)


def is_table(value: object) -> bool:
    """Say whether a JSON value is a list of rows with ids, all different; the empty list is one too."""
    if not isinstance(value, list):
        return False
    ids = [row.get("id") if isinstance(row, dict) else None for row in value]
    return all(isinstance(row_id, str) for row_id in ids) and len(set(ids)) == len(ids)


def _diff_object(before: dict[str, Any], after: dict[str, Any], path: Path, edits: list[Edit]) -> None:
    for key in before:
        if key not in after:
            edits.append(Edit((*path, key_step(key)), ABSENT))
    for key, value in after.items():
        _diff_value(before.get(key, ABSENT), value, (*path, key_step(key)), edits)


def _diff_value(before: Any, after: Any, path: Path, edits: list[Edit]) -> None:
    if _equal(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict) and before.get("type") == after.get("type"):
        _diff_object(before, after, path, edits)
    elif is_table(before) and is_table(after):
        _diff_table(before, after, path, edits)
    else:
        # An object of another `type` is another thing: it is replaced whole, never mixed from two.
        edits.append(Edit(path, after))


def _diff_table(before: list[Any], after: list[Any], path: Path, edits: list[Edit]) -> None:
    old = {row["id"]: row for row in before}
    new = {row["id"]: row for row in after}
    for row_id in old:
        if row_id not in new:
            edits.append(Edit((*path, row_step(row_id)), ABSENT))
    for row_id, row in new.items():
        if row_id in old:
            _diff_object(old[row_id], row, (*path, row_step(row_id)), edits)
        else:
            edits.append(Edit((*path, row_step(row_id)), row))
    kept_then_added = [row_id for row_id in old if row_id in new] + [row_id for row_id in new if row_id not in old]
    if kept_then_added != list(new):
        edits.append(Edit((*path, ORDER), list(new)))


def _equal(one: Any, other: Any) -> bool:
    # In Python True == 1 and 1 == 1.0; in JSON they are different values.
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(_equal(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def _apply_one(root: dict[str, Any], edit: Edit) -> list[Edit]:
    *way, last = edit.path
    container: _Container = root
    for depth, step in enumerate(way):
        following = edit.path[depth + 1]
        inside = _get(container, step)
        if not _fits(inside, following):
            if edit.value is ABSENT:
                return []
            # The missing or misshapen part is made here, so the inverse puts back what stood at this very place.
            made = _build(edit.path[depth + 1 :], edit.value)
            return _set(container, edit.path[:depth], step, made)
        container = inside
    if last == ORDER and isinstance(container, list):
        if edit.value is ABSENT:
            # A table always has an order; who has none has no table, and that is another edit's.
            return []
        return _reorder(container, edit.path, edit.value)
    if not _fits(container, last):
        raise Bug("patch.malformed", path=list(edit.path))
    return _set(container, tuple(way), last, _copy(edit.value))


def _fits(container: Any, step: str) -> bool:
    if step.startswith("@") or step == ORDER:
        return is_table(container)
    return isinstance(container, dict)


def _build(path: Path, value: Any) -> Any:
    if not path:
        return _copy(value)
    step = path[0]
    if step == ORDER:
        return []
    if step.startswith("@"):
        row = _build(path[1:], value)
        return [{"id": step[1:], **row}]
    return {_key(step): _build(path[1:], value)}


def _get(container: _Container, step: str) -> Any:
    if isinstance(container, list):
        return next((row for row in container if row["id"] == step[1:]), ABSENT)
    return container.get(_key(step), ABSENT)


def _set(container: _Container, way: Path, step: str, value: Any) -> list[Edit]:
    path = (*way, step)
    before = _get(container, step)
    if isinstance(container, list):
        return _set_row(container, way, step, before, value)
    if value is ABSENT:
        container.pop(_key(step), None)
    else:
        container[_key(step)] = value
    return [Edit(path, before)]


def _set_row(rows: list[Any], way: Path, step: str, before: Any, value: Any) -> list[Edit]:
    path = (*way, step)
    ids = [row["id"] for row in rows]
    if before is ABSENT:
        if value is not ABSENT:
            rows.append({**value, "id": step[1:]})
            return [Edit(path, ABSENT)]
        return []
    position = ids.index(step[1:])
    if value is ABSENT:
        del rows[position]
        return [Edit(path, before), Edit((*way, ORDER), ids)]
    rows[position] = {**value, "id": step[1:]}
    return [Edit(path, before)]


def _reorder(rows: list[Any], path: Path, order: list[str]) -> list[Edit]:
    before = [row["id"] for row in rows]
    place = {row_id: position for position, row_id in enumerate(order)}
    # A row that the order does not name stays behind the neighbour it stood behind.
    keys: dict[str, tuple[int, int]] = {}
    last = -1
    for position, row_id in enumerate(before):
        last = place.get(row_id, last)
        keys[row_id] = (last, -1 if row_id in place else position)
    rows.sort(key=lambda row: keys[row["id"]])
    return [Edit(path, before)]


def _key(step: str) -> str:
    return step[1:] if step.startswith("\\") else step


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_copy(item) for item in value]
    return value
