"""Environments that stay on this device; about store.commands.environments, store.quarantine, store.queries.quarantine
and services.private_environments.
"""

from __future__ import annotations

import pytest

from insomnia_desktop.base.ids import new_id, singleton_id
from insomnia_desktop.model import Document
from insomnia_desktop.store.commands.bindings import Bind
from insomnia_desktop.store.commands.documents import CreateDocument, DeleteDocuments
from insomnia_desktop.store.commands.environments import MakePrivate, MakeShared
from insomnia_desktop.store.commands.undo import Redo, Undo
from insomnia_desktop.store.queries import documents, quarantine, sync
from tests.support.desk import Desk, refused
from tests.support.quarantine import Hold

GROUP = "A" * 22


@pytest.fixture
def environment_id(desk: Desk, workspace_id: str) -> str:
    """A sub-environment with a variable, in a synced workspace."""
    desk.run(Bind(workspace_id, "B" * 22, GROUP, "[]", bytes(16)))
    return create(desk, workspace_id)


def create(desk: Desk, workspace_id: str, **fields: object) -> str:
    """Make an environment and return its id."""
    created = Document(
        id=new_id("environment"),
        kind="environment",
        workspace_id=workspace_id,
        parent_id=workspace_id,
        sort_key="",
        fields={"name": "Staging", "variables": [{"id": "v1", "name": "token", "value": "secret"}], **fields},
    )
    desk.run(CreateDocument(created))
    return created.id


def dirty(desk: Desk, workspace_id: str) -> set[str]:
    """Return the ids on the wire, as hex digits, of what would be sent."""
    return {row.resource for row in sync.dirty(desk.store.reader(), GROUP, workspace_id)}


def test_a_private_environment_is_never_among_what_is_sent(desk: Desk, workspace_id: str, environment_id: str) -> None:
    private = create(desk, workspace_id, private=True)
    assert environment_id[4:] in dirty(desk, workspace_id)
    assert private[4:] not in dirty(desk, workspace_id)
    assert private not in sync.unsaved(desk.store.reader(), workspace_id)
    assert documents.private_environments(desk.store.reader(), workspace_id) == {private}
    desk.set(private, name="Edited")
    desk.run(DeleteDocuments((private,)))
    assert private[4:] not in dirty(desk, workspace_id)
    counts = sync.pending(desk.store.reader(), GROUP, workspace_id)
    assert (counts.live, counts.tombstones) == (len(dirty(desk, workspace_id)), 0)


def test_one_that_was_synced_becomes_private_as_a_copy(desk: Desk, workspace_id: str, environment_id: str) -> None:
    before = desk.state()
    copy_id = new_id("environment")
    desk.run(MakePrivate(environment_id, copy_id))
    copy = desk.get(copy_id)
    assert copy.fields["private"] is True
    assert copy.fields["variables"][0]["value"] == "secret"
    assert [row.id for row in documents.trash(desk.store.reader(), workspace_id)] == [environment_id]
    assert copy_id[4:] not in dirty(desk, workspace_id)
    assert environment_id[4:] in dirty(desk, workspace_id)
    after = desk.state()
    desk.run(Undo(workspace_id))
    assert desk.state() == before
    desk.run(Redo(workspace_id))
    assert desk.state() == after


def test_one_that_is_private_stays_so_and_can_be_shared(desk: Desk, workspace_id: str, environment_id: str) -> None:
    private = create(desk, workspace_id, private=True)
    assert desk.run(MakePrivate(private, new_id("environment"))).changes == ()
    desk.run(MakeShared(private))
    assert "private" not in desk.fields(private)
    assert private[4:] in dirty(desk, workspace_id)
    assert desk.run(MakeShared(private)).changes == ()
    # What is sent is not taken back by a mark: the step before is what undo takes back.
    desk.run(Undo(workspace_id))
    assert documents.private_environments(desk.store.reader(), workspace_id) == frozenset()


def test_what_cannot_be_private(desk: Desk, workspace_id: str, environment_id: str) -> None:
    base = singleton_id(desk.fields(workspace_id)["seed"], "base_environment")
    with refused("environment.base_is_synced"):
        desk.run(MakePrivate(base, new_id("environment")))
    with refused("document.not_found"):
        desk.run(MakePrivate(new_id("environment"), new_id("environment")))
    with refused("document.other_kind"):
        desk.run(MakePrivate(environment_id, new_id("request")))
    with refused("document.other_kind"):
        desk.run(MakePrivate(desk.request(workspace_id), new_id("environment")))
    with refused("document.other_kind"):
        desk.run(MakeShared(workspace_id))
    with refused("document.exists"):
        desk.run(MakePrivate(environment_id, base))


def test_what_is_in_quarantine_stays_as_it_is(desk: Desk, workspace_id: str, environment_id: str) -> None:
    reader = desk.store.reader()
    assert quarantine.environments(reader, workspace_id) == {}
    desk.run(Hold(environment_id, workspace_id, reason="undecryptable"))
    desk.run(Hold(desk.request(workspace_id), workspace_id))
    assert quarantine.environments(reader, workspace_id) == {environment_id: "undecryptable"}
    assert quarantine.environments(reader, desk.workspace("Other")) == {}
    before = desk.state()
    with refused("document.quarantined"):
        desk.run(MakePrivate(environment_id, new_id("environment")))
    assert desk.state() == before
    desk.run(Hold(environment_id, workspace_id, reason=""))
    desk.run(MakePrivate(environment_id, new_id("environment")))
    desk.run(Hold(environment_id, workspace_id))
    assert quarantine.environments(reader, workspace_id) == {}
