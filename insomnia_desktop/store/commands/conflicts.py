"""What a person decides about values that two devices changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_id
from insomnia_desktop.model import Document, Edit
from insomnia_desktop.model import patch as patches
from insomnia_desktop.store import codec, conflict_rows, operations, undo_rows
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.documents import CreateDocument
from insomnia_desktop.store.conflict_rows import PLACE, REST, DamagedConflict, OpenConflict
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.operations import Step
from insomnia_desktop.store.quarantine import refuse_quarantined


class ResolveConflict(msgspec.Struct, frozen=True):
    """Ends a conflict: mine or theirs stands, or a copy of the document gets what the document itself has not.

    One copy gets all of it, more only where one place has several others: `both` ends every conflict of the document.
    An edit made since in the same place stays where mine is kept. Of one that cannot be read mine is what stands there:
    the document is not touched. What cannot be done is refused, and the conflict stays: KnownError
    `sync.conflict_not_found`, `sync.conflict_unreadable`, `sync.cannot_keep_both`, `sync.cannot_use_side`,
    `document.quarantined`.
    """

    id: int
    keep: Literal["mine", "theirs", "both"]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Edit, which undo takes back, and forget the conflict."""
        conflict = conflict_rows.find(connection, self.id)
        at = rows.place(connection, conflict.document_id)
        if isinstance(conflict, DamagedConflict):
            if self.keep != "mine":
                raise KnownError("sync.conflict_unreadable", id=self.id)
            changes: list[Change] = []
            connection.execute("DELETE FROM conflict WHERE number = ?", (self.id,))
        elif self.keep == "both":
            over = [(each.number,) for each in conflict_rows.of_document(connection, conflict.document_id)]
            changes = _keep_both(connection, context, _there(at), conflict.document_id)
            connection.executemany("DELETE FROM conflict WHERE number = ?", over)
        else:
            same = _same_of(connection, at, conflict)
            changes = self._keep_one(connection, context, at, conflict)
            connection.executemany("DELETE FROM conflict WHERE number = ?", [(number,) for number in same])
        workspace_id = conflict.workspace_id
        connection.execute("UPDATE binding SET change = ? WHERE workspace_id = ?", (context.number, workspace_id))
        return [*changes, Change("updated", "sync", workspace_id, workspace_id)]

    def _keep_one(
        self, connection: sqlite3.Connection, context: CommandContext, at: Place | None, conflict: OpenConflict
    ) -> list[Change]:
        if self.keep == "theirs":
            at = _there(at)
            if not conflict_rows.stands(connection, at, conflict.path, conflict.theirs):
                return _set(connection, context, at, conflict.path, conflict.theirs)
            return _let_undo_give(connection, context, at, conflict)
        # Kept is what stands there now, unless that is theirs: then mine comes back.
        if at is not None and at.alive and conflict_rows.stands(connection, at, conflict.path, conflict.theirs):
            return _set(connection, context, at, conflict.path, conflict.mine)
        return []


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
    connection: sqlite3.Connection, context: CommandContext, at: Place, path: patches.Path, value: Any
) -> list[Change]:
    """Let a value stand at a path; raises KnownError `sync.cannot_use_side` where it can have no effect there."""
    refuse_quarantined(connection, at)
    if path[0] == REST:
        return _write_rest(connection, context, at, (Edit(path[1:], value),))
    if path[0] == PLACE:
        step = conflict_rows.move_to(at, value)
        changes = [] if step is None else _perform(connection, context, at, step)
        moved = rows.live(connection, at.id)
        if not conflict_rows.stands(connection, moved, path, value):
            raise KnownError("sync.cannot_use_side", reason="folder", name=at.name)
        return changes
    _refuse_misfit(connection, at, path)
    return _perform(connection, context, at, operations.edit(at.id, (Edit(path, value),)))


def _perform(connection: sqlite3.Connection, context: CommandContext, at: Place, step: Step) -> list[Change]:
    outcome = operations.perform(connection, context, [step])
    if not outcome.changes:
        return []
    return outcome.changes + _record(connection, context, at, outcome.inverse, outcome.changes[0].parts)


def _record(
    connection: sqlite3.Connection, context: CommandContext, at: Place, inverse: Sequence[Step], parts: frozenset[str]
) -> list[Change]:
    if at.kind == "workspace" and not isinstance(inverse[0], operations.PatchStep):
        # The order of workspaces is in nobody's undo.
        return []
    label = undo_rows.label_of("edit", [at], parts)
    # What is chosen of one document, value by value, is one step of undo.
    return undo_rows.record(connection, context, at.workspace_id, label, inverse, coalesce=f"conflict:{at.id}")


def _let_undo_give(
    connection: sqlite3.Connection, context: CommandContext, at: Place, conflict: OpenConflict
) -> list[Change]:
    """Let undo give mine, where theirs stands already: of a document that was deleted here the server never had it."""
    path = conflict.path
    if path[0] == REST:
        return []
    if path[0] == PLACE:
        step = conflict_rows.move_to(at, conflict.mine)
        return [] if step is None else _record(connection, context, at, [step], frozenset(("parent", "order")))
    patch = (Edit(path, conflict.mine),)
    return _record(connection, context, at, [operations.edit(at.id, patch)], patches.touched_fields(patch))


def _write_rest(
    connection: sqlite3.Connection, context: CommandContext, at: Place, patch: patches.Patch
) -> list[Change]:
    after, _ = patches.apply(conflict_rows.rest(connection, at), patch)
    connection.execute(
        "UPDATE content SET rest = ? WHERE number = ?", (codec.encode(after) if after else "", at.number)
    )
    connection.execute(
        "UPDATE document SET local_rev = local_rev + 1, change = ? WHERE number = ?", (context.number, at.number)
    )
    return [Change("updated", at.kind, at.id, at.workspace_id)]


def _refuse_misfit(connection: sqlite3.Connection, at: Place, path: patches.Path) -> None:
    if not conflict_rows.fits(rows.fields(connection, at), path):
        raise KnownError("sync.cannot_use_side", reason="type", name=at.name)


def _keep_both(connection: sqlite3.Connection, context: CommandContext, at: Place, document_id: str) -> list[Change]:
    """Put copies beside a document that have what it has not: theirs, or mine where theirs stands."""
    found = conflict_rows.of_document(connection, document_id)
    different: list[OpenConflict] = []
    for each in found:
        if not any(each.path == other.path and _is_same(each.theirs, other.theirs) for other in different):
            different.append(each)
    paths = [each.path for each in different]
    reason = conflict_rows.why_not_both(at.kind, paths)
    if reason is not None:
        raise KnownError("sync.cannot_keep_both", reason=reason, name=at.name)
    changes = []
    for number, positions in enumerate(conflict_rows.copies_of(paths), 1):
        changes += _copy(connection, context, at, [different[each] for each in positions], number)
    return changes


def _copy(
    connection: sqlite3.Connection, context: CommandContext, at: Place, conflicts: Sequence[OpenConflict], number: int
) -> list[Change]:
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
    changes = CreateDocument(document).run(connection, context)
    made = rows.live(connection, document.id)
    connection.execute("UPDATE content SET rest = ? WHERE number = ?", (rows.rest_json(connection, at), made.number))
    return changes + (_write_rest(connection, context, made, tuple(rest)) if rest else [])
