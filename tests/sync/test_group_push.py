"""sync.group_push: whatever comes back, and wherever a round ends, nothing is lost and nothing is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.server.config import ServerLimits
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.commands.bindings import SwitchSync
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.commands.sending import ApplyAnswers, StoreOutbox
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.sync_writes import OutOfDate
from insomnia_desktop.sync.rounds import RoundOutcome, Rounds
from insomnia_desktop.sync.stored import wire_of
from tests.support.clock import FixedClock
from tests.support.sync_devices import SyncDevice, SyncPlace, at_once, sync_place
from tests.support.timed_rounds import TURNS, CancelledAt, TimedStore

Deliver = Callable[[], Awaitable[httpx.Response]]
_FIRST, _ON_ITS_WAY, _AHEAD, _DELETED, _THEIRS, _UNTOUCHED = 0, 4, 9, 10, 5, (1, 2, 3, 6, 7, 8)


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
        self.store = TimedStore(self.device.store)
        self.begin_anew()
        for each in (self.device, self.other):
            assert each.sync().verified
        self.number = 0
        self.is_sending = False
        self.sent: list[str] = []
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
        self.sent.clear()
        self.device.wire.requests.clear()

    def versions(self) -> list[int]:
        """Return how many versions the server has of each request."""
        known = {
            resource: version for resource, version, _ in queries.live_heads(self.device.store.reader(), self.group)
        }
        return [known.get(request[4:], 0) for request in self.requests]

    def is_slow(self, command: Command) -> bool:
        """Let what is written during a push be written once its answer is there."""
        return self.is_sending and isinstance(command, ApplyAnswers | StoreOutbox)

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
        self.sent += [each["id"] for each in msgspec.json.decode(request.content)["changes"]]
        self.is_sending = True
        try:
            return await self._on_its_way(number, request, deliver)
        finally:
            self.is_sending = False

    async def _on_its_way(self, number: int, request: httpx.Request, deliver: Deliver) -> httpx.Response:
        for turn in range(TURNS):
            if turn == TURNS // 2 and self.meanwhile is not None:
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
@pytest.mark.parametrize(
    ("written", "late"),
    [(True, True), (False, False), (False, True)],
    ids=["written later", "the disk is full", "the disk is full later"],
)
def test_whatever_comes_back_while_the_answer_before_is_written(
    pushes: Pushes, kind: str, written: bool, late: bool
) -> None:
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

    if late:
        pushes.store.late = pushes.is_slow
    pushes.store.refuse, pushes.meanwhile, pushes.answer = refuse, meanwhile, answer
    with suppress(KnownError):
        assert device.sync().verified
    assert written or failed
    pushes.store.late = lambda _: False
    pushes.begin_anew()
    pushes.assert_in_order("https://example.com/1")
    for request in (requests[_ON_ITS_WAY], requests[_AHEAD]):
        assert other.desk.fields(request)["url"] == "https://example.com/typed"
    assert other.desk.fields(requests[_FIRST])["method"] == "PUT"
    assert requests[_DELETED] not in other.desk.state()
    # What nobody touched meanwhile has one version more.
    after = pushes.versions()
    assert [after[number] - before[number] for number in _UNTOUCHED] == [1] * len(_UNTOUCHED)


@pytest.mark.parametrize("alike", [0, 1, *(pytest.param(each, marks=pytest.mark.slow) for each in (2, 3, 4))])
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
        pushes.store.late = pushes.is_slow if at % 2 else (lambda _: False)
        goes_on = pushes.place.server.run(cancelled())
        assert device.sync(recompute=True).verified
        pushes.assert_in_order(f"https://example.com/{at}")
        assert not any("full=1" in str(request.url) for request in device.wire.requests)
        for number in (_FIRST, _ON_ITS_WAY, _AHEAD):
            assert device.desk.fields(requests[number]) == pushes.other.desk.fields(requests[number])
    assert at > 60
    assert unheard == []


def test_what_the_server_has_no_more_goes_again_before_what_was_sealed_behind_it(pushes: Pushes) -> None:
    pushes.edit("https://example.com/1")

    async def gone(number: int, _request: httpx.Request, deliver: Deliver) -> httpx.Response:
        if number > 1:
            return await deliver()

        def change(told: dict[str, Any]) -> None:
            told["results"][1] = {"id": told["results"][1]["id"], "result": "gone"}

        return await changed(await deliver(), change)

    pushes.answer = gone
    assert pushes.device.sync(recompute=True).verified
    assert pushes.sent[1] in pushes.sent[3:6]
    pushes.assert_in_order("https://example.com/1")


def test_what_is_slow_to_be_written_is_waited_for_and_keeps_its_order(pushes: Pushes) -> None:
    pushes.edit("https://example.com/1")
    pushes.store.late = pushes.is_slow
    assert pushes.device.sync(recompute=True).verified
    assert pushes.number == 4
    assert pushes.sent == [wire_of(request[4:]) for request in pushes.requests]
    pushes.assert_in_order("https://example.com/1")


def test_what_does_not_go_into_the_outbox_meanwhile_is_not_passed_over(pushes: Pushes) -> None:
    pushes.edit("https://example.com/1")
    refused: list[Command] = []

    def refuse(command: Command) -> OutOfDate | None:
        if refused or not isinstance(command, StoreOutbox) or not command.behind:
            return None
        refused.append(command)
        return OutOfDate()

    pushes.store.refuse = refuse
    assert pushes.device.sync(recompute=True).verified
    assert refused
    assert pushes.sent == [wire_of(request[4:]) for request in pushes.requests]
    pushes.assert_in_order("https://example.com/1")


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
