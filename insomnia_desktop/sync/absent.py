"""What becomes of heads that the server has no row for any more (protocol v1, 3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from insomnia_desktop.sync.cursor import FullPull
from insomnia_desktop.sync.values import Head, Resource


class ForgetHead(msgspec.Struct, frozen=True):
    """Head and base go; `document` says what becomes of the document.

    `keep`: nothing. `trash`: it goes to the trash of this device, clean. `make_anew`: it stays, and is dirty
    (`local_rev` rises by one where it was clean), so that it is sent as version 1. `mark_clean`: it is in the trash,
    and nobody has to hear of it. A quarantine stays, unless it ends.
    """

    document: Literal["keep", "trash", "make_anew", "mark_clean"]
    ends_quarantine: bool = False


AbsentOutcome: TypeAlias = Literal["local_only", "make_again_and_repair"]


def absent_after(pull: FullPull, resource: Resource, floor_seq: int) -> ForgetHead:
    """Return what becomes of a resource whose head a whole full pull did not see.

    Only after a 410 without any sign that the server went back does absence mean that it was deleted elsewhere, and
    only where its tombstone, which came after the head, is among those that were let go of.
    """
    local, quarantine = resource.local, resource.quarantine
    if quarantine is not None and quarantine.reason in ("undecryptable", "malformed"):
        # Nobody can read it, and the server has it no more: nothing stands in the way of the document any longer.
        freed = absent_after("repair", replace(resource, quarantine=None), floor_seq)
        return replace(freed, ends_quarantine=True)
    # What can be read elsewhere is never deleted, and never sent either.
    if local is None or quarantine is not None:
        return ForgetHead("keep")
    if local.deleted:
        return ForgetHead("mark_clean")
    purged_since = resource.head is not None and resource.head.seq < floor_seq
    if pull == "resync" and purged_since and not local.dirty:
        return ForgetHead("trash")
    return ForgetHead("make_anew")


def purged(heads: Iterable[tuple[str, Head]], floor_seq: int) -> tuple[str, ...]:
    """Return the ids of tombstones that the server has let go of; at head their heads are forgotten too (3.5).

    Their bases go as well: what another device makes anew under that id is no descendant of them.
    """
    return tuple(name for name, head in heads if head.deleted and head.seq <= floor_seq)


def group_absent(stored_epoch: bytes | None, server_epoch: bytes) -> AbsentOutcome:
    """Return what a bound group that heads does not list calls for (3.10).

    A restored server may have lost it; otherwise somebody removed it from the server, and the devices keep theirs.
    """
    restored = stored_epoch is not None and stored_epoch != server_epoch
    return "make_again_and_repair" if restored else "local_only"
