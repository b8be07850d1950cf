"""Accounts against the real server: services.accounts and error_words_account, and what they stand on.

That is account.operations, account.open_account, account.deletion, sign_up, password, recovery, devices and typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.account.secrets import MemorySecrets
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.services.account_views import AccountState, ServerPlace
from insomnia_desktop.services.error_text import one_line, sentence
from tests.support.account_desk import (
    EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    AccountDesk,
    account_desk,
    refused,
    wait,
)
from tests.support.clock import FixedClock
from tests.support.desk import Desk
from tests.support.sync_server import RunningServer, sync_server

TEN_YEARS_MS = 10 * 365 * 86_400_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """The real server, on a database of the test's own."""
    with sync_server(tmp_path / "server" / "server.sqlite", SystemClock()) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AccountDesk]:
    """The account of a fresh data folder."""
    with account_desk(tmp_path / "a") as desk:
        yield desk


def test_an_account_is_made_and_met_on_a_second_device(
    tmp_path: Path, server: RunningServer, desk: AccountDesk
) -> None:
    documents = Desk(desk.store)
    workspace_id = documents.workspace("Mine")
    key = desk.create(server.address)
    assert len(key.split("-")) == 9
    status = desk.accounts.status()
    assert (status.state, status.email, status.name, status.server) == (
        AccountState.SIGNED_IN, EMAIL, "Ada", server.address,
    )  # fmt: skip
    assert status.recovery
    assert not status.hosted_here
    with account_desk(tmp_path / "b") as other:
        other.sign_in(f"{server.address}/")
        assert other.accounts.status().account_id == status.account_id
        devices = wait(desk.accounts.devices())
        assert [each.current for each in devices] == [True, False]
        assert {each.id for each in devices} == {status.device_id, other.accounts.status().device_id}
        assert devices[0].client.startswith("insomnia-desktop/")
        assert wait(desk.accounts.revoke(other.accounts.status().device_id)) == wait(desk.accounts.devices())
        assert refused(other.accounts.devices()).code == "account.signed_out_elsewhere"
        assert other.accounts.status().state == AccountState.SIGNED_OUT_ELSEWHERE
        assert refused(other.accounts.devices()).code == "account.not_signed_in"
        assert not other.folder.keys_file.exists()
        wait(other.accounts.unlock(password=PASSWORD))
        assert other.accounts.status().state == AccountState.SIGNED_IN
    assert documents.get(workspace_id).name == "Mine"


def test_the_next_start_needs_no_password(tmp_path: Path, server: RunningServer) -> None:
    with account_desk(tmp_path / "a") as desk:
        desk.enter(server.address)
        status = desk.accounts.status()
    with account_desk(tmp_path / "a") as desk:
        assert desk.accounts.status() == status
        assert desk.accounts.warm_up().result(60) == status
        assert len(wait(desk.accounts.devices())) == 1
    # The file alone is worth nothing without the key to it.
    desk.key_file.unlink()
    with account_desk(tmp_path / "a") as desk:
        assert desk.accounts.warm_up().result(60).state == AccountState.LOCKED
        assert refused(desk.accounts.devices()).params == {"reason": "locked"}


def test_where_nothing_is_kept_the_password_is_asked_at_each_start(tmp_path: Path, server: RunningServer) -> None:
    def nothing(_: str) -> MemorySecrets:
        return MemorySecrets()

    with account_desk(tmp_path / "a", make_secrets=nothing) as desk:
        desk.enter(server.address)
        assert desk.accounts.status().state == AccountState.SIGNED_IN
    assert not desk.folder.keys_file.exists()
    with account_desk(tmp_path / "a", make_secrets=nothing) as desk:
        seen: list[AccountState] = []
        end = desk.accounts.subscribe(lambda status: seen.append(status.state))
        assert desk.accounts.warm_up().result(60).state == AccountState.LOCKED
        desk.accounts.work_offline()
        assert desk.accounts.status().state == AccountState.WORK_OFFLINE
        assert refused(desk.accounts.unlock(password=NEW_PASSWORD)).code == "account.wrong_credentials"
        assert wait(desk.accounts.unlock(password=PASSWORD)).state == AccountState.SIGNED_IN
        end()
        assert seen[-2:] == [AccountState.WORK_OFFLINE, AccountState.SIGNED_IN]
        assert desk.accounts.status().state == AccountState.SIGNED_IN


