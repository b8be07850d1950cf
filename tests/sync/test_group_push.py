"""sync.group_push: whatever comes back, and wherever a round ends, nothing is lost and nothing is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.server.config import ServerLimits
from insomnia_desktop.store import ChangeSet, Store
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.commands.bindings import SwitchSync
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.commands.sending import ApplyAnswers
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.reader import Reader
from insomnia_desktop.sync.rounds import RoundOutcome, Rounds
from tests.support.clock import FixedClock
from tests.support.sync_devices import SyncDevice, SyncPlace, at_once, sync_place

Deliver = Callable[[], Awaitable[httpx.Response]]
# So many turns of the loop are enough for all that goes on beside a push.
_TURNS = 24
_FIRST, _ON_ITS_WAY, _AHEAD, _DELETED, _THEIRS, _UNTOUCHED = 0, 4, 9, 10, 5, (1, 2, 3, 6, 7, 8)


class PromptStore:
    """A store whose commits are there at once, so that a round is the same every time; `refuse` says which are not."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.refuse: Callable[[Command], KnownError | None] = lambda _: None

    def reader(self) -> Reader:
        """Return that of the store."""
        return self._store.reader()

    def submit(self, command: Command, **more: Any) -> Future[ChangeSet]:
        """Run a command, and wait for it."""
        refused = self.refuse(command)
        if refused is not None:
            failed: Future[ChangeSet] = Future()
            failed.set_exception(refused)
            return failed
        future = self._store.submit(command, **more)
        with suppress(Exception):
            future.result()
        return future


class CancelledAt:
    """A coroutine whose task is cancelled when it waits for the so manieth time."""

    def __init__(self, running: Coroutine[Any, Any, RoundOutcome], at: int) -> None:
        self._running = running
        self._at = at
        self.waits = 0

    def __await__(self) -> Generator[Any, Any, RoundOutcome]:
        """Count what it waits for."""
        steps = self._running.__await__()
        error: BaseException | None = None
        while True:
            try:
                waited = next(steps) if error is None else steps.throw(error)
            except StopIteration as ended:
                outcome: RoundOutcome = ended.value
                return outcome
            error = None
            self.waits += 1
            task = asyncio.current_task()
            if self.waits == self._at and task is not None:
                asyncio.get_running_loop().call_soon(task.cancel)
            try:
                yield waited
            except BaseException as thrown:
                error = thrown


class Pushes:
    """A device with eleven requests that were edited after both devices had them, sent three at a time."""

    def __init__(self, place: SyncPlace) -> None:
        self.place = place
        self.device: SyncDevice = place.device()
        self.other: SyncDevice = place.device()
        self.workspace = self.device.desk.workspace("Shop")
        # Their order of sending is that of their ids.
        made = [self.device.desk.request(self.workspace, f"R{number}") for number in range(11)]
        self.requests = sorted(made)
        self.store = PromptStore(self.device.store)
        self.begin_anew()
        for each in (self.device, self.other):
            assert each.sync().verified
        self.number = 0
        self.answer: Callable[[int, httpx.Request, Deliver], Awaitable[httpx.Response]] | None = None
        self.meanwhile: Callable[[int], Awaitable[None] | None] | None = None
        self.device.wire.carry = self._carry

    @property
    def group(self) -> str:
        """The workspace's group."""
        return queries.bindings(self.device.store.reader())[0].group_id or ""

    def begin_anew(self, changes: int = 3) -> None:
        """Forget what is not on the disk, as at the next start."""
        self.device.restart()
        self.device.session.limits = Limits(changes=changes)
        self.device.rounds = Rounds(self.store, at_once)  # type: ignore[arg-type]

    def edit(self, value: str) -> None:
        """Edit all requests."""
        for request in self.requests:
            self.device.desk.set(request, url=value)
        self.number = 0
        self.device.wire.requests.clear()

    def versions(self) -> list[int]:
        """Return how many versions the server has of each request."""
        known = {
            resource: version for resource, version, _ in queries.live_heads(self.device.store.reader(), self.group)
        }
        return [known.get(request[4:], 0) for request in self.requests]

    def assert_in_order(self, value: str) -> None:
        """Both devices have all that was written, once, and nobody was told of anything."""
        for each in (self.device, self.other, self.device):
            assert each.sync(recompute=True).verified
        assert self.device.desk.state() == self.other.desk.state()
        for number in (_FIRST, *_UNTOUCHED):
            assert self.other.desk.fields(self.requests[number])["url"] == value
        for each in (self.device, self.other):
            for table in ("conflict", "notice", "outbox", "quarantine", "blocked"):
                assert each.store.reader().rows(f"SELECT * FROM {table}") == [], table

    async def _carry(self, request: httpx.Request, deliver: Deliver) -> httpx.Response:
        if not request.url.path.endswith("/push"):
            return await deliver()
        self.number += 1
        number = self.number
        for turn in range(_TURNS):
            if turn == _TURNS // 2 and self.meanwhile is not None:
                waits = self.meanwhile(number)
                if waits is not None:
                    await waits
            await asyncio.sleep(0)
        return await (deliver() if self.answer is None else self.answer(number, request, deliver))


