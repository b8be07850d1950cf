"""The account's tables.

About store.account_rows and salvage_account, commands.account, queries.account and migrations.m0002_account.
"""

from __future__ import annotations

import sqlite3

import pytest

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store, backup, database
from insomnia_desktop.store.account_rows import HERE, AccountPin, AccountRow, place_of
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.commands.account import ForgetAccount, KeepDeviceId, SaveAccount, SetAccountState
from insomnia_desktop.store.migrations import MIGRATIONS, migrate, version
from insomnia_desktop.store.queries.account import account, account_change, device_id, pin
from insomnia_desktop.store.queries.documents import workspaces
from insomnia_desktop.store.salvage import salvage
from tests.support.clock import FixedClock
from tests.support.desk import Desk

ROW = AccountRow(
    server="https://sync.example#" + "A" * 43,
    hosted=False,
    email="ada@example.com",
    name="Ada",
    account_id="oKGio6SlpqeoqaqrrK2urw",
    state="signed_in",
    keeping="keyring",
    rev=3,
    profile='{"recovery": true}',
)
PLACE = "https://sync.example"


def test_nobody_is_signed_in_at_first(desk: Desk) -> None:
    reader = desk.store.reader()
    assert (account(reader), device_id(reader), account_change(reader)) == (None, None, 0)
    assert pin(reader, PLACE, ROW.email) is None


def test_the_account_is_kept_and_its_iterations_only_rise(desk: Desk) -> None:
    reader = desk.store.reader()
    desk.run(SaveAccount(ROW, 1_000_000))
    assert account(reader) == ROW
    first = account_change(reader)
    desk.run(SaveAccount(ROW, 600_000))
    assert account_change(reader) > first
    assert pin(reader, PLACE, ROW.email) == AccountPin(ROW.account_id, 1_000_000)
    desk.run(SaveAccount(ROW, 2_000_000))
    assert pin(reader, PLACE, ROW.email) == AccountPin(ROW.account_id, 2_000_000)
    assert pin(reader, "https://other.example", ROW.email) is None


def test_a_server_on_this_computer_has_one_place(desk: Desk) -> None:
    assert place_of("http://127.0.0.1:8443", hosted=True) == HERE
    assert place_of("https://a:1#pin", hosted=False) == "https://a:1"


def test_signing_out_keeps_who_it_was(desk: Desk) -> None:
    reader = desk.store.reader()
    desk.run(SaveAccount(ROW, 1))
    (change,) = desk.run(SetAccountState(ROW.account_id, "signed_out")).changes
    assert (change.action, change.kind) == ("updated", "account")
    found = account(reader)
    assert found is not None
    assert found.state == "signed_out"
    # Once more says nothing, and another account's end is not this one's.
    assert desk.run(SetAccountState(ROW.account_id, "signed_out")).changes == ()
    assert desk.run(SetAccountState("another", "signed_out_elsewhere")).changes == ()


def test_forgetting_takes_the_pin_too(desk: Desk) -> None:
    reader = desk.store.reader()
    desk.run(SaveAccount(ROW, 1))
    desk.run(SetAccountState(ROW.account_id, "signed_out"))
    assert len(desk.run(ForgetAccount(ROW.account_id)).changes) == 1
    assert (account(reader), pin(reader, PLACE, ROW.email)) == (None, None)
    assert desk.run(ForgetAccount(ROW.account_id)).changes == ()


def test_the_id_of_the_device_is_made_once(desk: Desk) -> None:
    desk.run(KeepDeviceId("first"))
    desk.run(KeepDeviceId("second"))
    assert device_id(desk.store.reader()) == "first"


def test_other_processes_are_told(data_folder: DataFolder, desk: Desk) -> None:
    other = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    for command in (SaveAccount(ROW, 1), SetAccountState(ROW.account_id, "signed_out"), ForgetAccount(ROW.account_id)):
        other.submit(command, origin=Origin("command_line")).result()
        changes = desk.store.external_changes()
        assert changes is not None
        assert [(each.action, each.kind, each.id) for each in changes.changes] == [("updated", "account", "account")]
    other.close()


def test_a_store_of_schema_1_gets_the_tables_after_a_copy_was_made(data_folder: DataFolder) -> None:
    connection = database.connect_writer(data_folder.store_file)
    database.prepare_writer(connection)
    migrate(connection, MIGRATIONS[:1], application_id=database.APPLICATION_ID)
    connection.close()
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    (name,) = backup.names(data_folder)
    assert name.endswith("-migration-v1.sqlite")
    desk = Desk(store)
    desk.run(SaveAccount(ROW, 1))
    assert account(store.reader()) == ROW
    store.close()
    copy = database.connect_reader(data_folder.backups / name)
    assert version(copy) == 1
    copy.close()


def test_the_account_outlives_a_salvage(data_folder: DataFolder) -> None:
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    desk = Desk(store)
    desk.workspace("Mine")
    desk.run(SaveAccount(ROW, 1_000_000))
    desk.run(KeepDeviceId("device"))
    store.close()
    salvage(data_folder, clock=FixedClock())
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    reader = store.reader()
    assert (account(reader), device_id(reader)) == (ROW, "device")
    assert pin(reader, PLACE, ROW.email) == AccountPin(ROW.account_id, 1_000_000)
    store.close()


@pytest.mark.parametrize("statement", ["UPDATE account SET state = 'odd'", "DROP TABLE account", "DROP TABLE device"])
def test_a_salvage_leaves_out_what_makes_no_sense(data_folder: DataFolder, statement: str) -> None:
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    desk = Desk(store)
    workspace_id = desk.workspace("Mine")
    desk.run(SaveAccount(ROW, 1))
    store.close()
    with sqlite3.connect(data_folder.store_file) as connection:
        connection.execute(statement)
    connection.close()
    salvage(data_folder, clock=FixedClock())
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    assert [row.id for row in workspaces(store.reader())] == [workspace_id]
    assert device_id(store.reader()) is None
    assert pin(store.reader(), PLACE, ROW.email) is not None
    store.close()
