"""Rounds in the background: after typing, after a hint of the server, from time to time, and later after failures."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.store import Store
from insomnia_desktop.store.commands.sync import ForgetBlocked
from insomnia_desktop.sync.endings import SignedOutElsewhere, retry_after
from insomnia_desktop.sync.group_store import submit
from insomnia_desktop.sync.pacing import DEBOUNCE, Pacing, back_off
from insomnia_desktop.sync.round_lock import RoundLock
from insomnia_desktop.sync.rounds import RoundOutcome, Rounds
from insomnia_desktop.sync.session import SyncSession
from insomnia_desktop.sync.tally import Tally
from insomnia_desktop.transport.refused import Refused

_LOG = logging.getLogger(__name__)
_PATIENCE_IN_THE_BACKGROUND: Final = 2.0
_PATIENCE_OF_A_PERSON: Final = 60.0


@dataclass(slots=True)
class EngineState:
    """How the engine stands. `problem` is what ended the last round; `next_try_in` counts seconds."""

    running: bool = False
    problem: KnownError | None = None
    outcome: RoundOutcome | None = None
    next_try_in: float | None = None


class SyncEngine:
    """Runs the rounds of one session, those that a person asks for and those of the background, one at a time.

    `changed` is called after each change of `state`; `finished` is awaited after each round, and told whether a
    person asked for it; `signed_out` once the server knows the session no more;
    `account_changed` when it says that the account has changed; `reach` is awaited before what follows a failure.
    Threads: one loop's.
    """

    def __init__(
        self,
        store: Store,
        session: SyncSession,
        lock: RoundLock,
        clock: Clock,
        *,
        account_rev: int,
        changed: Callable[[], None],
        finished: Callable[[RoundOutcome, bool], Awaitable[None]],
        signed_out: Callable[[], None],
        account_changed: Callable[[], None],
        reach: Callable[[], Awaitable[None]],
    ) -> None:
        self.session = session
        self.state = EngineState()
        self._store = store
        self._lock = lock
        self._clock = clock
        self._rounds = Rounds(store)
        self._account_rev = account_rev
        self._changed = changed
        self._finished = finished
        self._signed_out = signed_out
        self._account_changed = account_changed
        self._reach = reach
        self._pacing = Pacing()
        self._focused = False
        self._streaming = False
        self._stirred = asyncio.Event()
        self._answered = asyncio.Event()
        self._begun = False
        self._reported: set[str] = set()

    async def round(
        self, *, tally: Tally | None = None, choose_all: bool = False, recompute: bool = False
    ) -> RoundOutcome:
        """Run a whole round, for a person; raises what `Rounds.run` raises, and KnownError `sync.busy`."""
        async with self._lock.held(_PATIENCE_OF_A_PERSON):
            return await self._run(tally=tally, choose_all=choose_all, recompute=recompute)

    async def run_in_background(self) -> None:
        """Run rounds and listen to the server until cancelled, or until the session is over."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._rounds_forever(), name="sync-rounds")
                tasks.create_task(self._listen_forever(), name="sync-events")
        except* SignedOutElsewhere:
            # Told already; what is left here is there for the next session.
            pass

    def edited(self) -> None:
        """Note an edit of the person: a round begins soon."""
        self._pacing = self._pacing.edited(self._clock.monotonic())
        self._stir()

    def wake(self) -> None:
        """Begin a round at once, whatever failed before."""
        self._pacing = self._pacing.woken()
        self._stir()

    def set_focused(self, focused: bool) -> None:
        """Note whether the window is in front: the server is asked then, and without a stream more often."""
        if focused and not self._focused:
            self._pacing = self._pacing.came_to_front(self._clock.monotonic())
        self._focused = focused
        self._stir()

    async def close(self) -> None:
        """Close the connection."""
        await self.session.api.close()

    async def _rounds_forever(self) -> None:
        while True:
            await self._until_due()
            try:
                if self.state.problem is not None:
                    await self._try_to_reach()
                await self._round_if_due()
            except SignedOutElsewhere:
                raise
            except KnownError as error:
                if error.code == "sync.busy":
                    # Another process is at it: what it leaves is looked at shortly after.
                    self._pacing = self._pacing.edited(self._clock.monotonic())
                elif self.state.problem is not error:
                    # It did not even begin, or its end could not be noted: that is waited for too.
                    self._failed(error)
                    self._changed()
            except Exception as error:
                # A mistake of this program in one round; without a background nothing would be sent any more.
                self._report("A round of sync broke", error)
                self._failed(KnownError("sync.round_broke"))
                self._changed()

    def _report(self, where: str, error: Exception) -> None:
        """Hand a mistake of the program to whoever reports those of this loop; the same again is only logged."""
        if where in self._reported:
            _LOG.info("%s again", where, exc_info=error)
            return
        self._reported.add(where)
        asyncio.get_running_loop().call_exception_handler({"message": where, "exception": error})

    async def _round_if_due(self) -> None:
        """Run the round that is due once no other one runs, if it is still due then."""
        async with self._lock.held(_PATIENCE_IN_THE_BACKGROUND):
            # Only now it is known what for: a hint may have come meanwhile, or a person's round has done it all.
            now, facts = self._clock.monotonic(), {"focused": self._focused, "streaming": self._streaming}
            if self._pacing.next_round(**facts) <= now:
                await self._run(asked=False, edited=self._pacing.is_for_edits(now, **facts))

    async def _run(
        self,
        *,
        tally: Tally | None = None,
        choose_all: bool = False,
        recompute: bool = False,
        asked: bool = True,
        edited: bool = False,
    ) -> RoundOutcome:
        """Run a round under the lock: `asked` by a person, or for what was `edited` alone."""
        self._pacing = self._pacing.round_begins(asked=asked)
        self.state.running = True
        self._changed()
        try:
            if not self._begun or recompute:
                # What was refused for want of room, or not read, is tried again at a start, and when somebody asks.
                await submit(self._store, ForgetBlocked())
                self.session.unread.clear()
                self._begun = True
            outcome = await self._rounds.run(
                self.session, tally=tally, choose_all=choose_all, recompute=recompute, edited=edited
            )
            # One time for all that is told of it.
            outcome = replace(outcome, at=self._clock.now_ms())
        except SignedOutElsewhere:
            self._signed_out()
            raise
        except KnownError as error:
            self._failed(error)
            raise
        except BaseException:
            # Cancelled, say: nobody knows how far it came.
            self._pacing = self._pacing.broken_off(self._clock.monotonic())
            raise
        else:
            self._succeeded(outcome)
            await self._finished(outcome, asked)
            return outcome
        finally:
            self.state.running = False
            self._changed()
            # When the next one is due was settled anew.
            self._stir()

    async def _try_to_reach(self) -> None:
        try:
            await self._reach()
        except KnownError as error:
            self._failed(error)
            self._changed()
            raise

    async def _until_due(self) -> None:
        while True:
            now = self._clock.monotonic()
            due = self._pacing.next_round(focused=self._focused, streaming=self._streaming)
            if due <= now:
                return
            self._stirred.clear()
            try:
                async with asyncio.timeout(None if due == float("inf") else due - now):
                    await self._stirred.wait()
            except TimeoutError:
                continue

    async def _listen_forever(self) -> None:
        failures = 0
        while True:
            try:
                async with self.session.api.events() as events:
                    failures = 0
                    self._set_streaming(True)
                    # Whatever was missed is in the heads.
                    self._hint()
                    self._reached()
                    async for _ in events:
                        # Whatever it says, the heads of the next round say it too.
                        self._hint()
            except (KnownError, Refused):
                # A session that is over is found out, and told, by the next round.
                if failures == 1:
                    # It did not come back at once: a round finds out whether the server is there.
                    self._hint()
            except Exception as error:
                # A mistake of this program, too: rounds go on from time to time.
                self._report("Listening to the server broke", error)
            finally:
                self._set_streaming(False)
            await self._until_listening_again(back_off(failures, random.random()))
            failures += 1

    async def _until_listening_again(self, wait: float) -> None:
        """Wait, but not much longer once a round has reached a server that none reached before."""
        self._answered.clear()
        await asyncio.sleep(DEBOUNCE)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait - DEBOUNCE):
                await self._answered.wait()

    def _succeeded(self, outcome: RoundOutcome) -> None:
        if outcome.only is not None:
            self._pacing = self._pacing.sent()
        else:
            self._pacing = self._pacing.succeeded(self._clock.monotonic(), random.random())
        if outcome.again:
            self._pacing = self._pacing.edited(self._clock.monotonic())
        if self.state.problem is not None:
            self._answered.set()
        self.state.problem, self.state.outcome, self.state.next_try_in = None, outcome, None
        heads = self.session.heads
        if heads is not None and heads.account_rev > self._account_rev:
            self._account_rev = heads.account_rev
            self._account_changed()

    def _failed(self, error: KnownError) -> None:
        now = self._clock.monotonic()
        self._pacing = self._pacing.failed(now, random.random(), retry_after(error))
        self.state.problem = error
        self.state.next_try_in = max(0.0, self._pacing.not_before - now)

    def _reached(self) -> None:
        """Forget the wait for a server that could not be reached: it answers."""
        problem = self.state.problem
        if problem is not None and problem.code == "account.server_unreachable":
            self._pacing = self._pacing.woken()

    def _set_streaming(self, streaming: bool) -> None:
        self._streaming = streaming
        self._stir()

    def _hint(self) -> None:
        self._pacing = self._pacing.hint()
        self._stir()

    def _stir(self) -> None:
        self._stirred.set()
