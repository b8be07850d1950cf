"""Histories and pages that lead nowhere end where that makes no sense any more: sync.history and sync.whole_group."""

from __future__ import annotations

from typing import Any

import pytest

from insomnia_desktop.base.ids import to_wire
from insomnia_desktop.protocol.limits import NUMBER_MAX
from insomnia_desktop.store.queries import sync
from insomnia_desktop.sync.bindings import read_wraps
from insomnia_desktop.sync.endings import MakesNoSense
from insomnia_desktop.sync.history import History
from tests.support.desk import refused
from tests.support.sync_devices import SyncDevice, SyncPlace
from tests.support.tampering import lying
from tests.support.tampering_answers import refusing
from tests.support.tampering_pages import blob, endless, flipped


@pytest.fixture
def kept(place: SyncPlace) -> tuple[SyncPlace, SyncDevice, History, str]:
    """A device, the history of its workspace, and a resource of two versions on the wire."""
    first = place.device()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "List")
    first.sync()
    first.desk.set(request, name="Changed")
    first.sync()
    (binding,) = sync.bindings(first.store.reader())
    assert binding.group_id is not None
    keys = first.session.keys_of(binding.group_id, workspace, read_wraps(binding.wraps))
    assert keys is not None
    return place, first, History(first.session, binding.group_id, keys), to_wire(request)


def test_what_the_server_holds_is_asked_for_no_longer_than_that_makes_sense(
    kept: tuple[SyncPlace, SyncDevice, History, str],
) -> None:
    place, device, history, _ = kept
    assert len(place.server.run(history.rows())) == 3
    for change in (endless(1), endless(0), endless(60)):
        lying(device, change, "changes")
        with pytest.raises(MakesNoSense):
            place.server.run(history.rows())
    # A row that does not open is shown as what it is.
    lying(device, blob(flipped(-1)), "changes")
    assert {each.content for each in place.server.run(history.rows())} == {"undecryptable"}
    lying(device, refusing(404, "not_found"), "changes")
    with refused("sync.not_synced"):
        place.server.run(history.rows())


def test_a_list_of_versions_that_does_not_go_down_is_none(
    kept: tuple[SyncPlace, SyncDevice, History, str],
) -> None:
    place, device, history, resource = kept

    def later(answer: Any, _: Any) -> None:
        for each in answer.told["revisions"]:
            each.update(at=NUMBER_MAX, version=each["version"] + 1_000_000)

    lying(device, later, "revisions")
    with pytest.raises(MakesNoSense):
        place.server.run(history.versions(resource, before=3))
    with pytest.raises(MakesNoSense):
        place.server.run(history.as_of(resource, at=1))
    lying(device, lambda answer, _: answer.told.update(revisions=answer.told["revisions"] * 2), "revisions")
    with pytest.raises(MakesNoSense):
        place.server.run(history.versions(resource))


def test_a_server_that_is_busy_for_ever_is_not_asked_for_ever(
    kept: tuple[SyncPlace, SyncDevice, History, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, device, history, resource = kept
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("insomnia_desktop.sync.history.asyncio.sleep", sleep)
    lying(device, refusing(429, "rate_limited", **{"retry-after": "7"}), "revisions")
    with refused("sync.server_busy"):
        place.server.run(history.as_of(resource, at=1))
    assert waited == [7.0] * len(waited)
    assert 0 < len(waited) < 20
