"""Edits of a document's fields, and taking them back."""

from __future__ import annotations

from concurrent.futures import Future

from insomnia_desktop.model import Patch
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.services.undo_words import undo_words
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.commands.documents import PatchDocument
from insomnia_desktop.store.commands.undo import Redo, Undo
from insomnia_desktop.store.queries import undo as queries
from insomnia_desktop.store.queries.undo import UndoState


class Editing:
    """Patches and undo, for documents of every kind.

    Threads: any; writes return the future of their commit.
    """

    def __init__(self, access: StoreAccess) -> None:
        self._access = access

    def patch(
        self, document_id: str, patch: Patch, *, coalesce: str = "", token: int = 0, typed_before: bool = False
    ) -> Future[ChangeSet]:
        """Apply edits to a document.

        Edits with the same `coalesce` (not empty) in a row are one step of undo. `token` comes back in the origin
        of the ChangeSet, so that an editor knows its own edits. What is in quarantine is not edited, but what was typed
        before that was known (`typed_before`) is kept. The future raises KnownError `document.not_found`,
        `document.quarantined`.
        """
        origin = Origin(self._access.origin.kind, token)
        return self._access.submit(
            PatchDocument(document_id, patch, coalesce=coalesce, typed_before=typed_before), origin=origin
        )

    def undo(self, workspace_id: str) -> Future[ChangeSet]:
        """Take back the newest edit of a workspace; the ChangeSet is empty where there is none.

        The future raises KnownError `document.quarantined` where that would change what is in quarantine.
        """
        return self._access.submit(Undo(workspace_id), origin=Origin("undo"))

    def undo_only(self, workspace_id: str, number: int) -> Future[ChangeSet]:
        """Take back the edit that the ChangeSet with this number brought, if it is still the newest of a workspace.

        The ChangeSet is empty where another edit came after it.
        """
        return self._access.submit(Undo(workspace_id, only=number), origin=Origin("undo"))

    def redo(self, workspace_id: str) -> Future[ChangeSet]:
        """Do again what was taken back last; the ChangeSet is empty where there is nothing."""
        return self._access.submit(Redo(workspace_id), origin=Origin("undo"))

    def undo_state(self, workspace_id: str) -> UndoState:
        """Return what undo and redo would take back or do again now."""
        return queries.undo_state(self._access.reader(), workspace_id)

    def undo_words(self, workspace_id: str) -> str:
        """Return in words what undo would take back now, empty for nothing."""
        label = self.undo_state(workspace_id).undo_label
        return undo_words(label) if label is not None else ""

    def redo_words(self, workspace_id: str) -> str:
        """Return in words what redo would do again now, empty for nothing."""
        label = self.undo_state(workspace_id).redo_label
        return undo_words(label) if label is not None else ""
