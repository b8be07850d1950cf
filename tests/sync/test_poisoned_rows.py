"""A row that cannot be opened, and the good one after it, on whole devices; about sync.pulled_row and group_pull.

Why it is decided so, and what no server may get by it, is in tests/unit/sync/test_poisoned_row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from insomnia_desktop.base.ids import to_wire
from insomnia_desktop.protocol.binary import decode, encode
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.queries import sync
from tests.support.sync_devices import SyncDevice, SyncPlace
from tests.support.tampering import Answer, lying
from tests.support.tampering_pages import flipped

URL = "https://example.com/newer"


class Poisoned:
    """Two devices with the same request; the first is honest, the second has a server that spoils its rows."""

    def __init__(self, place: SyncPlace) -> None:
        self.first, self.second = place.device(), place.device()
        self.workspace = self.first.desk.workspace("Shop")
        self.request = self.first.desk.request(self.workspace, "List", url="https://example.com")
        assert self.first.sync().verified
        assert self.second.sync().verified

    def spoil(self, **claims: Any) -> None:
        """Let every row of the request arrive with other bytes and other claims."""

        def change(answer: Answer, _: Sequence[Answer]) -> None:
            for row in answer.rows:
                if row["id"] == to_wire(self.request):
                    row |= {"blob": encode(flipped(-1)(decode(row["blob"]))), **claims}

        lying(self.second, change, "changes", "push")

    def told(self) -> set[str]:
        """Return what the person at the second device was told."""
        return {each.code for each in sync.notices(self.second.store.reader(), self.second.session.account)}

    def conflicts(self) -> list[str | None]:
        """Return their sides of the conflicts on the second device."""
        return [each.theirs for each in sync.conflicts(self.second.store.reader())]

    def is_held(self, device: SyncDevice) -> bool:
        """Say whether anything is in quarantine on a device."""
        (binding,) = sync.bindings(device.store.reader())
        return bool(sync.held(device.store.reader(), binding.group_id or ""))


@pytest.fixture
def poisoned(place: SyncPlace) -> Poisoned:
    return Poisoned(place)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"version": 1},
        {"version": 40, "deleted": True},
        pytest.param({"deleted": True}, marks=pytest.mark.slow),
        pytest.param({"version": 40}, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_the_version_after_it_is_an_ordinary_newer_one(poisoned: Poisoned, claims: dict[str, Any]) -> None:
    first, second, request = poisoned.first, poisoned.second, poisoned.request
    first.desk.set(request, name="Changed")
    first.sync()
    poisoned.spoil(**claims)
    assert not second.sync().verified
    assert poisoned.is_held(second)
    first.desk.set(request, url=URL)
    first.sync()
    second.wire.carry = None
    outcome = second.sync(recompute=True)
    assert outcome.verified
    assert not poisoned.is_held(second)
    # It took what came, and has nothing of its own to say to it: no old value, and no deletion.
    assert outcome.tally.pushed == 0
    assert first.sync().tally.pulled == 0
    fields = second.desk.fields(request)
    assert (fields["name"], fields["url"]) == ("Changed", URL)
    assert poisoned.conflicts() == []
    # Only who showed a version and then a lower one has gone back in time.
    assert poisoned.told() == ({"server_went_back"} if "version" in claims else set())


def test_a_tombstone_that_was_spoilt_on_its_way_is_asked_for_anew(poisoned: Poisoned) -> None:
    first, second, request = poisoned.first, poisoned.second, poisoned.request
    first.desk.run(DeleteDocuments((request,)))
    assert first.sync().verified
    poisoned.spoil()
    # The digest has nothing of what is deleted.
    second.sync()
    assert poisoned.is_held(second)
    assert second.desk.names(poisoned.workspace) == ["List"]
    # As long as it comes spoilt, nothing is taken of it.
    second.sync(recompute=True)
    assert poisoned.is_held(second)
    second.wire.carry = None
    assert second.sync(recompute=True).verified
    assert not poisoned.is_held(second)
    assert second.desk.names(poisoned.workspace) == []
    assert poisoned.conflicts() == []
    assert first.sync(recompute=True).verified


def test_an_edit_of_ours_is_merged_with_what_was_last_agreed_on(poisoned: Poisoned) -> None:
    first, second, request = poisoned.first, poisoned.second, poisoned.request
    first.desk.set(request, name="Changed")
    first.sync()
    poisoned.spoil()
    second.sync()
    second.desk.set(request, typed_before=True, description="mine")
    assert second.sync().tally.pushed == 0
    first.desk.set(request, url=URL)
    first.sync()
    second.wire.carry = None
    assert second.sync(recompute=True).verified
    assert first.sync(recompute=True).verified
    assert first.desk.fields(request) == second.desk.fields(request)
    assert {"name": "Changed", "url": URL, "description": "mine"}.items() <= second.desk.fields(request).items()
    assert (poisoned.conflicts(), poisoned.told()) == ([], set())


@pytest.mark.parametrize("lies", [False, True])
def test_it_spares_no_server_the_question_about_what_we_pushed(poisoned: Poisoned, lies: bool) -> None:
    first, second, request = poisoned.first, poisoned.second, poisoned.request
    second.desk.set(request, name="Pushed here")
    second.sync()
    first.sync()
    first.desk.set(request, url="https://example.com/3")
    first.sync()
    poisoned.spoil()
    second.sync()
    first.desk.set(request, url=URL)
    first.sync()
    asked: set[str] = set()

    def no_versions(answer: Answer, _: Sequence[Answer]) -> None:
        asked.add(answer.query["before"])
        if lies:
            answer.told = {"revisions": [], "more": False}

    lying(second, no_versions, "revisions")
    second.sync()
    # What was pushed was version 2, and that is asked about, not the third, which nobody wrote.
    assert asked == {"3"}
    assert second.desk.fields(request)["name"] == "Pushed here"
    assert poisoned.told() == ({"server_went_back"} if lies else set())
    assert poisoned.conflicts() == ([f'"{URL}"'] if lies else [])