def test_a_wrong_email_and_a_wrong_password_are_told_alike(server: RunningServer, desk: AccountDesk) -> None:
    desk.enter(server.address)
    wait(desk.accounts.sign_out(remove_data=False))
    told = [
        refused(desk.accounts.sign_in(server=server.address, email=email, password=password))
        for email, password in (
            (EMAIL, NEW_PASSWORD), ("nobody@example.com", PASSWORD), (EMAIL, "short"), (EMAIL, "x" * 2000),
            (EMAIL, " "), (EMAIL, PASSWORD + "\ud800"),
        )
    ]  # fmt: skip
    assert {error.code for error in told} == {"account.wrong_credentials"}
    assert len({one_line(error) for error in told}) == 1


def test_a_password_too_short_for_a_new_account_is_a_wrong_one(desk: AccountDesk, server: RunningServer) -> None:
    desk.enter(server.address)
    accounts = desk.accounts
    for password in ("short", ""):
        for deed in (
            accounts.unlock(password=password),
            accounts.change_password(password=password, new_password=NEW_PASSWORD),
            accounts.make_recovery_key(password=password),
            accounts.delete(password=password),
        ):
            error = refused(deed)
            assert (error.code, sentence(error).text) == ("account.wrong_credentials", "The password is wrong.")
    # The new one keeps to the rule.
    new = refused(accounts.change_password(password=PASSWORD, new_password="short"))
    assert new.code == "account.bad_password_length"
    assert accounts.status().state == AccountState.SIGNED_IN


def test_a_name_goes_out_as_what_a_server_takes(tmp_path: Path, server: RunningServer) -> None:
    with account_desk(tmp_path / "a") as desk:
        place = ServerPlace("there", server.address)
        name = "\ud800A\0da\x1b \n Lovelace\udfff"
        wait(desk.accounts.create(place=place, email=EMAIL, name=name, password=PASSWORD))
        assert desk.accounts.status().name == "Ada Lovelace"


def test_what_is_typed_is_looked_at_before_the_network(desk: AccountDesk) -> None:
    accounts, nowhere = desk.accounts, "http://127.0.0.1:1"
    place = ServerPlace("there", nowhere)
    tries: list[tuple[Any, str]] = [
        (accounts.sign_in(server="ftp://x", email=EMAIL, password=PASSWORD), "account.bad_address"),
        (accounts.sign_in(server="http://sync.example", email=EMAIL, password=PASSWORD), "account.bad_address"),
        (accounts.sign_in(server=nowhere, email="ada", password=PASSWORD), "account.bad_email"),
        (accounts.create(place=place, email="ä@example.com", name="", password=PASSWORD), "account.bad_email"),
        (accounts.create(place=place, email=EMAIL, name="", password="short"), "account.bad_password_length"),
        (accounts.create(place=place, email=EMAIL, name="", password="x" * 1025), "account.bad_password_length"),
        (
            accounts.recover(
                server=nowhere, email=EMAIL, recovery_key="R71C", new_password=PASSWORD, before_sending=lambda key: None
            ),
            "account.bad_recovery_key",
        ),
        (accounts.devices(), "account.not_signed_in"),
        (accounts.unlock(password=PASSWORD), "account.not_signed_in"),
        (accounts.sign_in(server=nowhere, email=EMAIL, password=PASSWORD), "account.server_unreachable"),
    ]
    for deed, code in tries:
        assert refused(deed).code == code


def test_another_password(tmp_path: Path, server: RunningServer, desk: AccountDesk) -> None:
    desk.enter(server.address)
    with account_desk(tmp_path / "b") as other:
        other.sign_in(server.address)
        wrong = desk.accounts.change_password(password=NEW_PASSWORD, new_password=PASSWORD)
        assert refused(wrong).code == "account.wrong_credentials"
        wait(desk.accounts.change_password(password=PASSWORD, new_password=NEW_PASSWORD))
        assert len(wait(desk.accounts.devices())) == 1
        assert refused(other.accounts.devices()).code == "account.signed_out_elsewhere"
        assert refused(other.accounts.unlock(password=PASSWORD)).code == "account.wrong_credentials"
        wait(other.accounts.unlock(password=NEW_PASSWORD))
    with account_desk(tmp_path / "a2") as fresh:
        fresh.sign_in(server.address, NEW_PASSWORD)


