"""A recovery key is shown again until a person has kept it, or another has replaced it.

About account.unkept_recovery, account.withdrawn_recovery, services.recovery_keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.services.account_views import AccountState, ServerPlace
from insomnia_desktop.store.account_rows import unkept_recovery_key
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.commands.account import WithdrawUnkeptRecovery
from insomnia_desktop.store.commands.settings import SetLocal
from insomnia_desktop.store.queries import sync
from insomnia_desktop.store.queries.settings import local
from tests.support.account_desk import (
    EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    AccountDesk,
    account_desk,
    prepared_account,
    refused,
    wait,
)
from tests.support.hostile_server import BREAK_OFF, hostile_server, refusal
from tests.support.sync_programs import quick_derivation
from tests.support.sync_server import sync_server


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Derive each password once."""
    with quick_derivation():
        yield


def stored(desk: AccountDesk, account_id: bytes) -> object:
    """Return what lies in the store of an account's key."""
    return local(desk.store.reader(), unkept_recovery_key(to_base64url(account_id)))


def test_it_waits_until_the_person_says_that_it_is_kept(tmp_path: Path) -> None:
    with sync_server(tmp_path / "server.sqlite") as server:
        with account_desk(tmp_path / "a") as desk:
            key = desk.create(server.address)
            assert desk.accounts.status().unkept_recovery
        with account_desk(tmp_path / "a") as desk:
            # Ended before it was kept: it is there at the next start, and nothing of it is readable in the store.
            desk.accounts.warm_up().result(60)
            assert desk.accounts.status().unkept_recovery
            assert wait(desk.accounts.recovery_keys.unkept()) == key
            assert key.encode() not in desk.folder.store_file.read_bytes()
            told = []
            desk.accounts.subscribe(lambda status: told.append(status.unkept_recovery))
            wait(desk.accounts.recovery_keys.note_kept())
            assert told == [False]
            assert not desk.accounts.status().unkept_recovery
            assert wait(desk.accounts.recovery_keys.unkept()) == ""


def test_a_program_that_ends_after_the_servers_yes_leaves_a_key_that_can_be_shown(tmp_path: Path) -> None:
    with hostile_server() as (server, address):
        with account_desk(tmp_path / "a") as desk:
            # The server has taken the sign-up; what comes after it does not.
            server.lies["/auth/login-s"] = lambda honest: BREAK_OFF
            place = ServerPlace("there", address)
            deed = desk.accounts.create(place=place, email=EMAIL, name="", password=PASSWORD)
            assert refused(deed).code == "account.server_unreachable"
        server.lies = {}
        with account_desk(tmp_path / "a") as desk:
            desk.sign_in(address)
            assert desk.accounts.status().unkept_recovery
            key = wait(desk.accounts.recovery_keys.unkept())
            recovered = wait(
                desk.accounts.recover(
                    server=address,
                    email=EMAIL,
                    recovery_key=key,
                    new_password=NEW_PASSWORD,
                    before_sending=lambda next_key: None,
                )
            )
            # It is used up: nobody is asked to keep it any more.
            assert recovered != key
            assert not desk.accounts.status().unkept_recovery


def test_a_sign_up_that_is_refused_leaves_nothing(tmp_path: Path) -> None:
    with sync_server(tmp_path / "server.sqlite") as server, account_desk(tmp_path / "a") as desk:
        desk.create(server.address)
        wait(desk.accounts.recovery_keys.note_kept())
        with account_desk(tmp_path / "b") as other:
            place = ServerPlace("there", server.address)
            deed = other.accounts.create(place=place, email=EMAIL, name="", password=NEW_PASSWORD)
            assert refused(deed).code == "account.email_taken"
            assert other.store.reader().rows("SELECT key FROM local") == []


def test_another_key_takes_its_place_and_a_forgotten_account_has_none(tmp_path: Path) -> None:
    with sync_server(tmp_path / "server.sqlite") as server, account_desk(tmp_path / "a") as desk:
        first = desk.create(server.address)
        second = wait(desk.accounts.make_recovery_key(password=PASSWORD))
        assert second != first
        assert wait(desk.accounts.recovery_keys.unkept()) == second
        account_id = from_base64url(desk.accounts.status().account_id)
        assert stored(desk, account_id) is not None
        assert wait(desk.accounts.sign_out(remove_data=True)).state == AccountState.SIGNED_OUT
        assert stored(desk, account_id) is None
        assert refused(desk.accounts.recovery_keys.note_kept()).code == "account.not_signed_in"


