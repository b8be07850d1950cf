"""Pushes: each rule in its order, the counters of the group, and the page that comes with the answer.

Covers server.domain.pushing, domain.push_rules, database.groups, database.resources and routes.sync.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.crypto import digest
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, decode, encode
from insomnia_desktop.protocol.limits import BLOB_BYTES, BODY_BYTES, NUMBER_MAX
from insomnia_desktop.protocol.sync import Change, Push, Result
from insomnia_desktop.server.config import ServerLimits
from tests.support.clock import FixedClock
from tests.support.sync_desk import Signed, SyncDesk, code_of, field_of, sync_desk
from tests.support.sync_groups import ENVELOPE, Known, Workspace, envelope, make_group
from tests.support.sync_people import person
from tests.support.vectors import ACCOUNT_ID, V1, h


@pytest.fixture
def signed(desk: SyncDesk) -> Signed:
    """A device of somebody with an account."""
    return desk.sign_in(desk.sign_up(person()))


@pytest.fixture
def group(desk: SyncDesk, signed: Signed) -> Workspace:
    """A group of hers."""
    return Workspace(desk, signed)


@pytest.fixture
def small(database: Path | str, clock: FixedClock) -> Iterator[Workspace]:
    """A group at a server that allows little."""
    limits = ServerLimits()
    for name, number in (("blob", 400), ("resources", 3), ("quota", 3000), ("changes", 4), ("page", 3)):
        limits = limits.changed(name, number)
    with sync_desk(database, clock, limits=limits) as desk:
        yield Workspace(desk, desk.sign_in(desk.sign_up(person())))


def words(results: list[Result]) -> list[str]:
    """Return results, the rejected ones by their code."""
    return [result.code or result.result for result in results]


class TestStored:
    """Rule 7, and what a reader then finds."""

    def test_a_first_version_is_stored_and_pulled(self, group: Workspace, signed: Signed) -> None:
        change = group.change()
        answer = group.push(change)
        assert [(result.result, result.seq, result.code) for result in answer.results] == [("ok", 1, None)]
        assert (answer.rows, answer.next, answer.more, answer.head_seq, answer.resync) == ([], 1, False, 1, False)
        (row,) = group.page().rows
        assert (row.id, row.version, row.seq, row.prev) == (change.id, 1, 1, change.prev)
        assert (row.deleted, row.blob, row.author) == (False, change.blob, signed.person.account_id)

    def test_only_the_newest_version_is_pulled(self, group: Workspace) -> None:
        (first, other) = group.stored(group.change(), group.change())
        second = group.grow(first, 3)
        assert [(row.id, row.version, row.seq) for row in group.everything()] == [(other.id, 1, 2), (second.id, 4, 5)]

    def test_head_and_digest_are_those_of_the_live_rows(self, group: Workspace) -> None:
        known = group.stored(*(group.change() for _ in range(5)))
        known[0] = group.grow(known[0], 2)
        (dead,) = group.stored(group.change(known[1], deleted=True))
        (again,) = group.stored(group.change(dead))
        (gone,) = group.stored(group.change(known[2], deleted=True))
        live = [each for each in known if each.id not in (dead.id, gone.id)] + [again]
        expected = digest.total(digest.term(each.id, each.version, each.rev_hash) for each in live)
        head, page = group.head(), group.page()
        assert head.digest == page.digest == expected
        assert head.head_seq == page.head_seq == page.next == 10
        assert (head.epoch, head.role, head.log_n) == (1, "owner", 0)

    def test_a_group_without_a_live_row_has_the_digest_zero(self, group: Workspace) -> None:
        assert group.head().digest == digest.EMPTY
        (known,) = group.stored(group.change())
        assert group.head().digest != digest.EMPTY
        group.stored(group.change(known, deleted=True))
        assert group.head().digest == digest.EMPTY

    def test_the_published_revisions_come_to_the_published_digests(self, desk: SyncDesk) -> None:
        alice = desk.sign_in(desk.sign_up(person(account_id=ACCOUNT_ID)))
        group = Workspace(desk, alice, h(V1["group"]["group_id"]))
        assert make_group(desk, alice, group.id).status_code == 201
        published = {row["after"]: h(row["digest"]) for row in V1["digest"]}
        seen = [group.head().digest]
        for row in V1["revisions"]:
            change = published_change(row)
            assert words(group.results(change)) == ["ok"]
            (told,) = [each for each in group.everything() if each.id == change.id]
            assert group.known(change).rev_hash == h(row["rev_hash"])
            assert told.blob == h(row["envelope"])
            assert group.revisions(told.id).revisions[0].rev_hash == h(row["rev_hash"])
            seen.append(group.head().digest)
        assert seen == list(published.values())[: len(seen)]

    def test_an_empty_push_is_a_pull(self, group: Workspace) -> None:
        group.stored(group.change())
        answer = group.push()
        assert (answer.results, len(answer.rows), answer.next) == ([], 1, 1)


def published_change(row: dict[str, Any]) -> Change:
    """Return a version of the vectors."""
    ids, version = Bytes16(h(row["resource_id"])), int(row["version"])
    return Change(ids, version, Bytes32(h(row["prev"])), bool(row["deleted"]), Binary(h(row["envelope"])))


class TestRules:
    """The rules before it, in their order."""

    def test_the_same_again_is_ok_with_its_old_seq(self, group: Workspace) -> None:
        first, second = group.change(), group.change()
        group.stored(first)
        group.stored(second)
        before = group.head()
        assert group.results(first)[0] == Result(first.id, "ok", seq=1)
        assert group.results(second, first) == [Result(second.id, "ok", seq=2), Result(first.id, "ok", seq=1)]
        assert group.head() == before

    def test_a_resent_version_that_was_replaced_is_superseded(self, group: Workspace) -> None:
        first = group.change()
        (known,) = group.stored(first)
        second = group.change(known)
        (known,) = group.stored(second)
        group.grow(known, 1)
        assert words(group.results(first)) == ["superseded"]
        answer = group.push(second, after=2)
        assert words(answer.results) == ["superseded"]
        assert [(row.id, row.version) for row in answer.rows] == [(first.id, 3)]

    def test_the_same_version_with_other_bytes_is_a_conflict(self, group: Workspace) -> None:
        first = group.change()
        (known,) = group.stored(first)
        group.stored(group.change(known))
        other = Change(first.id, 1, first.prev, False, Binary(envelope()))
        answer = group.push(other)
        assert words(answer.results) == ["conflict"]
        assert [(row.id, row.version) for row in answer.rows] == [(first.id, 2)]

    @pytest.mark.parametrize("other", ["deleted", "prev"])
    def test_another_header_is_another_version(self, group: Workspace, other: str) -> None:
        (known,) = group.stored(group.change())
        second = group.change(known)
        group.stored(second)
        group.grow(group.known(second), 1)
        twisted = {
            "deleted": Change(second.id, 2, second.prev, True, second.blob),
            "prev": Change(second.id, 2, Bytes32(os.urandom(32)), False, second.blob),
        }[other]
        assert words(
            group.results(
                second,
            )
        ) == ["superseded"]
        assert words(group.results(twisted)) == ["conflict"]

    def test_a_version_of_nothing_is_gone(self, group: Workspace) -> None:
        never = Known(os.urandom(16), 1, os.urandom(32))
        assert words(group.results(group.change(never))) == ["gone"]

    def test_what_does_not_follow_the_current_version_is_a_conflict(self, group: Workspace) -> None:
        (known,) = group.stored(group.change())
        wrong = [
            Known(known.id, 1, os.urandom(32)),
            Known(known.id, 2, known.rev_hash),
            Known(known.id, 0, bytes(32)),
            Known(known.id, NUMBER_MAX - 1, known.rev_hash),
        ]
        assert [words(group.results(group.change(each))) for each in wrong] == [["conflict"]] * 4
        first = Change(Bytes16(os.urandom(16)), 1, Bytes32(os.urandom(32)), False, Binary(envelope()))
        assert words(group.results(first)) == ["conflict"]

    @pytest.mark.parametrize(
        ("blob", "code"),
        [
            (b"", "invalid"),
            (b"\x01\0\0\0", "invalid"),
            (b"\x02" + envelope()[1:], "invalid"),
            (envelope(ENVELOPE - 1), "invalid"),
            (envelope(BLOB_BYTES + 1), "too_large"),
            (envelope(epoch=0), "stale_epoch"),
            (envelope(epoch=2), "stale_epoch"),
            (b"\x02" + envelope(BLOB_BYTES + 1, epoch=2)[1:], "invalid"),
            (envelope(BLOB_BYTES + 1, epoch=2), "too_large"),
        ],
    )  # fmt: skip
    def test_an_envelope_that_cannot_be_right_is_rejected(self, group: Workspace, blob: bytes, code: str) -> None:
        (known,) = group.stored(group.change())
        assert words(group.results(group.change(blob=blob), group.change(known))) == [code, "ok"]
        never = Known(os.urandom(16), 7, os.urandom(32))
        assert words(group.results(group.change(never, blob=blob))) == [code]

    def test_version_0_is_rejected(self, group: Workspace) -> None:
        change = Change(Bytes16(os.urandom(16)), 0, Bytes32(bytes(32)), False, Binary(envelope()))
        assert words(group.results(change)) == ["invalid"]

    def test_the_longest_envelope_is_taken(self, group: Workspace) -> None:
        change = group.change(size=BLOB_BYTES)
        group.stored(change)
        assert group.everything()[0].blob == change.blob

    def test_one_that_is_refused_does_not_keep_the_others_out(self, group: Workspace) -> None:
        (known,) = group.stored(group.change())
        results = group.results(
            group.change(), group.change(Known(known.id, 5, known.rev_hash)), group.change(blob=b"x"), group.change()
        )
        assert words(results) == ["ok", "conflict", "invalid", "ok"]
        assert [result.seq for result in results] == [2, None, None, 3]


class TestLimits:
    """Rule 6, and the limits that an operator sets."""

    def test_a_longer_blob_than_allowed_is_too_large(self, small: Workspace) -> None:
        assert words(small.results(small.change(size=400), small.change(size=401))) == ["ok", "too_large"]

    def test_no_more_live_resources_than_allowed(self, small: Workspace) -> None:
        known = small.stored(*(small.change() for _ in range(3)))
        assert words(small.results(small.change())) == ["full"]
        # A next version, a tombstone, and then there is room.
        assert words(small.results(small.change(known[0]))) == ["ok"]
        (dead,) = small.stored(small.change(known[1], deleted=True))
        assert words(small.results(small.change(), small.change(dead), small.change())) == ["ok", "full", "full"]

    def test_a_conflict_is_told_before_a_shortage(self, small: Workspace) -> None:
        known = small.stored(*(small.change() for _ in range(3)))
        assert words(small.results(small.change(Known(known[0].id, 4, known[0].rev_hash)))) == ["conflict"]
        assert words(small.results(small.change(Known(os.urandom(16), 4, known[0].rev_hash)))) == ["gone"]

    def test_the_quota_counts_history_and_the_accounts_other_groups(self, small: Workspace) -> None:
        (known,) = small.stored(small.change(size=400))
        small.grow(known, 2, size=400)
        other = Workspace(small.desk, small.signed)
        other.stored(*(other.change(size=400) for _ in range(3)))
        assert used(small) == 2400
        first, second = small.change(size=350), small.change()
        assert words(small.results(first, second)) == ["ok", "quota"]
        assert words(small.results(small.change(size=300))) == ["quota"]
        assert used(small) == 2750
        # What is stored already is still answered.
        assert words(small.results(first)) == ["ok"]
        small.desk.ask("DELETE", other.path, token=small.signed.token)
        assert words(small.results(second)) == ["ok"]

    def test_the_quota_counts_tombstones_too(self, small: Workspace) -> None:
        (known,) = small.stored(small.change(size=400))
        (dead,) = small.stored(small.change(known, deleted=True, size=400))
        assert used(small) == 800
        other = Workspace(small.desk, small.signed)
        (first,) = other.stored(other.change(size=400))
        last = other.grow(first, 4, size=400)
        # Nothing fits any more, a deletion neither.
        assert words(small.results(small.change(dead, size=300), small.change(size=300))) == ["quota", "quota"]
        assert words(other.results(other.change(last, deleted=True, size=300))) == ["quota"]

    def test_more_changes_than_allowed_are_no_push(self, small: Workspace) -> None:
        answer = small.ask_push([small.change() for _ in range(5)])
        assert field_of(answer) == "changes"
        assert small.head().head_seq == 0

    def test_a_longer_body_is_not_read(self, group: Workspace, signed: Signed) -> None:
        answer = group.desk.ask("POST", f"{group.path}/push", b" " * (BODY_BYTES + 1), signed.token)
        assert code_of(answer) == "too_large"


def used(group: Workspace) -> int:
    """Return the bytes that the account uses."""
    answer = group.desk.ask("GET", "/v1/account", token=group.signed.token)
    return int(json.loads(answer.content)["used"])


class TestShape:
    """A push that is none is refused whole."""

    def test_an_id_twice(self, group: Workspace) -> None:
        change = group.change()
        answer = group.ask_push([group.change(), change, group.change(), change])
        assert field_of(answer) == "changes[3].id"
        assert group.head().head_seq == 0

    @pytest.mark.parametrize(
        ("field", "value"),
        [("id", "AA"), ("version", -1), ("version", 1 << 53), ("version", 1.5), ("version", "1"), ("prev", "AA"),
         ("prev", None), ("deleted", 1), ("deleted", None), ("blob", "A"), ("blob", "AB"), ("blob", 1)],
    )  # fmt: skip
    def test_a_broken_change(self, group: Workspace, signed: Signed, field: str, value: object) -> None:
        change = group.change()
        good = {
            "id": encode(change.id),
            "version": 1,
            "prev": encode(change.prev),
            "deleted": False,
            "blob": encode(change.blob),
        }
        other = good | {"id": encode(os.urandom(16)), field: value}
        body = json.dumps({"after": 0, "changes": [good, other]}).encode()
        answer = group.desk.ask("POST", f"{group.path}/push", body, signed.token)
        assert field_of(answer).startswith("changes[")
        assert group.head().head_seq == 0

    def test_unknown_fields_are_ignored(self, group: Workspace, signed: Signed) -> None:
        change = group.change()
        row = {"id": encode(change.id), "version": 1, "prev": encode(change.prev), "deleted": False}
        body = json.dumps(
            {"after": 0, "more": [[]], "changes": [row | {"blob": encode(change.blob), "new": 1}]}
        ).encode()
        assert group.desk.ask("POST", f"{group.path}/push", body, signed.token).status_code == 200
        assert group.head().head_seq == 1


class TestWhose:
    """Groups of others are not there."""

    def test_a_group_of_somebody_else_is_not_found(self, desk: SyncDesk, group: Workspace) -> None:
        bob = Workspace(desk, desk.sign_in(desk.sign_up(person("bob@example.com"))), group.id)
        assert code_of(bob.ask_push([bob.change()])) == "not_found"
        assert code_of(bob.ask_page()) == "not_found"
        assert group.head().head_seq == 0

    def test_without_a_session_nothing_is_read(self, desk: SyncDesk, group: Workspace) -> None:
        assert code_of(desk.ask("POST", f"{group.path}/push", Push(0, []))) == "unauthorized"
        assert code_of(desk.ask("GET", f"{group.path}/changes")) == "unauthorized"

    def test_the_author_is_the_account_of_the_session(self, desk: SyncDesk, group: Workspace, signed: Signed) -> None:
        other = group.on(desk.sign_in(signed.person))
        (known,) = other.stored(other.change())
        assert group.page().rows[0].author == signed.person.account_id
        (revision,) = group.revisions(known.id).revisions
        assert revision.device == other.signed.device.id


class TestAnswer:
    """The page of a push."""

    def test_it_holds_what_others_pushed_and_not_what_was_just_accepted(self, desk: SyncDesk, group: Workspace) -> None:
        other = group.on(desk.sign_in(group.signed.person))
        (mine,) = group.stored(group.change())
        theirs = other.stored(*(other.change() for _ in range(3)))
        answer = group.push(group.change(mine), group.change(), after=1)
        assert words(answer.results) == ["ok", "ok"]
        assert [row.id for row in answer.rows] == [each.id for each in theirs]
        assert (answer.next, answer.head_seq, answer.more) == (6, 6, False)

    def test_it_holds_what_caused_a_conflict(self, desk: SyncDesk, group: Workspace) -> None:
        other = group.on(desk.sign_in(group.signed.person))
        (known,) = group.stored(group.change())
        (theirs,) = other.stored(other.change(known))
        answer = group.push(group.change(known), group.change(), after=1)
        assert words(answer.results) == ["conflict", "ok"]
        assert [(row.id, row.version) for row in answer.rows] == [(theirs.id, 2)]
        (merged,) = group.stored(group.change(theirs))
        assert merged.version == 3

    def test_it_is_cut_as_every_page(self, small: Workspace) -> None:
        other = small.on(small.desk.sign_in(small.signed.person))
        known = other.stored(*(other.change() for _ in range(3)))
        other.grow(known[0], 1)
        other.stored(other.change(known[1], deleted=True))
        answer = small.push(small.change(), after=1)
        assert words(answer.results) == ["ok"]
        assert [row.seq for row in answer.rows] == [3, 4, 5]
        assert (answer.more, answer.next) == (False, 6)
        answer = small.push(small.change(Known(os.urandom(16), 2, bytes(32))))
        assert [row.seq for row in answer.rows] == [3, 4, 5]
        assert (answer.more, answer.next) == (True, 5)

    def test_the_whole_answer_is_no_longer_than_a_body(self, group: Workspace) -> None:
        for _ in range(6):
            group.stored(group.change(size=BLOB_BYTES // 2))
        answer = group.ask_push([group.change(Known(os.urandom(16), 2, bytes(32))) for _ in range(500)])
        assert BODY_BYTES * 3 // 4 < len(answer.content) <= BODY_BYTES
        assert json.loads(answer.content)["more"] is True

    def test_a_result_has_no_more_than_it_says(self, group: Workspace) -> None:
        body = json.loads(group.ask_push([group.change(), group.change(blob=b"x")]).content)
        ok, rejected = body["results"]
        assert set(ok) == {"id", "result", "seq"}
        assert set(rejected) == {"id", "result", "code"}
        assert "resync" not in body
        assert len(decode(body["server_epoch"])) == 16
