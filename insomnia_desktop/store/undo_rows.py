"""The stack of undo of a workspace: what it keeps and how it is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Literal

import msgspec

from insomnia_desktop.model import patch as patches
from insomnia_desktop.store import codec, operations
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.operations import PatchStep, Step

MOST_STEPS = 1000
# Counting a full stack takes longer than the edit itself, so a few more may stand there for a while.
_PRUNED_EVERY = 32
UndoAction = Literal["edit", "create", "delete", "restore", "move", "duplicate", "settle"]


class UndoLabel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a step of undo did, for words to be made of it: "Rename folder", "Delete 3 requests", "Edit address".

    `kind` is the kind of the documents, empty where they differ; `name` is the first one's name (before an edit of
    it); `count` is how many were named by the person; `parts`, for an edit, are the top-level fields, sorted.
    """

    action: UndoAction
    kind: str = ""
    name: str = ""
    count: int = 1
    parts: tuple[str, ...] = ()


_LABEL = msgspec.json.Decoder(UndoLabel)


def decode_label(text: str) -> UndoLabel:
    """Read a label as it is stored; one that cannot be read is that of an edit of something."""
    try:
        return _LABEL.decode(text)
    except codec.NO_JSON:
        return UndoLabel(action="edit")


def label_of(action: UndoAction, places: Sequence[rows.Place], parts: frozenset[str] = frozenset()) -> UndoLabel:
    """Return the label for something done to documents."""
    kinds = {each.kind for each in places}
    return UndoLabel(
        action=action,
        kind=kinds.pop() if len(kinds) == 1 else "",
        name=places[0].name,
        count=len(places),
        parts=tuple(sorted(parts)),
    )


def changed(workspace_id: str) -> Change:
    """Return the change that says that the undo of a workspace is another."""
    return Change("updated", "undo", workspace_id, workspace_id)


def record(
    connection: sqlite3.Connection,
    context: CommandContext,
    workspace_id: str,
    label: UndoLabel,
    inverse: Sequence[Step],
    *,
    coalesce: str = "",
) -> list[Change]:
    """Put what takes an edit back on top of the stack; what had been taken back can then no longer be done again.

    With a `coalesce` that is the newest entry's too, both become one entry. The newest 1,000 entries stay.
    """
    cut = connection.execute("DELETE FROM undo WHERE workspace_id = ? AND undone = 1", (workspace_id,)).rowcount
    # The key counts within one start of the program: the keys of two starts may be the same by chance.
    key = f"{context.session}:{coalesce}" if coalesce else ""
    if key and not cut:
        merged = _merge(connection, context, workspace_id, label, inverse, key)
        if merged is not None:
            return merged
    number = connection.execute(
        "INSERT INTO undo (workspace_id, undone, label, coalesce, operations, at, change) VALUES (?, 0, ?, ?, ?, ?, ?)",
        (workspace_id, codec.encode(label), key, codec.encode(inverse), context.now, context.number),
    ).lastrowid
    if number is not None and number % _PRUNED_EVERY == 0:
        connection.execute(
            "DELETE FROM undo WHERE workspace_id = ?1 AND undone = 0 AND number <= (SELECT number FROM undo"
            " WHERE workspace_id = ?1 AND undone = 0 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
            (workspace_id, MOST_STEPS),
        )
    return [changed(workspace_id)]


def _merge(
    connection: sqlite3.Connection,
    context: CommandContext,
    workspace_id: str,
    label: UndoLabel,
    inverse: Sequence[Step],
    key: str,
) -> list[Change] | None:
    newest = connection.execute(
        "SELECT number, coalesce, label, operations FROM undo WHERE workspace_id = ? AND undone = 0"
        " ORDER BY number DESC LIMIT 1",
        (workspace_id,),
    ).fetchone()
    if newest is None or newest[1] != key:
        return None
    number, _, old_text, steps_text = newest
    steps = operations.decode(steps_text)
    if len(steps) != 1 or len(inverse) != 1:
        return None
    older, newer = steps[0], inverse[0]
    if not isinstance(older, PatchStep) or not isinstance(newer, PatchStep) or older.id != newer.id:
        return None
    combined = _combined(connection, older, newer)
    old = decode_label(old_text)
    both = msgspec.structs.replace(old, parts=tuple(sorted({*old.parts, *label.parts})))
    if combined is None:
        connection.execute("DELETE FROM undo WHERE number = ?", (number,))
        return [changed(workspace_id)]
    connection.execute(
        "UPDATE undo SET label = ?, operations = ?, at = ?, change = ? WHERE number = ?",
        (codec.encode(both), codec.encode([combined]), context.now, context.number, number),
    )
    return [changed(workspace_id)] if both != old else []


def _combined(connection: sqlite3.Connection, older: PatchStep, newer: PatchStep) -> PatchStep | None:
    """Return the one step that takes back two edits, the newer first; None where they amount to nothing.

    It is the difference between what is and what was, so a long typing leaves one value per field, not a thousand.
    """
    at = rows.live(connection, newer.id)
    present = rows.fields(connection, at)
    between, _ = patches.apply(present, patches.from_json(newer.patch))
    past, _ = patches.apply(between, patches.from_json(older.patch))
    difference = patches.diff(present, past)
    return operations.edit(newer.id, difference) if difference else None
