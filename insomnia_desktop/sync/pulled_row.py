"""What a pulled row changes on this device (protocol v1, 3.6 rules 4 and 6): a decision, written by somebody else."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from insomnia_desktop.sync.merge import lost_edits, merge
from insomnia_desktop.sync.values import (
    Base,
    Conflict,
    Head,
    Local,
    Notice,
    Plaintext,
    Quarantine,
    QuarantineReason,
    Resource,
    Row,
    Sketch,
)

Mode: TypeAlias = Literal["normal", "full", "repair"]


class Listed(msgspec.Struct, frozen=True):
    """The newest revision that the server lists before the one asked for; None where it lists none."""

    version: int
    rev_hash: bytes


class Unchanged(msgspec.Struct, frozen=True):
    """The row is what the device knows; in a full pull its head is marked as seen."""


class Quarantined(msgspec.Struct, frozen=True):
    """The row cannot be used: the head moves on, document and base stay."""

    head: Head
    quarantine: Quarantine
    notices: tuple[Notice, ...]


class FastForward(msgspec.Struct, frozen=True):
    """The row becomes document and base; the document stays clean. A quarantine ends.

    It holds only while the document still has `read_rev`; 0 stands for no document.
    """

    head: Head
    base: Base
    read_rev: int
    notices: tuple[Notice, ...]


class Arrived(msgspec.Struct, frozen=True):
    """What FastForward is where nothing at all was known of the resource; it holds only while there is no document."""

    head: Head
    sketch: Sketch
    deleted: bool


class Merge(msgspec.Struct, frozen=True):
    """The document becomes the result and `local_rev` rises by one; `clean` says that the server has the result.

    It holds only while the document still has `read_rev`; else it is decided again. 0 stands for no document. A
    quarantine ends.
    """

    head: Head
    base: Base
    plaintext: Plaintext
    deleted: bool
    clean: bool
    read_rev: int
    conflicts: tuple[Conflict, ...]
    notices: tuple[Notice, ...]


RowDecision: TypeAlias = Unchanged | Quarantined | FastForward | Arrived | Merge


def asks_revisions(head: Head | None, row: Row, mode: Mode) -> bool:
    """Say whether the server must be asked what it lists before `head.version + 1`, to tell a fork from a gap."""
    return head is not None and row.version > head.version + 1 and (mode == "repair" or head.own)


def is_fork(head: Head | None, row: Row, mode: Mode, listed: Listed | None = None) -> bool:
    """Say whether the row does not descend from what is known here (3.6 rule 4.3); `listed` answers the question."""
    if head is None or row.is_head(head):
        return False
    if row.version <= head.version:
        return True
    if row.version == head.version + 1:
        return row.prev != head.rev_hash
    return asks_revisions(head, row, mode) and listed != Listed(head.version, head.rev_hash)


def decide(
    resource: Resource,
    row: Row,
    opened: Plaintext | QuarantineReason,
    *,
    mode: Mode = "normal",
    listed: Listed | None = None,
) -> RowDecision:
    """Return what the row changes; `opened` is its plaintext, or why it has none here.

    The outbox has no row of this resource. Raises nothing.
    """
    known, quarantine = resource.head, resource.quarantine
    usable = _usable(resource, opened)
    if row.is_head(known) and (quarantine is None or not isinstance(usable, Plaintext)):
        return Unchanged()
    forked_now = is_fork(known, row, mode, listed)
    forked = forked_now or (quarantine is not None and quarantine.forked)
    notices: tuple[Notice, ...] = ("server_went_back",) if forked_now else ()
    if not isinstance(usable, Plaintext):
        return Quarantined(row.as_head(), Quarantine(usable, forked), notices)
    theirs = Base(usable, row.deleted)
    local = resource.local
    if local is None and forked and known is not None and known.deleted:
        # The trash has let go of it; that it was deleted here still counts.
        local = Local(usable, deleted=True, local_rev=0, synced_rev=0)
    if local is None:
        return FastForward(row.as_head(), theirs, 0, notices)
    # What was never agreed on, or is no more, is merged even where it counts as clean: nobody else may have it.
    if not forked and not local.dirty and resource.base is not None:
        return FastForward(row.as_head(), theirs, local.local_rev, notices)
    base = None if forked else resource.base
    went_back = forked and known is not None and row.version < known.version
    return _merge(local, base, theirs, row, went_back=went_back, notices=notices)


def _usable(resource: Resource, opened: Plaintext | QuarantineReason) -> Plaintext | QuarantineReason:
    known = resource.base or resource.local
    if isinstance(opened, Plaintext) and known is not None and opened.kind != known.plaintext.kind:
        return "type_changed"
    return opened


def _merge(
    local: Local, base: Base | None, theirs: Base, row: Row, *, went_back: bool, notices: tuple[Notice, ...]
) -> Merge:
    merged = merge(base.plaintext if base else None, local.plaintext, theirs.plaintext)
    plaintext, conflicts = merged.plaintext, merged.conflicts
    deleted = local.deleted
    if local.deleted != theirs.deleted:
        winner = _live_side(local, base, theirs, went_back=went_back)
        deleted = winner is None
        if winner == "theirs":
            plaintext = theirs.plaintext
            conflicts = lost_edits(base.plaintext if base else None, local.plaintext, theirs.plaintext)
        if winner is not None and not (base and base.deleted):
            notices = (*notices, "edit_won")
    clean = deleted == theirs.deleted and plaintext.is_same(theirs.plaintext)
    return Merge(row.as_head(), theirs, plaintext, deleted, clean, local.local_rev, conflicts, notices)


def _live_side(local: Local, base: Base | None, theirs: Base, *, went_back: bool) -> Literal["mine", "theirs"] | None:
    """Return the side whose life wins over the other's deletion, or None where the deletion stands (3.6 rule 6)."""
    side: Literal["mine", "theirs"] = "theirs" if local.deleted else "mine"
    if local.deleted and went_back:
        return None
    live = theirs.plaintext if local.deleted else local.plaintext
    # Bringing back is an edit; otherwise the text decides: one that equals the base is none.
    edited = base is None or base.deleted or not live.is_same(base.plaintext)
    return side if edited else None
