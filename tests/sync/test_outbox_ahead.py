"""sync.outbox_ahead: the next batch is on the disk before the answer to the one before it, and none is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future

import httpx
import msgspec
import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.store import Store
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.commands.sending import StoreOutbox
from insomnia_desktop.store.queries import sync as queries
from tests.support.sync_devices import SyncDevice, SyncPlace

Deliver = Callable[[], Awaitable[httpx.Response]]
_THREE = Limits(changes=3)


class Watched:
    """A device that sends three changes at a time, with a workspace of nine requests to be sent."""

    def __init__(self, place: SyncPlace) -> None:
        self.device: SyncDevice = place.device()
        self.device.session.limits = _THREE
        self.workspace = self.device.desk.workspace("Shop")
        assert self.device.sync().verified
        self.requests = [self.device.desk.request(self.workspace, f"R{number}") for number in range(9)]
        # How many changes each push had, and how many lay in the outbox once the next ones could be there.
        self.pushes: list[tuple[int, int]] = []
        self.answer: Callable[[int, Deliver], Awaitable[httpx.Response]] | None = None
        self.device.wire.carry = self._carry

    @property
    def group(self) -> str:
        """The workspace's group."""
        return queries.bindings(self.device.store.reader())[0].group_id or ""

    @property
    def outbox(self) -> list[str]:
        """The ids in the outbox, in the order of sending."""
        return [row.resource for row in queries.outbox(self.device.store.reader(), self.group)]

    async def _carry(self, request: httpx.Request, deliver: Deliver) -> httpx.Response:
        if not request.url.path.endswith("/push"):
            return await deliver()
        changes = len(msgspec.json.decode(request.content)["changes"])
        async with asyncio.timeout(20):
            for _ in range(40):
                # Some turns of the loop for the rest of the round, and the time of a commit.
                await asyncio.sleep(0.002)
        self.pushes.append((changes, len(self.outbox)))
        return await (self.answer(len(self.pushes), deliver) if self.answer is not None else deliver())


@pytest.fixture
def watched(place: SyncPlace) -> Watched:
    """The device."""
    return Watched(place)


def test_the_next_batch_lies_behind_the_one_on_its_way(watched: Watched, place: SyncPlace) -> None:
    assert watched.device.sync(recompute=True).verified
    assert watched.pushes == [(3, 6), (3, 6), (3, 3)]
    assert watched.outbox == []
    other = place.device()
    assert other.sync(recompute=True).verified
    assert other.desk.names(watched.workspace) == watched.device.desk.names(watched.workspace)


def test_what_a_crash_left_there_is_sent_as_much_at_a_time_as_before(watched: Watched) -> None:
    async def lost(_number: int, _deliver: Deliver) -> httpx.Response:
        raise httpx.ReadError("gone")

    watched.answer = lost
    with pytest.raises(KnownError):
        watched.device.sync()
    left = watched.outbox
    assert len(left) == 6
    watched.answer = None
    watched.pushes.clear()
    watched.device.restart()
    watched.device.session.limits = _THREE
    assert watched.device.sync(recompute=True).verified
    assert [changes for changes, _ in watched.pushes] == [3, 3, 3]


def test_it_is_taken_out_again_where_the_answer_tells_of_somebody_else(watched: Watched, place: SyncPlace) -> None:
    other = place.device()
    assert other.sync().verified
    other.desk.request(watched.workspace, "Theirs")
    behind: list[list[str]] = []

    async def meet(number: int, deliver: Deliver) -> httpx.Response:
        if number == 1:
            await other.rounds.run(other.session, choose_all=True)
        elif number == 2:
            behind.append(watched.outbox)
            assert "Theirs" in watched.device.desk.names(watched.workspace)
        return await deliver()

    watched.answer = meet
    assert watched.device.sync(recompute=True).verified
    # Sealed anew after the answer, and nothing was in the outbox twice.
    assert [changes for changes, _ in watched.pushes] == [3, 3, 3]
    assert len(set(behind[0])) == len(behind[0])
    assert "Theirs" in watched.device.desk.names(watched.workspace)
    assert other.sync(recompute=True).verified
    assert other.desk.names(watched.workspace) == watched.device.desk.names(watched.workspace)


@pytest.mark.parametrize("status", [413, 422])
def test_a_push_that_is_refused_whole_goes_one_by_one_without_what_was_behind(watched: Watched, status: int) -> None:
    code = {413: "too_large", 422: "invalid"}[status]

    async def refuse(number: int, deliver: Deliver) -> httpx.Response:
        if number > 1:
            return await deliver()
        body = {"type": "about:blank", "title": "No", "status": status, "code": code}
        return httpx.Response(
            status,
            headers={"content-type": "application/problem+json"},
            stream=httpx.ByteStream(msgspec.json.encode(body)),
        )

    watched.answer = refuse
    assert watched.device.sync(recompute=True).verified
    assert [changes for changes, _ in watched.pushes] == [3, 1, 1, 1, 3, 3]


