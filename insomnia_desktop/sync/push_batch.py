"""What is sent next, in an order of which every beginning is a sound tree (protocol v1, 3.6 rules 2 and 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from insomnia_desktop.protocol.limits import BODY_BYTES, PUSH_CHANGES
from insomnia_desktop.sync.push_results import Blocked
from insomnia_desktop.sync.values import NO_PREV, Head

# {"after":..,"changes":[]} with the greatest number, and {"id":..,"version":..,"prev":..,"deleted":..,"blob":..}, with
# the comma behind it.
_BODY_FRAME = 64
_CHANGE_FRAME = 160


class Dirty(msgspec.Struct, frozen=True):
    """A dirty document, as far as sending it goes; `agreed_parent` is its parent in the base.

    Ids are those of the store's resources.
    """

    id: str
    parent: str | None
    deleted: bool
    local_rev: int
    head: Head | None = None
    agreed_parent: str | None = None
    blocked: Blocked | None = None
    quarantined: bool = False

    @property
    def next_version(self) -> int:
        """The version that its next change claims."""
        return self.head.version + 1 if self.head else 1

    @property
    def prev(self) -> bytes:
        """The hash of the version before."""
        return self.head.rev_hash if self.head else NO_PREV


class PushPlan(msgspec.Struct, frozen=True):
    """What is to be sealed, in the order of sending, and what only has to be marked clean.

    `waiting` counts the tombstones that may not be sent yet.
    """

    changes: tuple[Dirty, ...]
    mark_clean: tuple[Dirty, ...]
    waiting: int


def plan_push(documents: Iterable[Dirty], parents: Mapping[str, str | None], *, tombstones: bool = True) -> PushPlan:
    """Return the order in which dirty documents of one group are sent; the caller takes as many as a PushBudget holds.

    `parents` are those of all documents of the group here. `tombstones` is false while any group still has live rows
    to send: a move to another workspace must arrive before it leaves (3.10).
    """
    sendable = [document for document in documents if not document.quarantined and not _is_held(document)]
    # Deleted before it was ever sent: nobody has to hear of it.
    mark_clean = tuple(document for document in sendable if document.deleted and document.head is None)
    live = [document for document in sendable if not document.deleted]
    dead = [document for document in sendable if document.deleted and document.head is not None]
    here = _Depths(parents.get)
    live.sort(key=lambda document: (here.of(document.id), document.id))
    # The server's tree at that moment: all live rows have arrived, the dead still hang where they were agreed on.
    agreed = {document.id: document.agreed_parent for document in dead}
    there = _Depths(lambda name: agreed[name] if name in agreed else parents.get(name))
    dead.sort(key=lambda document: (-there.of(document.id), document.id))
    if not tombstones:
        return PushPlan(tuple(live), mark_clean, len(dead))
    return PushPlan((*live, *dead), mark_clean, 0)


class PushBudget(msgspec.Struct, frozen=True):
    """How much more fits into one push; sizes are bytes of JSON, limits those that the server tells (3.10)."""

    changes: int = PUSH_CHANGES
    room: int = BODY_BYTES - _BODY_FRAME

    def spend(self, envelope_size: int) -> PushBudget | None:
        """Return what is left after a change with an envelope of so many bytes, or None where it does not fit."""
        size = _CHANGE_FRAME + -(-envelope_size * 4 // 3)
        if not self.changes or size > self.room:
            return None
        return PushBudget(self.changes - 1, self.room - size)


def push_budget(*, changes: int = PUSH_CHANGES, body: int = BODY_BYTES) -> PushBudget:
    """Return the budget of a whole push under a server's limits; never more than this program's own."""
    return PushBudget(min(changes, PUSH_CHANGES), min(body, BODY_BYTES) - _BODY_FRAME)


def how_many_fit(sizes: Iterable[int], budget: PushBudget) -> int:
    """Return how many of the envelopes of these sizes in bytes go into one push, at least the first."""
    count = 0
    left: PushBudget | None = budget
    for size in sizes:
        left = left.spend(size) if left is not None else None
        if left is None and count:
            break
        count += 1
    return count


class _Depths:
    """How deep resources lie under the last known ancestor; in a cycle the walk ends where it would begin again."""

    def __init__(self, parent_of: Callable[[str], str | None]) -> None:
        self._parent_of = parent_of
        self._known: dict[str, int] = {}

    def of(self, name: str) -> int:
        """Return the number of ancestors."""
        if name in self._known:
            return self._known[name]
        above = self._known.get(self._parent_of(name) or "")
        if above is None:
            return self._walk(name)
        # The usual case: many lie under one that was asked for before.
        self._known[name] = above + 1
        return above + 1

    def _walk(self, name: str) -> int:
        trail: list[str] = []
        walked: set[str] = set()
        at: str | None = name
        while at is not None and at not in self._known and at not in walked:
            trail.append(at)
            walked.add(at)
            at = self._parent_of(at)
        above = self._known.get(at, -1) if at is not None else -1
        for depth, passed in enumerate(reversed(trail), above + 1):
            self._known[passed] = depth
        return self._known[name]


def _is_held(document: Dirty) -> bool:
    return document.blocked is not None and document.blocked.holds(document.local_rev)
