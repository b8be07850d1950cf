"""Devices of one computer are told apart by their names; about account.device_names and account.sign_in."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.account.device_names import name_beside
from insomnia_desktop.account.devices import this_device
from insomnia_desktop.protocol.limits import NAME_CHARACTERS
from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.store.account_rows import device_name_of
from insomnia_desktop.store.queries.settings import local
from tests.support.account_desk import (
    EMAIL,
    PASSWORD,
    AccountDesk,
    account_desk,
    prepared_account,
    refused,
    wait,
)
from tests.support.hostile_server import BREAK_OFF, hostile_server
from tests.support.sync_programs import quick_derivation
from tests.support.sync_server import sync_server

ANOTHER = {
    "id": "A" * 22, "name": "Studio", "platform": "linux", "client": "insomnia-desktop/1.0", "created_at": 1,
    "last_seen_at": 1, "current": False,
}  # fmt: skip


@pytest.fixture(autouse=True)
def on_a_computer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The computer has this name, and passwords are derived once."""
    monkeypatch.setattr(platform, "node", lambda: "Studio")
    with quick_derivation():
        yield


def names(desk: AccountDesk) -> list[str]:
    """Return the names of the devices, the own one first."""
    return [each.name for each in wait(desk.accounts.devices())]


def own_name(desk: AccountDesk) -> str:
    return names(desk)[0]


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("Studio", set(), "Studio"),
        ("Studio", {"Laptop"}, "Studio"),
        ("Studio", {"Studio"}, "Studio (2)"),
        ("Studio", {"Studio", "Studio (2)", "Studio (4)"}, "Studio (3)"),
        ("Studio (2)", {"Studio"}, "Studio (2)"),
        ("Studio (2)", {"Studio", "Studio (2)"}, "Studio (3)"),
        ("Studio (2)", {"Studio (2)"}, "Studio"),
        ("x" * NAME_CHARACTERS, {"x" * NAME_CHARACTERS}, "x" * (NAME_CHARACTERS - 4) + " (2)"),
    ],
)
def test_the_first_free_name(wanted: str, taken: set[str], name: str) -> None:
    assert name_beside(wanted, taken) == name


def test_a_computer_that_is_called_otherwise_now_has_its_new_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert this_device(bytes(16), "Studio (2)").name == "Studio (2)"
    assert this_device(bytes(16), "Workshop (2)").name == "Studio"
    monkeypatch.setattr(platform, "node", lambda: "")
    assert this_device(bytes(16)).name == "This computer"


def test_three_devices_on_one_computer(tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(sync_server(tmp_path / "server.sqlite"))
        first, second, third = (stack.enter_context(account_desk(tmp_path / each)) for each in "abc")
        first.enter(server.address)
        second.sign_in(server.address)
        third.sign_in(server.address)
        assert [own_name(each) for each in (first, second, third)] == ["Studio", "Studio (2)", "Studio (3)"]
        assert sorted(names(first)) == ["Studio", "Studio (2)", "Studio (3)"]
        # Each keeps its name, whatever comes after it.
        for each in (third, first, second):
            each.sign_in(server.address)
        wait(first.accounts.sign_out(remove_data=False))
        second.sign_in(server.address)
        assert sorted(names(second)) == ["Studio (2)", "Studio (3)"]
        first.sign_in(server.address)
        assert own_name(first) == "Studio"
        # Who forgets the account forgets the name.
        account_id = third.accounts.status().account_id
        wait(third.accounts.sign_out(remove_data=True))
        assert local(third.store.reader(), device_name_of(account_id)) is None


def test_a_device_keeps_its_name_where_the_account_is_met_at_another_address(tmp_path: Path) -> None:
    """As after the server on another computer was let to other devices: the first that came took the other's name."""
    with ExitStack() as stack:
        server = stack.enter_context(sync_server(tmp_path / "server.sqlite"))
        first, second = (stack.enter_context(account_desk(tmp_path / each)) for each in "ab")
        first.enter(server.address)
        second.sign_in(server.address)
        for each in (first, second):
            wait(each.accounts.sign_out(remove_data=False))
        another = server.address.replace("127.0.0.1", "localhost")
        assert another != server.address
        second.sign_in(another)
        first.sign_in(another)
        assert [own_name(each) for each in (first, second)] == ["Studio", "Studio (2)"]


def test_a_list_that_does_not_come_stops_nobody(tmp_path: Path) -> None:
    with hostile_server(prepared_account()) as (server, address), account_desk(tmp_path / "a") as desk:
        server.lies["/v1/devices"] = lambda honest: BREAK_OFF
        desk.sign_in(address)
        assert desk.accounts.status().state == AccountState.SIGNED_IN
        assert local(desk.store.reader(), device_name_of(desk.accounts.status().account_id)) == "Studio"


def test_an_end_while_the_name_is_told_leaves_nobody_signed_in(tmp_path: Path) -> None:
    asked: list[str] = []

    def once(honest: dict[str, Any]) -> dict[str, Any] | bytes:
        asked.append(honest["handshake_id"])
        return honest if len(asked) == 1 else BREAK_OFF

    with hostile_server(prepared_account()) as (server, address), account_desk(tmp_path / "a") as desk:
        server.lies["/v1/devices"] = lambda honest: {"devices": [ANOTHER]}
        server.lies["/auth/login-a"] = once
        deed = desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD)
        assert refused(deed).code == "account.server_unreachable"
        assert desk.row is None
        del server.lies["/auth/login-a"]
        desk.sign_in(address)
        told = [
            json.loads(body) for path, body in zip(server.asked, server.bodies, strict=True) if path.endswith("-m1")
        ]
        assert [each["device"]["name"] for each in told] == ["Studio", "Studio", "Studio (2)"]
        # Once it has the name, it comes with it.
        desk.sign_in(address)
        assert json.loads(server.bodies[-3])["device"]["name"] == "Studio (2)"
