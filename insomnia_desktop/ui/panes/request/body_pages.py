"""The small pages of the body tab: a file, and no body at all."""

from __future__ import annotations

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.model import Body, UnknownBody
from insomnia_desktop.ui.panes.request.completions import variable_completions
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.framed_template_edit import FramedTemplateEdit
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel


class FilePage(QWidget):
    """The path of the file whose bytes are sent.

    Signals:
        path_edited(path): the person changed it.
        focus_left(): the field lost the focus.
    """

    path_edited = Signal(str)
    focus_left = Signal()

    def __init__(self, workspace: WorkspaceViewModel) -> None:
        super().__init__()
        self._workspace = workspace
        self.path = FramedTemplateEdit()
        self.path.setObjectName("bodyPathEdit")
        self.path.set_name(self.tr("File"))
        self._browse = DefaultButton(self.tr("Choose file…"))
        self._browse.set_measures(height=32)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.path, 1)
        row.addWidget(self._browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(6))
        column.addWidget(Label(self.tr("File"), rank="dim", size=12, weight=500))
        column.addLayout(row)
        column.addWidget(
            WrappedLabel(
                self.tr("The bytes of this file are sent as they are. It stays where it is."), rank="dim", size=12
            )
        )
        column.addStretch(1)
        self._browse.clicked.connect(self._on_browse)
        self.path.edited.connect(self.path_edited)
        self.path.focus_left.connect(self.focus_left)
        workspace.environment_changed.connect(self._look_again)
        self._look_again()

    def show_path(self, path: str, *, fresh: bool) -> None:
        """Show a path; `fresh` is that of another request."""
        self.path.show_text(path, fresh=fresh)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        self.path.set_read_only(read_only)
        self._browse.setVisible(not read_only)

    def _look_again(self) -> None:
        self.path.set_variables(self._workspace.variable_state, variable_completions(self._workspace))

    def _on_browse(self) -> None:
        dialog = QFileDialog(self, self.tr("File to send"))
        dialog.setDirectory(QDir.home())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.open()

    def _on_chosen(self, path: str) -> None:
        self.path.show_text(path, fresh=True)
        self.path_edited.emit(path)
        self.focus_left.emit()


class EmptyBodyPage(QWidget):
    """Says that there is no body, or one of a type that is not known.

    Signals:
        type_requested(): the person wants to choose a type.
    """

    type_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.note = WrappedLabel("", rank="dim")
        self._choose = DefaultButton(self.tr("Choose a type"), arrow=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(12))
        column.addWidget(self.note)
        column.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._choose.clicked.connect(self.type_requested)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        self._choose.setVisible(not read_only)

    def show_body(self, body: Body) -> None:
        """Say which body there is."""
        if isinstance(body, UnknownBody):
            words = self.tr("A body of the type “%s” is not known to this version. It is kept as it is.") % body.type
        else:
            words = self.tr("This request has no body.")
        self.note.setText(words)
