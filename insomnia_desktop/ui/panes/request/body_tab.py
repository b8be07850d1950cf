"""The body of a request: an editor for each type."""

from __future__ import annotations

from functools import cached_property

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from insomnia_desktop.model import Body, FileBody, FormBody, GraphQLBody, MultipartBody, TextBody
from insomnia_desktop.ui.models.key_value_rows import PARTS
from insomnia_desktop.ui.panes.request.body_pages import EmptyBodyPage, FilePage
from insomnia_desktop.ui.panes.request.completions import variable_completions
from insomnia_desktop.ui.panes.request.graphql_body import GraphQLEditors
from insomnia_desktop.ui.panes.request.row_conversion import shown_parts, shown_rows, stored_parts, stored_rows
from insomnia_desktop.ui.syntax import language_for
from insomnia_desktop.ui.viewmodels.editor_settings import EditorSettings
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable


class BodyTab(QWidget):
    """Shows the editor that fits the body; each is made when a body of its type is shown first.

    Signals:
        edited(body): the person changed it, with each key.
        focus_left(): an editor lost the focus.
        type_requested(): the person wants to choose a type.
    """

    edited = Signal(object)
    focus_left = Signal()
    type_requested = Signal()

    def __init__(self, workspace: WorkspaceViewModel, editor_settings: EditorSettings) -> None:
        super().__init__()
        self._workspace = workspace
        self._editor_settings = editor_settings
        self._body: Body | None = None
        self._read_only = False
        self._pages = QStackedLayout(self)
        workspace.environment_changed.connect(self._look_again)

    @cached_property
    def editor(self) -> CodeEditor:
        """The editor of texts."""
        editor = CodeEditor()
        editor.setObjectName("bodyEditor")
        editor.setAccessibleName(self.tr("Body"))
        editor.set_variables(self._workspace.variable_state, variable_completions(self._workspace))
        editor.edited.connect(self._on_text)
        editor.focus_left.connect(self.focus_left)
        self._editor_settings.follow(editor)
        self._pages.addWidget(editor)
        return editor

    @cached_property
    def form(self) -> KeyValueTable:
        """The table of form rows."""
        table = self._table(KeyValueTable(), "bodyFormTable", self.tr("Form rows"))
        table.rows_edited.connect(lambda rows: self._emit(FormBody(rows=stored_rows(rows))))
        return table

    @cached_property
    def parts(self) -> KeyValueTable:
        """The table of multipart parts."""
        table = self._table(KeyValueTable(PARTS), "bodyPartsTable", self.tr("Parts"))
        table.rows_edited.connect(lambda rows: self._emit(MultipartBody(parts=stored_parts(rows))))
        return table

    @cached_property
    def graphql(self) -> GraphQLEditors:
        """The editors of a GraphQL operation."""
        editors = GraphQLEditors(self._workspace, self._editor_settings)
        editors.edited.connect(self._emit)
        editors.focus_left.connect(self.focus_left)
        self._pages.addWidget(editors)
        return editors

    @cached_property
    def file(self) -> FilePage:
        """The field of a file."""
        page = FilePage(self._workspace)
        page.path_edited.connect(self._on_path)
        page.focus_left.connect(self.focus_left)
        self._pages.addWidget(page)
        return page

    @cached_property
    def empty(self) -> EmptyBodyPage:
        """What is said where there is no body."""
        page = EmptyBodyPage()
        page.type_requested.connect(self.type_requested)
        self._pages.addWidget(page)
        return page

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
            self.file.show_path(body.path, fresh=not same)
            self._pages.setCurrentWidget(self.file)
        else:
            self.empty.show_body(body)
            self._pages.setCurrentWidget(self.empty)
        self._dress_pages()
        shown = self._pages.currentWidget()
        if shown is not None:
            self.setFocusProxy(shown)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        self._read_only = read_only
        self._dress_pages()

    def current_editor(self) -> CodeEditor | None:
        """Return the text editor that is shown, if one is."""
        page = self._pages.currentWidget()
        if isinstance(page, GraphQLEditors):
            return page.current_editor()
        return page if isinstance(page, CodeEditor) else None

    def current_table(self) -> KeyValueTable | None:
        """Return the table that is shown, if one is."""
        page = self._pages.currentWidget()
        return page if isinstance(page, KeyValueTable) else None

    def _dress_pages(self) -> None:
        for at in range(self._pages.count()):
            page = self._pages.widget(at)
            if isinstance(page, CodeEditor):
                page.setReadOnly(self._read_only)
            elif isinstance(page, KeyValueTable | GraphQLEditors | FilePage | EmptyBodyPage):
                page.set_read_only(self._read_only)

    def _table(self, table: KeyValueTable, object_name: str, name: str) -> KeyValueTable:
        table.setObjectName(object_name)
        table.view.setAccessibleName(name)
        table.set_variable_names(variable_completions(self._workspace))
        table.set_resolver(self._workspace.variable_state)
        self._pages.addWidget(table)
        return table

    def _emit(self, body: Body) -> None:
        self._body = body
        self.edited.emit(body)

    def _on_text(self, text: str) -> None:
        if isinstance(self._body, TextBody):
            self._emit(msgspec.structs.replace(self._body, text=text))

    def _on_path(self, path: str) -> None:
        if isinstance(self._body, FileBody):
            self._emit(msgspec.structs.replace(self._body, path=path))

    def _look_again(self) -> None:
        resolver, names = self._workspace.variable_state, variable_completions(self._workspace)
        for at in range(self._pages.count()):
            page = self._pages.widget(at)
            if isinstance(page, CodeEditor):
                page.set_variables(resolver, names)
            elif isinstance(page, KeyValueTable):
                page.set_resolver(resolver)
