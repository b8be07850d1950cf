"""insomnia_desktop.services.storage, repair, importing and application: limits of the folder, ways out, and the end."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services import repair
from insomnia_desktop.services.application import Services
from insomnia_desktop.store import Store, backup
from insomnia_desktop.store.changes import Origin

_SECONDS = 20


def test_tidying_removes_forgotten_bodies_and_leaves_fresh_ones(services: Services, data_folder: DataFolder) -> None:
    old = data_folder.responses / ("res_" + "0" * 32 + ".body")
    fresh = data_folder.responses / ("res_" + "1" * 32 + ".body")
    for path in (old, fresh):
        path.write_bytes(b"12345")
    yesterday = time.time() - 90_000
    os.utime(old, (yesterday, yesterday))
    assert services.storage.bodies_size() == 10
    services.storage.tidy().result(_SECONDS)
    assert not old.exists()
    assert fresh.exists()


def test_only_old_trash_is_purged(services: Services, workspace_id: str) -> None:
    request_id, created = services.documents.create_request(workspace_id, None)
    created.result(_SECONDS)
    services.documents.delete([request_id]).result(_SECONDS)
    services.storage.purge_trash().result(_SECONDS)
    assert [row.id for row in services.documents.trash(workspace_id)] == [request_id]
    assert services.storage.problem is None


def test_closing_leaves_no_thread_and_a_second_close_is_harmless(data_folder: DataFolder) -> None:
    before = set(threading.enumerate())
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    services.workspaces.ensure_one()
    services.close()
    services.close()
    assert set(threading.enumerate()) <= before


def test_a_pasted_command_is_read(services: Services) -> None:
    pasted = services.importing.pasted_request("curl -X PUT https://example.com")
    assert pasted is not None
    assert pasted.fields["method"] == "PUT"
    assert services.importing.pasted_request("https://example.com") is None


def test_a_corrupt_store_offers_its_backup_and_salvage_and_both_make_it_open(data_folder: DataFolder) -> None:
    clock = SystemClock()
    services = container.build(data_folder, clock, Origin("window", 1))
    services.workspaces.create("Kept")[1].result(_SECONDS)
    assert backup.make(services.store.reader().connection, data_folder, "daily", clock=clock) is not None
    services.close()
    _damage(data_folder.store_file)
    with pytest.raises(KnownError) as caught:
        container.build(data_folder, clock, Origin("window", 1))
    assert caught.value.code == "store.corrupt"
    offers = repair.offers(caught.value, data_folder)
    assert [name.partition(":")[0] for name, _ in offers] == ["restore", "salvage"]
    assert offers[0][1].startswith("Restore the backup of ")
    repair.carry_out(offers[0][0], data_folder, clock)
    services = container.build(data_folder, clock, Origin("window", 1))
    assert [row.name for row in services.workspaces.all()] == ["Kept"]
    services.close()
    assert list(data_folder.root.glob("store.broken-*.sqlite"))


def test_salvage_keeps_what_can_be_read(data_folder: DataFolder) -> None:
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    workspace_id = services.workspaces.ensure_one()
    for number in range(200):
        services.documents.create_request(workspace_id, None, name=f"request {number}")[1].result(_SECONDS)
    services.close()
    with data_folder.store_file.open("r+b") as file:
        file.seek(data_folder.store_file.stat().st_size // 2)
        file.write(b"\xff" * 6000)
    repair.carry_out("salvage", data_folder, SystemClock())
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    kept = [row.name for workspace in services.workspaces.all() for row in services.documents.tree(workspace.id)]
    assert len(kept) > 50
    services.close()


def test_other_errors_offer_another_try_or_nothing(data_folder: DataFolder) -> None:
    assert repair.offers(KnownError("store.busy"), data_folder) == [("again", "Try again")]
    assert repair.offers(KnownError("store.newer_version"), data_folder) == []
    repair.carry_out("again", data_folder, SystemClock())
    with pytest.raises(Bug):
        repair.carry_out("pray", data_folder, SystemClock())
    with pytest.raises(KnownError) as caught:
        repair.carry_out("restore:store-20260101T000000000Z-daily-v1.sqlite", data_folder, SystemClock())
    assert caught.value.code == "store.backup_missing"


def test_the_moment_of_a_backup_is_told_in_words() -> None:
    assert repair.moment_of("store-20260905T081500123Z-daily-v1.sqlite") == "5 September 2026, 08:15"


def test_a_start_that_fails_leaves_nothing_running(data_folder: DataFolder) -> None:
    data_folder.store_file.write_bytes(b"This is no database, but a letter to a friend." * 100)
    before = set(threading.enumerate())
    with pytest.raises(KnownError) as caught:
        container.build(data_folder, SystemClock(), Origin("window", 1))
    assert caught.value.code == "store.not_a_store"
    assert set(threading.enumerate()) <= before


def _damage(path: Path) -> None:
    """Write noise over the first pages, as a failing disk does."""
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 6000)


def test_the_store_of_the_services_is_the_one_that_was_opened(services: Services) -> None:
    assert isinstance(services.store, Store)


def test_a_copy_of_all_documents_can_be_kept(services: Services, workspace_id: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    assert services.storage.save_copy(target).result(_SECONDS) == target
    assert target.stat().st_size > 0
