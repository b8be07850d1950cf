"""The table of names and values: parameters, headers, form rows, multipart parts, variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from insomnia_desktop.ui.delegates import key_value_layout as row_layout
from insomnia_desktop.ui.models.key_value_model import Column, KeyValueModel
from insomnia_desktop.ui.models.key_value_problems import RowProblem
from insomnia_desktop.ui.models.key_value_rows import PAIRS, KeyValueRow, KeyValueRows, TableShape
from insomnia_desktop.ui.models.variable_state import VariableResolver, all_known
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.completion_popup import Completion
from insomnia_desktop.ui.widgets.key_value_editor import CellEditor
from insomnia_desktop.ui.widgets.key_value_view import KeyValueView
from insomnia_desktop.ui.widgets.template_line_edit import Names

if TYPE_CHECKING:
    from insomnia_desktop.ui.widgets.bulk_editor import BulkEditor

ValueCompletions = Callable[[str], Sequence[str]]


class KeyValueTable(QWidget):
    """Rows of box, name, value and description, as a table or (`set_bulk`) as one text.

    `view` is the QTableView inside, `model` its model; both are there for tests, accessible names and column widths
    (`view.header.shares`). One widget serves all uses, told apart by the shape that it is made with.

    Signals:
        rows_edited(tuple): the person changed something; with each key while a cell is written in.
    """

    rows_edited = Signal(tuple)

    def __init__(self, shape: TableShape = PAIRS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._resolver: VariableResolver = all_known
        self._variable_names: Names | None = None
        self._names: tuple[str, ...] = ()
        self._values: ValueCompletions | None = None
        self._bulk: BulkEditor | None = None
        self._fits_content = False
        self.model = KeyValueModel(shape, self)
        self.view = KeyValueView(self.model, self._prepare, self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.model.rows_edited.connect(self.rows_edited)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset, switch().changed):
            signal.connect(self._fit)

    def set_rows(self, rows: Iterable[KeyValueRow], *, fresh: bool = False) -> None:
        """Show rows; emits nothing.

        `fresh` is for other rows (another request was opened): an open editor closes. Without, they are the same rows
        after a change from elsewhere: they are merged by id, and the cell that is being written keeps text and caret.
        """
        if fresh:
            self.view.end_editing()
        self.model.set_rows(rows, fresh=fresh)
        if self._bulk is not None and self.is_bulk():
            self._bulk.set_rows(self.model.rows())

    def rows(self) -> KeyValueRows:
        """Return the rows as they are now, without the ghost."""
        return self.model.rows()

    def set_resolver(self, resolver: VariableResolver | None) -> None:
        """Set who knows the variables; call it again, or `refresh`, when values changed."""
        self._resolver = all_known if resolver is None else resolver
        self.view.delegate().resolver = self._resolver
        self.view.chips.resolver = self._resolver
        self.refresh()

    def set_variable_names(self, names: Names | None) -> None:
        """Set where the names come from that are offered inside of braces."""
        self._variable_names = names

    def set_name_completions(self, names: Sequence[str]) -> None:
        """Set what is offered while a name is written."""
        self._names = tuple(names)

    def set_value_completions(self, values: ValueCompletions | None) -> None:
        """Set what is offered while a value is written; it is asked with the name of the row."""
        self._values = values

    def set_problem(self, problem: RowProblem | None) -> None:
        """Set what judges the name of a row: its sentence becomes a tool tip, and the name is marked."""
        self.model.set_problem(problem)

    def refresh(self) -> None:
        """Look up variables and files anew and repaint."""
        self.model.look_again()
        editor = self.view.delegate().editor()
        if isinstance(editor, CellEditor):
            editor.set_resolver(self._resolver)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again; rows shown as text are a table again."""
        if read_only == self.model.read_only:
            return
        if read_only:
            self.set_bulk(False)
        self.view.end_editing()
        self.model.set_read_only(read_only)

    def set_fits_content(self, fits: bool) -> None:
        """Let the table be exactly as high as its rows, for a place that scrolls by itself."""
        self._fits_content = fits
        self._fit()

    def is_bulk(self) -> bool:
        """Say whether the rows are shown as text."""
        return self._bulk is not None and self._pages.currentWidget() is self._bulk

    def set_bulk(self, bulk: bool) -> None:
        """Show the rows as text, or as the table again."""
        if bulk == self.is_bulk():
            return
        self.view.end_editing()
        if bulk:
            if self._bulk is None:
                from insomnia_desktop.ui.widgets.bulk_editor import BulkEditor  # few people open it: not at the start

                self._bulk = BulkEditor(self.model.shape.value_kinds, self)
                self._bulk.rows_edited.connect(self._on_bulk_edited)
                self._pages.addWidget(self._bulk)
            self._bulk.set_rows(self.model.rows())
            self._bulk.set_variables(self._resolver, self._variable_names)
        shown: QWidget = self._bulk if bulk and self._bulk is not None else self.view
        self._pages.setCurrentWidget(shown)
        self.setFocusProxy(shown)

    def sizeHint(self) -> QSize:
        """Return the height of the rows and a usual width."""
        return QSize(px(480), self._content_height())

    def _prepare(self, editor: CellEditor, index: QModelIndex) -> None:
        column = index.column()
        if column == Column.DESCRIPTION:
            return
        editor.set_resolver(self._resolver)
        editor.set_variable_names(self._variable_names)
        if column == Column.NAME and self._names:
            editor.set_suggestions(partial(_fitting, self._names))
        elif column == Column.VALUE and self._values is not None:
            row = self.model.row_at(index.row())
            editor.set_suggestions(partial(_fitting, tuple(self._values(row.name if row is not None else ""))))

    def _on_bulk_edited(self, rows: KeyValueRows) -> None:
        self.model.set_rows(rows)
        self.rows_edited.emit(self.model.rows())

    def _content_height(self) -> int:
        return px(row_layout.HEADING_HEIGHT) + self.model.rowCount() * px(row_layout.ROW_HEIGHT)

    def _fit(self) -> None:
        if self._fits_content:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setFixedHeight(self._content_height())
        else:
            self.updateGeometry()


def _fitting(offered: tuple[str, ...], written: str) -> list[Completion]:
    """Return what fits a text: what begins with it first, then what holds it; nothing where it is there already."""
    wanted = written.casefold()
    found = [text for text in offered if wanted in text.casefold()]
    if found == [written]:
        return []
    found.sort(key=lambda text: not text.casefold().startswith(wanted))
    return [Completion(text) for text in found]
