"""The history of a resource: listed, fetched, thinned, and forgotten in the end.

Covers server.domain.history, domain.retention, domain.care, database.revisions and database.retention.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.protocol.resources import RevisionRow
from insomnia_desktop.server import operations
from insomnia_desktop.server.config import ServerLimits
from insomnia_desktop.server.domain import retention
from insomnia_desktop.server.domain.care import look_after_groups
from tests.support.clock import FixedClock
from tests.support.sync_desk import Signed, SyncDesk, code_of, sync_desk
from tests.support.sync_groups import ENVELOPE, Known, Workspace, heads
from tests.support.sync_people import person

HOUR = 3_600_000
DAY = 24 * HOUR


@pytest.fixture
def signed(desk: SyncDesk) -> Signed:
    """A device of somebody with an account."""
    return desk.sign_in(desk.sign_up(person()))


@pytest.fixture
def group(desk: SyncDesk, signed: Signed) -> Workspace:
    """A group of hers."""
    return Workspace(desk, signed)


@pytest.fixture
def sound(desk: SyncDesk) -> Iterator[SyncDesk]:
    """The server, checked at the end: its counters are those of its rows."""
    yield desk
    desk.run(operations.check(desk.config.database))


def later(group: Workspace, ms: int) -> Workspace:
    """Let time pass, on a session that does not end by it."""
    desk = group.desk
    for _ in range(ms // (20 * DAY)):
        desk.clock.advance(20 * DAY)
        desk.ask("GET", "/v1/version")
    desk.clock.advance(ms % (20 * DAY))
    return group.on(desk.sign_in(group.signed.person))


def daily(desk: SyncDesk) -> bool:
    """Do what is done once a day, if it is due."""
    return desk.run(retention.daily(desk.context))


def kept(group: Workspace, known: Known) -> list[int]:
    """Return the versions that can still be fetched."""
    return sorted(row.version for row in group.revisions(known.id, "?limit=500").revisions if row.kept)


def listed(group: Workspace, known: Known) -> list[int]:
    """Return the versions that are known."""
    return [row.version for row in group.revisions(known.id, "?limit=500").revisions]


class TestReading:
    """The two endpoints."""

    def test_the_newest_first_with_all_that_is_known(self, desk: SyncDesk, group: Workspace, signed: Signed) -> None:
        changes = [group.change(size=289)]
        (known,) = group.stored(changes[0])
        other = group.on(desk.sign_in(signed.person))
        desk.clock.advance(1000)
        changes.append(other.change(known, size=305))
        (known,) = other.stored(changes[1])
        changes.append(group.change(known, deleted=True, size=321))
        group.stored(changes[2])
        told = group.revisions(known.id)
        assert not told.more
        assert [row.version for row in told.revisions] == [3, 2, 1]
        assert [row.rev_hash for row in told.revisions] == [
            group.known(change).rev_hash for change in reversed(changes)
        ]
        assert [row.prev for row in told.revisions] == [change.prev for change in reversed(changes)]
        assert [row.deleted for row in told.revisions] == [True, False, False]
        assert [row.size for row in told.revisions] == [321, 305, 289]
        assert [row.kept for row in told.revisions] == [True] * 3
        assert {row.author for row in told.revisions} == {signed.person.account_id}
        devices = [signed.device.id, other.signed.device.id, signed.device.id]
        assert [row.device for row in told.revisions] == devices
        now = desk.clock.now_ms()
        assert [row.at for row in told.revisions] == [now, now, now - 1000]

    @pytest.mark.parametrize(
        ("query", "versions", "more"),
        [
            ("", [5, 4, 3, 2, 1], False),
            ("?limit=5", [5, 4, 3, 2, 1], False),
            ("?limit=4", [5, 4, 3, 2], True),
            ("?limit=1", [5], True),
            ("?before=6", [5, 4, 3, 2, 1], False),
            ("?before=5", [4, 3, 2, 1], False),
            ("?before=5&limit=1", [4], True),
            ("?before=3&limit=2", [2, 1], False),
            ("?before=2&limit=1", [1], False),
            ("?before=1", [], False),
            ("?before=0", [], False),
        ],
    )
    def test_some_of_them(self, group: Workspace, query: str, versions: list[int], more: bool) -> None:
        (known,) = group.stored(group.change())
        group.grow(known, 4)
        told = group.revisions(known.id, query)
        assert ([row.version for row in told.revisions], told.more) == (versions, more)

    def test_a_hundred_of_them_unless_another_number_is_asked_for(self, group: Workspace) -> None:
        (known,) = group.stored(group.change())
        group.grow(known, 100)
        told = group.revisions(known.id)
        assert (len(told.revisions), told.revisions[-1].version, told.more) == (100, 2, True)

    def test_one_version_with_its_blob(self, desk: SyncDesk, group: Workspace, signed: Signed) -> None:
        first = group.change()
        (known,) = group.stored(first)
        second = group.change(known, deleted=True)
        desk.clock.advance(5)
        group.stored(second)
        for change, at in ((first, desk.clock.now_ms() - 5), (second, desk.clock.now_ms())):
            row = desk.answer(group.ask_revision(change.id, change.version), RevisionRow)
            assert row.seq is None
            assert (row.id, row.version, row.prev, row.deleted) == (
                change.id,
                change.version,
                change.prev,
                change.deleted,
            )
            assert (row.blob, row.at, row.author) == (change.blob, at, signed.person.account_id)

    @pytest.mark.parametrize("version", ["0", "2", "9007199254740992", "x", "-1", "1.0"])
    def test_a_version_that_is_not_there(self, group: Workspace, version: str) -> None:
        (known,) = group.stored(group.change())
        assert code_of(group.ask_revision(known.id, version)) == "not_found"

    @pytest.mark.parametrize("query", ["?before=-1", "?before=x", "?limit=0", "?limit=501"])
    def test_a_malformed_query(self, group: Workspace, signed: Signed, query: str) -> None:
        (known,) = group.stored(group.change())
        path = f"{group.path}/resources/{encode(known.id)}/revisions{query}"
        assert code_of(group.desk.ask("GET", path, token=signed.token)) == "bad_request"

    def test_of_somebody_else_and_of_nothing(self, desk: SyncDesk, group: Workspace, signed: Signed) -> None:
        (known,) = group.stored(group.change())
        bob = desk.sign_in(desk.sign_up(person("bob@example.com")))
        path = f"{group.path}/resources/{encode(known.id)}/revisions"
        for suffix in ("", "/1"):
            assert code_of(desk.ask("GET", path + suffix, token=bob.token)) == "not_found"
            other = path.replace(encode(known.id), encode(bytes(16)))
            assert code_of(desk.ask("GET", other + suffix, token=signed.token)) == "not_found"


class TestThinning:
    """Which blobs are kept."""

    def test_the_newest_50_stay_of_one_day(self, sound: SyncDesk, group: Workspace) -> None:
        (known,) = group.stored(group.change())
        known = group.grow(known, 49)
        assert kept(group, known) == list(range(1, 51))
        known = group.grow(known, 5)
        assert kept(group, known) == list(range(6, 56))
        assert listed(group, known) == list(range(55, 0, -1))
        assert code_of(group.ask_revision(known.id, 5)) == "not_found"
        assert group.ask_revision(known.id, 6).status_code == 200
        assert group.revisions(known.id, "?before=6").revisions[0].size == ENVELOPE

    def test_the_last_of_each_day_stays_for_90_days(self, sound: SyncDesk, group: Workspace) -> None:
        # The clock of the tests begins at noon.
        (known,) = group.stored(group.change())
        for _ in range(3):
            known = group.grow(known, 2)
            sound.clock.advance(DAY)
        known = group.grow(known, 60)
        assert known.version == 67
        assert kept(group, known) == [3, 5, 7, *range(18, 68)]
        group = later(group, 88 * DAY)
        assert daily(sound)
        assert kept(group, known) == [5, 7, *range(18, 68)]
        group = later(group, 2 * DAY)
        assert daily(sound)
        assert kept(group, known) == list(range(18, 68))

    def test_a_superseded_version_is_known_without_its_blob(self, sound: SyncDesk, group: Workspace) -> None:
        first = group.change()
        (known,) = group.stored(first)
        known = group.grow(known, 54)
        assert 1 not in kept(group, known)
        assert group.results(first)[0].result == "superseded"

    def test_facts_are_forgotten_after_400_days(self, sound: SyncDesk, group: Workspace) -> None:
        first = group.change()
        (known,) = group.stored(first)
        known = group.grow(known, 54)
        group = later(group, 400 * DAY)
        daily(sound)
        assert listed(group, known)[-1] == 1
        group = later(group, DAY)
        daily(sound)
        assert listed(group, known) == list(range(55, 5, -1))
        assert group.results(first)[0].result == "conflict"

    def test_less_is_kept_of_who_has_little_left(self, database: Path | str, clock: FixedClock) -> None:
        limits = ServerLimits().changed("quota", 60 * ENVELOPE)
        with sync_desk(database, clock, limits=limits) as desk:
            group = Workspace(desk, desk.sign_in(desk.sign_up(person())))
            old, other = group.stored(group.change(), group.change())
            old = group.grow(old, 30)
            clock.advance(DAY)
            old = group.grow(old, 2)
            assert kept(group, old) == list(range(1, 34))
            # 34 versions up to here; over 48 the account is crowded.
            other = group.grow(other, 14)
            assert kept(group, other) == list(range(1, 16))
            other = group.grow(other, 1)
            assert kept(group, other) == [*range(1, 6), *range(7, 17)]
            group.stored(*(group.change() for _ in range(3)))
            desk.run(look_after_groups(desk.context))
            assert kept(group, old) == list(range(24, 34))
            assert kept(group, other) == list(range(7, 17))
            assert not desk.context.crowded
            desk.run(operations.check(database))


class TestTombstones:
    """What the daily job does about them."""

    def test_they_go_after_180_days_with_all_before_them(self, sound: SyncDesk, group: Workspace) -> None:
        known = group.stored(*(group.change() for _ in range(6)))
        dead = [group.stored(group.change(each, deleted=True))[0] for each in known[:2]]
        group.grow(known[2], 1)
        sound.clock.advance(DAY)
        (young,) = group.stored(group.change(known[3], deleted=True))
        before = group.head()
        group = later(group, 179 * DAY)
        assert daily(sound)
        assert len(group.everything()) == 6
        group = later(group, DAY)
        assert daily(sound)
        page = group.page()
        assert {row.id for row in page.rows} == {each.id for each in known} - {each.id for each in dead}
        assert (page.floor_seq, page.head_seq, page.digest) == (8, 10, before.digest)
        assert code_of(group.ask_revision(dead[0].id, 1)) == "not_found"
        assert young.id in {row.id for row in page.rows}
        # A device that has been away finds its own version without a past.
        assert group.results(group.change(dead[0]))[0].result == "gone"

    def test_a_cursor_below_the_floor_starts_over(self, sound: SyncDesk, group: Workspace) -> None:
        known = group.stored(*(group.change() for _ in range(3)))
        group.stored(group.change(known[0], deleted=True))
        group = later(group, 181 * DAY)
        daily(sound)
        assert group.page().floor_seq == 4
        for after in (1, 2, 3):
            assert code_of(group.ask_page(f"?after={after}")) == "resync"
            assert group.page(after, full=1).floor_seq == 4
        assert [row.seq for row in group.page(0).rows] == [2, 3]
        assert group.page(4).rows == []
        answer = group.push(group.change(), after=3)
        assert (answer.resync, answer.rows, answer.results[0].result) == (True, [], "ok")
        assert (answer.more, answer.next) == (True, 3)
        answer = group.push(group.change(), after=4)
        assert (answer.resync, [row.seq for row in answer.rows]) == (False, [5])
        assert not group.push(group.change(), after=0).resync

    def test_a_resource_that_lives_again_stays(self, sound: SyncDesk, group: Workspace) -> None:
        (known,) = group.stored(group.change())
        (dead,) = group.stored(group.change(known, deleted=True))
        group = later(group, 100 * DAY)
        group.stored(group.change(dead))
        group = later(group, 100 * DAY)
        daily(sound)
        assert [(row.version, row.deleted) for row in group.everything()] == [(3, False)]
        assert group.page().floor_seq == 0

    def test_the_floor_never_falls(self, sound: SyncDesk, group: Workspace) -> None:
        first, second = group.stored(group.change(), group.change())
        group.stored(group.change(first, deleted=True))
        group = later(group, 181 * DAY)
        daily(sound)
        group.stored(group.change(second), group.change())
        group = later(group, 181 * DAY)
        daily(sound)
        assert group.page().floor_seq == 3


class TestEmptyGroups:
    """A group that has had no live row for 180 days."""

    def test_it_is_dropped(self, sound: SyncDesk, group: Workspace) -> None:
        (known,) = group.stored(group.change())
        never = Workspace(sound, group.signed)
        sound.clock.advance(DAY)
        group.stored(group.change(known, deleted=True))
        group = later(group, 179 * DAY)
        daily(sound)
        assert [head.id for head in heads(sound, group.signed).groups] == [group.id]
        assert code_of(never.on(group.signed).ask_page()) == "not_found"
        group = later(group, DAY)
        daily(sound)
        assert heads(sound, group.signed).groups == []

    def test_undo_within_that_time_keeps_it(self, sound: SyncDesk, group: Workspace) -> None:
        (known,) = group.stored(group.change())
        (dead,) = group.stored(group.change(known, deleted=True))
        group = later(group, 179 * DAY)
        (again,) = group.stored(group.change(dead))
        group = later(group, 179 * DAY)
        daily(sound)
        assert [row.version for row in group.everything()] == [again.version]
        group.stored(group.change(again, deleted=True))
        group = later(group, 179 * DAY)
        daily(sound)
        assert len(group.everything()) == 1

    def test_tombstones_pushed_later_do_not_keep_it(self, sound: SyncDesk, group: Workspace) -> None:
        (known,) = group.stored(group.change(deleted=True))
        group = later(group, 100 * DAY)
        group.stored(group.change(known, deleted=True))
        group = later(group, 80 * DAY)
        daily(sound)
        assert heads(sound, group.signed).groups == []


def test_once_a_day_by_whichever_server(desk: SyncDesk) -> None:
    async def several() -> list[bool]:
        return await asyncio.gather(*(retention.daily(desk.context) for _ in range(4)))

    assert sorted(desk.run(several())) == [False, False, False, True]
    desk.clock.advance(DAY - 1)
    assert not any(desk.run(several()))
    desk.clock.advance(1)
    assert sorted(desk.run(several())) == [False, False, False, True]
    # A clock that was put back does not stop it.
    desk.clock.advance(-30 * DAY)
    assert daily(desk)
    desk.run(look_after_groups(desk.context))
    assert not daily(desk)
