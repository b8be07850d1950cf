"""Sync for window and command line: how it stands, rounds on demand, and what the person decides about it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.services.account_views import AccountDeed, AccountState
from insomnia_desktop.services.accounts import Accounts
from insomnia_desktop.services.asked_groups import AskedGroups
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.services.sync_facts import SyncFacts
from insomnia_desktop.services.sync_history import SyncHistory
from insomnia_desktop.services.sync_reports import backup_report, not_verified, sync_report, unopened_item
from insomnia_desktop.services.sync_runner import SyncRunner
from insomnia_desktop.services.sync_views import (
    AttentionItem,
    BackupReport,
    Keep,
    Progress,
    SyncReport,
    SyncState,
    SyncStatus,
)
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.store.queries import sync as queries

if TYPE_CHECKING:
    import asyncio

    from insomnia_desktop.sync.rounds import RoundOutcome

_QUIT_BUDGET: Final = 2.0
_DOCUMENTS: Final = frozenset({"workspace", "folder", "request", "environment", "cookie_jar"})
_OFFLINE: Final = frozenset(
    {
        "account.server_unreachable",
        "account.port_taken",
        "account.server_did_not_start",
        "account.not_a_sync_server",
        "account.server_failed",
        "sync.server_busy",
        "sync.busy",
    }
)
# A round that only asked whether there is anything leaves no trace of its own in the store, but for so many requests.
_LOGGED_AT_ONCE: Final = 20
_TOLD_EVERY: Final = 0.05
_STATES: Final = {
    AccountState.SIGNED_OUT: SyncState.OFF,
    AccountState.LOCKED: SyncState.OFF,
    AccountState.SIGNED_OUT_ELSEWHERE: SyncState.SIGNED_OUT_ELSEWHERE,
    AccountState.WORK_OFFLINE: SyncState.PAUSED,
}


class Syncing(SyncFacts, SyncHistory):
    """The sync of a data folder. Threads: any; listeners are called on the worker thread and may only enqueue.

    Deeds raise the KnownErrors of the areas `account`, `sync` and `store`.
    """

    def __init__(self, access: StoreAccess, loop: LoopThread, accounts: Accounts, lock_file: Path) -> None:
        self._listeners: tuple[Callable[[SyncStatus], None], ...] = ()
        self._backing_up: Progress | None = None
        # By account: who signs in to another one sees nothing of the one before.
        self._latest: dict[str, BackupReport] = {}
        self._asked_groups = AskedGroups()
        # On the worker's loop.
        self._told_at = 0.0
        self._telling: asyncio.TimerHandle | None = None
        self._runner = SyncRunner(access, loop, accounts, lock_file, self._tell, self._keep)
        SyncFacts.__init__(self, access, accounts, lambda: accounts.connections.waiting)
        SyncHistory.__init__(self, access, loop, self._runner.engine, self._runner.told_of)
        self._unsubscribe = access.store.subscribe(self.note_changes)

    def start(self) -> None:
        """Sync in the background from now on, whenever somebody is signed in."""
        self._runner.start()

    def status(self) -> SyncStatus:
        """Return how sync stands as a whole."""
        account = self._accounts.status().state
        if account in _STATES:
            return SyncStatus(_STATES[account], last_backup=self._last_backup())
        state = self._runner.state
        problem = state.problem if state is not None else None
        pending = self.count_pending()
        report = self._last_backup()
        attention = (*self.attention(), *self._unverified(), *unopened_item(report))
        next_try = None
        if state is not None and state.next_try_in is not None:
            next_try = self._access.clock.now_ms() + round(state.next_try_in * 1000)
        return SyncStatus(
            state=self._state(problem, attention, pending),
            pending=pending,
            last_backup=report,
            backing_up=self._backing_up,
            attention=attention,
            next_try_at=next_try,
            verified=report is not None and report.verified and not pending and problem is None,
            problem=problem.code if problem is not None else "",
            problem_params=dict(problem.params) if problem is not None else {},
        )

    def status_of(self, workspace_id: str) -> SyncStatus:
        """Return how sync stands as the person in a workspace sees it."""
        status = self.status()
        if status.state in _STATES.values():
            return status
        synced = self.modes().get(workspace_id) == "synced"
        return status if synced else msgspec.structs.replace(status, state=SyncState.LOCAL_ONLY)

    def subscribe(self, callback: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Call back after each change, on the worker thread (only enqueue there); returns the end."""
        self._listeners = (*self._listeners, callback)

        def end() -> None:
            self._listeners = tuple(each for each in self._listeners if each is not callback)

        return end

    def wake(self) -> None:
        """Begin a round soon, whatever failed before: the person asks, or the network is back."""
        self._runner.wake()

    def set_focused(self, focused: bool) -> None:
        """Say whether the window is in front."""
        self._runner.tell(lambda engine: engine.set_focused(focused))

    def dismiss(self, attention_id: int) -> Future[None]:
        """Forget a notice."""
        from insomnia_desktop.store.commands.bindings import DismissNotice

        return _quiet(self._access.submit(DismissNotice(attention_id)))

    def backup_now(self) -> AccountDeed[BackupReport]:
        """Run a whole round, sum the digests anew from what is stored, and return what was really checked."""

        async def backup_now() -> BackupReport:
            from insomnia_desktop.sync.tally import Tally

            engine = await self._runner.engine()
            self._on_progress(0, 0)
            try:
                tally = Tally(on_progress=self._on_progress)
                outcome = await engine.round(tally=tally, recompute=True)
            finally:
                self._backing_up = None
                self._tell()
            return backup_report(outcome)

        return self._deed(backup_now)

    def sync_once(self) -> AccountDeed[SyncReport]:
        """Run a whole round; every workspace of this device is added to the account, unless that was said otherwise."""

        async def sync_once() -> SyncReport:
            engine = await self._runner.engine()
            outcome = await engine.round(choose_all=True, recompute=True)
            names = {row_id: name for row_id, (name, _) in queries.workspace_names(self._access.reader()).items()}
            return sync_report(outcome, names)

        return self._deed(sync_once)

    def set_mode(self, workspace_id: str, mode: Literal["on", "off"]) -> AccountDeed[None]:
        """Switch the sync of a workspace on or off, on this device."""

        async def set_mode() -> None:
            from insomnia_desktop.store.commands.bindings import SwitchSync

            await self._submit(SwitchSync(workspace_id, self._signed_in(), mode))
            self.wake()

        return self._deed(set_mode)

    def remove_from_server(self, workspace_id: str) -> AccountDeed[None]:
        """Delete the server's copy of a workspace with its history; every device keeps its documents."""

        async def remove_from_server() -> None:
            from insomnia_desktop.store.commands.bindings import MakeLocal
            from insomnia_desktop.sync.bindings import remove_group

            engine = await self._runner.engine()
            await remove_group(engine.session, self._group_of(workspace_id))
            await self._submit(MakeLocal(workspace_id, engine.session.account))
            self._tell()

        return self._deed(remove_from_server)

    def choose_first(self, workspace_ids: Sequence[str]) -> AccountDeed[None]:
        """Say which of the proposed workspaces are added to the account; the others stay on this device."""

        async def choose_first() -> None:
            from insomnia_desktop.store.commands.bindings import ChooseWorkspaces

            refused = [each.workspace_id for each in self.proposed_workspaces()]
            left = tuple(each for each in refused if each not in workspace_ids)
            await self._submit(ChooseWorkspaces(self._signed_in(), left))
            self.wake()

        return self._deed(choose_first)

    def settle(self, choices: Sequence[tuple[int, Keep]]) -> Future[None]:
        """End conflicts of one document, all or none, by keeping mine, theirs, or both (theirs in a copy).

        They are named by their ids. Undo takes all of it back in one step.
        Raises KnownError `sync.conflict_not_found`, `sync.conflict_unreadable`, `sync.cannot_keep_both`,
        `sync.cannot_use_side`, `document.quarantined`.
        """
        from insomnia_desktop.store.commands.conflicts import SettleConflicts

        return _quiet(self._access.submit(SettleConflicts(tuple(choices))))

    def note_changes(self, changes: ChangeSet) -> None:
        """Take in a commit, of this process or another one: an edit is to be sent. Threads: any."""
        if changes.origin.kind == "sync":
            if any(change.kind == "sync" for change in changes.changes):
                self._runner.tell(lambda engine: None)
            return
        if any(change.kind in _DOCUMENTS for change in changes.changes):
            self._runner.tell(lambda engine: engine.edited())
        elif any(change.kind == "sync" for change in changes.changes):
            self._runner.wake()

    def close(self) -> None:
        """Send what waits, for two seconds at most, and end the background."""
        self._unsubscribe()
        state = self._runner.state
        reachable = state is not None and state.problem is None
        self._runner.stop(_QUIT_BUDGET, flush=reachable and self.status().pending > 0)

    def _state(self, problem: KnownError | None, attention: Sequence[AttentionItem], pending: int) -> SyncState:
        if problem is not None and problem.code in _OFFLINE:
            return SyncState.OFFLINE
        if problem is not None or attention:
            return SyncState.NEEDS_ATTENTION
        return SyncState.SAVING if pending or self._backing_up is not None else SyncState.UP_TO_DATE

    def _unverified(self) -> tuple[AttentionItem, ...]:
        state = self._runner.state
        return not_verified(state.outcome) if state is not None and state.outcome is not None else ()

    def _last_backup(self) -> BackupReport | None:
        stored = self.last_backup()
        latest = self._latest.get(self._account)
        return latest if latest is not None and (stored is None or latest.at >= stored.at) else stored

    def _signed_in(self) -> str:
        status = self._accounts.status()
        if not status.account_id or status.state == AccountState.SIGNED_OUT:
            raise KnownError("account.not_signed_in")
        return status.account_id

    def _on_progress(self, done: int, total: int) -> None:
        before, self._backing_up = self._backing_up, Progress(done, total)
        # How much there is to do is told as soon as it is known, however quickly that is done.
        self._tell(at_once=before is None or before.total != total)

    async def _keep(self, outcome: RoundOutcome, asked: bool) -> None:
        """Keep the report of a round and the log of its requests."""
        from insomnia_desktop.store.commands.sync import FinishRound

        account = self._accounts.status().account_id
        report = msgspec.structs.replace(backup_report(outcome), checked_at=self._asked_groups.note(outcome))
        self._latest[account] = report
        log = self._accounts.connections
        if asked or outcome.tally.done or len(log.waiting) >= _LOGGED_AT_ONCE or self._is_news(report):
            text = msgspec.json.encode(report).decode("utf-8")
            await self._submit(FinishRound(account, log.take(), text))

    def _is_news(self, report: BackupReport) -> bool:
        """Say whether what is stored, by which other processes tell how sync stands, says something else."""
        stored = self.last_backup()
        told = (stored.verified, stored.unopened) if stored is not None else (True, 0)
        return told != (report.verified, report.unopened)

    def _tell(self, *, at_once: bool = False) -> None:
        """Tell how sync stands: at once, or with what follows within the next 50 ms.

        To find it out takes some milliseconds with many documents, and a large backup changes it with every batch.
        """
        if not self._listeners:
            return
        loop = _running_loop()
        if loop is None or at_once:
            self._tell_now()
        elif self._telling is None:
            wait = self._told_at + _TOLD_EVERY - loop.time()
            if wait <= 0:
                self._tell_on(loop)
            else:
                self._telling = loop.call_later(wait, self._tell_on, loop)

    def _tell_on(self, loop: asyncio.AbstractEventLoop) -> None:
        self._telling = None
        self._tell_now()
        self._told_at = loop.time()

    def _tell_now(self) -> None:
        status = self.status()
        for listener in self._listeners:
            listener(status)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop of the calling thread; to find that there is none, nothing is imported."""
    if "asyncio" not in sys.modules:
        return None
    from asyncio import get_running_loop

    try:
        return get_running_loop()
    except RuntimeError:
        return None


def _quiet(future: Future[ChangeSet]) -> Future[None]:
    """Return a future that ends as another does, without its result."""
    quiet: Future[None] = Future()

    def done(ended: Future[ChangeSet]) -> None:
        error = ended.exception()
        if error is not None:
            quiet.set_exception(error)
        else:
            quiet.set_result(None)

    future.add_done_callback(done)
    return quiet
