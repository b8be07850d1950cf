"""A round of one group: does the steps that `round_plan` names, until one ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.store.commands.sending import StoreOutbox
from insomnia_desktop.store.commands.sync import BringBackParents
from insomnia_desktop.store.sync_writes import OutOfDate
from insomnia_desktop.sync.cursor import GroupState, repair_pull, resync_pull, server_change
from insomnia_desktop.sync.endings import GroupChanged, MakesNoSense, group_refusal
from insomnia_desktop.sync.envelopes import GroupKeys
from insomnia_desktop.sync.group_pull import GroupPull, Offload
from insomnia_desktop.sync.group_push import GroupPush
from insomnia_desktop.sync.group_store import GroupStore
from insomnia_desktop.sync.pages import Pages
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
    restarted,
    sealed,
)
from insomnia_desktop.sync.sealing import Sealing
from insomnia_desktop.sync.stored import as_cursor, cursor_row
from insomnia_desktop.sync.tally import Tally
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.resource_api import ResourceApi

# The order of so many is made within a millisecond.
_FEW: Final = 4


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
        self._pull = GroupPull(store, api, keys, account, offload, tally)
        self._pages = Pages(api, store.group_id, limits.page, ahead=ahead)
        self._sealing = Sealing(store, keys, limits, offload)
        self._push = GroupPush(store, api, self._pull, self._sealing, limits, tally)
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
                self.state = await self._push.send(self.state, stored, alone=step.alone)
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

    async def _seal(self, step: Seal, stored: Stored, may_delete: Callable[[], bool], *, few: bool) -> None:
        batch = await self._sealing.next(may_delete, tombstones=step.tombstones, few=few)
        # To seal takes longer than anything that it waits for.
        self._sealing.go_ahead()
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
        self._push.note_sealed(batch.rows)
        self.state = sealed(self.state)
