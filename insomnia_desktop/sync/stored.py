"""Between what the store keeps and the values that sync decides about; ids become those of the wire."""

from __future__ import annotations

from typing import Any

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.model.patch import ABSENT
from insomnia_desktop.store import codec
from insomnia_desktop.store.sync_rows import (
    BaseRow,
    ConflictWrite,
    CursorRow,
    DirtyRow,
    HeadRow,
    HeldRow,
    LocalRow,
    QuarantineRow,
    ResourceRow,
    RowWrite,
    TakenChange,
    TextRow,
)
from insomnia_desktop.store.sync_rows import OutboxRow as StoredOutboxRow
from insomnia_desktop.sync.cursor import Cursor
from insomnia_desktop.sync.plaintext import as_json, read_plaintext
from insomnia_desktop.sync.pulled_row import Arrived, FastForward, Merge, Quarantined, RowDecision, Unchanged
from insomnia_desktop.sync.push_batch import Dirty
from insomnia_desktop.sync.push_results import Blocked
from insomnia_desktop.sync.values import Base, Conflict, Head, Local, OutboxRow, Plaintext, Quarantine, Resource, Sketch


def resource_of(wire_id: str) -> str:
    """Return the 32 hex digits for 22 characters of the wire."""
    return from_base64url(wire_id).hex()


def wire_of(resource: str) -> str:
    """Return the 22 characters of the wire for 32 hex digits."""
    return to_base64url(bytes.fromhex(resource))


def as_cursor(row: CursorRow) -> Cursor:
    """Return a stored cursor."""
    return Cursor(row.seq, row.server_epoch, row.last_head, row.full, row.generation)  # type: ignore[arg-type]


def cursor_row(cursor: Cursor, digest: bytes) -> CursorRow:
    """Return a cursor as it is stored; the digest is kept by the store itself."""
    return CursorRow(cursor.seq, cursor.server_epoch, cursor.last_head, cursor.full, cursor.generation, digest)


def as_head(row: HeadRow | None) -> Head | None:
    """Return a stored head."""
    return None if row is None else Head(row.version, row.rev_hash, row.seq, row.deleted, row.own)


def head_row(head: Head) -> HeadRow:
    """Return a head as it is stored."""
    return HeadRow(head.version, head.rev_hash, head.seq, head.deleted, head.own)


def as_plaintext(text: TextRow) -> Plaintext:
    """Return a document as what an envelope holds."""
    return Plaintext(
        schema=text.schema,
        kind=text.kind,
        parent=None if text.parent is None else wire_of(text.parent),
        order=text.order,
        fields=codec.decode_fields(text.fields, text.kind),
        rest=codec.decode_fields(text.rest, text.kind) if text.rest else {},
    )


def plaintext_bytes(text: TextRow) -> bytes:
    """Return the JSON that goes into an envelope: of the fields as they are stored, which are not looked at."""
    return msgspec.json.encode(
        {
            "s": text.schema,
            "t": text.kind,
            "p": None if text.parent is None else wire_of(text.parent),
            "o": text.order,
            "d": msgspec.Raw(text.fields.encode("utf-8")),
            **(codec.decode_fields(text.rest, text.kind) if text.rest else {}),
        }
    )


def text_row(plaintext: Plaintext) -> TextRow:
    """Return what an envelope held as a document is stored."""
    return TextRow(
        schema=plaintext.schema,
        kind=plaintext.kind,
        parent=None if plaintext.parent is None else resource_of(plaintext.parent),
        order=plaintext.order,
        fields=codec.encode(plaintext.fields),
        rest=codec.encode(plaintext.rest) if plaintext.rest else "",
    )


def sketched_row(sketch: Sketch) -> TextRow:
    """Return what an envelope held as a document is stored, its fields as they came."""
    return TextRow(sketch.schema, sketch.kind, resource_of(sketch.parent), sketch.order, sketch.fields, "")


def as_local(row: LocalRow) -> Local:
    """Return a stored document with its counters."""
    return Local(as_plaintext(row.text), row.deleted, row.local_rev, row.synced_rev)


def as_base(row: BaseRow | None) -> Base | None:
    """Return what was agreed on; what a newer program wrote, and this one cannot read, counts as nothing."""
    if row is None:
        return None
    plaintext = read_plaintext(row.plaintext.encode("utf-8"))
    return Base(plaintext, row.deleted) if isinstance(plaintext, Plaintext) else None


