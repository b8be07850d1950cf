"""A workspace at the server that does not open here is told as what it is, by all who tell how sync stands.

About services.sync_reports, syncing and cli.sync_words; sync.bindings asks for it again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import pytest

from insomnia_desktop.cli.sync_words import attention_words, report_words, status_words
from insomnia_desktop.services.sync_views import AttentionItem, BackupReport, SyncState
from tests.support.sync_programs import Program
from tests.support.sync_server import RunningServer

Start = Callable[[], Program]
SENTENCE = "One workspace at the server does not open here"
HINT = "On a device that has it, remove it from the server and sync it again."


@dataclass
class Spoilt:
    """Two programs that have one workspace; of a second one of the first the server has spoilt the key."""

    first: Program
    second: Program
    shop: str
    blog: str
    server: RunningServer
    wraps: list[tuple[bytes, bytes]]

    def exchange(self, wraps: list[tuple[bytes, bytes]]) -> None:
        """Put other wraps in the place of those that the server has; no head moves by it."""
        with closing(sqlite3.connect(self.server.config.database)) as connection, connection:
            connection.executemany("UPDATE wraps SET wrap = ? WHERE group_id = ?", wraps)

    def items(self) -> int:
        """Return how many items the second program has of the server."""
        return sum(each.items for each in self.second.syncing.workspaces())


@pytest.fixture
def spoilt(start: Start, server: RunningServer) -> Spoilt:
    first, second = start(), start()
    shop = first.desk.workspace("Shop")
    first.create_account(server.address)
    second.sign_in(server.address)
    for program in (first, second):
        assert program.wait(program.syncing.sync_once()).verified
    with closing(sqlite3.connect(server.config.database)) as connection:
        known = connection.execute("SELECT group_id FROM wraps").fetchall()
        blog = first.desk.workspace("Blog")
        assert first.wait(first.syncing.sync_once()).verified
        wraps = [row for row in connection.execute("SELECT wrap, group_id FROM wraps") if row[1:] not in known]
    made = Spoilt(first, second, shop, blog, server, wraps)
    made.exchange([(bytes(61), group) for _, group in wraps])
    return made


def codes(report: BackupReport) -> dict[str, bool]:
    """Return the checks of a report, and whether each was in order."""
    return {check.code: check.ok for check in report.checks}


def test_a_backup_says_that_all_is_verified_but_what_does_not_open(spoilt: Spoilt) -> None:
    second = spoilt.second
    report = second.wait(second.syncing.backup_now())
    assert (report.verified, report.rest_verified, report.unopened) == (False, True, 1)
    assert report.items == spoilt.items() > 0
    # Nothing says that nothing is missing here.
    assert codes(report) == {"stored": True, "opened": False, "digest": True, "not_older": True}
    status = second.syncing.status()
    assert (status.state, status.verified, status.problem) == (SyncState.NEEDS_ATTENTION, False, "")
    assert status.attention == (AttentionItem("unopened", count=1),)
    assert status_words(status)[-1].endswith(f"{report.items} items, verified; {SENTENCE[:1].lower()}{SENTENCE[1:]}.")
    assert attention_words(status.attention[0], "") == f"{SENTENCE}. {HINT}"
    said = second.wait(second.syncing.sync_once())
    assert (said.verified, said.rest_verified, said.unopened) == (False, True, 1)
    assert report_words(said).endswith(f" at the server, verified; o{SENTENCE[1:]}. {HINT}")
    # A program that has not asked yet tells what is stored.
    second.close()
    second.open()
    assert second.syncing.status().state == SyncState.NEEDS_ATTENTION
    assert [item.code for item in second.syncing.status().attention] == ["unopened"]


def test_what_is_found_out_in_the_background_is_stored_for_other_programs(spoilt: Spoilt) -> None:
    second = spoilt.second
    stored = second.syncing.last_backup()
    assert stored is not None
    assert stored.verified
    second.syncing.start()
    second.until(lambda: second.syncing.status().state == SyncState.NEEDS_ATTENTION)
    second.until(lambda: (stored := second.syncing.last_backup()) is not None and stored.unopened == 1)


def test_a_backup_tries_again_although_no_head_has_moved(spoilt: Spoilt) -> None:
    second = spoilt.second
    assert second.wait(second.syncing.backup_now()).unopened == 1
    spoilt.exchange(spoilt.wraps)
    report = second.wait(second.syncing.backup_now())
    assert report.verified
    assert codes(report)["at_head"]
    assert second.workspace_named("Blog") == spoilt.blog
    assert second.syncing.status().state == SyncState.UP_TO_DATE


def test_what_is_said_to_be_tried_helps(spoilt: Spoilt) -> None:
    first, second = spoilt.first, spoilt.second
    assert second.wait(second.syncing.backup_now()).unopened == 1
    first.wait(first.syncing.remove_from_server(spoilt.blog))
    first.wait(first.syncing.set_mode(spoilt.blog, "on"))
    assert first.wait(first.syncing.sync_once()).verified
    assert second.wait(second.syncing.backup_now()).verified
    assert second.workspace_named("Blog") == spoilt.blog
    assert second.syncing.status().attention == ()
