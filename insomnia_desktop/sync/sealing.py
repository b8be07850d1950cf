"""Batches of dirty documents for the outbox, of which the next ones are sealed while the one before is on its way.

The order of sending is made once for as long as nobody edits anything; a batch that was sealed ahead is used only if
nothing was learned since then that would have made another one.
"""

from __future__ import annotations

import asyncio
import functools
from asyncio import Task
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.crypto.seal import fresh_nonces
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.store.sync_rows import BlockedWrite, LocalRow, OutboxRow
from insomnia_desktop.sync.envelopes import GroupKeys, NotSealed, Unsealed, seal_all
from insomnia_desktop.sync.group_pull import Offload
from insomnia_desktop.sync.group_store import GroupStore
from insomnia_desktop.sync.push_batch import Dirty, PushBudget, PushPlan, plan_push, push_budget
from insomnia_desktop.sync.stored import plaintext_bytes

# So many of the usual size are sealed within some 2 ms: what the server answers waits no longer than that.
_SEALED_AT_ONCE: Final = 25
_SEALED_HERE_LETTERS: Final = 200_000
# Nobody knows yet how large they are.
_FIRST_AT_ONCE: Final = 4
# What one batch holds of text, until it was answered: an envelope of some kilobytes may say 16 MiB.
_BATCH_LETTERS: Final = 16 * 1024 * 1024
# One waits to be put into the outbox, while the next is made.
_AHEAD: Final = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """What one push holds, and what only has to be noted with it."""

    rows: tuple[OutboxRow, ...]
    clean: tuple[tuple[str, int], ...]
    blocked: tuple[BlockedWrite, ...]

    @property
    def deletes(self) -> bool:
        """Whether there are tombstones in it."""
        return any(row.deleted for row in self.rows)

    def without_tombstones(self) -> Batch:
        """Return it with what lives alone."""
        return replace(self, rows=tuple(row for row in self.rows if not row.deleted))


