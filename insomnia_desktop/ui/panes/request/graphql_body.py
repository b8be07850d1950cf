"""The two editors of a GraphQL body: the operation, and its variables under it."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.model import GraphQLBody
from insomnia_desktop.ui.panes.request.completions import variable_completions
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.editor_settings import EditorSettings
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.splitter import HairlineSplitter


class GraphQLEditors(QWidget):
    """Edits query and variables of one body.

    Signals:
        edited(body): the person changed one of them.
        focus_left(): an editor lost the focus.
    """

    edited = Signal(object)
    focus_left = Signal()

    def __init__(self, workspace: WorkspaceViewModel, editor_settings: EditorSettings) -> None:
        super().__init__()
        self._workspace = workspace
        self._body = GraphQLBody()
        self.query = CodeEditor()
        self.query.setObjectName("graphqlQueryEditor")
        self.query.setAccessibleName(self.tr("GraphQL operation"))
        self.query.set_language("graphql")
        self.variables = CodeEditor()
        self.variables.setObjectName("graphqlVariablesEditor")
        self.variables.setAccessibleName(self.tr("GraphQL variables"))
        self.variables.set_language("json")
        heading = Label(self.tr("Variables"), rank="dim", size=12, weight=500)
        heading.setContentsMargins(px(16), px(8), px(16), px(4))
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heading)
        column.addWidget(self.variables, 1)
        splitter = HairlineSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.query)
        splitter.addWidget(below)
        splitter.setSizes([300, 140])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(splitter)
        self.setFocusProxy(self.query)
        self.query.edited.connect(lambda text: self._on_edited(query=text))
        self.variables.edited.connect(lambda text: self._on_edited(variables=text))
        for editor in (self.query, self.variables):
            editor.focus_left.connect(self.focus_left)
            editor_settings.follow(editor)
        workspace.environment_changed.connect(self._look_again)
        self._look_again()

    def show_body(self, body: GraphQLBody, *, fresh: bool) -> None:
        """Show a body; `fresh` is that of another request."""
        self._body = body
        for editor, text in ((self.query, body.query), (self.variables, body.variables)):
            (editor.load_text if fresh else editor.set_text)(text)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        for editor in (self.query, self.variables):
            editor.setReadOnly(read_only)

    def current_editor(self) -> CodeEditor:
        """Return the editor that has the focus, else that of the operation."""
        return self.variables if self.variables.hasFocus() else self.query

    def _on_edited(self, **values: str) -> None:
        self._body = msgspec.structs.replace(self._body, **values)
        self.edited.emit(self._body)

    def _look_again(self) -> None:
        for editor in (self.query, self.variables):
            editor.set_variables(self._workspace.variable_state, variable_completions(self._workspace))