def test_a_recovery_key_is_good_once(tmp_path: Path, server: RunningServer, desk: AccountDesk) -> None:
    first = desk.enter(server.address)
    key = wait(desk.accounts.make_recovery_key(password=PASSWORD))
    assert key != first
    given: list[str] = []

    def recover(recovery_key: str) -> Any:
        return desk.accounts.recover(
            server=server.address,
            email=EMAIL,
            recovery_key=recovery_key,
            new_password=NEW_PASSWORD,
            before_sending=given.append,
        )

    assert refused(recover(first)).code == "account.bad_recovery_key"
    assert given == []
    fresh = wait(recover(key.lower().replace("-", " ")))
    assert given == [fresh]
    # All devices are signed out, this one too.
    assert desk.accounts.status().state == AccountState.SIGNED_OUT
    assert refused(recover(key)).code == "account.bad_recovery_key"
    desk.sign_in(server.address, NEW_PASSWORD)
    wait(recover(fresh))


def test_who_cannot_keep_the_next_key_keeps_the_old_one(server: RunningServer, desk: AccountDesk) -> None:
    key = desk.enter(server.address)

    class _DiskFull(OSError):
        pass

    def fail(_: str) -> None:
        raise _DiskFull

    deed = desk.accounts.recover(
        server=server.address, email=EMAIL, recovery_key=key, new_password=NEW_PASSWORD, before_sending=fail
    )
    with pytest.raises(_DiskFull):
        wait(deed)
    desk.sign_in(server.address)


def test_a_deleted_account_can_be_made_again(tmp_path: Path, server: RunningServer, desk: AccountDesk) -> None:
    documents = Desk(desk.store)
    workspace_id = documents.workspace("Mine")
    desk.create(server.address)
    account_id = desk.accounts.status().account_id
    wrong = refused(desk.accounts.delete(password=NEW_PASSWORD))
    assert (wrong.code, sentence(wrong).text) == ("account.wrong_credentials", "The password is wrong.")
    assert wait(desk.accounts.delete(password=PASSWORD)).state == AccountState.SIGNED_OUT
    assert desk.row is None
    assert documents.get(workspace_id).name == "Mine"
    unknown = desk.accounts.sign_in(server=server.address, email=EMAIL, password=PASSWORD)
    assert refused(unknown).code == "account.wrong_credentials"
    desk.create(server.address)
    assert desk.accounts.status().account_id != account_id


def test_nobody_is_signed_out_by_making_another_account(server: RunningServer, desk: AccountDesk) -> None:
    desk.create(server.address)
    before = desk.row
    place = ServerPlace("there", server.address)
    error = refused(desk.accounts.create(place=place, email="bob@example.com", name="", password=PASSWORD))
    assert (error.code, error.params["email"]) == ("account.signed_in_already", EMAIL)
    assert desk.row == before
    wait(desk.accounts.sign_out(remove_data=False))
    wait(desk.accounts.create(place=place, email="bob@example.com", name="", password=PASSWORD))
    assert desk.accounts.status().email == "bob@example.com"


def test_signing_out_gives_the_session_back_and_keeps_the_pin(server: RunningServer, desk: AccountDesk) -> None:
    desk.enter(server.address)
    assert desk.folder.keys_file.exists()
    status = wait(desk.accounts.sign_out(remove_data=False))
    assert (status.state, status.email, status.server) == (AccountState.SIGNED_OUT, EMAIL, server.address)
    assert not desk.folder.keys_file.exists()
    assert not desk.key_file.exists()
    assert desk.pin(server.address) is not None
    desk.sign_in(server.address)
    assert len(wait(desk.accounts.devices())) == 1
    # One's own device in the list is the same as signing out.
    assert wait(desk.accounts.revoke(desk.accounts.status().device_id)) == ()
    assert desk.accounts.status().state == AccountState.SIGNED_OUT
    wait(desk.accounts.sign_out(remove_data=True))
    assert (desk.row, desk.pin(server.address)) == (None, None)