@pytest.fixture
def pushes(tmp_path: Path, clock: FixedClock) -> Iterator[Pushes]:
    """The two devices."""
    # Nobody asks here as often as to be told to wait.
    with sync_place(tmp_path, clock, limits=ServerLimits(requests=10**9, burst=10**9)) as place:
        yield Pushes(place)


def refusal(status: int, code: str) -> httpx.Response:
    """Return an answer of a server that does not take a request."""
    body = {"type": "about:blank", "title": "No", "status": status, "code": code}
    headers = {"content-type": "application/problem+json", "retry-after": "1"}
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(msgspec.json.encode(body)))


async def changed(response: httpx.Response, change: Callable[[dict[str, Any]], None]) -> httpx.Response:
    """Return an answer with other words."""
    told = msgspec.json.decode(await response.aread())
    change(told)
    headers = {"content-type": "application/json"}
    return httpx.Response(200, headers=headers, stream=httpx.ByteStream(msgspec.json.encode(told)))


async def second_answer(kind: str, request: httpx.Request, deliver: Deliver) -> httpx.Response:
    """Return what comes back for a push."""
    if kind == "never arrived":
        raise httpx.ReadError("gone")
    if kind == "lost":
        await deliver()
        raise httpx.ReadError("gone")
    if kind == "of other changes":
        return await changed(await deliver(), lambda told: told["results"].reverse())
    if kind == "resync":
        after = msgspec.json.decode(request.content)["after"]
        return await changed(await deliver(), lambda told: told.update(rows=[], next=after, more=True, resync=True))
    refused = {"413": "too_large", "422": "invalid", "401": "unauthorized", "429": "rate_limited", "500": "internal"}
    return refusal(int(kind), refused[kind]) if kind in refused else await deliver()


ANSWERS = (
    *("taken", "with rows", "never arrived", "lost", "of other changes", "resync"),
    *("413", "422", "401", "429", "500"),
)


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("written", [True, False], ids=["written", "the disk is full"])
def test_whatever_comes_back_while_the_answer_before_is_written(pushes: Pushes, kind: str, written: bool) -> None:
    device, other, requests = pushes.device, pushes.other, pushes.requests
    pushes.edit("https://example.com/1")
    before = pushes.versions()
    failed: list[Command] = []

    def refuse(command: Command) -> KnownError | None:
        if written or failed or not isinstance(command, ApplyAnswers):
            return None
        failed.append(command)
        return KnownError("store.disk_full")

    async def meanwhile(number: int) -> None:
        if number != 2:
            return
        device.desk.set(requests[_FIRST], method="PUT")
        device.desk.set(requests[_ON_ITS_WAY], url="https://example.com/typed")
        device.desk.set(requests[_AHEAD], url="https://example.com/typed")
        device.desk.run(DeleteDocuments((requests[_DELETED],)))
        if kind == "with rows":
            other.desk.set(requests[_THEIRS], description="theirs")
            await other.rounds.run(other.session, choose_all=True)

    async def answer(number: int, request: httpx.Request, deliver: Deliver) -> httpx.Response:
        return await (second_answer(kind, request, deliver) if number == 2 else deliver())

    pushes.store.refuse, pushes.meanwhile, pushes.answer = refuse, meanwhile, answer
    with suppress(KnownError):
        device.sync()
    assert written or failed
    pushes.begin_anew()
    pushes.assert_in_order("https://example.com/1")
    for request in (requests[_ON_ITS_WAY], requests[_AHEAD]):
        assert other.desk.fields(request)["url"] == "https://example.com/typed"
    assert other.desk.fields(requests[_FIRST])["method"] == "PUT"
    assert requests[_DELETED] not in other.desk.state()
    # What nobody touched meanwhile has one version more.
    after = pushes.versions()
    assert [after[number] - before[number] for number in _UNTOUCHED] == [1] * len(_UNTOUCHED)


