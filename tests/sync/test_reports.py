"""What is kept and told of rounds: the report of a whole one, and of one that sent the edits of one workspace.

Also services.asked_groups.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from insomnia_desktop.cli.sync_words import status_words
from insomnia_desktop.services.sync_views import BackupReport, SyncState
from insomnia_desktop.store import Origin
from insomnia_desktop.store.commands.sync import FinishRound
from insomnia_desktop.sync import pacing
from tests.support.sync_programs import PASSWORD, Program
from tests.support.sync_server import RunningServer

Start = Callable[[], Program]


def test_a_round_for_edits_claims_nothing_new_of_other_workspaces(
    start: Start, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "DEBOUNCE", 0.1)
    program = start()
    shop = program.desk.workspace("Shop")
    program.desk.workspace("Blog")
    program.create_account(server.address)
    assert program.wait(program.syncing.sync_once()).verified
    program.syncing.start()
    # Once more is asked as the stream of hints begins.
    program.until(lambda: any(row.path == "/v1/events" for row in program.syncing.connection_log()))
    whole = program.wait(program.syncing.backup_now())
    told = program.syncing.last_backup()
    # What the person is told and what is kept have the time of the round; a hint may have made one more since.
    assert told is not None
    assert whole.at <= told.at
    for number in range(10):
        program.desk.request(shop, f"Typed {number}")
        program.until(lambda: program.syncing.status().state == SyncState.UP_TO_DATE)
        partial = program.syncing.last_backup()
        if partial is not None and partial.is_partial:
            break
    assert partial is not None
    assert whole.at <= partial.checked_at < partial.at
    assert partial.items > whole.items
    assert status_words(program.syncing.status())[-1].startswith("Every workspace was compared with the server at ")
    again = program.wait(program.syncing.backup_now())
    assert not again.is_partial
    kept = program.syncing.last_backup()
    assert kept is not None
    assert not kept.is_partial
    assert kept.at >= partial.at


def test_a_report_of_an_earlier_version_is_read(start: Start, server: RunningServer) -> None:
    program = start()
    program.create_account(server.address)
    account = program.services.accounts.status().account_id
    old = '{"at":1772366400000,"items":3,"verified":true,"workspaces":1,"checks":[{"code":"at_head","ok":true}]}'
    program.wait(program.services.store.submit(FinishRound(account, (), old), origin=Origin("window")))
    report = program.syncing.last_backup()
    assert isinstance(report, BackupReport)
    assert (report.at, report.items, report.is_partial) == (1772366400000, 3, False)


def test_who_signs_in_to_another_account_sees_no_report_of_the_one_before(start: Start, server: RunningServer) -> None:
    program = start()
    program.desk.workspace("Shop")
    program.create_account(server.address)
    assert program.wait(program.syncing.sync_once()).verified
    assert program.syncing.status().last_backup is not None
    program.wait(program.services.accounts.delete(password=PASSWORD))
    program.create_account(server.address)
    assert program.syncing.status().last_backup is None
