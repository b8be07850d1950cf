"""The menu of workspaces into which rows of the tree can be moved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QWidget

from insomnia_desktop.ui.viewmodels.workspace_moves import WorkspaceMoves


class MoveMenu(QMenu):
    """The other workspaces; filled when it opens, since how each is synced takes a moment to read.

    Where other devices have one of the two workspaces only, that stands beside its name.
    """

    def __init__(self, moves: WorkspaceMoves, roots: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Move to workspace"))
        self.setObjectName("moveMenu")
        self._moves = moves
        self._roots = list(roots)
        self.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        source_is_synced = self._moves.source_is_synced()
        for target in self._moves.targets():
            # A name is no mnemonic, and what stands behind a tab is drawn at the right.
            name = target.name.replace("&", "&&").replace("\t", " ")
            note = self.tr("Synced") if target.synced else self.tr("Not synced")
            action = self.addAction(name if target.synced == source_is_synced else f"{name}\t{note}")
            action.triggered.connect(lambda _checked=False, each=target: self._moves.move(self._roots, each))
