"""Workspaces: make, rename, duplicate, delete, and which one was used last."""

from __future__ import annotations

from concurrent.futures import Future

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_id, new_seed
from insomnia_desktop.model import Document, Edit, TreeRow, Workspace, fields_of, patch_between, view_as
from insomnia_desktop.model.patch import ABSENT
from insomnia_desktop.model.sort_key import between, is_sort_key
from insomnia_desktop.services.documents import existing
from insomnia_desktop.services.local_state import LocalState
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.store.commands.documents import (
    CreateWorkspace,
    DeleteDocuments,
    DuplicateDocument,
    PatchDocument,
    RestoreDocuments,
)
from insomnia_desktop.store.queries import documents as queries
from insomnia_desktop.store.queries.documents import TrashRow

FIRST_NAME = "My workspace"
_LAST_USED = "last_workspace"


class Workspaces:
    """What a person can do with workspaces as a whole.

    Threads: any; reads are quick, writes return the future of their commit.
    """

    def __init__(self, access: StoreAccess, local: LocalState) -> None:
        self._access = access
        self._local = local

    def ensure_one(self) -> str:
        """Return the id of the first workspace; a fresh store gets `My workspace`, and this waits for its commit."""
        if not self.all():
            self._access.submit(CreateWorkspace(self._new(FIRST_NAME, None), only_first=True)).result()
        rows = self.all()
        if not rows:
            # One was found and none is listed: an index and its table disagree.
            raise KnownError("store.corrupt")
        return rows[0].id

    def all(self) -> list[TreeRow]:
        """Return the live workspaces in their order."""
        return queries.workspaces(self._access.reader())

    def create(self, name: str) -> tuple[str, Future[ChangeSet]]:
        """Make a workspace with its base environment and cookie jar, behind the others."""
        rows = self.all()
        document = self._new(name, rows[-1].sort_key if rows else None)
        return document.id, self._access.submit(CreateWorkspace(document))

    def rename(self, workspace_id: str, name: str) -> Future[ChangeSet]:
        """Give a workspace another name; raises KnownError `document.not_found`."""
        before = view_as(existing(self._access.reader(), workspace_id), Workspace)
        after = msgspec.structs.replace(before, name=name)
        return self._access.submit(PatchDocument(workspace_id, patch_between(before, after)))

    def set_sync_cookies(self, workspace_id: str, wanted: bool) -> Future[ChangeSet]:
        """Let the cookies of a workspace be synced too, or stay on this device; that counts for all its devices.

        Raises KnownError `document.not_found`.
        """
        edit = Edit(("sync_cookies",), True if wanted else ABSENT)
        return self._access.submit(PatchDocument(workspace_id, (edit,)))

    def duplicate(self, workspace_id: str) -> tuple[str, Future[ChangeSet]]:
        """Copy a workspace with everything in it; return the id of the copy."""
        copy_id = new_id("workspace")
        return copy_id, self._access.submit(DuplicateDocument(workspace_id, new_id=copy_id))

    def delete(self, workspace_id: str) -> Future[ChangeSet]:
        """Move a workspace to the trash."""
        return self._access.submit(DeleteDocuments((workspace_id,)))

    def restore(self, workspace_id: str) -> Future[ChangeSet]:
        """Take a workspace back out of the trash."""
        return self._access.submit(RestoreDocuments((workspace_id,)))

    def trash(self) -> list[TrashRow]:
        """Return the deleted workspaces, newest first."""
        return queries.trash(self._access.reader(), None)

    def last_used(self) -> str:
        """Return the id of the live workspace used last, else of the first one, else of one made now."""
        remembered = self._local.get(_LAST_USED)
        rows = self.all()
        if any(row.id == remembered for row in rows):
            return str(remembered)
        return rows[0].id if rows else self.ensure_one()

    def use(self, workspace_id: str) -> Future[ChangeSet]:
        """Remember on this device that a workspace was used last."""
        return self._local.set(_LAST_USED, workspace_id)

    def _new(self, name: str, last_key: str | None) -> Document:
        workspace_id = new_id("workspace")
        # A key that another program wrote may be none; the new workspace then stands somewhere, and is there.
        known_key = last_key if last_key is not None and is_sort_key(last_key) else None
        view = Workspace(id=workspace_id, sort_key=between(known_key, None), name=name, seed=new_seed())
        now = self._access.clock.now_ms()
        return Document(
            id=workspace_id,
            kind="workspace",
            workspace_id=workspace_id,
            parent_id=None,
            sort_key=view.sort_key,
            fields=fields_of(view),
            created=now,
            modified=now,
        )
