"""The outbox of one group: sent, answered, and what the answers say written while the next changes are on their way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.protocol.sync import Change, Push, PushAnswer
from insomnia_desktop.protocol.sync import Result as WireResult
from insomnia_desktop.store.commands.sending import ApplyAnswers
from insomnia_desktop.store.sync_rows import AcceptedWrite, BaseRow, BlockedWrite, CursorRow, ForgottenWrite
from insomnia_desktop.store.sync_rows import OutboxRow as StoredRow
from insomnia_desktop.store.sync_writes import OutOfDate
from insomnia_desktop.sync.cursor import Advance, Cursor, GroupState, after_page
from insomnia_desktop.sync.endings import GroupChanged, group_refusal
from insomnia_desktop.sync.group_pull import GroupPull
from insomnia_desktop.sync.group_store import GroupStore
from insomnia_desktop.sync.outbox_ahead import OutboxAhead
from insomnia_desktop.sync.push_batch import how_many_fit, push_budget
from insomnia_desktop.sync.push_results import (
    Accepted,
    Answered,
    Blocked,
    Forgotten,
    Result,
    answers,
    refused_alone,
)
from insomnia_desktop.sync.round_plan import Round, Stored, learned, pulled, pushed, refused_whole
from insomnia_desktop.sync.sealing import Sealing
from insomnia_desktop.sync.stored import as_outbox_row, cursor_row, head_row
from insomnia_desktop.sync.tally import Tally
from insomnia_desktop.sync.values import RejectCode
from insomnia_desktop.sync.whole_group import page_state
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.resource_api import ResourceApi

_REFUSED_WHOLE: Final[dict[str, Literal[413, 422]]] = {"too_large": 413, "invalid": 422}
_REJECT_CODES: Final[dict[str, RejectCode]] = {
    "invalid": "invalid",
    "too_large": "too_large",
    "stale_epoch": "stale_epoch",
    "full": "full",
    "quota": "quota",
}


class GroupPush:
    """Sends what is in the outbox of one group. Threads: one loop's."""

    def __init__(
        self, store: GroupStore, api: ResourceApi, pull: GroupPull, sealing: Sealing, limits: Limits, tally: Tally
    ) -> None:
        self._store = store
        self._api = api
        self._pull = pull
        self._sealing = sealing
        self._limits = limits
        self._tally = tally
        self._behind = OutboxAhead(store, sealing)
        # What was put into the outbox just now.
        self._sealed_now: tuple[StoredRow, ...] = ()

    def note_sealed(self, rows: tuple[StoredRow, ...]) -> None:
        """Take note of what was put into an empty outbox: it need not be read again to be sent."""
        self._sealed_now = rows

    async def send(self, state: Round, stored: Stored, *, alone: bool) -> Round:
        """Send one push, one row of it if `alone`, and those that were sealed meanwhile; return the round after them.

        Raises what the connection raises, and GroupChanged.
        """
        sealed_now, self._sealed_now = self._sealed_now, ()
        rows = self._store.outbox(1) if alone else self._next_rows(sealed_now)
        cursor = stored.cursor
        unwritten: ApplyAnswers | None = None
        while True:
            try:
                answer = await self._ask(rows, cursor, unwritten, alone=alone)
            except Refused as refused:
                status = _REFUSED_WHOLE.get(refused.code)
                if status is None:
                    raise group_refusal(refused) from refused
                return await self._refused(state, rows, status)
            answered = answers([as_outbox_row(row) for row in rows], [_result(each) for each in answer.results])
            state = pushed(state, answered)
            if answered is None:
                return state
            # Who else moves the cursor meanwhile unbinds the group, which is found where it is written.
            page = page_state(answer)
            seqs = [row.seq for row in answer.rows]
            outcome = after_page(cursor, page, seqs, after=cursor.seq, full=False, resync=answer.resync)
            # Nothing new came with the answer: one commit does both.
            advance = outcome if isinstance(outcome, Advance) and not answer.rows else None
            if advance is None or not all(isinstance(each, Accepted) for each in answered):
                # What stands in the way, or has to go before what comes next, may be in what was sealed ahead.
                await self._begin_anew()
            if advance is None:
                await self._write(self._command(rows, answered))
                return await self._with_page(state, answer, cursor, page, advances=isinstance(outcome, Advance))
            state = pulled(state, page, advance, ())
            expected, moved = (cursor_row(each, stored.digest) for each in (cursor, advance.cursor))
            unwritten = self._command(rows, answered, expected, moved, 0 if answer.more else answer.floor_seq)
            rows, cursor = self._store.just_sealed(self._behind.take(), rows[-1].number), advance.cursor
            if not rows:
                await self._write(unwritten)
                return state
            # Raises where the group was switched off meanwhile: nothing more of it is sent.
            self._store.cursor()

    async def _ask(
        self, rows: Sequence[StoredRow], cursor: Cursor, unwritten: ApplyAnswers | None, *, alone: bool
    ) -> PushAnswer:
        """Send rows; what the answer before said is written meanwhile, and then the next batch."""
        message = Push(cursor.seq, [_change(row) for row in rows])
        if alone:
            return await self._api.push(self._store.group_id, message)
        self._sealing.go_ahead()

        async def write() -> None:
            # A crash before loses nothing: what lies in the outbox is sent once more, and the server has it already.
            if unwritten is not None:
                await self._write(unwritten)

        async with self._behind.behind(rows[-1].number, write):
            return await self._api.push(self._store.group_id, message)

    def _next_rows(self, sealed_now: Sequence[StoredRow]) -> list[StoredRow]:
        """Return what fits into one push: after a crash there may be more in the outbox."""
        rows = self._store.outbox(self._limits.changes, sealed_now)
        if len(rows) == len(sealed_now):
            return rows
        budget = push_budget(changes=self._limits.changes, body=self._limits.body)
        return rows[: how_many_fit((len(row.blob) for row in rows), budget)]

    async def _refused(self, state: Round, rows: Sequence[StoredRow], status: Literal[413, 422]) -> Round:
        await self._begin_anew()
        if len(rows) > 1:
            return refused_whole(state)
        blocked = refused_alone(as_outbox_row(rows[0]), status)
        await self._write(self._command(rows, [blocked]))
        return pushed(state, [blocked])

    async def _with_page(
        self, state: Round, answer: PushAnswer, cursor: Cursor, page: GroupState, *, advances: bool
    ) -> Round:
        """Take in what came with the answer, whose results are written."""
        if advances and self._store.outbox(1):
            # What is sealed already is answered first (3.6 rule 2): a row of it merged now would be in its own way, or
            # be told of a second time. The cursor has not moved, so the page comes with the next answer.
            return learned(state, page)
        # A crash here loses nothing: the cursor has not moved, so the rows come again by pulling.
        page, outcome, arrived = await self._pull.apply(answer, after=cursor.seq, full=False)
        return pulled(state, page, outcome, arrived)

    async def _begin_anew(self) -> None:
        """Forget what was sealed ahead, also what is in the outbox already."""
        self._sealing.forget()
        await self._behind.withdraw()

    def _command(
        self,
        rows: Sequence[StoredRow],
        answered: Sequence[Answered],
        expected: CursorRow | None = None,
        cursor: CursorRow | None = None,
        floor_seq: int = 0,
    ) -> ApplyAnswers:
        return ApplyAnswers(
            group_id=self._store.group_id,
            sent=tuple(row.number for row in rows),
            accepted=tuple(
                _accepted(each, row) for each, row in zip(answered, rows, strict=True) if isinstance(each, Accepted)
            ),
            forgotten=tuple(
                ForgottenWrite(each.id, each.synced_rev) for each in answered if isinstance(each, Forgotten)
            ),
            blocked=tuple(_blocked(each) for each in answered if isinstance(each, Blocked)),
            expected=expected,
            cursor=cursor,
            floor_seq=floor_seq,
        )

    async def _write(self, command: ApplyAnswers) -> None:
        try:
            await self._store.submit(command)
        except OutOfDate:
            raise GroupChanged from None
        self._tally.pushed += len(command.accepted)
        self._tally.advance(len(command.sent))


def _change(row: StoredRow) -> Change:
    return Change(Bytes16(bytes.fromhex(row.resource)), row.version, Bytes32(row.prev), row.deleted, Binary(row.blob))


def _result(result: WireResult) -> Result:
    code = _REJECT_CODES.get(result.code) if result.code is not None else None
    return Result(bytes(result.id).hex(), result.result, result.seq or 0, code)


def _accepted(each: Accepted, sent: StoredRow) -> AcceptedWrite:
    return AcceptedWrite(sent.resource, head_row(each.head), BaseRow(sent.plaintext, sent.deleted), each.synced_rev)


def _blocked(each: Blocked) -> BlockedWrite:
    return BlockedWrite(each.id, each.code, each.local_rev)
