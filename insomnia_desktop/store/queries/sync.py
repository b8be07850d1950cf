"""What sync has stored: bindings, cursors, heads, what is dirty, and what a person is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from insomnia_desktop.store.reader import Reader
from insomnia_desktop.store.sync_rows import (
    BaseRow,
    BindingRow,
    CursorRow,
    DirtyRow,
    HeadRow,
    HeldRow,
    LocalRow,
    LogRow,
    OutboxRow,
    PendingCounts,
    QuarantineRow,
    ResourceRow,
    StoredConflict,
    StoredNotice,
    TextRow,
    as_stored,
    synced,
)

# What has lost its text counts as damaged, and is not passed over.
_TEXT = "schema, kind, substr(parent_id, 5), sort_key, coalesce(fields, ''), coalesce(rest, '')"
_AT_ONCE = 200
_SYNCED = synced("document")
_HELD_BACK = (
    "(EXISTS (SELECT 1 FROM quarantine WHERE group_id = ?1) OR EXISTS (SELECT 1 FROM blocked WHERE group_id = ?1))"
)
_HOLDING = (
    " LEFT JOIN blocked ON blocked.group_id = ?1 AND blocked.resource = substr(document.id, 5)"
    " LEFT JOIN quarantine ON quarantine.group_id = ?1 AND quarantine.resource = substr(document.id, 5)"
)
_BEFORE = "before_version, before_hash, before_seq, before_deleted, before_own"
_SENDABLE = "(quarantine.number IS NULL AND (blocked.number IS NULL OR blocked.local_rev != document.local_rev))"


def bindings(reader: Reader) -> list[BindingRow]:
    """Return all bindings, in the order in which they were made."""
    rows = reader.rows("SELECT workspace_id, account_id, group_id, state, wraps FROM binding ORDER BY number")
    return [BindingRow(*row) for row in rows]


def is_chosen(reader: Reader, account_id: str) -> bool:
    """Say whether the person has said which workspaces of this device go to the account."""
    return reader.row("SELECT 1 FROM sync_account WHERE account_id = ? AND chosen = 1", (account_id,)) is not None


def report(reader: Reader, account_id: str) -> str:
    """Return the last report, as JSON; empty where there is none."""
    row = reader.row("SELECT report FROM sync_account WHERE account_id = ?", (account_id,))
    return str(row[0]) if row else ""


def cursor(reader: Reader, group_id: str) -> CursorRow | None:
    """Return how far a group was pulled; None where it is not bound."""
    row = reader.row(
        "SELECT seq, server_epoch, last_head, full_pull, generation, digest FROM cursor WHERE group_id = ?",
        (group_id,),
    )
    return CursorRow(*row) if row else None


def cursor_and_outbox(reader: Reader, group_id: str) -> tuple[CursorRow, int] | None:
    """Return how far a group was pulled, and how many sealed changes of it wait; None where it is not synced here."""
    row = reader.row(
        "SELECT seq, server_epoch, last_head, full_pull, generation, digest,"
        " (SELECT count(*) FROM outbox WHERE group_id = ?1)"
        " FROM cursor JOIN binding USING (group_id) WHERE group_id = ?1 AND state = 'on'",
        (group_id,),
    )
    return (CursorRow(*row[:6]), int(row[6])) if row else None


def pending(reader: Reader, group_id: str, workspace_id: str) -> PendingCounts:
    """Count what is to be sent of a group, and what may not be."""
    row = reader.row(
        f"SELECT (SELECT count(*) FROM outbox WHERE group_id = ?1), {_HELD_BACK}, count(*) - count(deleted_at),"
        " count(deleted_at) FROM document"
        f" WHERE workspace_id = ?2 AND document.local_rev != synced_rev AND {_SYNCED}",
        (group_id, workspace_id),
    )
    assert row is not None
    sealed, holds_back, live, tombstones = row
    if not holds_back:
        # The usual case, and with many documents far faster.
        return PendingCounts(sealed, live, tombstones, 0)
    row = reader.row(
        f"SELECT total({_SENDABLE} AND deleted_at IS NULL), total({_SENDABLE} AND deleted_at IS NOT NULL),"
        f" total(NOT {_SENDABLE}) FROM document{_HOLDING}"
        f" WHERE workspace_id = ?2 AND document.local_rev != synced_rev AND {_SYNCED}",
        (group_id, workspace_id),
    )
    assert row is not None
    return PendingCounts(sealed, *(int(number) for number in row))


def dirty(reader: Reader, group_id: str, workspace_id: str) -> list[DirtyRow]:
    """Return the dirty documents of a workspace."""
    # What holds nothing is not looked into for each of many documents.
    holding = _holds_back(reader, group_id)
    held_back = "blocked.code, blocked.local_rev, quarantine.number IS NOT NULL" if holding else "NULL, NULL, 0"
    rows = reader.rows(
        "SELECT substr(document.id, 5), document.kind, substr(document.parent_id, 5), document.deleted_at IS NOT NULL,"
        " document.local_rev, head.version, head.rev_hash, head.seq, head.deleted, head.own,"
        " CASE WHEN document.deleted_at IS NULL THEN NULL ELSE (SELECT plaintext FROM base WHERE base.group_id = ?1"
        f" AND base.resource = substr(document.id, 5)) END, {held_back} FROM document"
        " LEFT JOIN head ON head.group_id = ?1 AND head.resource = substr(document.id, 5)"
        f"{_HOLDING if holding else ''}"
        f" WHERE workspace_id = ?2 AND document.local_rev != synced_rev AND {_SYNCED}",
        (group_id, workspace_id),
    )
    return [
        DirtyRow(
            resource=row[0],
            kind=row[1],
            parent=row[2],
            deleted=bool(row[3]),
            local_rev=row[4],
            head=_head(row[5:10]),
            agreed=row[10],
            blocked=None if row[11] is None else (row[11], row[12]),
            quarantined=bool(row[13]),
        )
        for row in rows
    ]


def unsaved(reader: Reader, workspace_id: str) -> frozenset[str]:
    """Return the ids of the living documents of a workspace that are not at the server as they are."""
    rows = reader.rows(
        "SELECT id FROM document WHERE workspace_id = ? AND local_rev != synced_rev AND deleted_at IS NULL"
        f" AND {_SYNCED}",
        (workspace_id,),
    )
    return frozenset(row[0] for row in rows)


def parents(reader: Reader, workspace_id: str) -> list[tuple[str, str | None, bool]]:
    """Return resource, parent and whether it is deleted of all synced documents of a workspace."""
    rows = reader.rows(
        "SELECT substr(id, 5), substr(parent_id, 5), deleted_at IS NOT NULL FROM document WHERE workspace_id = ?"
        f" AND {_SYNCED}",
        (workspace_id,),
    )
    return [(resource, parent, bool(deleted)) for resource, parent, deleted in rows]


def has_living_under_deleted(reader: Reader, workspace_id: str) -> bool:
    """Say whether something living stands in a folder, or in a workspace, that is in the trash."""
    # Looked for in the index of the trash: there is far less in it than there are folders.
    row = reader.row(
        "SELECT 1 FROM document AS parent WHERE +workspace_id = ?1 AND kind IN ('folder', 'workspace')"
        " AND deleted_root IS NOT NULL AND deleted_at IS NOT NULL AND EXISTS"
        f" (SELECT 1 FROM document AS child WHERE child.parent_id = parent.id AND child.deleted_at IS NULL"
        f" AND {synced('child')}) LIMIT 1",
        (workspace_id,),
    )
    return row is not None


def resources(
    reader: Reader, group_id: str, workspace_id: str, wanted: Iterable[str], *, whole: bool = True
) -> dict[str, ResourceRow]:
    """Return what is kept of resources; those of which nothing is are left out. Without `whole` only heads are read."""
    names = list(dict.fromkeys(wanted))
    found: dict[str, ResourceRow] = {}
    for start in range(0, len(names), _AT_ONCE):
        found |= _resources(reader, group_id, workspace_id, names[start : start + _AT_ONCE], whole=whole)
    return found


def texts(reader: Reader, wanted: Sequence[str]) -> dict[str, LocalRow]:
    """Return documents by resource."""
    found: dict[str, LocalRow] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        names = wanted[start : start + _AT_ONCE]
        rows = reader.rows(
            f"SELECT substr(document.id, 5), {_TEXT}, deleted_at IS NOT NULL, local_rev, synced_rev"
            f" FROM document LEFT JOIN content USING (number) WHERE substr(document.id, 5) IN ({_marks(names)})",
            names,
        )
        found |= {row[0]: LocalRow(TextRow(*row[1:7]), bool(row[7]), row[8], row[9]) for row in rows}
    return found


def outbox(reader: Reader, group_id: str, most: int = 500) -> list[OutboxRow]:
    """Return sealed changes in the order of sending."""
    rows = reader.rows(
        "SELECT number, resource, version, prev, deleted, rev_hash, blob, plaintext, local_rev FROM outbox"
        " WHERE group_id = ? ORDER BY number LIMIT ?",
        (group_id, most),
    )
    return [
        OutboxRow(number, name, version, prev, bool(deleted), *rest)
        for number, name, version, prev, deleted, *rest in rows
    ]


def held(reader: Reader, group_id: str) -> list[HeldRow]:
    """Return what is in quarantine."""
    rows = reader.rows(
        f"SELECT resource, reason, forked, version, seq, prev, deleted, author, blob, at, {_BEFORE} FROM quarantine"
        " WHERE group_id = ? ORDER BY number",
        (group_id,),
    )
    return [
        HeldRow(name, reason, bool(forked), version, seq, prev, bool(deleted), author, blob, at, _head(before))
        for name, reason, forked, version, seq, prev, deleted, author, blob, at, *before in rows
    ]


def blocked(reader: Reader, group_id: str) -> list[tuple[str, str, int]]:
    """Return id, code and time of the documents that the server refuses as they are."""
    rows = reader.rows(
        "SELECT document.id, blocked.code, blocked.at FROM blocked CROSS JOIN document"
        " ON substr(document.id, 5) = resource WHERE group_id = ? AND blocked.local_rev = document.local_rev"
        " ORDER BY blocked.number",
        (group_id,),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def unseen(reader: Reader, group_id: str, generation: int, most: int) -> list[str]:
    """Return heads that the full pull of a generation did not see."""
    rows = reader.rows(
        "SELECT resource FROM head WHERE group_id = ? AND generation < ? ORDER BY number LIMIT ?",
        (group_id, generation, most),
    )
    return [row[0] for row in rows]


def live_heads(reader: Reader, group_id: str) -> list[tuple[str, int, bytes]]:
    """Return resource, version and hash of every live head: what the digest is the sum of."""
    rows = reader.rows("SELECT resource, version, rev_hash FROM head WHERE group_id = ? AND deleted = 0", (group_id,))
    return [(row[0], row[1], row[2]) for row in rows]


def count_live(reader: Reader, group_id: str) -> int:
    """Return how many live resources the server has."""
    # Each part is counted in an index; to look at every head takes several times as long.
    row = reader.row(
        "SELECT (SELECT count(*) FROM head WHERE group_id = ?1)"
        " - (SELECT count(*) FROM head WHERE group_id = ?1 AND deleted = 1)",
        (group_id,),
    )
    return int(row[0]) if row else 0


def syncs_cookies(reader: Reader, workspace_id: str) -> bool:
    """Say whether the cookies of a workspace are synced too."""
    row = reader.row(
        "SELECT CASE WHEN json_valid(fields) THEN json_extract(fields, '$.sync_cookies') = 1 ELSE 0 END"
        " FROM document JOIN content USING (number) WHERE document.id = ?",
        (workspace_id,),
    )
    return bool(row and row[0])


def count_documents(reader: Reader, workspace_id: str) -> int:
    """Return how many living documents of a workspace are synced, once it is."""
    row = reader.row(
        f"SELECT count(*) FROM document WHERE workspace_id = ? AND deleted_at IS NULL AND {_SYNCED}", (workspace_id,)
    )
    return int(row[0]) if row else 0


def unbound(reader: Reader) -> list[str]:
    """Return the living workspaces that have no binding, in no promised order."""
    rows = reader.rows(
        "SELECT id FROM document WHERE kind = 'workspace' AND deleted_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM binding WHERE binding.workspace_id = document.id)"
    )
    return [row[0] for row in rows]


def untouched(reader: Reader, name: str) -> list[str]:
    """Return the living workspaces that the program made and nobody has touched."""
    from insomnia_desktop.store.commands.bindings import is_untouched

    rows = reader.rows(
        "SELECT id FROM document WHERE kind = 'workspace' AND deleted_at IS NULL AND name = ? ORDER BY sort_key, id",
        (name,),
    )
    return [row[0] for row in rows if is_untouched(reader.connection, row[0], name)]


def workspace_names(reader: Reader) -> dict[str, tuple[str, bool]]:
    """Return name and whether it is deleted of all workspaces, by id."""
    # Not in the order of the index of all ids, which would be read from end to end for it.
    rows = reader.rows("SELECT id, name, deleted_at IS NOT NULL FROM document WHERE kind = 'workspace' ORDER BY +id")
    return {row[0]: (row[1], bool(row[2])) for row in rows}


def names_of(reader: Reader, resources_: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """Return local id, kind and name of documents, in the trash too, by resource."""
    found: dict[str, tuple[str, str, str]] = {}
    for start in range(0, len(resources_), _AT_ONCE):
        names = resources_[start : start + _AT_ONCE]
        rows = reader.rows(
            f"SELECT substr(id, 5), id, kind, name FROM document WHERE substr(id, 5) IN ({_marks(names)})", names
        )
        found |= {row[0]: (row[1], row[2], row[3]) for row in rows}
    return found


def workspace_of(reader: Reader, document_id: str) -> str | None:
    """Return the workspace of a document, also of one in the trash."""
    row = reader.row("SELECT workspace_id FROM document WHERE id = ?", (document_id,))
    return str(row[0]) if row else None


def conflicts(reader: Reader) -> list[StoredConflict]:
    """Return all conflicts, newest first, those of one document together as they came."""
    rows = reader.rows(
        "SELECT conflict.number, document_id, conflict.workspace_id, coalesce(document.kind, ''),"
        " coalesce(document.name, ''), CAST(path AS BLOB), CAST(base AS BLOB), CAST(mine AS BLOB),"
        " CAST(theirs AS BLOB), at FROM conflict"
        " LEFT JOIN document ON document.id = document_id ORDER BY at DESC, conflict.number"
    )
    return [StoredConflict(*map(as_stored, row)) for row in rows]


def notices(reader: Reader, account_id: str) -> list[StoredNotice]:
    """Return what the person has not dismissed yet."""
    rows = reader.rows(
        "SELECT number, code, workspace_id, document_id, name, at FROM notice WHERE account_id = ? ORDER BY number",
        (account_id,),
    )
    return [StoredNotice(*row) for row in rows]


def log(reader: Reader) -> list[LogRow]:
    """Return the requests to the server, newest first."""
    rows = reader.rows("SELECT at, method, path, status, bytes_up, bytes_down, ms FROM sync_log ORDER BY number DESC")
    return [LogRow(*row) for row in rows]


def _resources(
    reader: Reader, group_id: str, workspace_id: str, names: list[str], *, whole: bool
) -> dict[str, ResourceRow]:
    marks = _marks(names)
    heads = {
        row[0]: _head(row[1:])
        for row in reader.rows(
            "SELECT resource, version, rev_hash, seq, deleted, own FROM head"
            f" WHERE group_id = ? AND resource IN ({marks})",
            (group_id, *names),
        )
    }
    if not whole:
        return {name: ResourceRow(head) for name, head in heads.items()}
    bases = {
        row[0]: BaseRow(row[1], bool(row[2]))
        for row in reader.rows(
            f"SELECT resource, plaintext, deleted FROM base WHERE group_id = ? AND resource IN ({marks})",
            (group_id, *names),
        )
    }
    quarantines = {
        row[0]: QuarantineRow(row[1], bool(row[2]), _head(row[3:]))
        for row in reader.rows(
            f"SELECT resource, reason, forked, {_BEFORE} FROM quarantine WHERE group_id = ? AND resource IN ({marks})",
            (group_id, *names),
        )
    }
    documents = reader.rows(
        f"SELECT substr(document.id, 5), workspace_id = ?, {_TEXT}, deleted_at IS NOT NULL, local_rev, synced_rev"
        f" FROM document LEFT JOIN content USING (number) WHERE substr(document.id, 5) IN ({marks})",
        (workspace_id, *names),
    )
    locals_ = {row[0]: LocalRow(TextRow(*row[2:8]), bool(row[8]), row[9], row[10]) for row in documents if row[1]}
    foreign = {row[0] for row in documents if not row[1]}
    return {
        name: ResourceRow(heads.get(name), bases.get(name), locals_.get(name), quarantines.get(name), name in foreign)
        for name in {*heads, *bases, *locals_, *quarantines, *foreign}
    }


def _holds_back(reader: Reader, group_id: str) -> bool:
    """Say whether anything of a group is in quarantine or blocked."""
    row = reader.row(f"SELECT {_HELD_BACK}", (group_id,))
    return bool(row and row[0])


def _head(row: Sequence[Any]) -> HeadRow | None:
    if row[0] is None:
        return None
    version, rev_hash, seq, deleted, own = row
    return HeadRow(version, rev_hash, seq, bool(deleted), bool(own))


def _marks(names: Sequence[str]) -> str:
    return ", ".join("?" * len(names))
