"""The settings of a workspace: its name and description, a copy of it, and its deletion."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QRectF, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model import Workspace, patch_between
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.editor_settings import EditorSettings
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.synced_workspaces import synced
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.buttons import DangerButton, DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.fields import CheckBox, LineField
from insomnia_desktop.ui.widgets.labels import WrappedLabel

AUTOSAVE_MS = 300
_EDITOR_HEIGHT = 160


class WorkspaceDialog(PlainDialog):
    """Edits the active workspace; written 300 ms after the last key, and when the dialog closes."""

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(workspace.tr("Workspace settings"), parent, width=560)
        self.setObjectName("workspaceDialog")
        self._session = session
        self._workspace = workspace
        self._stored = self._read(workspace.workspace_id)
        self._name = LineField()
        self._name.setObjectName("workspaceNameEdit")
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setText(self._stored.name)
        self._name.selectAll()
        self._description = CodeEditor()
        self._description.setObjectName("workspaceDescriptionEdit")
        self._description.setAccessibleName(self.tr("Description"))
        self._description.set_language("markdown")
        self._editor_settings = EditorSettings(session, self)
        self._editor_settings.follow(self._description, always_wraps=True)
        self._description.load_text(self._stored.description)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(AUTOSAVE_MS)
        self._note = WrappedLabel(self._contents(), rank="dim", size=12)
        self.add_field(self.tr("Name"), self._name)
        self.add_field(self.tr("Description, in Markdown"), _Frame(self._description))
        self._cookies = CheckBox(self.tr("Sync the cookies of this workspace too, on all its devices"))
        self._cookies.setObjectName("syncCookiesBox")
        self.column.addWidget(self._cookies)
        self.column.addWidget(self._note)
        self._add_buttons()
        self._show_sync()
        self._cookies.toggled.connect(self._on_cookies)
        self._pause.timeout.connect(self._save)
        self._name.textEdited.connect(self._pause.start)
        self._description.edited.connect(self._pause.start)
        self.finished.connect(self._save)
        workspace.workspace_changed.connect(self.reject)
        session.feed.changed.connect(self._on_changed)

    def _add_buttons(self) -> None:
        self._delete = DefaultButton(self.tr("Delete workspace…"))
        self._delete.setObjectName("askDeleteWorkspaceButton")
        self._delete.set_measures(height=32)
        self._really = DangerButton(self.tr("Delete it"))
        self._really.setObjectName("deleteWorkspaceButton")
        self._really.hide()
        duplicate = DefaultButton(self.tr("Duplicate"))
        duplicate.setObjectName("duplicateWorkspaceButton")
        duplicate.set_measures(height=32)
        done = PrimaryButton(self.tr("Done"))
        done.setObjectName("doneButton")
        self.add_button(self._really, left=True)
        self.add_button(self._delete, left=True)
        self.add_button(duplicate)
        self.add_button(done)
        self._delete.clicked.connect(self._ask)
        self._really.clicked.connect(self._on_delete)
        duplicate.clicked.connect(self._on_duplicate)
        done.clicked.connect(self.accept)

    def _read(self, workspace_id: str) -> Workspace:
        typed = self._session.services.documents.view(workspace_id)
        assert isinstance(typed, Workspace)
        return typed

    def _contents(self) -> str:
        rows = self._session.services.documents.tree(self._stored.id)
        requests = sum(1 for row in rows if row.kind == "request")
        return self.tr("%d requests in %d folders.") % (requests, len(rows) - requests)

    def _show_sync(self) -> None:
        found = synced(self._session, self._stored.id)
        self._cookies.setVisible(found is not None)
        was_blocked = self._cookies.blockSignals(True)
        self._cookies.setChecked(found is not None and found.cookies)
        self._cookies.blockSignals(was_blocked)

    @Slot(bool)
    def _on_cookies(self, wanted: bool) -> None:
        future = self._session.services.workspaces.set_sync_cookies(self._stored.id, wanted)
        self._session.bridge.watch(future, owner=self)

    @Slot()
    def _save(self) -> None:
        self._pause.stop()
        name = self._name.text().strip() or self._stored.name
        after = msgspec.structs.replace(self._stored, name=name, description=self._description.text())
        patch = patch_between(self._stored, after)
        if patch and self._session.services.documents.row(self._stored.id) is not None:
            self._stored = after
            future = self._session.services.editing.patch(
                after.id, patch, coalesce=f"{after.id}:{id(self)}", token=self._session.token
            )
            self._session.bridge.watch(future)

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        self._show_sync()
        mine = change_set.origin.kind == "window" and change_set.origin.token == self._session.token
        if mine or not any(change.id == self._stored.id for change in change_set.changes):
            return
        try:
            fresh = self._read(self._stored.id)
        except KnownError:
            return  # It was deleted: the view-model switches to another, and this dialog closes.
        # A field in which nothing was typed since follows; what was typed stays and is written over the other.
        before, self._stored = self._stored, fresh
        # The same text set again would take the selection with it: the next key would no longer replace the name.
        if fresh.name != before.name and self._name.text() == before.name:
            self._name.setText(fresh.name)
        if fresh.description != before.description and self._description.text() == before.description:
            self._description.set_text(fresh.description)

    @Slot()
    def _ask(self) -> None:
        self._delete.hide()
        self._really.show()
        self._really.setFocus()
        restorable = self.tr("It goes to the trash, from where you can restore it.")
        if synced(self._session, self._stored.id) is not None:
            restorable = self.tr("It goes to the trash, here and on your other devices, from where it can be restored.")
        self._note.set_plain_text(f"{self._contents()} {restorable}")

    @Slot()
    def _on_delete(self) -> None:
        self._save()
        self._session.bridge.watch(self._session.services.workspaces.delete(self._stored.id))
        self.accept()

    @Slot()
    def _on_duplicate(self) -> None:
        self._save()
        copy_id, future = self._session.services.workspaces.duplicate(self._stored.id)
        workspace = self._workspace
        self._session.bridge.watch(future, lambda _: workspace.use_workspace(copy_id), owner=workspace)
        self.accept()


class _Frame(QWidget):
    """A box around an editor, as around every field."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__()
        self.setMinimumHeight(px(_EDITOR_HEIGHT))
        self.setFocusProxy(editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, px(4), 1, px(4))
        column.addWidget(editor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painting.frame_rounded(QPainter(self), QRectF(self.rect()), fill="window", edge="border")
