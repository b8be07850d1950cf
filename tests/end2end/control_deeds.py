"""What a test can do in the windows of the running program, as the keyboard and the mouse would do it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QMenu, QTreeView, QWidget

from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable
from insomnia_desktop.ui.widgets.tab_bar import TabBar
from insomnia_desktop.ui.widgets.tab_strip import TabStrip
from tests.end2end.control_sight import Refused, part

_LEFT = Qt.MouseButton.LeftButton
_PLAIN = Qt.KeyboardModifier.NoModifier


def keys(keys: str) -> None:
    """Press keys, given as portable key sequences with blanks between them: `Ctrl+N`, `Tab Tab Space`."""
    for each in keys.split():
        QTest.keySequence(_window_with_keyboard(), QKeySequence(each))


def type(text: str) -> None:
    """Type a text into what has the focus."""
    _window_with_keyboard()
    for character in text:
        focused = QApplication.focusWidget()
        if focused is None:
            raise Refused("nothing has the focus")
        if character == "\n":
            QTest.keyClick(focused, Qt.Key.Key_Return)
        else:
            QTest.keyClicks(focused, character)


def click(name: str) -> None:
    """Click the middle of a part."""
    widget = part(name)
    target = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    _click(target, target.rect().center())


def click_tab(name: str, key: str) -> None:
    """Click a tab of a tab bar."""
    bar = part(name)
    strip = bar.findChild(TabStrip)
    if not isinstance(bar, TabBar) or strip is None:
        raise Refused(f"{name} is no tab bar")
    at = [tab.key for tab in bar.tabs()].index(key)
    rect: QRect = strip.tabRect(at)
    _click(strip, QPoint(rect.left() + min(16, rect.width() // 2), rect.center().y()))


def click_row(name: str, text: str, double: bool = False) -> None:
    """Click the row of a tree or list whose text it is."""
    view = part(name)
    if not isinstance(view, QAbstractItemView):
        raise Refused(f"{name} is no view")
    for index in _indexes(view, view.rootIndex()):
        if str(index.data()) == text:
            view.scrollTo(index)
            rect = view.visualRect(index)
            point = QPoint(min(rect.left() + 24, rect.right()), rect.center().y())
            _click(view.viewport(), point, double=double)
            return
    raise Refused(f"{name} has no row {text!r}")


def click_cell(name: str, row: int, column: str) -> None:
    """Click a cell of a table of names and values; the row behind the last one is the empty one."""
    table = part(name)
    if not isinstance(table, KeyValueTable):
        raise Refused(f"{name} is no table of names and values")
    view = table.view
    columns = {str(view.model().headerData(at, Qt.Orientation.Horizontal)).lower(): at for at in range(_columns(view))}
    if column not in columns:
        raise Refused(f"{name} has no column {column!r} but {list(columns)}")
    index = view.model().index(row, columns[column])
    view.scrollTo(index)
    _click(view.viewport(), view.visualRect(index).center())


def click_text(name: str, text: str) -> None:
    """Click the button with that text in a part."""
    from PySide6.QtWidgets import QAbstractButton

    for button in part(name).findChildren(QAbstractButton):
        if button.text() == text and button.isVisible():
            _click(button, button.rect().center())
            return
    raise Refused(f"{name} has no button {text!r}")


def choose(text: str) -> None:
    """Click the entry of the open menu whose text it is."""
    menu = QApplication.activePopupWidget()
    if not isinstance(menu, QMenu):
        raise Refused("no menu is open")
    for action in menu.actions():
        if action.text().partition("\t")[0].replace("&", "") == text:
            _click(menu, menu.actionGeometry(action).center())
            return
    raise Refused(f"the menu has no {text!r}: {[action.text() for action in menu.actions()]}")


def paste(text: str) -> None:
    """Put a text on the clipboard and paste it into what has the focus."""
    QGuiApplication.clipboard().setText(text)
    keys("Ctrl+V")


def put_on_clipboard(text: str) -> None:
    """Put a text on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def close(name: str) -> None:
    """Close a window or dialog, as its title bar would."""
    part(name).window().close()


def minimize() -> None:
    """Put the main window away, as its title bar would."""
    part("mainWindow").showMinimized()


def resize(width: int, height: int) -> None:
    """Give the main window another size."""
    part("mainWindow").resize(width, height)


def spoil(module: str, function: str) -> None:
    """Let a function of the program fail the next time, as a mistake in it would."""
    place = importlib.import_module(module)
    sound = getattr(place, function)

    def fail(*arguments: Any, **options: Any) -> None:
        setattr(place, function, sound)
        raise RuntimeError("spoilt by a test")

    setattr(place, function, fail)


def grab(name: str, path: str) -> bool:
    """Draw a part into a PNG file."""
    return part(name).grab().save(path)


def _window_with_keyboard() -> QWindow:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return popup.windowHandle()
    if QGuiApplication.focusWindow() is None:
        # What a window manager does when a menu closed; the offscreen platform has none.
        QTest.qWaitForWindowActive(_front())
    window = QGuiApplication.focusWindow()
    if window is None:
        raise Refused("no window has the keyboard")
    return window


def _front() -> QWindow:
    widget = QApplication.activeModalWidget() or part("mainWindow")
    widget.activateWindow()
    return widget.windowHandle()


def _click(widget: QWidget, point: QPoint, *, double: bool = False) -> None:
    if not widget.isEnabled():
        raise Refused(f"{widget.objectName() or widget} is switched off")
    window = widget.window().windowHandle()
    place = widget.mapTo(widget.window(), point)
    # Through the window: what lies over the part, or a dialog before it, gets the click as it would from a person.
    QTest.mouseMove(window, place)
    (QTest.mouseDClick if double else QTest.mouseClick)(window, _LEFT, _PLAIN, place)


def _indexes(view: QAbstractItemView, parent: QModelIndex) -> Iterator[QModelIndex]:
    model = view.model()
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        yield index
        if isinstance(view, QTreeView) and view.isExpanded(index):
            yield from _indexes(view, index)


def _columns(view: QAbstractItemView) -> int:
    return view.model().columnCount()


DEEDS: dict[str, Callable[..., Any]] = {
    deed.__name__: deed
    for deed in (
        choose, click, click_cell, click_row, click_tab, click_text, close, grab, keys, minimize, paste,
        put_on_clipboard, resize, spoil, type,
    )
}  # fmt: skip
