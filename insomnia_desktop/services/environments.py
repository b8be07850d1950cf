"""Environments: make, rename, colour, delete, which one is active, and what the variables mean then."""

from __future__ import annotations

from concurrent.futures import Future

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_id, sibling_order
from insomnia_desktop.model import Document, Environment, TreeRow, fields_of, patch_between, view_as
from insomnia_desktop.services.documents import existing, existing_row, singleton_of
from insomnia_desktop.services.local_state import LocalState
from insomnia_desktop.services.private_environments import PrivateEnvironments
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.store.commands.documents import (
    CreateDocument,
    DeleteDocuments,
    DuplicateDocument,
    PatchDocument,
)
from insomnia_desktop.store.queries import documents as queries
from insomnia_desktop.store.queries import quarantine
from insomnia_desktop.store.sync_rows import PRIVATE
from insomnia_desktop.templating import Scope, scope_of


class Environments:
    """What a person can do with the environments of a workspace; variables are edited by `Editing`.

    Threads: any; reads are quick, writes return the future of their commit.
    """

    def __init__(self, access: StoreAccess, local: LocalState) -> None:
        self._access = access
        self._local = local
        self.private = PrivateEnvironments(access, self.active, self.activate)

    def base_id(self, workspace_id: str) -> str:
        """Return the id of the base environment of a workspace.

        Raises KnownError `document.not_found`, `document.invalid`.
        """
        return singleton_of(self._access.reader(), workspace_id, "base_environment")

    def rows(self, workspace_id: str) -> list[TreeRow]:
        """Return what lists show of the environments of a workspace, the base environment first, then by their order.

        Those that cannot be read are among them.
        """
        base_id = self.base_id(workspace_id)
        rows = queries.environments(self._access.reader(), workspace_id)
        return sorted(rows, key=lambda each: (each.id != base_id, sibling_order(each.sort_key, each.id)))

    def all(self, workspace_id: str) -> list[Environment]:
        """Return the environments of a workspace in the order of `rows`, without sub-environments that cannot be read.

        Raises KnownError `document.invalid` where the base environment cannot be read.
        """
        return [each for each in self._read(workspace_id).values() if isinstance(each, Environment)]

    def unreadable(self, workspace_id: str) -> dict[str, KnownError]:
        """Return what is wrong with each sub-environment that `all` leaves out, by id."""
        return {name: each for name, each in self._read(workspace_id).items() if isinstance(each, KnownError)}

    def quarantined(self, workspace_id: str) -> dict[str, str]:
        """Return why environments are in quarantine, by id; they are shown as they were last read, and stay so.

        The reasons are those of `AttentionItem`: `undecryptable`, `malformed`, `newer_schema`, `type_changed`.
        """
        return quarantine.environments(self._access.reader(), workspace_id)

    def get(self, environment_id: str) -> Environment:
        """Return an environment; raises KnownError `document.not_found`, `document.invalid`."""
        return view_as(existing(self._access.reader(), environment_id), Environment)

    def create(
        self, workspace_id: str, name: str, color: str = "", *, private: bool = False
    ) -> tuple[str, Future[ChangeSet]]:
        """Make a sub-environment behind the others; `color` is `#rrggbb` or empty, a `private` one stays here."""
        environment_id = new_id("environment")
        environment = Environment(id=environment_id, parent_id=workspace_id, sort_key="", name=name, color=color)
        now = self._access.clock.now_ms()
        document = Document(
            id=environment_id,
            kind="environment",
            workspace_id=workspace_id,
            parent_id=workspace_id,
            sort_key=environment.sort_key,
            fields={**fields_of(environment), **({PRIVATE: True} if private else {})},
            created=now,
            modified=now,
        )
        return environment_id, self._access.submit(CreateDocument(document))

    def rename(self, environment_id: str, name: str) -> Future[ChangeSet]:
        """Give an environment another name; raises KnownError `document.not_found`."""
        before = self.get(environment_id)
        after = msgspec.structs.replace(before, name=name)
        return self._access.submit(PatchDocument(environment_id, patch_between(before, after)))

    def recolor(self, environment_id: str, color: str) -> Future[ChangeSet]:
        """Give an environment another colour, `#rrggbb` or empty; raises KnownError `document.not_found`."""
        before = self.get(environment_id)
        after = msgspec.structs.replace(before, color=color)
        return self._access.submit(PatchDocument(environment_id, patch_between(before, after)))

    def duplicate(self, environment_id: str) -> tuple[str, Future[ChangeSet]]:
        """Copy an environment as a sub-environment; return the id of the copy. The base one can be copied too."""
        existing_row(self._access.reader(), environment_id)
        copy_id = new_id("environment")
        return copy_id, self._access.submit(DuplicateDocument(environment_id, new_id=copy_id))

    def delete(self, environment_id: str) -> Future[ChangeSet]:
        """Move a sub-environment to the trash; raises KnownError `environment.base_stays`, `document.not_found`."""
        row = existing_row(self._access.reader(), environment_id)
        if environment_id == self.base_id(row.parent_id or ""):
            raise KnownError("environment.base_stays")
        return self._access.submit(DeleteDocuments((environment_id,)))

    def active(self, workspace_id: str) -> str | None:
        """Return the id of the sub-environment that is active on this device, or None."""
        environment_id = self._local.get(_active_key(workspace_id))
        if not isinstance(environment_id, str):
            return None
        row = queries.live_row(self._access.reader(), environment_id)
        return environment_id if row is not None and row.parent_id == workspace_id else None

    def activate(self, workspace_id: str, environment_id: str | None) -> Future[ChangeSet]:
        """Make a sub-environment the active one on this device, or none; `active` returns it from now on."""
        return self._local.set(_active_key(workspace_id), environment_id)

    def scope(self, workspace_id: str) -> Scope:
        """Return the variables that are valid now, with the active environment."""
        return self.scope_with(workspace_id, self.active(workspace_id))

    def scope_with(self, workspace_id: str, environment_id: str | None) -> Scope:
        """Return the variables that are valid with a sub-environment, or with the base environment alone (None)."""
        base_id = self.base_id(workspace_id)
        # A workspace whose base environment was lost has no variables of its own, and can still send.
        present = queries.live_row(self._access.reader(), base_id) is not None
        base = self.get(base_id) if present else Environment(id=base_id, parent_id=workspace_id, sort_key="")
        return scope_of(base, self.get(environment_id) if environment_id else None)

    def _read(self, workspace_id: str) -> dict[str, Environment | KnownError]:
        read: dict[str, Environment | KnownError] = {}
        # What is listed is there to be read, whatever is written meanwhile.
        with self._access.reader().snapshot():
            base_id = self.base_id(workspace_id)
            for row in self.rows(workspace_id):
                try:
                    read[row.id] = self.get(row.id)
                except KnownError as error:
                    if row.id == base_id or error.code != "document.invalid":
                        raise
                    read[row.id] = error
        return read


def _active_key(workspace_id: str) -> str:
    return f"active_environment:{workspace_id}"
