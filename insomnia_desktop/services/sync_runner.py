"""The engine of the account that is open: made, kept running in the background, and ended with its session."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from random import random
from typing import TYPE_CHECKING, Any

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.services.account_views import AccountState, AccountStatus
from insomnia_desktop.services.accounts import Accounts
from insomnia_desktop.services.store_access import StoreAccess

if TYPE_CHECKING:
    import asyncio

    from insomnia_desktop.account.operations import SyncAccess
    from insomnia_desktop.sync.engine import EngineState, SyncEngine
    from insomnia_desktop.sync.round_lock import RoundLock
    from insomnia_desktop.sync.rounds import RoundOutcome

_LOG = logging.getLogger(__name__)
# Of a coroutine on the loop: the number of the engine that it was given last.
_ASKED: ContextVar[int] = ContextVar("asked", default=0)


class SyncRunner:
    """Holds the one engine of this process. Threads: coroutines on the loop's; the rest from any.

    `changed` is called on the worker after each change of how the engine stands, `finished` is awaited there after each
    whole round. Where the server on this computer does not start, the background tries again, later and later.
    """

    def __init__(
        self,
        access: StoreAccess,
        loop: LoopThread,
        accounts: Accounts,
        lock_file: Path,
        changed: Callable[[], None],
        finished: Callable[[RoundOutcome, bool], Awaitable[None]],
    ) -> None:
        self._access = access
        self._loop = loop
        self._accounts = accounts
        self._lock_file = lock_file
        self._changed = changed
        self._finished = finished
        self._engine: SyncEngine | None = None
        self._made_for: SyncAccess | None = None
        self._number = 0
        self._lock: RoundLock | None = None
        self._making: asyncio.Lock | None = None
        self._in_background = False
        self._background: Future[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._without: EngineState | None = None
        self._stirred: asyncio.Event | None = None
        self._unsubscribe = accounts.subscribe(self._on_account)

    @property
    def state(self) -> EngineState | None:
        """How the engine stands, or why there is none yet; None without a reason."""
        engine = self._engine
        return engine.state if engine is not None else self._without

    def start(self) -> None:
        """Sync in the background from now on, whenever somebody is signed in."""
        self._in_background = True
        if self._accounts.status().state == AccountState.SIGNED_IN:
            self._submit(self._engage)

    def wake(self) -> None:
        """Begin a round at once, whatever failed before."""
        if self._engine is not None:
            self.tell(lambda engine: engine.wake())
        elif self._without is not None:
            self._submit(self._stir)

    def tell(self, deed: Callable[[SyncEngine], None]) -> None:
        """Let the engine know of something, if there is one."""
        engine = self._engine
        if engine is None:
            if self._without is not None:
                # What waits is counted, at least.
                self._submit(self._count_anew)
            return

        async def run() -> None:
            deed(engine)
            self._changed()

        self._submit(run)

    async def engine(self) -> SyncEngine:
        """Return the engine of the open account; raises KnownError `account.not_signed_in`.

        Raises also `account.port_taken` and `account.server_did_not_start`, where the server is on this computer.
        """
        from asyncio import Lock

        if self._making is None:
            self._making = Lock()
        async with self._making:
            access = await self._accounts.sessions.access()
            if self._engine is None or self._is_another(access):
                # The number first: whose connection is closed by this is not the latest any more.
                self._number += 1
                await self._drop_engine()
                self._engine = self._make(access)
                self._made_for = access
                self._without = None
            _ASKED.set(self._number)
            return self._engine

    async def told_of(self, error: KnownError) -> KnownError | None:
        """Return what the error of a question means to the person who asked it; None: it is to be asked once more.

        For the coroutine that took the engine. Where its session is over token and keys are dropped, those of a newer
        session stay.
        """
        is_over, is_latest = error.code == "account.signed_out_elsewhere", _ASKED.get() == self._number
        if not (is_over or error.code == "account.server_unreachable") or not _ASKED.get():
            return error
        if is_over and is_latest and self._made_for is not None:
            # It waits for a sign-in or a sign-out that runs.
            await self._lost(self._made_for.token)
        state = self._accounts.status().state
        if state == AccountState.SIGNED_OUT:
            # The person did that here, in the middle of it.
            return KnownError("account.not_signed_in")
        if state == AccountState.SIGNED_OUT_ELSEWHERE:
            return error
        # A sign-in took the session, or the connection, from under it.
        return None if is_over or not is_latest else error

    def stop(self, budget: float, *, flush: bool) -> None:
        """End the background; with `flush` after a last round of so many seconds at most."""
        self._unsubscribe()
        engine, self._in_background = self._engine, False
        if self._loop.stopped or (engine is None and self._background is None):
            return
        if flush and engine is not None and self._background is not None:
            from insomnia_desktop.sync.endings import SignedOutElsewhere

            last: Future[Any] = self._loop.submit(engine.round())
            try:
                last.result(budget)
            except TimeoutError:
                last.cancel()
            except (KnownError, SignedOutElsewhere) as error:
                _LOG.info("The last round before the end did not come through: %s", error)
        with suppress(TimeoutError):
            self._loop.submit(self._let_go()).result(budget)

    def _make(self, access: SyncAccess) -> SyncEngine:
        from insomnia_desktop.sync.engine import SyncEngine
        from insomnia_desktop.sync.round_lock import RoundLock
        from insomnia_desktop.sync.session import open_session

        if self._lock is None:
            self._lock = RoundLock(self._lock_file)
        return SyncEngine(
            self._access.store,
            open_session(
                access.address, access.token, access.account_id, access.account_key, self._accounts.connections.note
            ),
            self._lock,
            self._access.clock,
            account_rev=access.account_rev,
            changed=self._changed,
            finished=self._finished,
            signed_out=lambda: self._submit(lambda: self._lost(access.token)),
            account_changed=lambda: self._submit(self._take_in_account),
            reach=self._reach,
        )

    def _is_another(self, access: SyncAccess) -> bool:
        made_for = self._made_for
        return made_for is None or (made_for.token, made_for.address) != (access.token, access.address)

    async def _reach(self) -> None:
        """Let the server on this computer run, which may have ended, and follow it to another address."""
        if self._is_another(await self._accounts.sessions.access()):
            self._submit(self._engage)

    async def _engage(self) -> None:
        """Sync in the background with the session that there is now."""
        if not self._in_background:
            return
        if self._background is None or self._background.done():
            self._background = self._loop.submit(self._keep_going())
            self._background.add_done_callback(self._on_end)
            return
        try:
            await self.engine()
        except KnownError as error:
            _LOG.info("No sync in the background: %s", error)
        else:
            await self._stir()

    async def _keep_going(self) -> None:
        """Run one engine after the other, until there is no session any more."""
        from asyncio import Event, TaskGroup

        self._stirred, failures = Event(), 0
        while True:
            self._stirred.clear()
            try:
                engine, made_for = await self.engine(), self._made_for
            except KnownError as error:
                _LOG.info("No sync in the background: %s", error)
                if error.code == "account.not_signed_in":
                    return
                await self._wait(error, failures)
                failures += 1
                continue
            failures = 0
            async with TaskGroup() as tasks:
                running = self._running = tasks.create_task(engine.run_in_background(), name="sync-background")
            if not running.cancelled() and made_for is not None:
                # The session is over. Only once it is dropped it is known whether there is another one already.
                with suppress(KnownError):
                    await self._lost(made_for.token)

    async def _wait(self, error: KnownError, failures: int) -> None:
        from asyncio import timeout

        from insomnia_desktop.sync.engine import EngineState
        from insomnia_desktop.sync.pacing import back_off

        assert self._stirred is not None
        seconds = back_off(failures, random())
        # A new one: the one that was raised holds on to its frames.
        self._without = EngineState(problem=KnownError(error.code, **error.params), next_try_in=seconds)
        self._changed()
        with suppress(TimeoutError):
            async with timeout(seconds):
                await self._stirred.wait()

    def _on_end(self, background: Future[None]) -> None:
        if background.cancelled():
            return
        error = background.exception()
        if error is not None:
            _LOG.error("Sync in the background ended", exc_info=error)

    async def _let_go(self) -> None:
        background, self._background = self._background, None
        if background is not None:
            background.cancel()
        self._without = None
        await self._drop_engine()

    async def _drop_engine(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.close()

    async def _lost(self, token: bytes) -> None:
        await self._accounts.sessions.lose(token)

    async def _take_in_account(self) -> None:
        try:
            await self._accounts.sessions.take_in_account()
        except KnownError as error:
            _LOG.info("The account was not asked anew: %s", error)

    async def _count_anew(self) -> None:
        self._changed()

    async def _stir(self) -> None:
        if self._stirred is not None:
            self._stirred.set()

    def _on_account(self, status: AccountStatus) -> None:
        if status.state == AccountState.SIGNED_IN:
            if self._in_background:
                self._submit(self._engage)
        elif self._engine is not None or self._background is not None:
            self._submit(self._let_go)
        self._changed()

    def _submit(self, make: Callable[[], Any]) -> None:
        if not self._loop.stopped:
            self._loop.submit(make())
