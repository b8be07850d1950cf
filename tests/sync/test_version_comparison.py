"""A version beside the current one and beside the one before it: services.version_comparison and history_views.

The space that the server counts for the versions is asked for here too: services.sync_history, transport.resource_api.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop.protocol.limits import ACCOUNT_QUOTA
from insomnia_desktop.services.history_views import Against, VersionView
from insomnia_desktop.store.commands.documents import DeleteDocuments, MoveDocuments
from tests.support.clock import FixedClock
from tests.support.sync_programs import Program, programs, quick_derivation
from tests.support.sync_server import sync_server


class Compared:
    """A synced workspace with a request of four versions, the last of which only moved it."""

    def __init__(self, program: Program, clock: FixedClock) -> None:
        self.program, self.clock = program, clock
        self.desk, self.syncing = program.desk, program.syncing
        self.workspace = self.desk.workspace("Shop")
        self.folder = self.desk.folder(self.workspace, "Orders")
        self.request = self.desk.request(self.workspace, "Create", url="https://example.com/1")
        self.sync()
        self.edit(2, 3)
        self.desk.run(MoveDocuments((self.request,), self.folder, None))
        self.sync()

    def sync(self) -> None:
        """Run a round, and let a second pass."""
        assert self.program.wait(self.syncing.sync_once()).verified
        self.clock.advance(1000)

    def edit(self, *numbers: int) -> None:
        """Give the request addresses with these numbers, and send each."""
        for number in numbers:
            self.desk.set(self.request, url=f"https://example.com/{number}")
            self.sync()

    def kept(self) -> list[int]:
        """Return the versions of which the server has the text."""
        return [row.version for row in self.program.wait(self.syncing.history(self.request)) if row.kept]

    def version(self, number: int, against: Against) -> VersionView:
        """Return a version beside something."""
        return self.program.wait(self.syncing.version(self.request, number, against))


@pytest.fixture
def compared(tmp_path: Path) -> Iterator[Compared]:
    clock = FixedClock()
    with (
        quick_derivation(),
        sync_server(tmp_path / "server.sqlite", clock) as server,
        programs(tmp_path, clock) as start,
    ):
        program = start()
        program.create_account(server.address)
        yield Compared(program, clock)


def addresses(view: VersionView) -> list[tuple[str, str]]:
    assert all(each.path == ("url",) for each in view.differences)
    return [(each.before.text[-1:], each.after.text[-1:]) for each in view.differences]


def test_what_went_and_what_came_depends_on_what_a_version_is_compared_with(compared: Compared) -> None:
    with_current = compared.version(2, "current")
    # What the current one has, came.
    assert addresses(with_current) == [("2", "3")]
    assert (with_current.against, with_current.previous, with_current.missing) == ("current", None, "")
    assert with_current.moved
    with_previous = compared.version(2, "previous")
    # What the version has, came.
    assert addresses(with_previous) == [("1", "2")]
    assert with_previous.against == "previous"
    assert with_previous.previous is not None
    assert with_previous.previous.version == 1
    assert not with_previous.moved
    assert with_current.fields == with_previous.fields


def test_the_space_told_is_that_of_every_version_which_the_server_keeps(compared: Compared) -> None:
    def all_sizes() -> int:
        newest = compared.program.wait(compared.syncing.server_rows(compared.workspace))
        older = compared.program.wait(compared.syncing.history(compared.request))[1:]
        return sum(row.size for row in newest) + sum(row.size for row in older if row.kept)

    told = compared.program.wait(compared.syncing.space())
    assert told.used == all_sizes()
    assert told.quota == ACCOUNT_QUOTA
    compared.edit(4)
    later = compared.program.wait(compared.syncing.space())
    assert later.used == all_sizes() > told.used


def test_a_version_that_only_moved_the_document_says_so(compared: Compared) -> None:
    moved = compared.version(4, "previous")
    assert (moved.differences, moved.moved, moved.missing) == ((), True, "")
    current = compared.version(4, "current")
    assert (current.differences, current.moved) == ((), False)


def test_before_the_first_version_there_was_nothing(compared: Compared) -> None:
    first = compared.version(1, "previous")
    assert (first.missing, first.differences, first.previous) == ("first", (), None)


def test_of_something_deleted_there_is_no_current_one_but_the_version_before(compared: Compared) -> None:
    compared.desk.run(DeleteDocuments((compared.request,)))
    assert compared.version(3, "current").missing == "deleted"
    assert addresses(compared.version(3, "previous")) == [("2", "3")]


def test_what_the_server_keeps_no_more_is_passed_over_and_named(
    compared: Compared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insomnia_desktop.server.domain.history.KEPT_NEWEST", 2)
    compared.request = compared.desk.request(compared.workspace, "Busy", url="https://example.com/1")
    compared.sync()
    compared.edit(2, 3, 4)
    assert compared.kept() == [4, 3]
    assert compared.version(3, "previous").missing == "gone"
    # The last one of a day is kept.
    compared.clock.advance(86_400_000)
    compared.edit(5, 6, 7)
    assert compared.kept() == [7, 6, 4]
    view = compared.version(6, "previous")
    assert view.previous is not None
    assert view.previous.version == 4
    assert addresses(view) == [("4", "6")]


def test_a_version_before_that_does_not_open_is_no_reason_to_show_nothing(
    compared: Compared, monkeypatch: pytest.MonkeyPatch
) -> None:
    from insomnia_desktop.sync import history

    async def closed(*_args: object) -> None:
        return None

    monkeypatch.setattr(history.History, "open_or_none", closed)
    view = compared.version(3, "previous")
    assert view.missing == "unreadable"
    assert view.previous is not None
    assert view.previous.version == 2
    assert view.fields["url"] == "https://example.com/3"