def base_row(base: Base) -> BaseRow:
    """Return what was agreed on as it is stored."""
    return BaseRow(codec.encode(as_json(base.plaintext)), base.deleted)


def as_resource(row: ResourceRow) -> Resource:
    """Return all that is stored of a resource."""
    base = as_base(row.base)
    return Resource(
        as_head(row.head),
        base,
        _as_readable(row.local, base) if row.local is not None else None,
        _as_quarantine(row.quarantine) if row.quarantine is not None else None,
    )


def _as_quarantine(row: QuarantineRow) -> Quarantine:
    return Quarantine(row.reason, row.forked, as_head(row.before))  # type: ignore[arg-type]


def _as_readable(row: LocalRow, base: Base | None) -> Local:
    """Return a stored document; one whose text is damaged counts as what was agreed on, so that theirs mends it."""
    try:
        return as_local(row)
    except KnownError:
        empty = msgspec.structs.replace(row.text, fields="{}", rest="")
        text = base.plaintext if base is not None else as_plaintext(empty)
        # An edit that nobody can read any more is none; a deletion needs no text.
        return Local(text, row.deleted, row.local_rev, row.synced_rev if row.deleted else row.local_rev)


def as_dirty(row: DirtyRow) -> Dirty:
    """Return a dirty document, as far as the order of sending goes."""
    agreed = as_base(BaseRow(row.agreed, True)) if row.agreed is not None else None
    parent = agreed.plaintext.parent if agreed is not None else None
    return Dirty(
        id=row.resource,
        parent=row.parent,
        deleted=row.deleted,
        local_rev=row.local_rev,
        head=as_head(row.head),
        agreed_parent=None if parent is None else resource_of(parent),
        blocked=None if row.blocked is None else Blocked(row.resource, *row.blocked),  # type: ignore[arg-type]
        quarantined=row.quarantined,
    )


def as_outbox_row(row: StoredOutboxRow) -> OutboxRow:
    """Return a sealed change without what was sealed."""
    return OutboxRow(row.resource, row.version, row.prev, row.deleted, row.rev_hash, row.local_rev)


def row_write(decision: RowDecision, held: HeldRow) -> RowWrite:
    """Return what a decision about a pulled row writes; `held` is the row as quarantine would keep it."""
    resource = held.resource
    match decision:
        case Unchanged():
            return RowWrite(resource=resource)
        case Quarantined():
            why = decision.quarantine
            before = None if why.before is None else head_row(why.before)
            quarantine = msgspec.structs.replace(held, reason=why.reason, forked=why.forked, before=before)
            return RowWrite(
                resource=resource, head=head_row(decision.head), quarantine=quarantine, notices=decision.notices
            )
        case FastForward():
            # The same text twice: written once.
            text = text_row(decision.base.plaintext)
            return RowWrite(
                resource=resource,
                head=head_row(decision.head),
                base=BaseRow(plaintext_bytes(text).decode("utf-8"), decision.base.deleted),
                text=text,
                deleted=decision.base.deleted,
                read_rev=decision.read_rev,
                notices=decision.notices,
            )
        case Arrived():
            return RowWrite(
                resource=resource,
                head=head_row(decision.head),
                base=BaseRow(decision.sketch.text, decision.deleted),
                text=sketched_row(decision.sketch),
                deleted=decision.deleted,
            )
        case Merge():
            return RowWrite(
                resource=resource,
                head=head_row(decision.head),
                base=base_row(decision.base),
                text=text_row(decision.plaintext),
                deleted=decision.deleted,
                read_rev=decision.read_rev,
                raised=True,
                clean=decision.clean,
                conflicts=tuple(map(conflict_write, decision.conflicts)),
                taken=tuple(TakenChange(each.path, each.side) for each in decision.taken) if decision.conflicts else (),
                notices=decision.notices,
            )


def conflict_write(conflict: Conflict) -> ConflictWrite:
    """Return a conflict as it is stored."""
    return ConflictWrite(
        codec.encode(list(conflict.path)), _side(conflict.base), _side(conflict.mine), _side(conflict.theirs)
    )


def side_value(text: str | None) -> Any:
    """Return a stored side of a conflict; ABSENT where it had nothing there."""
    return ABSENT if text is None else msgspec.json.decode(text)


def _side(value: Any) -> str | None:
    return None if value is ABSENT else codec.encode(value)
