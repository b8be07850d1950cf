"""The settings of a workspace: its name and description, a copy of it, and its deletion."""

from __future__ import annotations

import msgspec
from PySide6.QtWidgets import QWidget

from insomnia_desktop.model import Workspace, patch_between
from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.buttons import DangerButton, DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.labels import WrappedLabel

_EDITOR_HEIGHT = 160


class WorkspaceDialog(PlainDialog):
    """Edits the active workspace; what was typed is kept when the dialog closes."""

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(session_words(workspace), parent, width=560)
        self.setObjectName("workspaceDialog")
        self._session = session
        self._workspace = workspace
        typed = session.services.documents.view(workspace.workspace_id)
        assert isinstance(typed, Workspace)
        self._stored = typed
        self._name = LineField()
        self._name.setObjectName("workspaceNameEdit")
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setText(typed.name)
        self._name.selectAll()
        self._description = CodeEditor()
        self._description.setObjectName("workspaceDescriptionEdit")
        self._description.setAccessibleName(self.tr("Description"))
        self._description.set_wrap(True)
        self._description.setMinimumHeight(px(_EDITOR_HEIGHT))
        self._description.load_text(typed.description)
        self.add_field(self.tr("Name"), self._name)
        self.add_field(self.tr("Description, in Markdown"), self._description)
        rows = session.services.documents.tree(workspace.workspace_id)
        requests = sum(1 for row in rows if row.kind == "request")
        self._contents = self.tr("%d requests in %d folders.") % (requests, len(rows) - requests)
        self._note = WrappedLabel(self._contents, rank="dim", size=12)
        self.column.addWidget(self._note)
        self._delete = DefaultButton(self.tr("Delete workspace…"))
        self._delete.set_measures(height=32)
        self._really = DangerButton(self.tr("Delete it"))
        self._really.setObjectName("deleteWorkspaceButton")
        self._really.hide()
        duplicate = DefaultButton(self.tr("Duplicate"))
        duplicate.set_measures(height=32)
        done = PrimaryButton(self.tr("Done"))
        done.setDefault(True)
        self.add_button(self._really, left=True)
        self.add_button(self._delete, left=True)
        self.add_button(duplicate)
        self.add_button(done)
        self._delete.clicked.connect(self._ask)
        self._really.clicked.connect(self._on_delete)
        duplicate.clicked.connect(self._on_duplicate)
        done.clicked.connect(self.accept)
        self.finished.connect(self._save)

    def _save(self) -> None:
        name = self._name.text().strip() or self._stored.name
        after = msgspec.structs.replace(self._stored, name=name, description=self._description.text())
        patch = patch_between(self._stored, after)
        if patch:
            self._session.bridge.watch(self._session.services.editing.patch(self._stored.id, patch))

    def _ask(self) -> None:
        self._delete.hide()
        self._really.show()
        self._really.setFocus()
        self._note.setText(self._contents + " " + self.tr("It goes to the trash, from where you can restore it."))

    def _on_delete(self) -> None:
        self._session.bridge.watch(self._session.services.workspaces.delete(self._stored.id))
        self.accept()

    def _on_duplicate(self) -> None:
        copy_id, future = self._session.services.workspaces.duplicate(self._stored.id)
        workspace = self._workspace
        self._session.bridge.watch(future, lambda _: workspace.use_workspace(copy_id), owner=workspace)
        self.accept()


def session_words(workspace: WorkspaceViewModel) -> str:
    """Return the heading of the dialog."""
    return workspace.tr("Workspace settings")
