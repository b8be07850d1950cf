"""Batches of dirty documents for the outbox, of which the next is sealed while the one before is on its way.

The order of sending is made once for as long as nobody edits anything; a batch that was sealed ahead is used only if
nothing was learned since then that would have made another one.
"""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import Callable
from dataclasses import dataclass, replace

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.crypto.seal import fresh_nonces
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.store.sync_rows import BlockedWrite, LocalRow, OutboxRow
from insomnia_desktop.sync.envelopes import GroupKeys, NotSealed, seal
from insomnia_desktop.sync.group_pull import Offload
from insomnia_desktop.sync.group_store import GroupStore
from insomnia_desktop.sync.push_batch import Dirty, PushPlan, plan_push, push_budget
from insomnia_desktop.sync.stored import plaintext_bytes

_READ_AT_ONCE = 100


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
    def deletes(self) -> bool:
        """Whether there are tombstones among what is left."""
        return self.at < len(self.plan.changes) and self.plan.changes[-1].deleted


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A batch, the order that it was made by, and that order after it."""

    batch: Batch
    before: _Order
    after: _Order


class Sealing:
    """Seals the dirty documents of one group, a batch at a time. Threads: one loop's."""

    def __init__(self, store: GroupStore, keys: GroupKeys, limits: Limits, offload: Offload) -> None:
        self._store = store
        self._keys = keys
        self._limits = limits
        self._offload = offload
        self._order: _Order | None = None
        self._ahead: Future[_Sealed] | None = None

    async def next(self, may_delete: Callable[[], bool], *, tombstones: bool, few: bool = False) -> Batch:
        """Return what is sent next; empty where there is nothing.

        Of a `few` documents nobody has to wait for another thread.

        Tombstones are left out without `tombstones`, and where `may_delete` says no once they are sealed: a document
        may have moved to another workspace just before the order was made.
        """
        made = await self._made_ahead(tombstones=tombstones)
        if made is None:
            made = self._seal(None, tombstones) if few else await self._offload(self._seal, None, tombstones)
        if made.batch.deletes and not may_delete():
            self.forget()
            return made.batch.without_tombstones()
        self._order = made.after
        return made.batch

    def go_ahead(self) -> None:
        """Begin with the next batch, if there is more in the order: nobody waits for it."""
        order = self._order
        if order is not None and self._ahead is None and order.at < len(order.plan.changes):
            self._ahead = self._offload(self._seal, order, order.deletes)

    async def made_ahead(self) -> Batch | None:
        """Wait for the next batch and return it, if it may go behind what is on its way: it lives, and holds still.

        Cancelled while it waits, it leaves the batch to `next`.
        """
        if self._ahead is None or self._order is None:
            return None
        await asyncio.wait((self._ahead,))
        made = self._ahead.result()
        if not made.batch.rows or made.batch.deletes or made.batch.blocked or self._is_stale(made.before):
            return None
        self._order, self._ahead = made.after, None
        return made.batch

    def forget(self) -> None:
        """Make another order the next time: something was learned that may change it."""
        self._order = None
        if self._ahead is not None:
            self._ahead.cancel()
            self._ahead = None

    async def _made_ahead(self, *, tombstones: bool) -> _Sealed | None:
        order, self._order = self._order, None
        ahead, self._ahead = self._ahead, None
        if order is None or order.at >= len(order.plan.changes) or (order.deletes and not tombstones):
            if ahead is not None:
                ahead.cancel()
            return None
        made = await (ahead if ahead is not None else self._offload(self._seal, order, tombstones))
        # Looked at last: what was edited until now may be in no order, or twice in one.
        return None if self._is_stale(order) else made

    def _is_stale(self, order: _Order) -> bool:
        return self._store.newest_edit() != order.stamp

    def _seal(self, order: _Order | None, tombstones: bool) -> _Sealed:
        order = order or self._make_order(tombstones=tombstones)
        budget = push_budget(changes=self._limits.changes, body=self._limits.body)
        rows: list[OutboxRow] = []
        blocked: list[BlockedWrite] = []
        changes, at = order.plan.changes, order.at
        texts: dict[str, LocalRow] = {}
        # Drawn together: to ask the system for each lets go of the interpreter, and another thread keeps it a while.
        nonces = fresh_nonces(min(self._limits.changes, len(changes) - at))
        while at < len(changes):
            each = changes[at]
            if (at - order.at) % _READ_AT_ONCE == 0:
                texts = self._store.texts([change.id for change in changes[at : at + _READ_AT_ONCE]])
            made = self._sealed(each, texts.get(each.id), next(nonces, None))
            if isinstance(made, OutboxRow):
                left = budget.spend(len(made.blob))
                if left is None and rows:
                    break
                if left is None:
                    # Not even alone does it fit into what the server takes.
                    made = NotSealed(each.id, "too_large", made.local_rev)
                else:
                    budget = left
                    rows.append(made)
            if isinstance(made, NotSealed):
                blocked.append(BlockedWrite(made.id, made.code, made.local_rev))
            at += 1
        clean = tuple((each.id, each.local_rev) for each in order.plan.mark_clean) if not order.at else ()
        return _Sealed(Batch(tuple(rows), clean, tuple(blocked)), order, replace(order, at=at))

    def _make_order(self, *, tombstones: bool) -> _Order:
        # The stamp first: what is edited while the rest is read makes another one.
        stamp = self._store.newest_edit()
        dirty = self._store.dirty()
        # Where only one thing was edited there is no order, and what is above it is not looked for.
        parents = self._store.parents(dirty) if len(dirty) > 1 else {}
        return _Order(plan_push(dirty, parents, tombstones=tombstones), stamp)

    def _sealed(self, each: Dirty, found: LocalRow | None, nonce: bytes | None) -> OutboxRow | NotSealed | None:
        """Seal a document as it is now; what changed sides since the order was made waits for the next batch."""
        if found is None or found.deleted != each.deleted:
            return None
        try:
            data = plaintext_bytes(found.text)
        except KnownError:
            # Damaged on this device: it waits, and the others go.
            return NotSealed(each.id, "invalid", found.local_rev)
        return seal(self._keys, each, data, found.local_rev, nonce)
