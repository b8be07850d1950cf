"""The engine of the account that is open: made, kept running in the background, and ended with its session."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.services.account_views import AccountState, AccountStatus
from insomnia_desktop.services.accounts import Accounts
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.sync_rows import LogRow

if TYPE_CHECKING:
    import asyncio

    from insomnia_desktop.sync.engine import EngineState, SyncEngine
    from insomnia_desktop.sync.round_lock import RoundLock
    from insomnia_desktop.sync.rounds import RoundOutcome
    from insomnia_desktop.sync.session import Exchange

_LOG = logging.getLogger(__name__)


class SyncRunner:
    """Holds the one engine of this process. Threads: coroutines on the loop's; the rest from any.

    `changed` is called on the worker after each change of how the engine stands, `finished` is awaited there after each
    whole round.
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
        self.log: list[LogRow] = []
        self._access = access
        self._loop = loop
        self._accounts = accounts
        self._lock_file = lock_file
        self._changed = changed
        self._finished = finished
        self._engine: SyncEngine | None = None
        self._token = b""
        self._lock: RoundLock | None = None
        self._making: asyncio.Lock | None = None
        self._in_background = False
        self._background: Future[None] | None = None
        self._unsubscribe = accounts.subscribe(self._on_account)

    @property
    def state(self) -> EngineState | None:
        """How the engine stands, None without one."""
        engine = self._engine
        return engine.state if engine is not None else None

    def start(self) -> None:
        """Sync in the background from now on, whenever somebody is signed in."""
        self._in_background = True
        if self._accounts.status().state == AccountState.SIGNED_IN:
            self._submit(self._engage)

    def tell(self, deed: Callable[[SyncEngine], None]) -> None:
        """Let the engine know of something, if there is one."""
        engine = self._engine
        if engine is None:
            return

        async def run() -> None:
            deed(engine)
            self._changed()

        self._submit(run)

    async def engine(self) -> SyncEngine:
        """Return the engine of the open account; raises KnownError `account.not_signed_in`."""
        from asyncio import Lock

        if self._making is None:
            self._making = Lock()
        async with self._making:
            access = await self._accounts.sessions.access()
            if self._engine is not None and self._token == access.token:
                return self._engine
            await self._let_go()
            self._engine = self._make(access)
            self._token = access.token
            return self._engine

    def stop(self, budget: float, *, flush: bool) -> None:
        """End the background; with `flush` after a last round of so many seconds at most."""
        self._unsubscribe()
        engine, self._in_background = self._engine, False
        if engine is None or self._loop.stopped:
            return
        if flush and self._background is not None:
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

    def _make(self, access: Any) -> SyncEngine:
        from insomnia_desktop.sync.engine import SyncEngine
        from insomnia_desktop.sync.round_lock import RoundLock
        from insomnia_desktop.sync.session import open_session

        if self._lock is None:
            self._lock = RoundLock(self._lock_file)
        return SyncEngine(
            self._access.store,
            open_session(access.address, access.token, access.account_id, access.account_key, self._note),
            self._lock,
            self._access.clock,
            account_rev=access.account_rev,
            changed=self._changed,
            finished=self._finished,
            signed_out=lambda: self._submit(lambda: self._lost(access.token)),
            account_changed=lambda: self._submit(self._take_in_account),
        )

    async def _engage(self) -> None:
        try:
            engine = await self.engine()
        except KnownError as error:
            _LOG.info("No sync in the background: %s", error)
            return
        if self._in_background and self._background is None:
            background = self._loop.submit(engine.run_in_background())
            background.add_done_callback(self._on_end)
            self._background = background

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

    def _on_account(self, status: AccountStatus) -> None:
        if status.state == AccountState.SIGNED_IN:
            if self._in_background:
                self._submit(self._engage_anew)
        elif self._engine is not None:
            self._submit(self._let_go)
        self._changed()

    async def _engage_anew(self) -> None:
        """Begin with the session that there is now, if it is another one."""
        before = self._engine
        try:
            engine = await self.engine()
        except KnownError as error:
            _LOG.info("No sync in the background: %s", error)
            return
        if engine is not before or self._background is None:
            await self._engage()

    def _note(self, exchange: Exchange) -> None:
        self.log.append(
            LogRow(
                self._access.clock.now_ms(),
                exchange.method,
                exchange.path.partition("?")[0],
                exchange.status,
                exchange.bytes_up,
                exchange.bytes_down,
                exchange.ms,
            )
        )

    def _submit(self, make: Callable[[], Any]) -> None:
        if not self._loop.stopped:
            self._loop.submit(make())