@pytest.mark.parametrize("alike", range(5))
def test_a_round_that_is_cancelled_anywhere_leaves_all_to_the_next_one(pushes: Pushes, alike: int) -> None:
    """Cancelled at each fifth place at which it waits; the five together are all of them."""
    device, requests = pushes.device, pushes.requests
    unheard: list[dict[str, Any]] = []

    def meanwhile(number: int) -> None:
        if number == 2:
            for place in (_FIRST, _ON_ITS_WAY, _AHEAD):
                device.desk.set(requests[place], method=f"M{at}")

    async def cancelled() -> bool:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: unheard.append(told))
        running = CancelledAt(device.rounds.run(device.session, choose_all=True), at)

        async def run() -> RoundOutcome:
            return await running

        task = asyncio.get_running_loop().create_task(run())
        await asyncio.wait((task,))
        assert task.cancelled() == (running.waits >= at)
        for _ in range(3):
            await asyncio.sleep(0)
        assert {each.get_name() for each in asyncio.all_tasks()} & {"sync-seal-ahead", "sync-outbox-ahead"} == set()
        return task.cancelled()

    pushes.meanwhile = meanwhile
    at = alike - 4
    goes_on = True
    while goes_on:
        at += 5
        pushes.edit(f"https://example.com/{at}")
        goes_on = pushes.place.server.run(cancelled())
        assert device.sync(recompute=True).verified
        pushes.assert_in_order(f"https://example.com/{at}")
        assert not any("full=1" in str(request.url) for request in device.wire.requests)
        for number in (_FIRST, _ON_ITS_WAY, _AHEAD):
            assert device.desk.fields(requests[number]) == pushes.other.desk.fields(requests[number])
    assert at > 60
    assert unheard == []


def test_of_a_workspace_that_is_switched_off_meanwhile_nothing_more_is_sent(pushes: Pushes) -> None:
    device = pushes.device
    account = queries.bindings(device.store.reader())[0].account_id
    pushes.edit("https://example.com/1")

    async def switched_off(number: int, _request: httpx.Request, deliver: Deliver) -> httpx.Response:
        answer = await deliver()
        if number == 1:
            device.desk.run(SwitchSync(pushes.workspace, account, "off"))
        return answer

    pushes.answer = switched_off
    assert device.sync().groups == ()
    assert pushes.number == 1
    device.desk.run(SwitchSync(pushes.workspace, account, "on"))
    pushes.assert_in_order("https://example.com/1")


def test_a_page_with_more_behind_it_waits_until_all_that_is_sealed_was_answered(
    tmp_path: Path, clock: FixedClock
) -> None:
    with sync_place(tmp_path, clock, limits=ServerLimits(wire=Limits(page=2))) as place:
        pushes = Pushes(place)
        device, other = pushes.device, pushes.other
        pushes.edit("https://example.com/1")

        async def lost(_number: int, _request: httpx.Request, _deliver: Deliver) -> httpx.Response:
            raise httpx.ReadError("gone")

        pushes.answer = lost
        with pytest.raises(KnownError):
            device.sync()
        left = ["req_" + row.resource for row in queries.outbox(device.store.reader(), pushes.group)]
        assert len(left) == 6
        # A page holds two; the first is of what a second push sends.
        for some in (left[4:], left[:4]):
            for request in some:
                other.desk.set(request, method="POST")
            assert other.sync().verified
        pushes.answer = None
        pushes.begin_anew()
        device.wire.requests.clear()
        assert device.sync(recompute=True).verified
        assert not any("full=1" in str(request.url) for request in device.wire.requests)
        pushes.assert_in_order("https://example.com/1")
        for request in left:
            assert device.desk.fields(request)["method"] == "POST"
