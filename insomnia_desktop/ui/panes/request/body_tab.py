"""The body of a request: an editor for each type."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from insomnia_desktop.model import Body, FileBody, FormBody, GraphQLBody, MultipartBody, TextBody, UnknownBody
from insomnia_desktop.ui.models.key_value_rows import PARTS
from insomnia_desktop.ui.panes.request.completions import variable_completions
from insomnia_desktop.ui.panes.request.graphql_body import GraphQLEditors
from insomnia_desktop.ui.panes.request.row_conversion import shown_parts, shown_rows, stored_parts, stored_rows
from insomnia_desktop.ui.syntax import language_for
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.framed_template_edit import FramedTemplateEdit
from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel


class BodyTab(QWidget):
    """Shows the editor that fits the body.

    Signals:
        edited(body): the person changed it, with each key.
        focus_left(): an editor lost the focus.
        type_requested(): the person wants to choose a type.
    """

    edited = Signal(object)
    focus_left = Signal()
    type_requested = Signal()

    def __init__(self, workspace: WorkspaceViewModel) -> None:
        super().__init__()
        self._workspace = workspace
        self._body: Body | None = None
        self.editor = CodeEditor()
        self.editor.setObjectName("bodyEditor")
        self.editor.setAccessibleName(self.tr("Body"))
        self.form = self._table(KeyValueTable(), "bodyFormTable", self.tr("Form rows"))
        self.parts = self._table(KeyValueTable(PARTS), "bodyPartsTable", self.tr("Parts"))
        self.graphql = GraphQLEditors(workspace)
        self.path = FramedTemplateEdit()
        self.path.setObjectName("bodyPathEdit")
        self.path.set_name(self.tr("File"))
        self._note = WrappedLabel("", rank="dim")
        self._choose = DefaultButton(self.tr("Choose a type"), arrow=True)
        self._pages = QStackedLayout(self)
        self._empty = self._empty_page()
        self._file = self._file_page()
        for page in (self._empty, self.editor, self.form, self.parts, self.graphql, self._file):
            self._pages.addWidget(page)
        self._connect()
        self._look_again()

    def show_body(self, body: Body, *, fresh: bool) -> None:
        """Show a body; `fresh` is that of another request."""
        same = not fresh and type(body) is type(self._body)
        self._body = body
        if isinstance(body, TextBody):
            self.editor.set_language(language_for(body.media_type))
            (self.editor.set_text if same else self.editor.load_text)(body.text)
            self._pages.setCurrentWidget(self.editor)
        elif isinstance(body, FormBody):
            self.form.set_rows(shown_rows(body.rows), fresh=not same)
            self._pages.setCurrentWidget(self.form)
        elif isinstance(body, MultipartBody):
            self.parts.set_rows(shown_parts(body.parts), fresh=not same)
            self._pages.setCurrentWidget(self.parts)
        elif isinstance(body, GraphQLBody):
            self.graphql.show_body(body, fresh=not same)
            self._pages.setCurrentWidget(self.graphql)
        elif isinstance(body, FileBody):
            self.path.show_text(body.path, fresh=not same)
            self._pages.setCurrentWidget(self._file)
        else:
            self._say_empty(body)
            self._pages.setCurrentWidget(self._empty)
        shown = self._pages.currentWidget()
        if shown is not None:
            self.setFocusProxy(shown)

    def current_editor(self) -> CodeEditor | None:
        """Return the text editor that is shown, if one is."""
        if self._pages.currentWidget() is self.graphql:
            return self.graphql.current_editor()
        return self.editor if self._pages.currentWidget() is self.editor else None

    def current_table(self) -> KeyValueTable | None:
        """Return the table that is shown, if one is."""
        page = self._pages.currentWidget()
        return page if isinstance(page, KeyValueTable) else None

    def _table(self, table: KeyValueTable, object_name: str, name: str) -> KeyValueTable:
        table.setObjectName(object_name)
        table.view.setAccessibleName(name)
        table.set_variable_names(variable_completions(self._workspace))
        return table

    def _empty_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(12))
        column.addWidget(self._note)
        column.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def _file_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.path, 1)
        browse = DefaultButton(self.tr("Choose file…"))
        browse.set_measures(height=32)
        browse.clicked.connect(self._on_browse)
        row.addWidget(browse)
        column = QVBoxLayout(page)
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
        return page

    def _connect(self) -> None:
        self.editor.edited.connect(self._on_text)
        self.form.rows_edited.connect(lambda rows: self._emit(FormBody(rows=stored_rows(rows))))
        self.parts.rows_edited.connect(lambda rows: self._emit(MultipartBody(parts=stored_parts(rows))))
        self.graphql.edited.connect(self._emit)
        self.path.edited.connect(self._on_path)
        for source in (self.editor, self.graphql, self.path):
            source.focus_left.connect(self.focus_left)
        self._choose.clicked.connect(self.type_requested)
        self._workspace.environment_changed.connect(self._look_again)

    def _emit(self, body: Body) -> None:
        self._body = body
        self.edited.emit(body)

    def _on_text(self, text: str) -> None:
        if isinstance(self._body, TextBody):
            self._emit(msgspec.structs.replace(self._body, text=text))

    def _on_path(self, path: str) -> None:
        if isinstance(self._body, FileBody):
            self._emit(msgspec.structs.replace(self._body, path=path))

    def _on_browse(self) -> None:
        dialog = QFileDialog(self, self.tr("File to send"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.open()

    def _on_chosen(self, path: str) -> None:
        self.path.show_text(path, fresh=True)
        self._on_path(path)
        self.focus_left.emit()

    def _say_empty(self, body: Body) -> None:
        if isinstance(body, UnknownBody):
            text = self.tr("A body of the type “%s” is not known to this version. It is kept as it is.") % body.type
        else:
            text = self.tr("This request has no body.")
        self._note.setText(text)

    def _look_again(self) -> None:
        resolver, names = self._workspace.variable_state, variable_completions(self._workspace)
        self.editor.set_variables(resolver, names)
        self.form.set_resolver(resolver)
        self.parts.set_resolver(resolver)
        self.path.set_variables(resolver, names)
