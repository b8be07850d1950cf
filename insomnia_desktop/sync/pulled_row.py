"""What a pulled row changes on this device (protocol v1, 3.6 rules 4 and 6): a decision, written by somebody else."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

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
    Taken,
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
    taken: tuple[Taken, ...] = ()


RowDecision: TypeAlias = Unchanged | Quarantined | FastForward | Arrived | Merge


def asks_revisions(head: Head | None, row: Row, mode: Mode, *, doubted: bool = False) -> bool:
    """Say whether the server must be asked what it lists before `head.version + 1`, to tell a fork from a gap.

    `doubted`: a fork was seen since the head, so that a gap is not believed.
    """
    return head is not None and row.version > head.version + 1 and (mode == "repair" or head.own or doubted)


def asked_head(resource: Resource, row: Row, mode: Mode) -> Head | None:
    """Return the head about which `asks_revisions` says that the server must be asked, None where it need not be."""
    known, quarantine = resource.opened_head, resource.quarantine
    if row.is_head(resource.head):
        return None
    if known is resource.head:
        return known if asks_revisions(known, row, mode) else None
    doubted = quarantine is not None and quarantine.forked
    return known if not _follows(row, resource.head) and asks_revisions(known, row, mode, doubted=doubted) else None


def is_fork(head: Head | None, row: Row, mode: Mode, listed: Listed | None = None, *, doubted: bool = False) -> bool:
    """Say whether the row does not descend from what is known here (3.6 rule 4.3); `listed` answers the question."""
    if head is None or row.is_head(head):
        return False
    if row.version <= head.version:
        return True
    if row.version == head.version + 1:
        return row.prev != head.rev_hash
    return asks_revisions(head, row, mode, doubted=doubted) and listed != Listed(head.version, head.rev_hash)


def without_purged(resource: Resource, row: Row, floor: int) -> Resource:
    """Return a resource without a head that the server has let go of, where what comes begins anew.

    That is no fork: somebody who was away while the tombstone was purged has made it again, and an edit wins.
    """
    head = resource.opened_head
    if head is None or not head.deleted or head.seq > floor or row.version > head.version:
        return resource
    if row.is_head(head) or row.is_head(resource.head):
        return resource
    return replace(resource, head=None, base=None, quarantine=None)


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
    known, quarantine = resource.opened_head, resource.quarantine
    usable = _usable(resource, opened)
    if row.is_head(resource.head) and (quarantine is None or not isinstance(usable, Plaintext)):
        return Unchanged()
    forked, notices = _forked(resource, row, mode, listed)
    if not isinstance(usable, Plaintext):
        before = quarantine.before if quarantine is not None and resource.head is not None else resource.head
        return Quarantined(row.as_head(), Quarantine(usable, forked, before), notices)
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


def _forked(
    resource: Resource, row: Row, mode: Mode, listed: Listed | None
) -> tuple[bool, tuple[Literal["server_went_back"], ...]]:
    """Say whether the base is no ancestor of the row, and what the person is told of it.

    A head whose row cannot be opened is whatever somebody says who has no key, so the row is judged as if the one of
    that head had never come: a server that lies by it could as well have left it out. What it is good for: a version
    that names its hash follows it, since only who read it seals that; and a server that showed a version and then a
    lower one did go back.
    """
    head, known = resource.head, resource.opened_head
    before = resource.quarantine is not None and resource.quarantine.forked
    if row.is_head(head):
        return before, ()
    if known is head:
        now = is_fork(head, row, mode, listed)
        return before or now, ("server_went_back",) if now else ()
    forked = before if _follows(row, head) else is_fork(known, row, mode, listed, doubted=before)
    lower = head is not None and row.version < head.version
    return forked, ("server_went_back",) if lower or (forked and not before) else ()


def _follows(row: Row, head: Head | None) -> bool:
    """Say whether the row is the version that was made on the head's."""
    return head is not None and (row.version, row.prev) == (head.version + 1, head.rev_hash)


def _usable(resource: Resource, opened: Plaintext | QuarantineReason) -> Plaintext | QuarantineReason:
    known = resource.base or resource.local
    if isinstance(opened, Plaintext) and known is not None and opened.kind != known.plaintext.kind:
        return "type_changed"
    return opened


def _merge(
    local: Local, base: Base | None, theirs: Base, row: Row, *, went_back: bool, notices: tuple[Notice, ...]
) -> Merge:
    merged = merge(base.plaintext if base else None, local.plaintext, theirs.plaintext)
    plaintext, conflicts, taken = merged.plaintext, merged.conflicts, merged.taken
    deleted = local.deleted
    if local.deleted != theirs.deleted:
        winner = _live_side(local, base, theirs, went_back=went_back)
        deleted = winner is None
        if winner == "theirs":
            plaintext = theirs.plaintext
            conflicts = lost_edits(base.plaintext if base else None, local.plaintext, theirs.plaintext)
            taken = ()
        if winner is not None and not (base and base.deleted):
            notices = (*notices, "edit_won")
    clean = deleted == theirs.deleted and plaintext.is_same(theirs.plaintext)
    return Merge(row.as_head(), theirs, plaintext, deleted, clean, local.local_rev, conflicts, notices, taken)


def _live_side(local: Local, base: Base | None, theirs: Base, *, went_back: bool) -> Literal["mine", "theirs"] | None:
    """Return the side whose life wins over the other's deletion, or None where the deletion stands (3.6 rule 6)."""
    side: Literal["mine", "theirs"] = "theirs" if local.deleted else "mine"
    if local.deleted and went_back:
        return None
    live = theirs.plaintext if local.deleted else local.plaintext
    # Bringing back is an edit; otherwise the text decides: one that equals the base is none.
    edited = base is None or base.deleted or not live.is_same(base.plaintext)
    return side if edited else None
