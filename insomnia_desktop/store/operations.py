"""The steps that can be taken back: what a command does, and what undo and redo do again.

Carrying out a step gives the steps that take it back, so an entry of undo keeps one list: what is to be done next.
A step whose document is gone for good, or in the trash where it must live, is left out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec

from insomnia_desktop.model import Patch
from insomnia_desktop.model import patch as patches
from insomnia_desktop.store import codec, ended_conflicts, response_rows
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store import trash_rows as trash
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.ended_conflicts import EndedConflict


class PatchStep(msgspec.Struct, frozen=True, tag="patch", tag_field="do"):
    """Edits fields; `patch` is in the form of `model.patch.to_json`."""

    id: str
    patch: list[Any]


class MoveStep(msgspec.Struct, frozen=True, tag="move", tag_field="do"):
    """Puts a document under a parent, at an order key.

    `lost`: it stood there while the parent was not here either (protocol v1, 3.6 rule 7), so it may go back to it.
    """

    id: str
    parent_id: str | None
    sort_key: str
    lost: bool = False


class DeleteStep(msgspec.Struct, frozen=True, omit_defaults=True, tag="delete", tag_field="do"):
    """Moves documents with all they hold to the trash.

    `moved_to` is the workspace that has copies of them: they were not deleted by the person, but moved there.
    """

    ids: list[str]
    moved_to: str = ""


class RestoreStep(msgspec.Struct, frozen=True, omit_defaults=True, tag="restore", tag_field="do"):
    """Takes documents with what was deleted with them out of the trash; `moved_to` is that of the DeleteStep."""

    ids: list[str]
    moved_to: str = ""


class ResponsesStep(msgspec.Struct, frozen=True, tag="responses", tag_field="do"):
    """Gives the responses of requests to other requests, which are there: pairs of both ids."""

    pairs: list[tuple[str, str]]


class RestStep(msgspec.Struct, frozen=True, tag="rest", tag_field="do"):
    """Edits the top-level keys of a document that this program does not know; `patch` is as in a PatchStep."""

    id: str
    patch: list[Any]


class OpenConflictsStep(msgspec.Struct, frozen=True, tag="open_conflicts", tag_field="do"):
    """Lets conflicts be open again."""

    conflicts: list[EndedConflict]


class EndConflictsStep(msgspec.Struct, frozen=True, tag="end_conflicts", tag_field="do"):
    """Ends conflicts that were opened again, by their numbers."""

    numbers: list[int]


Step: TypeAlias = (
    PatchStep | MoveStep | DeleteStep | RestoreStep | ResponsesStep | RestStep | OpenConflictsStep | EndConflictsStep
)
_STEPS = msgspec.json.Decoder(list[Step])


@dataclass(slots=True)
class Outcome:
    """What steps did: the changes, and the steps that take them back."""

    changes: list[Change] = field(default_factory=list)
    inverse: list[Step] = field(default_factory=list)


def decode(text: str) -> list[Step]:
    """Read steps as they are stored; what cannot be read is no step."""
    try:
        return _STEPS.decode(text)
    except codec.NO_JSON:
        return []


def edit(document_id: str, patch: Patch) -> PatchStep:
    """Return the step that applies a patch."""
    return PatchStep(document_id, list(patches.to_json(patch)))


def edit_rest(document_id: str, patch: Patch) -> RestStep:
    """Return the step that applies a patch to the keys that this program does not know."""
    return RestStep(document_id, list(patches.to_json(patch)))


def make_room(
    connection: sqlite3.Connection,
    context: CommandContext,
    keys: Mapping[str, str],
    *,
    parent_id: str | None,
    new_ids: Collection[str],
) -> Outcome:
    """Write the order keys that siblings get so that new documents find their place; there mostly are none.

    They are taken back with the documents: a later undo may put a sibling back to the key that it had before.
    """
    moves = [MoveStep(document_id, parent_id, key) for document_id, key in keys.items() if document_id not in new_ids]
    return perform(connection, context, moves)


def perform(connection: sqlite3.Connection, context: CommandContext, steps: Sequence[Step]) -> Outcome:
    """Carry out steps in order; raises KnownError `document.invalid` for an edit of what cannot be read."""
    outcome = Outcome()
    for step in steps:
        match step:
            case PatchStep():
                _patch(connection, context, step, outcome)
            case MoveStep():
                _move(connection, context, step, outcome)
            case DeleteStep():
                _delete(connection, context, step, outcome)
            case RestoreStep():
                _restore(connection, context, step, outcome)
            case ResponsesStep():
                _give_responses(connection, context, step, outcome)
            case RestStep():
                _patch_rest(connection, context, step, outcome)
            case OpenConflictsStep():
                changes, opened = ended_conflicts.open_again(connection, context, step.conflicts)
                _note(outcome, changes, EndConflictsStep(opened))
            case EndConflictsStep():
                changes, ended = ended_conflicts.end(connection, context, step.numbers)
                _note(outcome, changes, OpenConflictsStep(ended))
    return outcome


def _patch(connection: sqlite3.Connection, context: CommandContext, step: PatchStep, outcome: Outcome) -> None:
    at = rows.place(connection, step.id)
    if at is None or not at.alive:
        return
    stored = rows.fields_json(connection, at)
    before = codec.decode_fields(stored, at.id)
    patch = patches.from_json(step.patch)
    after, inverse = patches.apply(before, patch)
    new_text = codec.encode(after)
    if new_text.encode() == stored:
        return
    rows.write_fields(connection, context, at, before=before, text=new_text)
    outcome.changes.append(Change("updated", at.kind, at.id, at.workspace_id, patches.touched_fields(patch)))
    outcome.inverse.insert(0, edit(at.id, inverse))


def _patch_rest(connection: sqlite3.Connection, context: CommandContext, step: RestStep, outcome: Outcome) -> None:
    at = rows.place(connection, step.id)
    if at is None or not at.alive:
        return
    after, inverse = patches.apply(rows.rest(connection, at), patches.from_json(step.patch))
    if not inverse:
        return
    rows.write_rest(connection, context, at, codec.encode(after) if after else "")
    outcome.changes.append(Change("updated", at.kind, at.id, at.workspace_id))
    outcome.inverse.insert(0, edit_rest(at.id, inverse))


def _note(outcome: Outcome, changes: list[Change], inverse: Step) -> None:
    if changes:
        outcome.changes += changes
        outcome.inverse.insert(0, inverse)


def _move(connection: sqlite3.Connection, context: CommandContext, step: MoveStep, outcome: Outcome) -> None:
    at = rows.place(connection, step.id)
    if at is None or not at.alive:
        return
    parts = set()
    was_lost = False
    if step.parent_id != at.parent_id:
        if not (step.lost or _is_alive(connection, step.parent_id)):
            return
        if rows.is_inside(connection, step.parent_id, at.id):
            return
        was_lost = at.parent_id is not None and not _is_alive(connection, at.parent_id)
        parts.add("parent")
    if step.sort_key != at.sort_key:
        parts.add("order")
    if not parts:
        return
    rows.write_place(connection, context, at.number, parent_id=step.parent_id, sort_key=step.sort_key)
    outcome.changes.append(Change("updated", at.kind, at.id, at.workspace_id, frozenset(parts)))
    outcome.inverse.insert(0, MoveStep(at.id, at.parent_id, at.sort_key, was_lost))


def _is_alive(connection: sqlite3.Connection, document_id: str | None) -> bool:
    found = rows.place(connection, document_id)
    return found is not None and found.alive


def _delete(connection: sqlite3.Connection, context: CommandContext, step: DeleteStep, outcome: Outcome) -> None:
    deleted = []
    for document_id in step.ids:
        at = rows.place(connection, document_id)
        if at is not None and at.alive:
            trash.put(connection, context, at, moved_to=step.moved_to)
            outcome.changes.append(Change("deleted", at.kind, at.id, at.workspace_id))
            deleted.append(at.id)
    if deleted:
        outcome.inverse.insert(0, RestoreStep(deleted, step.moved_to))


def _restore(connection: sqlite3.Connection, context: CommandContext, step: RestoreStep, outcome: Outcome) -> None:
    restored = []
    for document_id in step.ids:
        at = rows.place(connection, document_id)
        if at is not None and not at.alive:
            top = trash.take_out(connection, context, at)
            outcome.changes.append(Change("restored", top.kind, top.id, top.workspace_id))
            restored.append(top.id)
    if restored:
        outcome.inverse.insert(0, DeleteStep(restored, step.moved_to))


def _give_responses(
    connection: sqlite3.Connection, context: CommandContext, step: ResponsesStep, outcome: Outcome
) -> None:
    given = []
    for owner_id, heir_id in step.pairs:
        heir = rows.place(connection, heir_id)
        if heir is None:
            continue
        changes = response_rows.give(connection, context, owner_id, heir_id, heir.workspace_id)
        if changes:
            outcome.changes += changes
            given.append((heir_id, owner_id))
    if given:
        outcome.inverse.insert(0, ResponsesStep(given))
