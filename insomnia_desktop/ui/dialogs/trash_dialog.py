"""What was deleted, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.i18n.words import when_words
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.labels import WrappedLabel

_LIST_HEIGHT = 320


class TrashDialog(PlainDialog):
    """Lists deletions, newest first; a folder comes back with all that went with it."""

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(workspace.tr("Trash"), parent, width=560)
        self.setObjectName("trashDialog")
        self._session = session
        self._workspace = workspace
        days = session.services.preferences.get("trash.days")
        self._note = WrappedLabel(self.tr("Deleted things are kept %d days.") % days, rank="dim")
        self._list = QListWidget()
        self._list.setObjectName("trashList")
        self._list.setAccessibleName(self.tr("Deleted things"))
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setMinimumHeight(px(_LIST_HEIGHT))
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.column.addWidget(self._note)
        row = QHBoxLayout()
        row.addWidget(self._list)
        self.column.addLayout(row)
        self._restore = PrimaryButton(self.tr("Restore"))
        self._restore.setObjectName("restoreButton")
        done = DefaultButton(self.tr("Done"))
        done.set_measures(height=32)
        self.add_button(done)
        self.add_button(self._restore)
        self._restore.clicked.connect(self._on_restore)
        self._list.itemDoubleClicked.connect(self._on_restore)
        self._list.itemSelectionChanged.connect(self._on_selection)
        done.clicked.connect(self.accept)
        session.feed.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        now = self._session.clock.now_ms()
        self._list.clear()
        for row in self._session.services.documents.trash(self._workspace.workspace_id):
            held = self.tr(", with %d more") % (row.count - 1) if row.count > 1 else ""
            item = QListWidgetItem(f"{row.name}{held} · {when_words(row.deleted_at, now)}")
            item.setData(Qt.ItemDataRole.UserRole, row.id)
            self._list.addItem(item)
        if not self._list.count():
            self._note.setText(self.tr("The trash is empty."))
        self._on_selection()

    def _on_selection(self) -> None:
        self._restore.setVisible(bool(self._list.selectedItems()))

    def _on_restore(self) -> None:
        ids = [str(item.data(Qt.ItemDataRole.UserRole)) for item in self._list.selectedItems()]
        if ids:
            self._session.bridge.watch(self._session.services.documents.restore(ids))
