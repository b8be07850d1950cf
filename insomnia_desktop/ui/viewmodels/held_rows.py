"""Which rows of the tree have to stay as and where they are, and why: they are in quarantine, or hold what is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.services.documents import Documents
from insomnia_desktop.ui.models.request_tree_model import RequestTreeModel
from insomnia_desktop.ui.viewmodels.sync_words import held_in_short


class HeldRows:
    """Part of SidebarViewModel: says before a deed why it would be refused. Threads: GUI."""

    def __init__(self, documents: Documents, model: RequestTreeModel) -> None:
        self._documents = documents
        self._model = model

    def why_unchanged(self, row_id: str) -> str:
        """Return in a line why a row cannot be renamed, empty where it can."""
        reason = self._documents.quarantined(row_id).get(row_id, "")
        return held_in_short(reason)

    def why_kept(self, workspace_id: str, ids: Sequence[str]) -> str:
        """Return in a line why rows, with all they hold, can be neither moved nor deleted, empty where they can."""
        held = self._documents.quarantined(workspace_id)
        if not held:
            return ""
        if len(ids) == 1 and ids[0] in held:
            return held_in_short(held[ids[0]])
        tree = self._model.tree
        chosen = set(ids)
        for row_id in held:
            handle = tree.handle(row_id)
            if handle is None:
                continue
            above = {tree.row(each).id for each in tree.ancestors(handle)}
            if row_id in chosen:
                return _tr("“%s” is read only") % tree.row(handle).name
            if above & chosen:
                return _tr("“%s” in it is read only") % tree.row(handle).name
        return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("HeldRows", text)