def test_an_edit_meanwhile_makes_another_order_and_is_sent(watched: Watched, place: SyncPlace) -> None:
    async def type_(number: int, deliver: Deliver) -> httpx.Response:
        if number == 1:
            watched.device.desk.set(watched.requests[0], url="https://example.com/typed")
            watched.device.desk.set(watched.requests[-1], url="https://example.com/typed")
        return await deliver()

    watched.answer = type_
    assert watched.device.sync(recompute=True).verified
    other = place.device()
    assert other.sync(recompute=True).verified
    for request in (watched.requests[0], watched.requests[-1]):
        assert other.desk.fields(request)["url"] == "https://example.com/typed"


def test_a_disk_that_is_full_meanwhile_ends_the_round_and_loses_nothing(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = Store.submit

    def full(self: Store, command: Command, **more: object) -> Future[ChangeSet]:
        if isinstance(command, StoreOutbox) and command.behind:
            refused: Future[ChangeSet] = Future()
            refused.set_exception(KnownError("store.disk_full"))
            return refused
        return submit(self, command, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Store, "submit", full)
        with pytest.raises(KnownError) as raised:
            watched.device.sync()
    assert raised.value.code == "store.disk_full"
    assert len(watched.outbox) == 3
    assert watched.device.sync(recompute=True).verified


def test_a_round_that_is_cancelled_leaves_what_can_be_sent(watched: Watched) -> None:
    async def cancelled(_number: int, _deliver: Deliver) -> httpx.Response:
        raise asyncio.CancelledError

    watched.answer = cancelled
    with pytest.raises(asyncio.CancelledError):
        watched.device.sync()
    assert len(watched.outbox) == 6
    watched.answer = None
    assert watched.device.sync(recompute=True).verified


def test_what_a_crash_left_there_takes_no_page_in_before_all_of_it_was_answered(
    watched: Watched, place: SyncPlace
) -> None:
    device, other = watched.device, place.device()
    assert device.sync().verified
    assert other.sync().verified
    for request in watched.requests:
        device.desk.set(request, url="https://example.com/mine")

    async def lost(_number: int, _deliver: Deliver) -> httpx.Response:
        raise httpx.ReadError("gone")

    watched.answer = lost
    with pytest.raises(KnownError):
        device.sync()
    behind = [each for each in watched.requests if each.removeprefix("req_") in watched.outbox[3:]]
    assert len(behind) == 3
    for request in behind:
        other.desk.set(request, method="POST")
    assert other.sync().verified
    watched.answer = None
    device.restart()
    device.session.limits = _THREE
    before = len(device.wire.requests)
    assert device.sync(recompute=True).verified
    assert not any("full=1" in str(request.url) for request in device.wire.requests[before:])
    assert other.sync(recompute=True).verified
    for request in behind:
        for each in (device, other):
            fields = each.desk.fields(request)
            assert (fields["url"], fields["method"]) == ("https://example.com/mine", "POST")


def test_a_smaller_push_after_a_lost_answer_sends_nothing_twice(watched: Watched, place: SyncPlace) -> None:
    device, other = watched.device, place.device()
    assert device.sync().verified
    assert other.sync().verified
    for request in watched.requests:
        device.desk.set(request, url="https://example.com/mine")

    async def lost(_number: int, deliver: Deliver) -> httpx.Response:
        await deliver()
        raise httpx.ReadError("gone")

    watched.answer = lost
    with pytest.raises(KnownError):
        device.sync()
    # What had arrived is edited elsewhere before the answer to it comes.
    assert other.sync().verified
    arrived = [each for each in watched.requests if each.removeprefix("req_") in watched.outbox[:3]]
    for request in arrived:
        other.desk.set(request, method="POST")
    assert other.sync().verified
    watched.answer = None
    watched.pushes.clear()
    device.restart()
    device.session.limits = Limits(changes=2)
    before = len(device.wire.requests)
    assert device.sync(recompute=True).verified
    assert not any("full=1" in str(request.url) for request in device.wire.requests[before:])
    assert sum(changes for changes, _ in watched.pushes) == len(watched.requests)
    for request in arrived:
        fields = device.desk.fields(request)
        assert (fields["url"], fields["method"]) == ("https://example.com/mine", "POST")
    assert other.sync(recompute=True).verified