def test_an_email_that_is_taken(tmp_path: Path, server: RunningServer, desk: AccountDesk) -> None:
    desk.create(server.address)
    with account_desk(tmp_path / "b") as other:
        place = ServerPlace("there", server.address)
        deed = other.accounts.create(place=place, email=f" {EMAIL.upper()}", name="", password=PASSWORD)
        assert refused(deed).code == "account.email_taken"


def test_a_server_that_wants_an_invitation(tmp_path: Path, desk: AccountDesk) -> None:
    import asyncio

    from insomnia_desktop.server import operations

    database = tmp_path / "server" / "server.sqlite"
    with sync_server(database, SystemClock(), registration="invite") as server:
        for invitation, reason in (("", "missing"), ("x", None), ("AAAAAAAAAAAAAAAAAAAAAA", None)):
            place = ServerPlace("there", server.address, invitation=invitation)
            error = refused(desk.accounts.create(place=place, email=EMAIL, name="", password=PASSWORD))
            assert (error.code, error.params.get("reason")) == ("account.invite_invalid", reason)
        invite = asyncio.run(operations.invite(database, SystemClock())).invite
        desk.create(server.address, invitation=f" {invite}\n")
        wait(desk.accounts.sign_out(remove_data=False))
    with sync_server(tmp_path / "closed.sqlite", SystemClock(), registration="closed") as server:
        place = ServerPlace("there", server.address)
        deed = desk.accounts.create(place=place, email=EMAIL, name="", password=PASSWORD)
        assert refused(deed).code == "account.registration_closed"


def test_a_session_that_ran_out(tmp_path: Path, desk: AccountDesk) -> None:
    clock = FixedClock()
    with sync_server(tmp_path / "server.sqlite", clock) as server:
        desk.enter(server.address)
        clock.advance(31 * 86_400_000)
        assert refused(desk.accounts.devices()).code == "account.signed_out_elsewhere"
        wait(desk.accounts.unlock(password=PASSWORD))


@pytest.mark.parametrize("skew", [-TEN_YEARS_MS, TEN_YEARS_MS])
def test_a_clock_that_is_ten_years_off_changes_nothing(tmp_path: Path, server: RunningServer, skew: int) -> None:
    clock = FixedClock(SystemClock().now_ms() + skew)
    with account_desk(tmp_path / "a", clock=clock) as desk:
        desk.enter(server.address)
        assert len(wait(desk.accounts.devices())) == 1
        wait(desk.accounts.change_password(password=PASSWORD, new_password=NEW_PASSWORD))
    with account_desk(tmp_path / "a", clock=clock) as desk:
        assert len(wait(desk.accounts.devices())) == 1


def test_who_is_offline_signs_out_all_the_same(tmp_path: Path, desk: AccountDesk) -> None:
    with sync_server(tmp_path / "server.sqlite", SystemClock()) as server:
        desk.enter(server.address)
    error = refused(desk.accounts.devices())
    assert (error.code, error.params["address"]) == ("account.server_unreachable", server.address)
    assert desk.accounts.status().state == AccountState.SIGNED_IN
    assert wait(desk.accounts.sign_out(remove_data=False)).state == AccountState.SIGNED_OUT
    assert not desk.folder.keys_file.exists()


def test_two_processes_on_one_data_folder(tmp_path: Path, server: RunningServer) -> None:
    """A command beside the window: what one does, the other takes in."""
    with account_desk(tmp_path / "a") as window, account_desk(tmp_path / "a") as command:
        window.accounts.warm_up().result(60)
        command.enter(server.address)
        changes = window.store.external_changes()
        assert changes is not None
        assert ("updated", "account") in [(each.action, each.kind) for each in changes.changes]
        assert window.accounts.warm_up().result(60).state == AccountState.SIGNED_IN
        wait(command.accounts.change_password(password=PASSWORD, new_password=NEW_PASSWORD))
        assert len(wait(window.accounts.devices())) == 1
        wait(command.accounts.sign_out(remove_data=True))
        assert refused(window.accounts.devices()).code == "account.not_signed_in"
        assert window.accounts.status().state == AccountState.SIGNED_OUT
