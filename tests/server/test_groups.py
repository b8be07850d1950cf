"""Groups: made, listed, removed, and how far they are.

Covers server.domain.groups, routes.groups and routes.queries.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop.protocol.binary import Bytes16, Bytes61, encode
from insomnia_desktop.protocol.resource_groups import Group, Groups, NewGroup
from insomnia_desktop.server.config import ServerLimits
from tests.support.clock import FixedClock
from tests.support.sync_desk import Signed, SyncDesk, code_of, field_of, sync_desk
from tests.support.sync_groups import Workspace, heads, make_group
from tests.support.sync_people import person
from tests.support.vectors import V1, h


@pytest.fixture
def signed(desk: SyncDesk) -> Signed:
    """A device of somebody with an account."""
    return desk.sign_in(desk.sign_up(person()))


@pytest.fixture
def bob(desk: SyncDesk) -> Signed:
    """A device of somebody else."""
    return desk.sign_in(desk.sign_up(person("bob@example.com")))


@pytest.fixture
def cramped(database: Path | str, clock: FixedClock) -> Iterator[SyncDesk]:
    """A server that allows two groups."""
    with sync_desk(database, clock, limits=ServerLimits().changed("groups", 2)) as desk:
        yield desk


def listed(desk: SyncDesk, signed: Signed) -> list[Group]:
    """Return the groups of an account."""
    return desk.answer(desk.ask("GET", "/v1/groups", token=signed.token), Groups).groups


class TestMaking:
    """POST and GET /v1/groups."""

    def test_a_group_is_made_and_listed_with_its_wrap(self, desk: SyncDesk, signed: Signed) -> None:
        group_id, wrap = h(V1["group"]["group_id"]), h(V1["group"]["wrap"])
        answer = make_group(desk, signed, group_id, wrap)
        assert answer.status_code == 201
        group = desk.answer(answer, Group)
        assert (group.id, group.epoch, group.role, group.created_at) == (group_id, 1, "owner", desk.clock.now_ms())
        assert [(each.epoch, each.wrap) for each in group.wraps] == [(1, wrap)]
        assert listed(desk, signed) == [group]

    def test_the_second_that_makes_it_takes_the_first_ones(self, desk: SyncDesk, signed: Signed) -> None:
        other, group_id = desk.sign_in(signed.person), os.urandom(16)
        first = desk.answer(make_group(desk, signed, group_id), Group)
        assert code_of(make_group(desk, other, group_id)) == "group_exists"
        assert code_of(make_group(desk, signed, group_id, first.wraps[0].wrap)) == "group_exists"
        assert listed(desk, other) == [first]

    def test_of_many_that_make_it_at_once_one_does(self, desk: SyncDesk, signed: Signed) -> None:
        group_id = Bytes16(os.urandom(16))

        async def all_of_them() -> list[int]:
            import asyncio

            wraps = [NewGroup(group_id, 1, Bytes61(os.urandom(61))) for _ in range(8)]
            asked = (desk.asking("POST", "/v1/groups", wrap, signed.token) for wrap in wraps)
            return [answer.status_code for answer in await asyncio.gather(*asked)]

        assert sorted(desk.run(all_of_them())) == [201] + [409] * 7
        assert [group.id for group in listed(desk, signed)] == [group_id]

    def test_somebody_elses_id_is_taken_and_stays_theirs(self, desk: SyncDesk, signed: Signed, bob: Signed) -> None:
        group = Workspace(desk, signed)
        assert code_of(make_group(desk, bob, group.id)) == "group_exists"
        assert listed(desk, bob) == []

    def test_no_more_groups_than_allowed(self, cramped: SyncDesk) -> None:
        signed = cramped.sign_in(cramped.sign_up(person()))
        first, _second = Workspace(cramped, signed), Workspace(cramped, signed)
        assert code_of(make_group(cramped, signed, os.urandom(16))) == "limit"
        assert code_of(make_group(cramped, signed, first.id)) == "group_exists"
        cramped.ask("DELETE", first.path, token=signed.token)
        assert make_group(cramped, signed, os.urandom(16)).status_code == 201

    @pytest.mark.parametrize("epoch", [0, 2])
    def test_a_group_begins_with_epoch_1(self, desk: SyncDesk, signed: Signed, epoch: int) -> None:
        message = NewGroup(Bytes16(os.urandom(16)), epoch, Bytes61(os.urandom(61)))
        assert field_of(desk.ask("POST", "/v1/groups", message, signed.token)) == "epoch"

    @pytest.mark.parametrize(("field", "value"), [("id", "AA"), ("wrap", "AA"), ("epoch", "1")])
    def test_another_shape_is_invalid(self, desk: SyncDesk, signed: Signed, field: str, value: str) -> None:
        good = {"id": encode(os.urandom(16)), "epoch": 1, "wrap": encode(os.urandom(61))}
        assert field_of(desk.ask("POST", "/v1/groups", good | {field: value}, signed.token)) == field
        assert listed(desk, signed) == []


class TestRemoving:
    """DELETE /v1/groups/{g}."""

    def test_all_that_was_in_it_is_gone(self, desk: SyncDesk, signed: Signed) -> None:
        group, other = Workspace(desk, signed), Workspace(desk, signed)
        (known,) = group.stored(group.change())
        group.grow(known, 2)
        other.stored(other.change())
        assert desk.ask("DELETE", group.path, token=signed.token).status_code == 204
        assert code_of(group.ask_page()) == "not_found"
        assert code_of(group.ask_revision(known.id, 1)) == "not_found"
        assert code_of(desk.ask("DELETE", group.path, token=signed.token)) == "not_found"
        assert [each.id for each in listed(desk, signed)] == [other.id]
        again = Workspace(desk, signed)
        assert again.everything() == []
        assert make_group(desk, signed, group.id).status_code == 201
        assert (group.head().head_seq, group.everything()) == (0, [])

    def test_somebody_elses_group_stays(self, desk: SyncDesk, signed: Signed, bob: Signed) -> None:
        group = Workspace(desk, signed)
        assert code_of(desk.ask("DELETE", group.path, token=bob.token)) == "not_found"
        assert len(listed(desk, signed)) == 1

    @pytest.mark.parametrize("name", ["x", "A" * 21, "A" * 23, "A" * 21 + "B", "%00", "A" * 21 + "="])
    def test_what_is_no_id_is_not_found(self, desk: SyncDesk, signed: Signed, name: str) -> None:
        assert code_of(desk.ask("DELETE", f"/v1/groups/{name}", token=signed.token)) == "not_found"
        assert code_of(desk.ask("GET", f"/v1/groups/{name}/changes", token=signed.token)) == "not_found"

    def test_they_go_with_the_account(self, desk: SyncDesk, signed: Signed, bob: Signed) -> None:
        hers, his = Workspace(desk, signed), Workspace(desk, bob)
        hers.stored(hers.change())
        his.stored(his.change())
        assert desk.ask("DELETE", "/v1/account", token=signed.token).status_code == 204
        assert make_group(desk, bob, hers.id).status_code == 201
        assert len(his.everything()) == 1


class TestHeads:
    """GET /v1/heads."""

    def test_all_groups_by_id(self, desk: SyncDesk, signed: Signed, bob: Signed) -> None:
        groups = [Workspace(desk, signed) for _ in range(5)]
        Workspace(desk, bob)
        groups[0].stored(groups[0].change(), groups[0].change())
        told = heads(desk, signed)
        assert [head.id for head in told.groups] == sorted(group.id for group in groups)
        assert {head.id: head.head_seq for head in told.groups}[Bytes16(groups[0].id)] == 2
        assert told.server_epoch == desk.context.server_epoch
        assert told.account_rev == 1

    def test_the_tag_is_the_bodys(self, desk: SyncDesk, signed: Signed) -> None:
        group = Workspace(desk, signed)
        first = desk.ask("GET", "/v1/heads", token=signed.token)
        tag = first.headers["etag"]
        assert tag.startswith('"')
        assert tag.endswith('"')
        for header in (tag, f'"x", {tag}', f"W/{tag}", "*"):
            same = desk.ask("GET", "/v1/heads", token=signed.token, headers={"If-None-Match": header})
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        for header in ('"x"', tag.strip('"'), ""):
            other = desk.ask("GET", "/v1/heads", token=signed.token, headers={"If-None-Match": header})
            assert (other.status_code, other.content) == (200, first.content)
        group.stored(group.change())
        later = desk.ask("GET", "/v1/heads", token=signed.token, headers={"If-None-Match": tag})
        assert later.status_code == 200
        assert later.headers["etag"] != tag

    def test_a_change_of_the_account_changes_it(self, desk: SyncDesk, signed: Signed) -> None:
        before = heads(desk, signed)
        recovery = person().sign_up.recovery
        assert desk.ask("PUT", "/v1/account/recovery", recovery, signed.token).status_code == 204
        assert heads(desk, signed).account_rev == before.account_rev + 1

    def test_no_session_no_heads(self, desk: SyncDesk, signed: Signed) -> None:
        assert code_of(desk.ask("GET", "/v1/heads", headers={"If-None-Match": "*"})) == "unauthorized"
        desk.ask("DELETE", "/v1/account", token=signed.token)
        assert code_of(desk.ask("GET", "/v1/heads", token=signed.token)) == "unauthorized"


@pytest.mark.parametrize("path", ["heads", "groups/{}/changes", "groups/{}/resources/{}/revisions"])
def test_other_methods_are_not_allowed(desk: SyncDesk, signed: Signed, path: str) -> None:
    name = encode(bytes(16))
    answer = desk.ask("POST", "/v1/" + path.format(name, name), {}, signed.token)
    assert code_of(answer) == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]