@dataclass(frozen=True, slots=True)
class _Order:
    """An order of sending that holds while the newest edit of the store is `stamp`; what lies before `at` is sealed."""

    plan: PushPlan
    stamp: int
    at: int = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.plan.changes)

    @property
    def deletes(self) -> bool:
        """Whether there are tombstones among what is left."""
        return not self.is_done and self.plan.changes[-1].deleted


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A batch, the order that it was made by, and that order after it."""

    batch: Batch
    before: _Order
    after: _Order


@dataclass(frozen=True, slots=True)
class _Part:
    """Some documents sealed, how many of an order they are, and the budget after them: None where the next is over."""

    rows: Sequence[OutboxRow]
    blocked: Sequence[BlockedWrite]
    count: int
    left: PushBudget | None


class Sealing:
    """Seals the dirty documents of one group, a batch at a time. Threads: one loop's.

    Those of the usual size are sealed on it, some milliseconds at a time: on another thread they would take longer, for
    threads that want the interpreter hinder each other, and the window.
    """

    def __init__(self, store: GroupStore, keys: GroupKeys, limits: Limits, offload: Offload) -> None:
        self._store = store
        self._keys = keys
        self._limits = limits
        self._offload = offload
        self._order: _Order | None = None
        # Each goes on where the one before it ends.
        self._ahead: deque[Task[_Sealed]] = deque()
        # How many are read at once: fewer, where those before were large.
        self._at_once = _FIRST_AT_ONCE

    async def next(self, may_delete: Callable[[], bool], *, tombstones: bool, few: bool = False) -> Batch:
        """Return what is sent next; empty where there is nothing.

        Of a `few` documents the order is made at once, of many beside the loop.

        Tombstones are left out without `tombstones`, and where `may_delete` says no once they are sealed: a document
        may have moved to another workspace just before the order was made.
        """
        made = await self._next_of_order(tombstones=tombstones)
        if made is None:
            self.forget()
            order = self._make_order(tombstones) if few else await self._offload(self._make_order, tombstones)
            made = await self._seal(order)
        if made.batch.deletes and not may_delete():
            self.forget()
            return made.batch.without_tombstones()
        self._order = made.after
        return made.batch

    def go_ahead(self) -> None:
        """Begin with the next batches, if there is more in the order: nobody waits for them."""
        if self._order is None or self._order.is_done:
            return
        if not self._ahead:
            self._begin(self._seal(self._order))
        while len(self._ahead) < _AHEAD:
            self._begin(self._seal_behind(self._ahead[-1]))

    async def made_ahead(self) -> Batch | None:
        """Wait for the next batch and return it, if it may go behind what is on its way: it lives, and holds still.

        Cancelled while it waits, it leaves the batch to `next`.
        """
        if not self._ahead or self._order is None:
            return None
        await asyncio.wait((self._ahead[0],))
        made = self._ahead[0].result()
        if not made.batch.rows or made.batch.deletes or made.batch.blocked or self._is_stale(made.before):
            return None
        self._order = made.after
        self._ahead.popleft()
        return made.batch

    def forget(self) -> None:
        """Make another order the next time: something was learned that may change it."""
        self._order = None
        while self._ahead:
            self._ahead.pop().cancel()

    async def _next_of_order(self, *, tombstones: bool) -> _Sealed | None:
        """Return the next batch of the order that there is, or None where another one is to be made."""
        order = self._order
        if order is None or order.is_done or (order.deletes and not tombstones):
            return None
        made = await (self._ahead.popleft() if self._ahead else self._seal(order))
        # Looked at last: what was edited until now may be in no order, or twice in one.
        return None if self._is_stale(order) else made

    def _begin(self, sealing: Coroutine[None, None, _Sealed]) -> None:
        task = asyncio.get_running_loop().create_task(sealing, name="sync-seal-ahead")
        # What nobody takes fails unheard: where it is sealed anew that is told.
        task.add_done_callback(lambda done: None if done.cancelled() else done.exception())
        self._ahead.append(task)

    def _is_stale(self, order: _Order) -> bool:
        return self._store.newest_edit() != order.stamp

    async def _seal_behind(self, before: Task[_Sealed]) -> _Sealed:
        await asyncio.wait((before,))
        if before.cancelled() or before.exception() is not None:
            # Whoever takes the one before hears of it.
            raise asyncio.CancelledError
        return await self._seal(before.result().after)

    async def _seal(self, order: _Order) -> _Sealed:
        budget: PushBudget | None = push_budget(changes=self._limits.changes, body=self._limits.body)
        rows: list[OutboxRow] = []
        blocked: list[BlockedWrite] = []
        changes, at, letters = order.plan.changes, order.at, 0
        # Drawn together: to ask the system for each lets go of the interpreter, and another thread keeps it a while.
        nonces = fresh_nonces(min(self._limits.changes, len(changes) - at) + _SEALED_AT_ONCE)
        while at < len(changes) and budget is not None and budget.changes and letters < _BATCH_LETTERS:
            if at > order.at:
                # Others on the loop have waited for some milliseconds.
                await asyncio.sleep(0)
            some = changes[at : at + min(self._at_once, budget.changes)]
            texts = self._store.texts([change.id for change in some])
            some = some[: _how_many_at_once(some, texts)]
            self._at_once = min(2 * len(some), _SEALED_AT_ONCE)
            arguments = (some, texts, nonces, budget)
            if _letters(texts.get(some[0].id)) <= _SEALED_HERE_LETTERS:
                part = self._seal_some(*arguments, first=not rows)
            else:
                part = await self._offload(functools.partial(self._seal_some, *arguments, first=not rows))
            rows += part.rows
            letters += sum(len(row.plaintext) for row in part.rows)
            blocked += part.blocked
            at += part.count
            budget = part.left
        clean = tuple((each.id, each.local_rev) for each in order.plan.mark_clean) if not order.at else ()
        return _Sealed(Batch(tuple(rows), clean, tuple(blocked)), order, replace(order, at=at))

    def _seal_some(
        self,
        changes: Sequence[Dirty],
        texts: Mapping[str, LocalRow],
        nonces: Iterator[bytes],
        budget: PushBudget,
        *,
        first: bool,
    ) -> _Part:
        """Seal as much of this as fits; `first`: nothing is in the batch yet."""
        unsealed = [_unsealed(each, texts.get(each.id)) for each in changes]
        made_of = iter(seal_all(self._keys, [each for each in unsealed if isinstance(each, Unsealed)], nonces))
        rows: list[OutboxRow] = []
        blocked: list[BlockedWrite] = []
        for count, each in enumerate(unsealed):
            made = next(made_of) if isinstance(each, Unsealed) else each
            if isinstance(made, OutboxRow):
                left = budget.spend(len(made.blob))
                if left is not None:
                    budget = left
                    rows.append(made)
                elif rows or not first:
                    return _Part(rows, blocked, count, None)
                else:
                    # Not even alone does it fit into what the server takes.
                    made = NotSealed(made.resource, "too_large", made.local_rev)
            if isinstance(made, NotSealed):
                blocked.append(BlockedWrite(made.id, made.code, made.local_rev))
        return _Part(rows, blocked, len(changes), budget)

    def _make_order(self, tombstones: bool) -> _Order:
        # The stamp first: what is edited while the rest is read makes another one.
        stamp = self._store.newest_edit()
        dirty = self._store.dirty()
        # Where only one thing was edited there is no order, and what is above it is not looked for.
        parents = self._store.parents(dirty) if len(dirty) > 1 else {}
        return _Order(plan_push(dirty, parents, tombstones=tombstones), stamp)


def _how_many_at_once(changes: Sequence[Dirty], texts: Mapping[str, LocalRow]) -> int:
    """Return how many are sealed together, at least the first: a large one is in nobody's way, nor sealed in vain."""
    letters = 0
    for count, each in enumerate(changes):
        letters += _letters(texts.get(each.id))
        if count and letters > _SEALED_HERE_LETTERS:
            return count
    return len(changes)


def _letters(found: LocalRow | None) -> int:
    return len(found.text.fields) + len(found.text.rest) if found is not None else 0


def _unsealed(each: Dirty, found: LocalRow | None) -> Unsealed | NotSealed | None:
    """Return a document as it is now; what changed sides since the order was made waits for the next batch."""
    if found is None or found.deleted != each.deleted:
        return None
    try:
        return Unsealed(each, plaintext_bytes(found.text), found.local_rev)
    except KnownError:
        # Damaged on this device: it waits, and the others go.
        return NotSealed(each.id, "invalid", found.local_rev)