def test_while_the_keys_are_locked_there_is_nothing_to_show(tmp_path: Path) -> None:
    from insomnia_desktop.account.secrets import MemorySecrets

    with sync_server(tmp_path / "server.sqlite") as server:
        with account_desk(tmp_path / "a", make_secrets=lambda device_id: MemorySecrets()) as desk:
            key = desk.create(server.address)
        with account_desk(tmp_path / "a", make_secrets=lambda device_id: MemorySecrets()) as desk:
            desk.accounts.warm_up().result(60)
            assert desk.accounts.status().unkept_recovery
            assert wait(desk.accounts.recovery_keys.unkept()) == ""
            wait(desk.accounts.unlock(password=PASSWORD))
            assert wait(desk.accounts.recovery_keys.unkept()) == key


def notices(desk: AccountDesk) -> list[str]:
    """Return what the person is told."""
    return [each.code for each in sync.notices(desk.store.reader(), desk.accounts.status().account_id)]


def take_in(desk: AccountDesk) -> None:
    """Do what sync does when the server says that the account has changed."""
    desk.loop.submit(desk.accounts.sessions.take_in_account()).result(60)


def waiting(desk: AccountDesk, account_id: bytes) -> bool:
    return stored(desk, account_id) is not None


def test_a_key_that_another_device_replaced_is_withdrawn_and_told(tmp_path: Path) -> None:
    with (
        sync_server(tmp_path / "server.sqlite") as server,
        account_desk(tmp_path / "a") as desk,
        account_desk(tmp_path / "b") as other,
    ):
        desk.enter(server.address)
        key = wait(desk.accounts.make_recovery_key(password=PASSWORD))
        # Changes of other kinds leave it where it is.
        take_in(desk)
        assert (wait(desk.accounts.recovery_keys.unkept()), notices(desk)) == (key, [])
        other.sign_in(server.address)
        newer = wait(other.accounts.make_recovery_key(password=PASSWORD))
        told: list[bool] = []
        desk.accounts.subscribe(lambda status: told.append(status.unkept_recovery))
        take_in(desk)
        assert told[0] is False
        assert (wait(desk.accounts.recovery_keys.unkept()), notices(desk)) == ("", ["recovery_key_replaced"])
        # The one that is in force waits where it was made.
        take_in(other)
        assert (wait(other.accounts.recovery_keys.unkept()), notices(other)) == (newer, [])


def test_a_sign_in_finds_it_too(tmp_path: Path) -> None:
    with (
        sync_server(tmp_path / "server.sqlite") as server,
        account_desk(tmp_path / "a") as desk,
        account_desk(tmp_path / "b") as other,
    ):
        desk.enter(server.address)
        wait(desk.accounts.make_recovery_key(password=PASSWORD))
        desk.sign_in(server.address)
        assert desk.accounts.status().unkept_recovery
        other.sign_in(server.address)
        wait(other.accounts.make_recovery_key(password=PASSWORD))
        wait(desk.accounts.unlock(password=PASSWORD))
        assert not desk.accounts.status().unkept_recovery
        assert notices(desk) == ["recovery_key_replaced"]


def test_where_nobody_says_that_it_was_replaced_it_stays(tmp_path: Path) -> None:
    with hostile_server(prepared_account()) as (server, address), account_desk(tmp_path / "a") as desk:
        desk.sign_in(address)
        account_id = from_base64url(desk.accounts.status().account_id)
        wait(desk.accounts.make_recovery_key(password=PASSWORD))
        rev = desk.row.rev if desk.row is not None else 0
        for lie, code in (
            (BREAK_OFF, "account.server_unreachable"),
            (refusal("rate_limited"), "account.too_many_tries"),
        ):
            server.lies["/auth/recover-a"] = lambda honest, told=lie: told if isinstance(told, bytes) else dict(told)
            server.lies["/v1/account"] = lambda honest: {**honest, "rev": 7}
            with pytest.raises(KnownError, match=code):
                take_in(desk)
            # The change is not noted as taken in: it is asked again.
            assert desk.row is not None
            assert (desk.row.rev, waiting(desk, account_id), notices(desk)) == (rev, True, [])
            # A sign-in stands all the same.
            desk.sign_in(address)
            assert waiting(desk, account_id)
            rev = 7


def test_a_key_that_came_meanwhile_is_not_withdrawn(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk:
        account_id = bytes(16)
        name = unkept_recovery_key(to_base64url(account_id))
        origin = Origin("window", 1)
        desk.store.submit(SetLocal(name, "newer"), origin=origin).result()
        desk.store.submit(WithdrawUnkeptRecovery(to_base64url(account_id), "older"), origin=origin).result()
        assert stored(desk, account_id) == "newer"
        changes = desk.store.submit(WithdrawUnkeptRecovery(to_base64url(account_id), "newer"), origin=origin).result()
        assert [each.kind for each in changes.changes] == ["sync"]
        assert not waiting(desk, account_id)
