"""A tab that is one table of rows: parameters with those of the path above, or headers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.model import Row
from insomnia_desktop.ui.models.key_value_rows import PATH_PARAMETERS
from insomnia_desktop.ui.panes.request.completions import variable_completions
from insomnia_desktop.ui.panes.request.row_conversion import shown_rows, stored_rows
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable
from insomnia_desktop.ui.widgets.labels import Label


class RowsTab(QWidget):
    """One table of names and values, as a table or as text.

    Signals:
        rows_edited(rows): tuple of Row, with each key.
    """

    rows_edited = Signal(tuple)

    def __init__(self, object_name: str, name: str, workspace: WorkspaceViewModel) -> None:
        super().__init__()
        self._workspace = workspace
        self.table = KeyValueTable()
        self.table.setObjectName(object_name)
        self.table.view.setAccessibleName(name)
        self.table.set_resolver(workspace.variable_state)
        self.table.set_variable_names(variable_completions(workspace))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        self.table.rows_edited.connect(lambda rows: self.rows_edited.emit(stored_rows(rows)))
        workspace.environment_changed.connect(self.table.refresh)

    def show_rows(self, rows: tuple[Row, ...], *, fresh: bool) -> None:
        """Show rows; `fresh` are those of another request."""
        self.table.set_rows(shown_rows(rows), fresh=fresh)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        self.table.set_read_only(read_only)


class ParametersTab(RowsTab):
    """Parameters of the query, and above them, where the address has any, those of its path.

    Signals:
        path_rows_edited(rows): tuple of Row.
    """

    path_rows_edited = Signal(tuple)

    def __init__(self, workspace: WorkspaceViewModel) -> None:
        super().__init__("paramsTable", "", workspace)
        self.table.view.setAccessibleName(self.tr("Parameters"))
        self.path_heading = Label(self.tr("In the path"), rank="dim", size=12, weight=500)
        self.path_heading.setContentsMargins(px(16), px(12), px(16), px(4))
        self.path_table = KeyValueTable(PATH_PARAMETERS)
        self.path_table.setObjectName("pathParamsTable")
        self.path_table.view.setAccessibleName(self.tr("Path parameters"))
        self.path_table.set_resolver(workspace.variable_state)
        self.path_table.set_variable_names(variable_completions(workspace))
        self.path_table.set_fits_content(True)
        self.query_heading = Label(self.tr("In the query"), rank="dim", size=12, weight=500)
        self.query_heading.setContentsMargins(px(16), px(12), px(16), px(4))
        self.column.insertWidget(0, self.path_heading, 0, Qt.AlignmentFlag.AlignTop)
        self.column.insertWidget(1, self.path_table)
        self.column.insertWidget(2, self.query_heading)
        self.show_path_rows((), fresh=True)
        self.path_table.rows_edited.connect(lambda rows: self.path_rows_edited.emit(stored_rows(rows)))
        workspace.environment_changed.connect(self.path_table.refresh)

    def show_path_rows(self, rows: tuple[Row, ...], *, fresh: bool) -> None:
        """Show the rows of the path; without any the headings go too."""
        self.path_table.set_rows(shown_rows(rows), fresh=fresh)
        for widget in (self.path_heading, self.path_table, self.query_heading):
            widget.setVisible(bool(rows))

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        super().set_read_only(read_only)
        self.path_table.set_read_only(read_only)
