"""The environment editor: a list at the left, variables as a table or as JSON at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from insomnia_desktop.model import Variable
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.ui.dialogs.environment_head import EnvironmentHead
from insomnia_desktop.ui.dialogs.environment_list import EnvironmentList
from insomnia_desktop.ui.dialogs.inherited_variables import InheritedVariables
from insomnia_desktop.ui.dialogs.variables_editor import VariablesEditor
from insomnia_desktop.ui.dialogs.wide_dialog import WideDialog, upright_line
from insomnia_desktop.ui.models.key_value_model import Column
from insomnia_desktop.ui.models.key_value_rows import VARIABLES, KeyValueRow, KeyValueRows, json_value, with_json_value
from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.editor_settings import EditorSettings
from insomnia_desktop.ui.viewmodels.environment_view_model import COLORS, EnvironmentViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.valid_variables import inherited, states
from insomnia_desktop.ui.viewmodels.variables_json import VariablesText
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import IconButton, LinkButton
from insomnia_desktop.ui.widgets.completion_popup import Completion
from insomnia_desktop.ui.widgets.held_bar import HeldBar
from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.problem_page import ProblemPage

# Name, value and description as in the picture.
_SHARES = (0.253, 0.495, 0.252)


class EnvironmentsDialog(WideDialog):
    """Edits all environments of a workspace; changes are kept as they are typed."""

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(workspace.tr("Environments"), parent)
        self.setObjectName("environmentsDialog")
        self.view_model = EnvironmentViewModel(session, workspace, self)
        self.text = VariablesText(self.view_model)
        self._warned = False
        self._states: dict[str, VariableState] = {}
        self.list = EnvironmentList()
        self.head = EnvironmentHead()
        self.table = KeyValueTable(VARIABLES)
        self.table.setObjectName("variablesTable")
        self.table.view.setAccessibleName(self.tr("Variables"))
        self.table.set_fits_content(True)
        self.table.set_variable_names(self._completions)
        self.table.set_problem(self._name_problem)
        self.table.view.header.set_shares(_SHARES)
        self.inherited = InheritedVariables()
        self.editor = VariablesEditor()
        self._editor_settings = EditorSettings(session, self)
        self._editor_settings.follow(self.editor.code)
        self.kept = Bar(40)
        self._kept_words = Label("", rank="danger", size=12, elide=Qt.TextElideMode.ElideRight)
        self.held = HeldBar()
        self.problem_page = ProblemPage("environmentProblem")
        self.area = QScrollArea()
        self.pages = QStackedWidget()
        self._lay_out()
        self._connect(workspace)
        self._on_list()
        self._show(fresh=True)
        self.list.row(self.view_model.shown.id).setFocus()

    def before_close(self) -> bool:
        """Write down what was typed; where a JSON text spells no variables, say so once and stay."""
        self.view_model.flush()
        wrong = self.text.kept()
        if not wrong or self._warned:
            return True
        self._warned = True
        self.view_model.show(wrong[0])
        self._show_view("json")
        self._say(self.tr("Mend the JSON, or close once more and leave the variables as they are stored."))
        return False

    def _lay_out(self) -> None:
        table_page = Surface("window")
        table_column = QVBoxLayout(table_page)
        table_column.setContentsMargins(0, 0, 0, px(16))
        table_column.setSpacing(0)
        table_column.addWidget(self.table)
        table_column.addWidget(self.inherited)
        table_column.addStretch(1)
        self.area.setObjectName("variablesArea")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(table_page)
        self.pages.addWidget(self.area)
        self.pages.addWidget(self.editor)
        self._lay_out_kept()
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for widget in (self.head, self.held, self.kept):
            right.addWidget(widget)
        right.addWidget(self.pages, 1)
        right.addWidget(self.problem_page, 1)
        right.addWidget(self.foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addWidget(upright_line())
        row.addLayout(right, 1)

    def _left(self) -> QWidget:
        add = IconButton("plus", self.tr("New environment (Ctrl+N)"), name=self.tr("New environment"))
        add.setObjectName("newEnvironmentButton")
        add.clicked.connect(self._on_new)
        side, column = self.side_column(self.tr("Environments"), add)
        column.addWidget(self.list, 1)
        return side

    def _lay_out_kept(self) -> None:
        self.kept.setObjectName("keptJsonBar")
        go_on = LinkButton(self.tr("Mend it"))
        go_on.setObjectName("mendJsonButton")
        go_on.clicked.connect(lambda: self._show_view("json"))
        drop = LinkButton(self.tr("Drop it"))
        drop.setObjectName("dropJsonButton")
        drop.clicked.connect(self._on_drop)
        self.kept.add(self._kept_words, stretch=1)
        self.kept.add(go_on)
        self.kept.add(drop)

    def _connect(self, workspace: WorkspaceViewModel) -> None:
        model = self.view_model
        self.list.chosen.connect(model.show)
        self.head.renamed.connect(model.rename)
        self.head.recolored.connect(model.recolor)
        self.head.other_color_requested.connect(self._on_other_color)
        self.head.duplicate_requested.connect(self._on_duplicate)
        self.head.delete_requested.connect(model.delete)
        self.head.activation_requested.connect(self._on_activate)
        self.head.privacy_requested.connect(self._on_privacy)
        model.privacy.kept_here.connect(self._on_kept_here)
        self.head.view_chosen.connect(self._show_view)
        self.table.rows_edited.connect(self._on_rows)
        self.table.view.selectionModel().currentRowChanged.connect(self._on_row_left)
        self.table.view.header.sectionResized.connect(self._share_columns)
        self.editor.edited.connect(self._on_text)
        self.editor.focus_left.connect(model.end_typing)
        model.list_changed.connect(self._on_list)
        model.shown_changed.connect(self._on_shown)
        model.reloaded.connect(lambda: self._show(fresh=False))
        model.vanished.connect(self._on_vanished)
        workspace.workspace_changed.connect(self._on_workspace_gone)
        QShortcut(QKeySequence("F2"), self, self.head.edit_name)
        QShortcut(QKeySequence.StandardKey.New, self, self._on_new)
        QShortcut(QKeySequence.StandardKey.Find, self, self._on_find)

    def _completions(self) -> list[Completion]:
        return [Completion(name, state.value) for name, state in sorted(self._states.items())]

    def _resolve(self, name: str) -> VariableState:
        return self._states.get(name, VariableState(known=False))

    def _name_problem(self, row: KeyValueRow) -> str | None:
        same = [other for other in self.table.rows() if other.enabled and other.name == row.name]
        if row.enabled and row.name and len(same) > 1 and same[-1].id != row.id:
            return self.tr("The same name stands below; that one counts.")
        return None

    @Slot()
    def _on_list(self) -> None:
        model = self.view_model
        base, shown = model.environments[0], model.shown
        kept = self.text.kept()
        self.list.show_environments(
            model.environments,
            shown.id,
            model.active_id,
            wrong=kept,
            private=model.privacy.ids,
            held=[each.id for each in model.environments if model.held.is_held(each.id)],
        )
        self.head.show_environment(
            shown.id,
            shown.name,
            shown.color,
            is_base=model.shows_base,
            is_active=shown.id == model.active_id,
            is_private=model.privacy.of(shown.id, is_base=model.shows_base, is_held=self._is_held()),
            is_held=self._is_held(),
            is_readable=model.held.problem(shown.id) is None,
            may_be_deleted=model.held.may_be_deleted(shown.id),
        )
        self._show_held()
        fresh = states(base, shown)
        if fresh != self._states:
            self._states = fresh
            self.table.set_resolver(self._resolve)
            self.editor.code.set_variables(self._resolve, self._completions)
        self.inherited.show_variables(inherited(base, shown), base.name, self._resolve)
        self._show_mistake()

    @Slot()
    def _on_shown(self) -> None:
        self._show(fresh=True)
        self._on_list()
        self.area.verticalScrollBar().setValue(0)

    def _is_held(self) -> bool:
        return self.view_model.held.is_held(self.view_model.shown.id)

    def _show_held(self) -> None:
        """Say why the shown environment cannot be changed, and let nothing be."""
        model = self.view_model
        words, problem = model.held.words(model.shown.id), model.held.problem(model.shown.id)
        self.held.show_words(words)
        self.problem_page.setVisible(problem is not None)
        self.pages.setVisible(problem is None)
        if self._is_held() or not self.note.text():
            self._say("")
        if problem is not None:
            said = sentence(problem)
            self.problem_page.show_words(said.title, said.text, said.hint)

    def _show(self, *, fresh: bool) -> None:
        self.table.set_read_only(self._is_held())
        self.editor.code.setReadOnly(self._is_held())
        self.table.set_rows(shown_variables(self.view_model.shown.variables), fresh=fresh)
        self.editor.show_text(self.text.text(), fresh=fresh)
        self._show_mistake()

    @Slot(str)
    def _show_view(self, key: str) -> None:
        self.view_model.end_typing()
        self.head.set_view(key)
        self._show(fresh=True)
        self.pages.setCurrentWidget(self.area if key == "table" else self.editor)
        self._show_mistake()
        if key == "json" and self.text.mistake() is not None:
            self.editor.focus_mistake()

    def _show_mistake(self) -> None:
        mistake = self.text.mistake()
        self.editor.show_mistake(mistake)
        in_table = mistake is not None and self.pages.currentWidget() is self.area
        self.kept.setVisible(in_table)
        if mistake is not None:
            words = self.tr("The JSON text of this environment is not stored: line %d, column %d.")
            self._kept_words.setText(words % (mistake.line, mistake.column))

    @Slot(tuple)
    def _on_rows(self, rows: KeyValueRows) -> None:
        self.view_model.set_variables(stored_variables(rows))

    @Slot(str)
    def _on_text(self, text: str) -> None:
        self._warned = False
        self._say("")
        self.text.take(text)
        self._show_mistake()

    def _on_row_left(self) -> None:
        """Begin a new step of undo with each row, and keep the current one in sight."""
        self.view_model.end_typing()
        view, page = self.table.view, self.area.widget()
        if view.currentIndex().isValid() and page is not None:
            place = view.viewport().mapTo(page, view.visualRect(view.currentIndex()).center())
            self.area.ensureVisible(0, place.y(), 0, px(48))

    def _share_columns(self) -> None:
        header = self.table.view.header
        value_at = header.sectionViewportPosition(Column.VALUE)
        self.inherited.set_columns(value_at, header.sectionViewportPosition(Column.DESCRIPTION))

    @Slot()
    def _on_drop(self) -> None:
        self.text.drop()
        self._say("")
        self._show(fresh=True)

    @Slot()
    def _on_new(self) -> None:
        model = self.view_model
        at = len(model.environments) - 1
        self.head.edit_name_after(model.shown.id)
        model.create(self.tr("New environment"), theme().hex(COLORS[at % len(COLORS)]))

    @Slot()
    def _on_duplicate(self) -> None:
        self.head.edit_name_after(self.view_model.shown.id)
        self.view_model.duplicate()

    def _on_activate(self, active: bool) -> None:
        self.view_model.activate(self.view_model.shown.id if active else None)

    @Slot(str, str)
    def _on_vanished(self, environment_id: str, name: str) -> None:
        self.toast.show_message(
            self.tr("Deleted “%s”") % name, self.tr("Undo"), lambda: self.view_model.restore(environment_id)
        )

    @Slot(bool)
    def _on_privacy(self, private: bool) -> None:
        model = self.view_model
        model.end_typing()
        if private:
            model.privacy.keep_here(model.shown)
        else:
            model.privacy.share(model.shown.id)

    @Slot(str)
    def _on_kept_here(self, name: str) -> None:
        self.toast.show_message(self.tr("“%s” is on this device alone; your others no longer have it.") % name)

    @Slot()
    def _on_other_color(self) -> None:
        dialog = QColorDialog(QColor(self.view_model.shown.color or theme().hex("dot_info")), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda color: self.view_model.recolor(color.name()))
        dialog.open()

    @Slot()
    def _on_find(self) -> None:
        if self.pages.currentWidget() is self.editor:
            self.editor.open_find()

    @Slot()
    def _on_workspace_gone(self) -> None:
        self._warned = True
        self.reject()

    def _say(self, text: str) -> None:
        kept = "" if self._is_held() else self.tr("Changes are kept as you type.")
        self.note.setText(text or kept)
        self.note.set_rank("danger" if text else "dim")


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
