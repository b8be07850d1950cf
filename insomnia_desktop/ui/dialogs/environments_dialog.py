"""The environment editor: a list at the left, variables as a table or as JSON at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QColor
from PySide6.QtWidgets import QColorDialog, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from insomnia_desktop.model import Variable
from insomnia_desktop.ui.dialogs.environment_head import EnvironmentHead
from insomnia_desktop.ui.dialogs.environment_list import EnvironmentList
from insomnia_desktop.ui.dialogs.inherited_variables import InheritedVariables
from insomnia_desktop.ui.models.key_value_rows import VARIABLES, KeyValueRow, KeyValueRows, json_value, with_json_value
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.environment_view_model import (
    COLORS,
    EnvironmentViewModel,
    JsonMistake,
    variables_to_json,
)
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import IconButton, PrimaryButton
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.completion_popup import Completion
from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable
from insomnia_desktop.ui.widgets.labels import Label

SIZE = (976, 576)
LIST_WIDTH = 232


class EnvironmentsDialog(QDialog):
    """Edits all environments of a workspace; changes are kept as they are typed."""

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("environmentsDialog")
        self.setWindowTitle(self.tr("Environments"))
        self.setAccessibleName(self.tr("Environments"))
        self.resize(px(SIZE[0]), px(SIZE[1]))
        if parent is not None:
            self.resize(min(px(SIZE[0]), parent.width() - 32), min(px(SIZE[1]), parent.height() - 32))
        self._workspace = workspace
        self._view_model = EnvironmentViewModel(session, workspace, self)
        self.list = EnvironmentList()
        self.head = EnvironmentHead()
        self.table = KeyValueTable(VARIABLES)
        self.table.setObjectName("variablesTable")
        self.table.view.setAccessibleName(self.tr("Variables"))
        self.table.set_fits_content(True)
        self.table.set_resolver(workspace.variable_state)
        self.table.set_variable_names(self._names)
        self.inherited = InheritedVariables()
        self.editor = CodeEditor()
        self.editor.setObjectName("variablesEditor")
        self.editor.setAccessibleName(self.tr("Variables as JSON"))
        self.editor.set_language("json")
        self.problem = Label("", rank="danger", size=12)
        self.problem.setContentsMargins(px(16), px(8), px(16), px(8))
        self.pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._on_list()
        self._on_shown()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Write down what was typed."""
        self._view_model.flush()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Write down what was typed, then close."""
        self._view_model.flush()
        super().done(result)

    def _lay_out(self) -> None:
        left = Surface("sidebar")
        left.setFixedWidth(px(LIST_WIDTH))
        head = Bar(48)
        head.add(Label(self.tr("Environments"), size=14, weight=600))
        head.add_stretch()
        add = IconButton("plus", self.tr("New environment"))
        add.setObjectName("newEnvironmentButton")
        add.clicked.connect(self._on_new)
        head.add(add)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.list, 1)
        table_page = QWidget()
        table_column = QVBoxLayout(table_page)
        table_column.setContentsMargins(0, 0, 0, 0)
        table_column.setSpacing(0)
        table_column.addWidget(self.table)
        table_column.addWidget(self.inherited)
        table_column.addStretch(1)
        json_page = QWidget()
        json_column = QVBoxLayout(json_page)
        json_column.setContentsMargins(0, 0, 0, 0)
        json_column.setSpacing(0)
        json_column.addWidget(self.editor, 1)
        json_column.addWidget(self.problem)
        self.pages.addWidget(table_page)
        self.pages.addWidget(json_page)
        foot = Bar(56, hairline="top")
        foot.add(Label(self.tr("Changes are kept as you type."), rank="dim", size=12))
        foot.add_stretch()
        done = PrimaryButton(self.tr("Done"))
        done.clicked.connect(self.accept)
        foot.add(done)
        right = Surface("window")
        right_column = QVBoxLayout(right)
        right_column.setContentsMargins(0, 0, 0, 0)
        right_column.setSpacing(0)
        right_column.addWidget(self.head)
        right_column.addWidget(self.pages, 1)
        right_column.addWidget(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(_upright_line())
        row.addWidget(right, 1)

    def _connect(self) -> None:
        model = self._view_model
        self.list.chosen.connect(model.show)
        self.head.renamed.connect(model.rename)
        self.head.recolor_requested.connect(self._on_recolor)
        self.head.duplicate_requested.connect(model.duplicate)
        self.head.delete_requested.connect(model.delete)
        self.head.activation_requested.connect(self._on_activate)
        self.head.view_chosen.connect(self._on_view)
        self.table.rows_edited.connect(self._on_rows)
        self.editor.edited.connect(self._on_json)
        model.list_changed.connect(self._on_list)
        model.shown_changed.connect(self._on_shown)
        model.reloaded.connect(self._on_reloaded)

    def _names(self) -> list[Completion]:
        return [
            Completion(name, self._workspace.variable_state(name).value) for name in self._workspace.variable_names()
        ]

    def _on_list(self) -> None:
        model = self._view_model
        self.list.show_environments(model.environments, model.shown.id, model.active_id)
        self.head.show_environment(
            model.shown.name,
            model.shown.color,
            is_base=model.shows_base,
            is_active=model.shown.id == model.active_id,
        )
        self.inherited.show_variables(model.inherited(), model.environments[0].name)

    def _on_shown(self) -> None:
        self._show(fresh=True)
        self._on_list()

    def _on_reloaded(self) -> None:
        self._show(fresh=False)

    def _show(self, *, fresh: bool) -> None:
        variables = self._view_model.shown.variables
        self.table.set_rows(shown_variables(variables), fresh=fresh)
        self.table.refresh()
        (self.editor.load_text if fresh else self.editor.set_text)(variables_to_json(variables))
        self._say("")

    def _on_view(self, key: str) -> None:
        self._view_model.flush()
        self._show(fresh=True)
        self.pages.setCurrentIndex(0 if key == "table" else 1)

    def _on_rows(self, rows: KeyValueRows) -> None:
        self._view_model.set_variables(stored_variables(rows))

    def _on_json(self, text: str) -> None:
        try:
            self._view_model.set_json(text)
        except JsonMistake as mistake:
            words = self.tr("Line %d, column %d: %s. The variables stay as they were until this is mended.")
            self._say(words % (mistake.line, mistake.column, mistake))
        else:
            self._say("")

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _on_new(self) -> None:
        at = len(self._view_model.environments) - 1
        self._view_model.create(self.tr("New environment"), theme().hex(COLORS[at % len(COLORS)]))
        self.head.edit_name_soon()

    def _on_activate(self, active: bool) -> None:
        self._view_model.activate(self._view_model.shown.id if active else None)

    def _on_recolor(self) -> None:
        dialog = QColorDialog(QColor(self._view_model.shown.color or theme().hex("dot_info")), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda color: self._view_model.recolor(color.name()))
        dialog.open()


def shown_variables(variables: tuple[Variable, ...]) -> KeyValueRows:
    """Return variables as the table shows them."""
    return tuple(
        with_json_value(KeyValueRow(row.id, row.enabled, row.name, "", row.description), row.value) for row in variables
    )


def stored_variables(rows: KeyValueRows) -> tuple[Variable, ...]:
    """Return what the table shows as variables."""
    return tuple(
        Variable(id=row.id, enabled=row.enabled, name=row.name, value=json_value(row), description=row.description)
        for row in rows
    )


def _upright_line() -> QWidget:
    line = Surface("hairline")
    line.setFixedWidth(1)
    return line
