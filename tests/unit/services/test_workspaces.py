"""insomnia_desktop.services.workspaces, environments, preferences, local_state and store_access on a real store."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import Future

import msgspec
import pytest

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Edit, Variable, patch_between
from insomnia_desktop.model.settings import SETTINGS
from insomnia_desktop.services.application import Services
from insomnia_desktop.services.local_state import PendingValues
from insomnia_desktop.store.changes import ChangeSet, Origin

_SECONDS = 20


def test_a_fresh_store_gets_one_workspace_once(services: Services) -> None:
    workspace_id = services.workspaces.last_used()
    assert services.workspaces.ensure_one() == workspace_id
    assert [row.name for row in services.workspaces.all()] == ["My workspace"]


def test_a_workspace_is_made_beside_one_whose_order_key_is_none(services: Services, data_folder: DataFolder) -> None:
    services.workspaces.ensure_one()
    with contextlib.closing(sqlite3.connect(data_folder.store_file)) as connection, connection:
        connection.execute("UPDATE document SET sort_key = '~'")
    _, created = services.workspaces.create("Second")
    created.result(_SECONDS)
    assert sorted(row.name for row in services.workspaces.all()) == ["My workspace", "Second"]


def test_a_workspace_with_a_damaged_seed_says_so(services: Services, workspace_id: str) -> None:
    services.editing.patch(workspace_id, (Edit(("seed",), "no seed"),)).result(_SECONDS)
    for call in (services.environments.all, services.cookie_jars.jar):
        with pytest.raises(KnownError) as caught:
            call(workspace_id)
        assert (caught.value.code, caught.value.params["field"]) == ("document.invalid", "seed")
    assert services.documents.tree(workspace_id) == []


def test_the_last_used_workspace_is_remembered_over_a_restart(data_folder: DataFolder) -> None:
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    services.workspaces.ensure_one()
    second, created = services.workspaces.create("Second")
    created.result(_SECONDS)
    services.workspaces.use(second)
    assert services.workspaces.last_used() == second
    services.close()
    services = container.build(data_folder, SystemClock(), Origin("command_line"))
    assert services.workspaces.last_used() == second
    services.workspaces.delete(second).result(_SECONDS)
    assert [row.name for row in services.workspaces.all()] == ["My workspace"]
    assert services.workspaces.last_used() == services.workspaces.all()[0].id
    services.close()


def test_renaming_duplicating_deleting_and_restoring_a_workspace(services: Services, workspace_id: str) -> None:
    services.documents.create_request(workspace_id, None, name="one")[1].result(_SECONDS)
    services.workspaces.rename(workspace_id, "Shop").result(_SECONDS)
    copy_id, copied = services.workspaces.duplicate(workspace_id)
    copied.result(_SECONDS)
    assert [row.name for row in services.documents.tree(copy_id)] == ["one"]
    assert services.environments.base_id(copy_id) != services.environments.base_id(workspace_id)
    assert services.cookie_jars.jar(copy_id).id != services.cookie_jars.jar(workspace_id).id
    services.workspaces.delete(workspace_id).result(_SECONDS)
    assert [row.id for row in services.workspaces.trash()] == [workspace_id]
    services.workspaces.restore(workspace_id).result(_SECONDS)
    assert {row.id for row in services.workspaces.all()} == {workspace_id, copy_id}


def test_environments_stand_in_order_behind_the_base_one(services: Services, workspace_id: str) -> None:
    ids = []
    for name in ("Staging", "Production"):
        environment_id, created = services.environments.create(workspace_id, name, "#112233")
        created.result(_SECONDS)
        ids.append(environment_id)
    services.environments.rename(ids[1], "Live").result(_SECONDS)
    services.environments.recolor(ids[1], "").result(_SECONDS)
    copy_id, copied = services.environments.duplicate(services.environments.base_id(workspace_id))
    copied.result(_SECONDS)
    shown = services.environments.all(workspace_id)
    assert shown[0].id == services.environments.base_id(workspace_id)
    assert [(each.id, each.color) for each in shown if each.id in ids] == [(ids[0], "#112233"), (ids[1], "")]
    assert copy_id in [each.id for each in shown[1:]]
    services.environments.delete(ids[0]).result(_SECONDS)
    assert ids[0] not in [each.id for each in services.environments.all(workspace_id)]
    with pytest.raises(KnownError) as caught:
        services.environments.delete(services.environments.base_id(workspace_id))
    assert caught.value.code == "environment.base_stays"


def test_the_active_environment_is_known_at_once_and_gone_with_its_environment(
    services: Services, workspace_id: str
) -> None:
    environment_id, created = services.environments.create(workspace_id, "Staging")
    created.result(_SECONDS)
    _set(services, workspace_id, 0, a="base", b="base")
    _set(services, workspace_id, 1, b="staging")
    written = services.environments.activate(workspace_id, environment_id)
    assert services.environments.active(workspace_id) == environment_id
    scope = services.environments.scope(workspace_id)
    assert scope.values == {"a": "base", "b": "staging"}
    assert scope.origins == {"a": services.environments.base_id(workspace_id), "b": environment_id}
    written.result(_SECONDS)
    assert services.environments.active(workspace_id) == environment_id
    services.environments.delete(environment_id).result(_SECONDS)
    assert services.environments.active(workspace_id) is None
    assert services.environments.scope(workspace_id).values == {"a": "base", "b": "base"}
    services.environments.activate(workspace_id, None).result(_SECONDS)
    assert services.environments.active(workspace_id) is None


def _set(services: Services, workspace_id: str, position: int, **values: str) -> None:
    before = services.environments.all(workspace_id)[position]
    rows = tuple(Variable(id=name * 12, name=name, value=value) for name, value in values.items())
    after = msgspec.structs.replace(before, variables=rows)
    services.editing.patch(before.id, patch_between(before, after)).result(_SECONDS)


def test_settings_are_checked_readable_at_once_and_reset(services: Services) -> None:
    assert services.preferences.get("history.kept") == SETTINGS["history.kept"].default
    written = services.preferences.set("history.kept", 5)
    assert services.preferences.get("history.kept") == 5
    written.result(_SECONDS)
    assert services.preferences.all()["history.kept"] == 5
    with pytest.raises(KnownError) as caught:
        services.preferences.set("history.kept", 0)
    assert caught.value.code == "setting.invalid"
    cleared = services.preferences.reset("history.kept")
    assert services.preferences.get("history.kept") == 20
    cleared.result(_SECONDS)
    assert services.preferences.get("history.kept") == 20
    for call in (services.preferences.get, services.preferences.reset):
        with pytest.raises(Bug):
            call("not.declared")


def test_a_stored_setting_that_fits_no_more_counts_as_not_set(services: Services) -> None:
    from insomnia_desktop.store.commands.settings import SetSetting

    services.store.submit(SetSetting("appearance.theme", "plaid"), origin=Origin("startup")).result(_SECONDS)
    assert services.preferences.get("appearance.theme") == "system"


def test_local_state_is_readable_at_once_and_can_be_removed(services: Services) -> None:
    assert services.preferences.local("window") is None
    written = services.preferences.set_local("window", {"x": [1, 2]})
    assert services.preferences.local("window") == {"x": [1, 2]}
    written.result(_SECONDS)
    assert services.preferences.local("window") == {"x": [1, 2]}
    removed = services.preferences.set_local("window", None)
    assert services.preferences.local("window") is None
    removed.result(_SECONDS)
    assert services.preferences.local("window") is None


def test_of_several_pending_values_the_newest_counts_until_its_write_ends() -> None:
    pending = PendingValues()
    first: Future[ChangeSet] = Future()
    second: Future[ChangeSet] = Future()
    pending.add("key", 1, first)
    pending.add("key", 2, second)
    done = ChangeSet(1, Origin("startup"), ())
    first.set_result(done)
    assert pending.get("key", "stored") == 2
    second.set_exception(KnownError("store.disk_full"))
    assert pending.get("key", "stored") == "stored"


def test_what_another_process_writes_is_told(services: Services, data_folder: DataFolder, workspace_id: str) -> None:
    services.external_changes()
    other = container.build(data_folder, SystemClock(), Origin("command_line"))
    request_id, created = other.documents.create_request(workspace_id, None, name="from elsewhere")
    created.result(_SECONDS)
    other.close()
    told = services.external_changes()
    assert told is not None
    assert told.origin.kind == "other_process"
    assert request_id in {change.id for change in told.changes}
    assert services.external_changes() is None


def test_environments_are_read_as_they_are_at_one_moment(services: Services, workspace_id: str) -> None:
    made: list[str] = []

    def writes(_statement: str) -> None:
        # Between any two reads, as the thread that writes may.
        name, created = services.environments.create(workspace_id, f"Number {len(made)}")
        created.result(_SECONDS)
        if made:
            services.documents.delete((made[-1],)).result(_SECONDS)
        made.append(name)

    connection = services.store.reader().connection
    for read in (services.environments.unreadable, services.environments.all):
        connection.set_trace_callback(writes)
        try:
            read(workspace_id)
        finally:
            connection.set_trace_callback(None)
    assert len(made) > 4
