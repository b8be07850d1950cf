"""What a person decides about values that two devices changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.ids import new_id
from insomnia_desktop.model import Document, Edit
from insomnia_desktop.model import patch as patches
from insomnia_desktop.store import codec, conflict_rows, ended_conflicts, operations, undo_rows
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.documents import CreateDocument
from insomnia_desktop.store.conflict_rows import PLACE, REST, DamagedConflict, OpenConflict
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.operations import OpenConflictsStep, Outcome, Step
from insomnia_desktop.store.quarantine import refuse_quarantined

Keep = Literal["mine", "theirs", "both"]


class SettleConflicts(msgspec.Struct, frozen=True):
    """Ends conflicts of one document, each by what is kept; all of it is one step of undo, which opens them again.

    Mine or theirs stands, or a copy of the document gets what the document itself has not. One copy gets all of it,
    more only where one place has several others: `both` ends every conflict of the document that can be read.
    An edit made since in the same place stays where mine is kept. Of one that cannot be read mine is what stands there:
    the document is not touched. What cannot be done is refused, and all stays as it is: KnownError
    `sync.conflict_not_found`, `sync.conflict_unreadable`, `sync.cannot_keep_both`, `sync.cannot_use_side`,
    `document.quarantined`; Bug `conflict.other_document`.
    """

    choices: Sequence[tuple[int, Keep]]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Edit, and end the conflicts."""
        found = [(conflict_rows.find(connection, number), keep) for number, keep in self.choices]
        ids = {conflict.document_id for conflict, _ in found}
        if len(ids) != 1:
            raise Bug("conflict.other_document", ids=sorted(ids))
        before = rows.place(connection, ids.pop())
        made = operations.Outcome()
        over: dict[int, None] = {}
        for conflict, keep in found:
            if conflict.number not in over:
                at = rows.place(connection, conflict.document_id)
                over.update(dict.fromkeys(_settle(connection, context, at, conflict, keep, made)))
        changes, ended = ended_conflicts.end(connection, context, over)
        changes = [*made.changes, *changes]
        if before is not None:
            inverse = [*made.inverse, OpenConflictsStep(ended)]
            label = undo_rows.label_of("settle", [before])
            changes += undo_rows.record(connection, context, before.workspace_id, label, inverse)
        return changes


def _settle(
    connection: sqlite3.Connection,
    context: CommandContext,
    at: Place | None,
    conflict: OpenConflict | DamagedConflict,
    keep: Keep,
    made: Outcome,
) -> list[int]:
    """Let a side stand, and return the numbers of the conflicts that are over by that."""
    if isinstance(conflict, DamagedConflict):
        if keep != "mine":
            raise KnownError("sync.conflict_unreadable", id=conflict.number)
        return [conflict.number]
    if keep == "both":
        over = conflict_rows.of_document(connection, conflict.document_id)
        _keep_both(connection, context, _there(at), over, made)
        return [each.number for each in over]
    same = _same_of(connection, at, conflict)
    if keep == "theirs":
        there = _there(at)
        if not conflict_rows.stands(connection, there, conflict.path, conflict.theirs):
            _set(connection, context, there, conflict.path, conflict.theirs, made)
    # Kept is what stands there now, unless that is theirs: then mine comes back.
    elif at is not None and at.alive and conflict_rows.stands(connection, at, conflict.path, conflict.theirs):
        _set(connection, context, at, conflict.path, conflict.mine, made)
    return same


def _same_of(connection: sqlite3.Connection, at: Place | None, conflict: OpenConflict) -> list[int]:
    """Return a conflict and those that a repeated merge found again, as after a server that was restored twice."""
    is_used = at is None or not at.alive or conflict_rows.stands(connection, at, conflict.path, conflict.theirs)
    return [
        each.number
        for each in conflict_rows.of_document(connection, conflict.document_id)
        if each.path == conflict.path
        and _is_same(each.theirs, conflict.theirs)
        # Where theirs stands, each mine may be nowhere else.
        and (_is_same(each.mine, conflict.mine) or not is_used)
    ]


def _is_same(one: Any, other: Any) -> bool:
    """Say whether two sides are the same JSON value, or both nothing: 1 and true are two, which Python calls equal."""
    return not patches.diff({"side": one}, {"side": other})


