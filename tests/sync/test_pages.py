"""sync.pages: the page behind the one that is applied, and what becomes of it when something else is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.binary import Bytes16, Bytes32
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.protocol.sync import Page
from insomnia_desktop.sync.pages import Pages
from tests.support.sync_devices import SyncPlace


def page(after: int, *, more: bool) -> Page:
    """Return an empty page behind a cursor."""
    return Page([], after + 1, more, 9, 0, Bytes32(bytes(32)), Bytes16(bytes(16)))


class Server:
    """Answers from a list, and notes what it was asked; `changes` is that of ResourceApi."""

    def __init__(self, *answers: Page | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[int, bool]] = []
        self.cancelled = 0

    async def changes(self, group_id: str, after: int, *, full: bool, limit: int) -> Page:
        """Answer the next one."""
        self.asked.append((after, full))
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def pages(server: Server, *, ahead: bool = True) -> Pages:
    """Return the pages of a server."""
    return Pages(server, "g", 5, ahead=ahead)  # type: ignore[arg-type]


async def applied(wanted: Pages, after: int, *, full: bool = False) -> Page:
    """Get a page and apply it, which takes two turns of the loop."""
    got = await wanted.get(after, full=full)
    async with wanted.next_of(got, full=full):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    return got


def test_each_page_is_asked_for_once_and_the_next_one_while_one_is_applied() -> None:
    server = Server(page(0, more=True), page(1, more=True), page(2, more=False))

    async def work() -> None:
        wanted = pages(server)
        for after in range(3):
            assert (await applied(wanted, after)).next == after + 1
            assert len(server.asked) == min(after + 2, 3)

    asyncio.run(work())
    assert server.asked == [(0, False), (1, False), (2, False)]


def test_nothing_is_asked_ahead_where_that_is_not_wanted() -> None:
    server = Server(page(0, more=True), page(1, more=False))

    async def work() -> None:
        wanted = pages(server, ahead=False)
        await applied(wanted, 0)
        assert server.asked == [(0, False)]
        await applied(wanted, 1)

    asyncio.run(work())


@pytest.mark.parametrize(("after", "full"), [(0, True), (7, False)])
def test_another_question_gets_its_own_answer(after: int, full: bool) -> None:
    server = Server(page(0, more=True), page(1, more=True), page(after, more=False))

    async def work() -> None:
        wanted = pages(server)
        await applied(wanted, 0)
        assert (await wanted.get(after, full=full)).next == after + 1

    asyncio.run(work())
    assert server.asked[-1] == (after, full)


def test_a_failure_ahead_comes_once_the_page_is_wanted() -> None:
    server = Server(page(0, more=True), KnownError("account.server_failed"), page(1, more=False))

    async def work() -> None:
        wanted = pages(server)
        await applied(wanted, 0)
        with pytest.raises(KnownError, match="server_failed"):
            await wanted.get(1, full=False)
        # The next time it is asked anew.
        assert not (await wanted.get(1, full=False)).more

    asyncio.run(work())


async def apply_in_vain(wanted: Pages) -> None:
    """Fail while the first page is applied."""
    got = await wanted.get(0, full=False)
    async with wanted.next_of(got, full=False):
        await asyncio.sleep(0)
        raise KnownError("store.disk_full")


def test_what_fails_while_a_page_is_applied_ends_the_question_and_is_told_as_it_is() -> None:
    server = Server(page(0, more=True), page(1, more=False))

    async def work() -> None:
        with pytest.raises(KnownError, match="store"):
            await apply_in_vain(pages(server))

    asyncio.run(work())
    assert server.asked == [(0, False), (1, False)]
    assert server.cancelled == 1


def test_a_cancelled_round_cancels_the_question_too() -> None:
    server = Server(page(0, more=True), page(1, more=False))

    async def apply_for_ever(wanted: Pages, begun: asyncio.Event) -> None:
        got = await wanted.get(0, full=False)
        async with wanted.next_of(got, full=False):
            begun.set()
            await asyncio.Event().wait()

    async def work() -> None:
        begun = asyncio.Event()
        round_ = asyncio.ensure_future(apply_for_ever(pages(server), begun))
        await begun.wait()
        round_.cancel()
        with pytest.raises(asyncio.CancelledError):
            await round_

    asyncio.run(work())


def test_a_pull_whose_next_page_does_not_come_goes_on_later_from_where_it_was(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    for number in range(9):
        first.desk.request(workspace, f"R{number}")
    assert first.sync().verified
    second.session.limits = Limits(page=2)
    lost = [5]

    async def carry(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        if request.url.path.endswith("/changes"):
            lost[0] -= 1
            if lost[0] == 0:
                raise httpx.ConnectError("lost", request=request)
        return await deliver()

    second.wire.carry = carry
    with pytest.raises(KnownError, match="unreachable"):
        second.sync()
    assert second.sync(recompute=True).verified
    assert second.desk.names(workspace) == first.desk.names(workspace)
