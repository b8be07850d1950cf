"""Nobody is signed out by a sign-in as somebody else; about account.one_account and account.operations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from insomnia_desktop.account.one_account import is_anothers, refuse_another
from insomnia_desktop.account.secrets import MemorySecrets
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.store.account_rows import AccountRow, AccountRowState
from tests.support.account_desk import EMAIL, PASSWORD, AccountDesk, account_desk, refused, wait
from tests.support.sync_programs import quick_derivation
from tests.support.sync_server import sync_server

OTHER = "grace@example.com"
NOBODY = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Derive each password once."""
    with quick_derivation():
        yield


def everything(desk: AccountDesk) -> tuple[object, ...]:
    """Return what a sign-in could replace: the row, the kept keys, and that the session still answers."""
    return desk.row, desk.folder.keys_file.read_bytes(), len(wait(desk.accounts.devices()))


def test_somebody_else_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    with sync_server(tmp_path / "server.sqlite") as server, account_desk(tmp_path / "a") as desk:
        desk.enter(server.address)
        before = everything(desk)
        # Before any word with a server: nobody answers at this one.
        for address in (server.address, NOBODY):
            error = refused(desk.accounts.sign_in(server=address, email=f" {OTHER.upper()}", password=PASSWORD))
            assert error.code == "account.signed_in_already"
            assert one_line(error) == (
                f"{EMAIL} is signed in on this computer. Sign out first; everything here is kept."
            )
        assert everything(desk) == before
        # Who is signed in may do so again.
        desk.sign_in(server.address)
        assert desk.accounts.status().email == EMAIL


def test_the_same_email_at_another_server_is_somebody_else(tmp_path: Path) -> None:
    with (
        sync_server(tmp_path / "first.sqlite") as first,
        sync_server(tmp_path / "second.sqlite") as second,
        account_desk(tmp_path / "b") as elsewhere,
        account_desk(tmp_path / "a") as desk,
    ):
        elsewhere.create(second.address)
        desk.enter(first.address)
        before = everything(desk)
        again = desk.accounts.sign_in(server=second.address, email=EMAIL, password=PASSWORD)
        assert refused(again).code == "account.signed_in_already"
        assert everything(desk) == before
        # The session that was begun there was given back.
        assert len(wait(elsewhere.accounts.devices())) == 1


def test_locked_keys_are_a_session_too(tmp_path: Path) -> None:
    with (
        sync_server(tmp_path / "server.sqlite") as server,
        account_desk(tmp_path / "a", make_secrets=lambda device_id: MemorySecrets()) as desk,
    ):
        desk.enter(server.address)
        with account_desk(tmp_path / "a", make_secrets=lambda device_id: MemorySecrets()) as later:
            assert later.accounts.warm_up().result(60).state == AccountState.LOCKED
            deed = later.accounts.sign_in(server=server.address, email=OTHER, password=PASSWORD)
            assert refused(deed).code == "account.signed_in_already"
            assert later.accounts.status().state == AccountState.LOCKED
            later.sign_in(server.address)
            assert later.accounts.status().state == AccountState.SIGNED_IN


@pytest.mark.parametrize("state", ["signed_out", "signed_out_elsewhere"])
def test_who_is_signed_out_makes_room(state: AccountRowState) -> None:
    row = AccountRow("https://a.example", False, EMAIL, "", to_base64url(bytes(16)), "signed_in", "file")
    with pytest.raises(KnownError, match="signed_in_already"):
        refuse_another(row, OTHER)
    refuse_another(row, EMAIL)
    assert (is_anothers(row, bytes(16)), is_anothers(row, bytes(15) + b"x")) == (False, True)
    gone = msgspec.structs.replace(row, state=state)
    for each in (gone, None):
        refuse_another(each, OTHER)
        refuse_another(each)
        assert not is_anothers(each, b"x" * 16)