def _there(at: Place | None) -> Place:
    if at is None:
        raise KnownError("sync.cannot_use_side", reason="gone")
    if not at.alive:
        raise KnownError("sync.cannot_use_side", reason="trash", name=at.name)
    return at


def _set(
    connection: sqlite3.Connection, context: CommandContext, at: Place, path: patches.Path, value: Any, made: Outcome
) -> None:
    """Let a value stand at a path; raises KnownError `sync.cannot_use_side` where it can have no effect there."""
    refuse_quarantined(connection, at)
    if path[0] == REST:
        step: Step | None = operations.edit_rest(at.id, (Edit(path[1:], value),))
    elif path[0] == PLACE:
        step = conflict_rows.move_to(at, value)
    else:
        _refuse_misfit(connection, at, path)
        step = operations.edit(at.id, (Edit(path, value),))
    if step is not None:
        _add(made, operations.perform(connection, context, [step]))
    if path[0] == PLACE and not conflict_rows.stands(connection, rows.live(connection, at.id), path, value):
        raise KnownError("sync.cannot_use_side", reason="folder", name=at.name)


def _add(made: Outcome, newer: Outcome) -> None:
    made.changes += newer.changes
    # What was done last is taken back first.
    made.inverse = [*newer.inverse, *made.inverse]


def _refuse_misfit(connection: sqlite3.Connection, at: Place, path: patches.Path) -> None:
    if not conflict_rows.fits(rows.fields(connection, at), path):
        raise KnownError("sync.cannot_use_side", reason="type", name=at.name)


def _keep_both(
    connection: sqlite3.Connection, context: CommandContext, at: Place, found: Sequence[OpenConflict], made: Outcome
) -> None:
    """Put copies beside a document that have what it has not: theirs, or mine where theirs stands."""
    different: list[OpenConflict] = []
    for each in found:
        if not any(each.path == other.path and _is_same(each.theirs, other.theirs) for other in different):
            different.append(each)
    paths = [each.path for each in different]
    reason = conflict_rows.why_not_both(at.kind, paths)
    if reason is not None:
        raise KnownError("sync.cannot_keep_both", reason=reason, name=at.name)
    for number, positions in enumerate(conflict_rows.copies_of(paths), 1):
        _add(made, _copy(connection, context, at, [different[each] for each in positions], number))


def _copy(
    connection: sqlite3.Connection, context: CommandContext, at: Place, conflicts: Sequence[OpenConflict], number: int
) -> Outcome:
    fields, parent_id = rows.fields(connection, at), at.parent_id
    patch: list[Edit] = []
    rest: list[Edit] = []
    side = "mine"
    for each in conflicts:
        is_theirs = conflict_rows.stands(connection, at, each.path, each.theirs)
        value = each.mine if is_theirs else each.theirs
        if each.path[0] == PLACE:
            step = conflict_rows.move_to(at, value)
            parent_id = step.parent_id if step is not None else parent_id
            continue
        side = side if is_theirs else "theirs"
        if each.path[0] == REST:
            rest.append(Edit(each.path[1:], value))
        else:
            _refuse_misfit(connection, at, each.path)
            patch.append(Edit(each.path, value))
    after, _ = patches.apply(fields, tuple(patch))
    name = after.get("name")
    if not isinstance(name, str) or name in ("", at.name):
        which = side if number == 1 else f"{side} {number}"
        after["name"] = f"{at.name} ({which})".lstrip()
    parent = rows.place(connection, parent_id)
    if parent is None or not parent.alive or parent.workspace_id != at.workspace_id:
        # Where it would stand is not there any more: that is beside the document, or at the top.
        beside = rows.place(connection, at.parent_id)
        parent_id = at.parent_id if beside is not None and beside.alive else at.workspace_id
    document = Document(
        id=new_id(at.kind),
        kind=at.kind,
        workspace_id=at.workspace_id,
        parent_id=parent_id,
        sort_key="",
        fields=after,
    )
    outcome = CreateDocument(document).carry_out(connection, context)
    kept, _ = patches.apply(rows.rest(connection, at), tuple(rest))
    if kept:
        rows.write_rest(connection, context, rows.live(connection, document.id), codec.encode(kept))
    return outcome
