"""How far a group was pulled, and what an answer of the server means for that (protocol v1, 3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias

from insomnia_desktop.sync.pulled_row import Mode

FullPull: TypeAlias = Literal["first", "resync", "repair"]
RepairReason: TypeAlias = Literal["new_epoch", "head_went_back", "digest", "row_missing"]


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is stored for each group; it is written in the transaction that applies a page.

    `full` is the full pull under way; heads that it has seen carry its `generation`.
    """

    seq: int = 0
    server_epoch: bytes | None = None
    last_head: int = 0
    full: FullPull | None = "first"
    generation: int = 1

    @property
    def mode(self) -> Mode:
        """How pulled rows are judged (3.6 rule 4.3)."""
        if self.full is None:
            return "normal"
        return "repair" if self.full == "repair" else "full"


@dataclass(frozen=True, slots=True)
class GroupState:
    """What an answer says of a group: a page, or the group's entry in heads (which has the first three only)."""

    server_epoch: bytes
    head_seq: int
    digest: bytes
    floor_seq: int = 0
    next_seq: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Advance:
    """The page is applied, with this cursor; `complete` is the full pull that ends: absent heads are judged."""

    cursor: Cursor
    complete: FullPull | None


@dataclass(frozen=True, slots=True)
class Ignore:
    """The page is not applied: it does not begin where the stored cursor stands, or a full pull does not want it."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """The page is not applied and no right answer: it counts as a failure of the network, and the round ends."""


@dataclass(frozen=True, slots=True)
class Restart:
    """The page is not applied: a full pull begins with this cursor. `went_back` is what people are told of."""

    cursor: Cursor
    reason: RepairReason | Literal["resync"]

    @property
    def went_back(self) -> bool:
        """Whether the server is older than what it once told."""
        return self.reason in ("new_epoch", "head_went_back")


PageOutcome: TypeAlias = Advance | Ignore | Invalid | Restart


def after_page(
    cursor: Cursor, page: GroupState, seqs: Sequence[int], *, after: int, full: bool, resync: bool = False
) -> PageOutcome:
    """Return what a page does: one that was asked for behind `after`, with `full=1` or as a part of a push's answer.

    `seqs` are those of its rows. `resync` stands for 410 in the answer to a push. The cursor is the one stored now.
    """
    restart = server_change(cursor, page)
    if restart is not None:
        return restart
    if cursor.seq != after or full != (cursor.full is not None):
        return Ignore()
    if resync:
        return Invalid() if full else resync_pull(cursor)
    if not is_page(page, seqs, after):
        return Invalid()
    moved = replace(cursor, seq=page.next_seq, server_epoch=page.server_epoch, last_head=page.head_seq)
    if page.more:
        return Advance(moved, None)
    return Advance(replace(moved, full=None), cursor.full)


def server_change(cursor: Cursor, state: GroupState) -> Restart | None:
    """Return the repair that a page or an entry of heads calls for: another server epoch, or a head that went back."""
    if cursor.server_epoch is None:
        return None
    if state.server_epoch != cursor.server_epoch:
        return repair_pull(replace(cursor, server_epoch=state.server_epoch, last_head=state.head_seq), "new_epoch")
    if state.head_seq < cursor.last_head:
        return repair_pull(replace(cursor, last_head=state.head_seq), "head_went_back")
    return None


def repair_pull(cursor: Cursor, reason: RepairReason) -> Restart:
    """Return the repair: a full pull after which nothing that is missing at the server counts as deleted."""
    return Restart(_full(cursor, "repair"), reason)


def resync_pull(cursor: Cursor) -> Restart:
    """Return the full pull after a 410: the server has purged tombstones that this device never saw."""
    return Restart(_full(cursor, "resync"), "resync")


def is_at_head(cursor: Cursor, state: GroupState) -> bool:
    """Say whether everything that the server told of was pulled."""
    return cursor.full is None and cursor.server_epoch == state.server_epoch and cursor.seq == state.head_seq


def is_page(page: GroupState, seqs: Sequence[int], after: int) -> bool:
    """Say whether a page that was asked for behind `after` leads on: otherwise that would be asked without end."""
    rising = all(before < seq for before, seq in pairwise((after, *seqs)))
    last = seqs[-1] if seqs else after
    if page.more:
        return rising and after < last == page.next_seq <= page.head_seq
    return rising and last <= page.next_seq == page.head_seq


def _full(cursor: Cursor, mode: FullPull) -> Cursor:
    return replace(cursor, seq=0, full=mode, generation=cursor.generation + 1)
