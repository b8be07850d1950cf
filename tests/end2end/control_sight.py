"""What a test can see in the windows of the running program: texts, rows, tabs, the focus, all by object name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QTreeView,
    QWidget,
)

from insomnia_desktop.model import Request
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.difference_view import DifferenceView
from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable
from insomnia_desktop.ui.widgets.labels import WrappedLabel
from insomnia_desktop.ui.widgets.tab_bar import TabBar
from insomnia_desktop.ui.widgets.text_viewer import TextViewer
from insomnia_desktop.ui.widgets.toast import Toast
from insomnia_desktop.ui.widgets.viewer.copying import text_to_copy
from insomnia_desktop.ui.window.main_window import MainWindow


class Refused(Exception):
    """What was asked cannot be seen or done now; the text says why."""


def part(name: str) -> QWidget:
    """Return the widget of that object name that is to be seen. Raises Refused."""
    named = [widget for widget in QApplication.allWidgets() if widget.objectName() == name]
    shown = [widget for widget in named if widget.isVisible()]
    if not shown:
        raise Refused(f"{name} is not shown" if named else f"there is no {name}; there are {', '.join(names())}")
    return max(shown, key=lambda widget: (widget.window() is QApplication.activeWindow(), widget.hasFocus()))


def names() -> list[str]:
    """Return the object names of all that is shown and has one."""
    shown = {widget.objectName() for widget in QApplication.allWidgets() if widget.isVisible()}
    return sorted(name for name in shown if name and not name.startswith("qt_"))


def is_shown(name: str) -> bool:
    """Say whether a part is to be seen."""
    return any(widget.objectName() == name and widget.isVisible() for widget in QApplication.allWidgets())


def is_enabled(name: str) -> bool:
    """Say whether a part can be used."""
    return part(name).isEnabled()


def is_minimized() -> bool:
    """Say whether the main window is put away."""
    return part("mainWindow").isMinimized()


def text(name: str) -> str:
    """Return the text of a part: of a field, an editor, a viewer, a label, a button."""
    widget = part(name)
    if isinstance(widget, TextViewer):
        # What select all and copy give, without selecting: a selection would change what the pane does next.
        return text_to_copy(widget._body, (widget._body.rows.first, widget._body.rows.size))[0]
    if isinstance(widget, DifferenceView):
        return widget.as_text()
    if isinstance(widget, CodeEditor | Toast | QLineEdit | QAbstractButton):
        return widget.text()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QLabel):
        return _plain(widget)
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return "\n".join(_texts_in(widget))


def accessible_name(name: str) -> str:
    """Return what a screen reader calls a part."""
    return part(name).accessibleName()


def rows(name: str) -> list[Any]:
    """Return the rows of a tree (indented by two spaces for each level), a table (lists of cells), or a menu."""
    widget = part(name)
    if isinstance(widget, KeyValueTable):
        return [[row.enabled, row.name, row.value] for row in widget.rows()]
    if isinstance(widget, QMenu):
        return [action.text().partition("\t")[0] for action in widget.actions() if not action.isSeparator()]
    view = widget if isinstance(widget, QAbstractItemView) else widget.findChild(QAbstractItemView)
    if view is None:
        raise Refused(f"{name} has no rows")
    if isinstance(view, QTreeView):
        return list(_tree_rows(view, view.rootIndex(), 0))
    model = view.model()
    if isinstance(view, QListView):
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    columns = range(model.columnCount())
    cells = [[str(model.index(row, column).data() or "") for column in columns] for row in range(model.rowCount())]
    return [row[0] for row in cells] if len(columns) == 1 else cells


def selected(name: str) -> list[str]:
    """Return the texts of the selected rows of a view."""
    view = part(name)
    if not isinstance(view, QAbstractItemView):
        raise Refused(f"{name} is no view")
    return [str(index.data()) for index in view.selectionModel().selectedRows()]


def tabs(name: str) -> dict[str, str]:
    """Return the texts of tabs with their counts, by key; the current one has a `*`."""
    bar = part(name)
    if not isinstance(bar, TabBar):
        raise Refused(f"{name} is no tab bar")
    return {
        tab.key: " ".join(
            str(word) for word in (tab.text, tab.sub_text, tab.badge or "", "*" * (tab.key == bar.current())) if word
        )
        for tab in bar.tabs()
    }


def focus() -> str:
    """Return the object name of what has the focus, or of the nearest thing around it that has one."""
    widget = QApplication.focusWidget()
    while widget is not None and not widget.objectName():
        widget = widget.parentWidget()
    return widget.objectName() if widget is not None else ""


def windows() -> list[str]:
    """Return the object names of the windows, dialogs and menus that are open."""
    shown = (widget for widget in QApplication.topLevelWidgets() if widget.isVisible())
    return sorted(widget.objectName() or type(widget).__name__ for widget in shown)


def saved_url() -> str:
    """Return the address of the open request as the store has it, behind what is shown."""
    window = part("mainWindow")
    assert isinstance(window, MainWindow)
    stored = window.session.services.documents.view(window.workspace.request_id or "")
    assert isinstance(stored, Request)
    return stored.url


def title() -> str:
    """Return the title of the main window."""
    return part("mainWindow").windowTitle()


def texts(name: str) -> list[str]:
    """Return every text of labels and buttons that is to be seen in a part, from top to bottom."""
    return list(_texts_in(part(name)))


def clipboard() -> str:
    """Return the text on the clipboard."""
    return QGuiApplication.clipboard().text()


def _texts_in(widget: QWidget) -> Iterator[str]:
    inner = [each for each in widget.findChildren(QWidget) if each.isVisibleTo(widget)]
    for each in sorted(inner, key=lambda one: (one.mapTo(widget, QPoint()).y(), one.mapTo(widget, QPoint()).x())):
        if isinstance(each, QLabel) and each.text():
            yield _plain(each)
        elif isinstance(each, QAbstractButton) and each.text():
            yield each.text()


def _plain(label: QLabel) -> str:
    return label.plain_text() if isinstance(label, WrappedLabel) else label.text()


def _tree_rows(view: QTreeView, parent: QModelIndex, depth: int) -> Iterator[str]:
    model: QAbstractItemModel = view.model()
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        yield "  " * depth + str(index.data())
        if view.isExpanded(index):
            yield from _tree_rows(view, index, depth + 1)


SIGHTS: dict[str, Callable[..., Any]] = {
    sight.__name__: sight
    for sight in (
        accessible_name, clipboard, focus, is_enabled, is_minimized, is_shown, names, rows, saved_url, selected, tabs,
        text, texts, title, windows,
    )
}  # fmt: skip
