"""A round of one group: does the steps that `round_plan` names, until one ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.protocol.sync import Change, Push, PushAnswer
from insomnia_desktop.protocol.sync import Result as WireResult
from insomnia_desktop.store.commands.sending import ApplyAnswers, StoreOutbox
from insomnia_desktop.store.commands.sync import BringBackParents
from insomnia_desktop.store.sync_rows import AcceptedWrite, BaseRow, BlockedWrite, CursorRow, ForgottenWrite
from insomnia_desktop.store.sync_rows import OutboxRow as StoredRow
from insomnia_desktop.store.sync_writes import OutOfDate
from insomnia_desktop.sync.cursor import Advance, GroupState, after_page, repair_pull, resync_pull, server_change
from insomnia_desktop.sync.endings import GroupChanged, MakesNoSense, group_refusal
from insomnia_desktop.sync.envelopes import GroupKeys
from insomnia_desktop.sync.group_pull import GroupPull, Offload
from insomnia_desktop.sync.group_store import GroupStore
from insomnia_desktop.sync.outbox_ahead import OutboxAhead
from insomnia_desktop.sync.pages import Pages
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
from insomnia_desktop.sync.round_plan import (
    Done,
    Failed,
    LiveSent,
    Pull,
    Repair,
    RestoreParents,
    Round,
    Seal,
    Send,
    Step,
    Stored,
    learned,
    next_step,
    pulled,
    pushed,
    refused_whole,
    restarted,
    sealed,
)
from insomnia_desktop.sync.sealing import Sealing
from insomnia_desktop.sync.stored import as_cursor, as_outbox_row, cursor_row, head_row
from insomnia_desktop.sync.tally import Tally
from insomnia_desktop.sync.values import RejectCode
from insomnia_desktop.sync.whole_group import page_state
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.resource_api import ResourceApi

# So many documents are sealed within a millisecond; a large one takes some more.
_FEW: Final = 4
_REFUSED_WHOLE: Final[dict[str, Literal[413, 422]]] = {"too_large": 413, "invalid": 422}
_REJECT_CODES: Final[dict[str, RejectCode]] = {
    "invalid": "invalid",
    "too_large": "too_large",
    "stale_epoch": "stale_epoch",
    "full": "full",
    "quota": "quota",
}


class GroupRound:
    """One group in one round; `run` may be called again, to send what had to wait.

    Raises what the connection raises, GroupChanged where the group is bound no more, SignedOutElsewhere, and
    MakesNoSense where the server plays no fair round. Threads: one loop's.
    """

    def __init__(
        self,
        store: GroupStore,
        api: ResourceApi,
        keys: GroupKeys,
        *,
        account: str,
        limits: Limits,
        offload: Offload,
        tally: Tally,
        ahead: bool = True,
    ) -> None:
        self._store = store
        self._api = api
        self._limits = limits
        self._tally = tally
        self._pull = GroupPull(store, api, keys, account, offload, tally)
        self._pages = Pages(api, store.group_id, limits.page, ahead=ahead)
        self._sealing = Sealing(store, keys, limits, offload)
        self._behind = OutboxAhead(store, self._sealing)
        # What was put into the outbox just now.
        self._sealed_now: tuple[StoredRow, ...] = ()
        self.state = Round()

    async def begin(self, heads: GroupState | None, *, try_again: bool) -> None:
        """Take in what heads says of the group, and try what is in quarantine again where asked."""
        if try_again:
            await self._pull.try_again()
        if heads is None:
            return
        self.state = learned(self.state, heads)
        row = self._store.cursor()
        restart = server_change(as_cursor(row), heads)
        if restart is not None:
            await self._pull.move_cursor(row, restart.cursor, went_back=restart.went_back)
            self.state = restarted(self.state, restart)

    def stored(self) -> Stored:
        """Return what is stored of the group; raises GroupChanged where it is bound no more, or is switched off."""
        return self._store.stored()

    async def run(self, *, may_delete: Callable[[], bool]) -> Done | LiveSent:
        """Go on until nothing is left to do, or only tombstones while `may_delete` says no."""
        try:
            while True:
                stored = self._store.stored()
                step = next_step(stored, self.state, tombstones=stored.tombstones > 0 and may_delete())
                if isinstance(step, Done | LiveSent):
                    return step
                await self._do(step, stored, may_delete)
        finally:
            self._sealing.forget()

    async def _do(self, step: Step, stored: Stored, may_delete: Callable[[], bool]) -> None:
        if not isinstance(step, Send | Seal):
            self._sealing.forget()
        match step:
            case Failed():
                raise MakesNoSense
            case Send():
                await self._send(stored, alone=step.alone)
            case Pull():
                await self._pull_page(step)
            case Seal():
                few = stored.live + stored.tombstones + stored.held <= _FEW
                await self._seal(step, stored, may_delete, few=few)
            case RestoreParents():
                try:
                    await self._store.submit(BringBackParents(self._store.group_id, self._store.to_restore()))
                except OutOfDate:
                    raise GroupChanged from None
            case Repair():
                row = self._store.cursor()
                restart = repair_pull(as_cursor(row), step.reason)
                await self._pull.move_cursor(row, restart.cursor, went_back=restart.went_back)
                self.state = restarted(self.state, restart)

    async def _pull_page(self, step: Pull) -> None:
        try:
            page = await self._pages.get(step.after, full=step.full)
        except Refused as refused:
            if refused.code != "resync" or step.full:
                raise group_refusal(refused) from refused
            row = self._store.cursor()
            restart = resync_pull(as_cursor(row))
            await self._pull.move_cursor(row, restart.cursor)
            self.state = restarted(self.state, restart)
            return
        async with self._pages.next_of(page, full=step.full):
            state, outcome, arrived = await self._pull.apply(page, after=step.after, full=step.full)
        self.state = pulled(self.state, state, outcome, arrived)

    async def _send(self, stored: Stored, *, alone: bool) -> None:
        sealed_now, self._sealed_now = self._sealed_now, ()
        rows = self._store.outbox(1) if alone else self._next_rows(sealed_now)
        message = Push(stored.cursor.seq, [_change(row) for row in rows])
        try:
            if alone:
                answer = await self._api.push(self._store.group_id, message)
            else:
                self._sealing.go_ahead()
                async with self._behind.behind(rows[-1].number):
                    answer = await self._api.push(self._store.group_id, message)
        except Refused as refused:
            status = _REFUSED_WHOLE.get(refused.code)
            if status is None:
                raise group_refusal(refused) from refused
            await self._refused(rows, status)
            return
        await self._answered(rows, answer, stored)

    def _next_rows(self, sealed_now: Sequence[StoredRow]) -> list[StoredRow]:
        """Return what fits into one push: after a crash there may be more in the outbox."""
        rows = self._store.outbox(self._limits.changes, sealed_now)
        if len(rows) == len(sealed_now):
            return rows
        budget = push_budget(changes=self._limits.changes, body=self._limits.body)
        return rows[: how_many_fit((len(row.blob) for row in rows), budget)]

    async def _refused(self, rows: Sequence[StoredRow], status: Literal[413, 422]) -> None:
        await self._begin_anew()
        if len(rows) > 1:
            self.state = refused_whole(self.state)
            return
        blocked = refused_alone(as_outbox_row(rows[0]), status)
        await self._apply_answers(rows, [blocked], None, None, 0)
        self.state = pushed(self.state, [blocked])

    async def _answered(self, rows: Sequence[StoredRow], answer: PushAnswer, stored: Stored) -> None:
        answered = answers([as_outbox_row(row) for row in rows], [_result(each) for each in answer.results])
        self.state = pushed(self.state, answered)
        if answered is None:
            return
        # Who else moves the cursor meanwhile unbinds the group, which is found where it is written.
        after, state = stored.cursor.seq, page_state(answer)
        outcome = after_page(stored.cursor, state, (), after=after, full=False, resync=answer.resync)
        usual = isinstance(outcome, Advance) and not answer.rows
        if not usual or not all(isinstance(each, Accepted) for each in answered):
            # What stands in the way, or has to go before what comes next, may be in what was sealed ahead.
            await self._begin_anew()
        if isinstance(outcome, Advance) and usual:
            # Nothing new came with the answer, and one commit does both.
            expected, moved = (cursor_row(each, stored.digest) for each in (stored.cursor, outcome.cursor))
            floor = 0 if answer.more else answer.floor_seq
            await self._apply_answers(rows, answered, expected, moved, floor)
            self._sealed_now = self._behind.take()
            self.state = pulled(self.state, state, outcome, ())
            return
        await self._apply_answers(rows, answered, None, None, 0)
        if isinstance(outcome, Advance) and self._store.outbox(1):
            # What is sealed already is answered first (3.6 rule 2): a row of it merged now would be in its own way, or
            # be told of a second time. The cursor has not moved, so the page comes with the next answer.
            self.state = learned(self.state, state)
            return
        # A crash here loses nothing: the cursor has not moved, so the rows come again by pulling.
        state, page_outcome, arrived = await self._pull.apply(answer, after=after, full=False)
        self.state = pulled(self.state, state, page_outcome, arrived)

    async def _begin_anew(self) -> None:
        """Forget what was sealed ahead, also what is in the outbox already."""
        self._sealing.forget()
        await self._behind.withdraw()

    async def _apply_answers(
        self,
        rows: Sequence[StoredRow],
        answered: Sequence[Answered],
        expected: CursorRow | None,
        cursor: CursorRow | None,
        floor_seq: int,
    ) -> None:
        command = ApplyAnswers(
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
        try:
            await self._store.submit(command)
        except OutOfDate:
            raise GroupChanged from None
        self._tally.pushed += sum(1 for each in answered if isinstance(each, Accepted))
        self._tally.advance(len(answered))

    async def _seal(self, step: Seal, stored: Stored, may_delete: Callable[[], bool], *, few: bool) -> None:
        batch = await self._sealing.next(may_delete, tombstones=step.tombstones, few=few)
        command = StoreOutbox(
            self._store.group_id,
            cursor_row(stored.cursor, stored.digest),
            batch.rows,
            batch.clean,
            batch.blocked,
        )
        try:
            await self._store.submit(command)
        except OutOfDate:
            raise GroupChanged from None
        self._sealed_now = batch.rows
        self.state = sealed(self.state)


def _change(row: StoredRow) -> Change:
    return Change(Bytes16(bytes.fromhex(row.resource)), row.version, Bytes32(row.prev), row.deleted, Binary(row.blob))


def _result(result: WireResult) -> Result:
    code = _REJECT_CODES.get(result.code) if result.code is not None else None
    return Result(bytes(result.id).hex(), result.result, result.seq or 0, code)


def _accepted(each: Accepted, sent: StoredRow) -> AcceptedWrite:
    return AcceptedWrite(sent.resource, head_row(each.head), BaseRow(sent.plaintext, sent.deleted), each.synced_rev)


def _blocked(each: Blocked) -> BlockedWrite:
    return BlockedWrite(each.id, each.code, each.local_rev)
