"""A page of one group: opened, decided row by row, and applied with the cursor behind it in small transactions."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol, TypeVar

import msgspec

from insomnia_desktop.protocol.resources import Row as WireRow
from insomnia_desktop.protocol.sync import Page, PushAnswer
from insomnia_desktop.store.commands.sync import ApplyRows, ForgetAbsent, SetCursor
from insomnia_desktop.store.sync_rows import AbsentWrite, CursorRow, HeldRow, RowWrite
from insomnia_desktop.store.sync_writes import OutOfDate
from insomnia_desktop.sync.absent import absent_after
from insomnia_desktop.sync.cursor import (
    Advance,
    Cursor,
    FullPull,
    GroupState,
    Invalid,
    PageOutcome,
    Restart,
    after_page,
)
from insomnia_desktop.sync.endings import GroupChanged, told_of_group
from insomnia_desktop.sync.envelopes import GroupKeys, Opened, open_held, open_row, open_some
from insomnia_desktop.sync.group_store import GroupStore
from insomnia_desktop.sync.pull_progress import PullProgress
from insomnia_desktop.sync.pulled_row import (
    Arrived,
    FastForward,
    Listed,
    Merge,
    Quarantined,
    RowDecision,
    Unchanged,
    asked_head,
    decide,
    without_purged,
)
from insomnia_desktop.sync.stored import as_cursor, cursor_row, row_write
from insomnia_desktop.sync.tally import Tally
from insomnia_desktop.sync.values import Resource, Sketch
from insomnia_desktop.sync.whole_group import names_twice, page_state
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.resource_api import ResourceApi

T = TypeVar("T")
ROWS_A_COMMAND: Final = 100
_OPENED_HERE_BYTES: Final = 200_000
_ABSENT_AT_ONCE: Final = 100
# In a round at most: a server that spoils everything is not to be asked without end.
_ASKED_ANEW: Final = 20


class Offload(Protocol):
    """Begins with a function beside the loop, so that neither the loop nor the window waits for it."""

    def __call__(self, function: Callable[..., T], *arguments: Any) -> Future[T]: ...


class GroupPull:
    """Applies what the server tells of one group. Threads: one loop's."""

    def __init__(
        self, store: GroupStore, api: ResourceApi, keys: GroupKeys, account: str, offload: Offload, tally: Tally
    ) -> None:
        self._store = store
        self._api = api
        self._keys = keys
        self._account = account
        self._offload = offload
        self._tally = tally
        self._progress = PullProgress()

    async def apply(self, page: Page, *, after: int, full: bool) -> tuple[GroupState, PageOutcome, list[str]]:
        """Apply a page that was asked for behind `after`; returns what it says, what it did, and what was new in it.

        Raises MakesNoSense, once it is applied, where pages come without end.
        """
        state = page_state(page)
        stored = self._store.cursor()
        resync = isinstance(page, PushAnswer) and page.resync
        seqs = [row.seq for row in page.rows]
        outcome = after_page(as_cursor(stored), state, seqs, after=after, full=full, resync=resync)
        arrived: list[str] = []
        if isinstance(outcome, Advance) and names_twice(page):
            outcome = Invalid()
        if isinstance(outcome, Restart):
            await self.move_cursor(stored, outcome.cursor, went_back=outcome.went_back)
        elif isinstance(outcome, Advance):
            arrived = await self._advance(page, stored, outcome)
        return state, outcome, arrived

    async def move_cursor(self, expected: CursorRow, cursor: Cursor, *, went_back: bool = False) -> None:
        """Store another cursor; raises GroupChanged where the stored one is not the expected one."""
        if cursor.generation != expected.generation:
            self._progress.begin_anew()
        notice = "server_went_back" if went_back else ""
        command = SetCursor(self._store.group_id, expected, cursor_row(cursor, expected.digest), self._account, notice)
        try:
            await self._store.submit(command)
        except OutOfDate:
            raise GroupChanged from None

    async def try_again(self) -> None:
        """Try to read what is in quarantine once more; only while nothing of the group is being sent.

        A tombstone that does not open is asked for anew, as long as there are few: no digest says that it was spoilt on
        its way. A living row that was, makes the digests differ, and comes again by the repair.
        """
        if self._store.outbox(1):
            return
        asked = 0
        for held in self._store.held():
            opened = await self._offload(open_held, self._keys, held)
            if isinstance(opened.read, str) and held.deleted and asked < _ASKED_ANEW:
                asked += 1
                opened = await self._asked_anew(held) or opened
            if isinstance(opened.read, str):
                continue
            stored = self._store.cursor()
            await self._apply_rows([opened], stored, as_cursor(stored))

    async def _asked_anew(self, held: HeldRow) -> Opened | None:
        """Return a row as the server tells it now; None where it has another one by now, which comes by pulling."""
        try:
            page = await self._api.changes(self._store.group_id, held.seq - 1, full=False, limit=1)
        except Refused as refused:
            if refused.code == "resync":
                return None
            with told_of_group():
                raise
        return next(
            (
                open_row(self._keys, row)
                for row in page.rows
                if (row.id.hex(), row.seq, row.deleted) == (held.resource, held.seq, True)
            ),
            None,
        )

    async def _advance(self, page: Page, stored: CursorRow, outcome: Advance) -> list[str]:
        arrived: list[str] = []
        last = outcome.cursor
        if outcome.complete is not None:
            # The mode stays until what is absent was judged: a crash in between goes on here.
            last = replace(last, full=outcome.complete)
        rows: Sequence[WireRow] = page.rows
        at_end = False
        while not at_end:
            # An empty page is written too, for its cursor.
            opened = await self._opened(rows[:ROWS_A_COMMAND])
            rows = rows[len(opened) :]
            at_end = not rows
            cursor = last if at_end else replace(last, seq=opened[-1].row.seq, full=as_cursor(stored).full)
            forget_to = page.floor_seq if at_end and not page.more else 0
            arrived += await self._apply_rows(opened, stored, cursor, floor=page.floor_seq, forget_to=forget_to)
            stored = self._store.cursor()
            self._progress.rows(opened)
        self._progress.page_ends(more=page.more)
        if outcome.complete is not None:
            await self._judge_absent(outcome.complete, page.floor_seq)
            await self.move_cursor(self._store.cursor(), outcome.cursor)
        return arrived

    async def _opened(self, rows: Sequence[WireRow]) -> list[Opened]:
        """Open some rows: the usual ones here, in some milliseconds.

        On another thread they would take as long, and three threads that want the interpreter keep the window from it.
        """
        if sum(len(row.blob) for row in rows) <= _OPENED_HERE_BYTES:
            return open_some(self._keys, rows)
        return await self._offload(open_some, self._keys, rows)

    async def _apply_rows(
        self, opened: Sequence[Opened], stored: CursorRow, cursor: Cursor, *, floor: int = 0, forget_to: int = 0
    ) -> list[str]:
        """Decide and write until no edit of the person came in between; returns what was new."""
        known = self._known(opened)
        listed = await self._listed(opened, as_cursor(stored), known)
        while True:
            decided = self._decide(opened, as_cursor(stored), known, listed, floor)
            writes = tuple(row_write(decision, each.held) for each, decision in zip(opened, decided, strict=True))
            try:
                await self._store.submit(
                    ApplyRows(
                        self._store.group_id,
                        self._account,
                        stored,
                        cursor_row(cursor, stored.digest),
                        writes,
                        forget_to,
                    )
                )
            except OutOfDate:
                if self._store.cursor().stands != stored.stands:
                    raise GroupChanged from None
                known = self._known(opened)
                continue
            self._count(decided, writes)
            return [each.held.resource for each, decision in zip(opened, decided, strict=True) if _is_new(decision)]

    def _known(self, opened: Sequence[Opened]) -> dict[str, tuple[Resource, bool]]:
        return self._store.resources(each.held.resource for each in opened)

    def _decide(
        self,
        opened: Sequence[Opened],
        cursor: Cursor,
        known: Mapping[str, tuple[Resource, bool]],
        listed: Mapping[str, Listed | None],
        floor: int,
    ) -> list[RowDecision]:
        decided: list[RowDecision] = []
        for each in opened:
            found = known.get(each.held.resource)
            if found is None and isinstance(each.read, Sketch):
                decided.append(Arrived(each.row.as_head(), each.read, each.row.deleted))
                continue
            resource, foreign = found or (Resource(), False)
            # No honest program makes a resource twice: what another workspace has stays there.
            content = "malformed" if foreign else each.content
            resource = without_purged(resource, each.row, floor)
            decided.append(decide(resource, each.row, content, mode=cursor.mode, listed=listed.get(each.row.id)))
        return decided

    async def _listed(
        self, opened: Sequence[Opened], cursor: Cursor, known: Mapping[str, tuple[Resource, bool]]
    ) -> dict[str, Listed | None]:
        """Ask the server what came between where that tells a fork from a gap (3.6 rule 4.3)."""
        listed: dict[str, Listed | None] = {}
        for each in opened:
            head = asked_head(known.get(each.held.resource, (Resource(), False))[0], each.row, cursor.mode)
            if head is None:
                continue
            try:
                revisions = await self._api.revisions(
                    self._store.group_id, each.row.id, before=head.version + 1, limit=1
                )
            except Refused as refused:
                if refused.code != "not_found":
                    with told_of_group():
                        raise
                listed[each.row.id] = None
                continue
            first = revisions.revisions[0] if revisions.revisions else None
            listed[each.row.id] = Listed(first.version, bytes(first.rev_hash)) if first is not None else None
        return listed

    async def _judge_absent(self, pull: FullPull, floor_seq: int) -> None:
        while True:
            stored = self._store.cursor()
            names = self._store.unseen(stored.generation, _ABSENT_AT_ONCE)
            if not names:
                return
            known = self._store.resources(names)
            rows = []
            for name in names:
                resource, foreign = known[name]
                local = None if foreign else resource.local
                decided = absent_after(pull, msgspec.structs.replace(resource, local=local), floor_seq)
                read_rev = local.local_rev if local is not None else 0
                rows.append(AbsentWrite(name, decided.document, read_rev, ends_quarantine=decided.ends_quarantine))
            try:
                await self._store.submit(ForgetAbsent(self._store.group_id, self._account, stored, tuple(rows)))
            except OutOfDate:
                if self._store.cursor().stands != stored.stands:
                    raise GroupChanged from None

    def _count(self, decided: Sequence[RowDecision], writes: Sequence[RowWrite]) -> None:
        self._tally.pulled += sum(1 for decision in decided if isinstance(decision, FastForward | Arrived | Merge))
        self._tally.quarantined += sum(1 for decision in decided if isinstance(decision, Quarantined))
        self._tally.conflicts += sum(len(write.conflicts) for write in writes)
        self._tally.advance(len(decided))


def _is_new(decision: RowDecision) -> bool:
    return not isinstance(decision, Unchanged)
