"""Pages of changes: cut, continued, below the floor, and of one snapshot whatever is pushed meanwhile.

Covers server.domain.pages.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from insomnia_desktop.crypto import digest
from insomnia_desktop.crypto.envelope import Revision, rev_hash
from insomnia_desktop.protocol.codec import decode_body
from insomnia_desktop.protocol.limits import BODY_BYTES, NUMBER_MAX
from insomnia_desktop.protocol.sync import Page, Push, PushAnswer
from insomnia_desktop.server.config import ServerLimits
from tests.support.clock import FixedClock
from tests.support.sync_desk import Signed, SyncDesk, code_of, sync_desk
from tests.support.sync_groups import Known, Workspace
from tests.support.sync_people import person


@pytest.fixture
def signed(desk: SyncDesk) -> Signed:
    """A device of somebody with an account."""
    return desk.sign_in(desk.sign_up(person()))


@pytest.fixture
def group(desk: SyncDesk, signed: Signed) -> Workspace:
    """A group of hers."""
    return Workspace(desk, signed)


def digest_of(group: Workspace, page: Page) -> bytes:
    """Return the digest that the rows of a whole page come to."""
    revisions = [(row, Revision(group.id, row.id, row.version, row.prev, row.deleted, row.author)) for row in page.rows]
    return digest.total(
        digest.term(row.id, row.version, rev_hash(revision, row.blob)) for row, revision in revisions if not row.deleted
    )


def test_an_empty_group_is_an_empty_page(group: Workspace) -> None:
    page = group.page()
    assert (page.rows, page.next, page.more, page.head_seq, page.floor_seq) == ([], 0, False, 0, 0)
    assert page.server_epoch == group.desk.context.server_epoch


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 500])
def test_pages_follow_one_another(group: Workspace, limit: int) -> None:
    known = group.stored(*(group.change() for _ in range(7)))
    known[2] = group.grow(known[2], 2)
    rows = group.everything(limit)
    assert [row.seq for row in rows] == [1, 2, 4, 5, 6, 7, 9]
    assert {(row.id, row.version) for row in rows} == {(each.id, each.version) for each in known}
    page = group.page(limit=limit)
    assert page.more == (limit < 7)
    assert page.next == (page.rows[-1].seq if page.more else page.head_seq)


def test_a_page_that_is_just_full_has_no_more(group: Workspace) -> None:
    group.stored(*(group.change() for _ in range(3)))
    page = group.page(limit=3)
    assert (len(page.rows), page.more, page.next) == (3, False, 3)


def test_a_cursor_beyond_the_head_gets_an_empty_page(group: Workspace) -> None:
    group.stored(group.change())
    for after in (1, 2, NUMBER_MAX):
        page = group.page(after)
        assert (page.rows, page.next, page.more, page.head_seq) == ([], 1, False, 1)


def test_a_page_is_no_longer_than_a_body_but_has_a_row(group: Workspace) -> None:
    sizes = [1_048_576, 1_000_000, 900_000, 800_000, 1_048_576, 300, 300]
    for size in sizes:
        group.stored(group.change(size=size))
    lengths, counts, after, more = [], [], 0, True
    while more:
        answer = group.ask_page(f"?after={after}")
        page = decode_body(answer.content, Page)
        lengths.append(len(answer.content))
        counts.append(len(page.rows))
        after, more = page.next, page.more
    assert counts == [3, 4]
    assert max(lengths) <= BODY_BYTES


def test_a_row_that_alone_is_too_long_for_a_body_is_a_page(database: Path | str, clock: FixedClock) -> None:
    limits = ServerLimits().changed("body", 2000).changed("page", 2)
    with sync_desk(database, clock, limits=limits) as desk:
        group = Workspace(desk, desk.sign_in(desk.sign_up(person())))
        for size in (1000, 1000, 289):
            group.stored(group.change(size=size))
        page = group.page()
        assert ([row.seq for row in page.rows], page.more, page.next) == ([1], True, 1)
        # Fewer rows than were asked for: the server's own limit.
        assert [row.seq for row in group.everything()] == [1, 2, 3]
        assert desk.ask("GET", f"{group.path}/changes?limit=500&other=1", token=group.signed.token).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["?after=-1", "?after=x", "?after=", "?after=9007199254740992", "?after=1&after=1", "?after=1.0", "?after=%D9%A1",
     "?limit=0", "?limit=501", "?limit=", "?full=2", "?full=true", "?after=" + "1" * 5000],
)  # fmt: skip
def test_a_malformed_query_is_a_bad_request(group: Workspace, query: str) -> None:
    assert code_of(group.ask_page(query)) == "bad_request"


def test_without_a_query_it_is_the_first_page(group: Workspace) -> None:
    group.stored(group.change())
    assert json.loads(group.ask_page().content) == json.loads(group.ask_page("?after=0&limit=500&full=0").content)


class TestAtOnce:
    """Many who push and pull at the same time."""

    def test_every_page_is_of_one_snapshot_and_seqs_come_in_order(self, desk: SyncDesk, group: Workspace) -> None:
        others = [group.on(desk.sign_in(group.signed.person)) for _ in range(3)]
        pushed, pages = desk.run(self._at_work(others, pushes=12, readers=3))
        assert sorted(pushed) == list(range(1, 3 * 12 * 3 + 1))
        assert len(pages) >= 3
        for page in pages:
            # All rows are first versions, so a page from the beginning has every seq up to its head, and none beyond.
            assert [row.seq for row in page.rows] == list(range(1, page.head_seq + 1))
            assert digest_of(group, page) == page.digest
        assert group.page().head_seq == len(pushed)

    async def _at_work(self, others: list[Workspace], pushes: int, readers: int) -> tuple[list[int | None], list[Page]]:
        seqs: list[int | None] = []
        pages: list[Page] = []
        busy = len(others)

        async def push(group: Workspace) -> None:
            nonlocal busy
            for _ in range(pushes):
                message = Push(1 << 40, [group.change() for _ in range(3)])
                answer = await group.desk.asking("POST", f"{group.path}/push", message, group.signed.token)
                results = group.desk.answer(answer, PushAnswer).results
                # The three of one push are neighbours: nobody else came between.
                assert [result.seq for result in results] == list(range(results[0].seq or 0, (results[0].seq or 0) + 3))
                seqs.extend(result.seq for result in results)
            busy -= 1

        async def pull(group: Workspace) -> None:
            while busy:
                answer = await group.desk.asking("GET", f"{group.path}/changes", token=group.signed.token)
                pages.append(group.desk.answer(answer, Page))

        async with asyncio.TaskGroup() as tasks:
            for other in others:
                tasks.create_task(push(other))
            for number in range(readers):
                tasks.create_task(pull(others[number % len(others)]))
        return seqs, pages

    def test_of_many_next_versions_at_once_one_is_stored(self, desk: SyncDesk, group: Workspace) -> None:
        (known,) = group.stored(group.change())
        changes = [group.change(known) for _ in range(8)]

        async def all_of_them() -> list[PushAnswer]:
            asked = (
                desk.asking("POST", f"{group.path}/push", Push(1, [change]), group.signed.token) for change in changes
            )
            return [desk.answer(answer, PushAnswer) for answer in await asyncio.gather(*asked)]

        answers = desk.run(all_of_them())
        results = [answer.results[0].result for answer in answers]
        assert sorted(results) == ["conflict"] * 7 + ["ok"]
        winner = changes[results.index("ok")]
        for answer, result in zip(answers, results, strict=True):
            assert [row.blob for row in answer.rows] == ([] if result == "ok" else [winner.blob])
        assert group.head().head_seq == 2

    def test_the_same_push_many_times_at_once_is_stored_once(self, desk: SyncDesk, group: Workspace) -> None:
        message = Push(0, [group.change() for _ in range(4)])

        async def all_of_them() -> list[PushAnswer]:
            asked = (desk.asking("POST", f"{group.path}/push", message, group.signed.token) for _ in range(6))
            return [desk.answer(answer, PushAnswer) for answer in await asyncio.gather(*asked)]

        for answer in desk.run(all_of_them()):
            assert [(result.result, result.seq) for result in answer.results] == [("ok", seq) for seq in (1, 2, 3, 4)]
        assert group.head().head_seq == 4

    def test_a_group_removed_under_a_push_is_not_found(self, desk: SyncDesk, group: Workspace) -> None:
        async def all_of_them() -> list[int]:
            pushes = (
                desk.asking("POST", f"{group.path}/push", Push(0, [group.change()]), group.signed.token)
                for _ in range(4)
            )
            removal = desk.asking("DELETE", group.path, token=group.signed.token)
            return [answer.status_code for answer in await asyncio.gather(*pushes, removal)]

        *pushed, removed = desk.run(all_of_them())
        assert removed == 204
        assert set(pushed) <= {200, 404}
        assert code_of(group.ask_page()) == "not_found"


def test_a_conflicting_push_learns_all_from_one_answer(group: Workspace) -> None:
    (known,) = group.stored(group.change())
    (newer,) = group.stored(group.change(known))
    answer = group.push(group.change(Known(known.id, 1, known.rev_hash)), after=1)
    assert answer.results[0].result == "conflict"
    assert (answer.rows[0].version, answer.rows[0].prev) == (newer.version, known.rev_hash)
