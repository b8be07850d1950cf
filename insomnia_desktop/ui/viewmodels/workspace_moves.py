"""Moving rows of the tree into another workspace, and the words for what that means for other devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.models.request_tree_model import RequestTreeModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

_LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class MoveTarget:
    """A workspace that rows can go to; `synced` says whether other devices have it."""

    id: str
    name: str
    synced: bool = False


class WorkspaceMoves(QObject):
    """Moves rows out of the active workspace; they go as they are now, drafts included.

    Signals:
        moved(text, undo): rows are in the other workspace; the text says which and what other devices get, the call
            takes it back.
        said(text): taking it back was not possible, and why.
    """

    moved = Signal(str, object)
    said = Signal(str)

    def __init__(
        self,
        session: UiSession,
        workspace: WorkspaceViewModel,
        model: RequestTreeModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._workspace = workspace
        self._model = model

    def is_possible(self) -> bool:
        """Say whether there is another workspace; quick."""
        return len(self._session.services.workspaces.all()) > 1

    def source_is_synced(self) -> bool:
        """Say whether other devices have the active workspace."""
        return self._workspace.workspace_id in self._synced()

    def targets(self) -> list[MoveTarget]:
        """Return the other workspaces in their order."""
        synced = self._synced()
        rows = self._session.services.workspaces.all()
        return [
            MoveTarget(row.id, row.name, row.id in synced) for row in rows if row.id != self._workspace.workspace_id
        ]

    def move(self, roots: Sequence[str], target: MoveTarget) -> None:
        """Move rows, none of them inside another, to the end of a workspace; `moved` tells it."""
        if not roots:
            return
        self._workspace.drafts_wanted.emit()
        source_id, open_id = self._workspace.workspace_id, self._workspace.request_id
        words = self._words(roots, target)
        goes_along = open_id is not None and self._goes_along(open_id, roots)
        # Named too, so that its new id is known: the other workspace then opens with it.
        named = [*roots, open_id] if goes_along and open_id is not None and open_id not in roots else [*roots]
        ids, future = self._session.services.documents.move_to_workspace(named, target.id)
        there = dict(zip(named, ids, strict=True)).get(open_id or "") if goes_along else None
        self._session.bridge.watch(future, partial(self._on_moved, words, source_id, target.id, there), owner=self)

    def _on_moved(
        self, words: str, source_id: str, target_id: str, open_there: str | None, change_set: ChangeSet
    ) -> None:
        if open_there is not None:
            self._workspace.open_next_time(target_id, open_there)
        self.moved.emit(words, partial(self._take_back, source_id, change_set.number))

    def _take_back(self, workspace_id: str, number: int) -> None:
        undone = self._session.services.editing.undo_only(workspace_id, number)
        self._session.bridge.watch(undone, self._on_undone, owner=self)

    def _on_undone(self, change_set: ChangeSet) -> None:
        if not change_set.changes:
            self.said.emit(self.tr("Something was edited since; Ctrl+Z takes the steps back one by one."))

    def _goes_along(self, request_id: str, roots: Sequence[str]) -> bool:
        tree = self._model.tree
        handle = tree.handle(request_id)
        above = [tree.row(each).id for each in tree.ancestors(handle)] if handle is not None else []
        return not {request_id, *above}.isdisjoint(roots)

    def _synced(self) -> frozenset[str]:
        modes = self._session.services.syncing.modes()
        return frozenset(workspace_id for workspace_id, mode in modes.items() if mode == "synced")

    def _words(self, roots: Sequence[str], target: MoveTarget) -> str:
        tree = self._model.tree
        handle = tree.handle(roots[0])
        name = _short(tree.row(handle).name) if handle is not None else ""
        target_name = _short(target.name)
        if len(roots) == 1:
            said = self.tr("Moved “%s” to “%s”") % (name, target_name)
        else:
            said = self.tr("Moved %d items to “%s”") % (len(roots), target_name)
        if self.source_is_synced() == target.synced:
            return said
        if target.synced:
            return self.tr("%s, which is synced: your other devices will have this too.") % said
        return self.tr("%s, which is not synced: your other devices will no longer have this.") % said


def _short(name: str) -> str:
    # A notice is one line.
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
