"""The stage of tests of the key/value table: a window with a field, a table and another field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.key_value_rows import (
    PAIRS,
    KeyValueRow,
    KeyValueRows,
    TableShape,
)
from insomnia_desktop.ui.widgets.key_value_editor import CellEditor
from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable

A = KeyValueRow("a", name="alpha", value="1", description="first")
B = KeyValueRow("b", name="beta", value="2")
C = KeyValueRow("c", name="gamma", value="3")


class Stage:
    """A window with a field, a table and another field, and what the table said."""

    def __init__(self, qtbot: QtBot, rows: tuple[KeyValueRow, ...], shape: TableShape = PAIRS) -> None:
        self.bot = qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.before = QLineEdit(self.window)
        self.table = KeyValueTable(shape, self.window)
        self.after = QLineEdit(self.window)
        layout = QVBoxLayout(self.window)
        for widget in (self.before, self.table, self.after):
            layout.addWidget(widget)
        self.window.resize(700, 400)
        self.table.set_rows(rows, fresh=True)
        self.edits: list[KeyValueRows] = []
        self.table.rows_edited.connect(self.edits.append)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.before.setFocus()

    def focused(self) -> QWidget | None:
        return QApplication.focusWidget()

    def editor(self) -> CellEditor:
        editor = self.table.view.delegate().editor()
        assert isinstance(editor, CellEditor)
        return editor

    def here(self) -> tuple[int, int]:
        index = self.table.view.currentIndex()
        return index.row(), index.column()

    def go(self, row: int, column: int) -> None:
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.view.setCurrentIndex(self.table.model.index(row, column))

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focused = self.focused()
        assert focused is not None
        self.bot.keyClick(focused, key, modifiers)

    def type(self, text: str) -> None:
        for char in text:  # the first one opens an editor, which gets the rest
            focused = self.focused()
            assert focused is not None
            self.bot.keyClicks(focused, char)

    def point(self, row: int, column: int, dx: int = 20) -> QPoint:
        rect = self.table.view.visualRect(self.table.model.index(row, column))
        return QPoint(rect.right() + 1 + dx if dx < 0 else rect.left() + dx, rect.center().y())

    def click(self, row: int, column: int, dx: int = 20) -> None:
        self.bot.mouseClick(self.table.view.viewport(), Qt.MouseButton.LeftButton, pos=self.point(row, column, dx))

    def drag(self, start: QPoint, end: QPoint) -> None:
        port, left = self.table.view.viewport(), Qt.MouseButton.LeftButton
        self.bot.mousePress(port, left, pos=start)
        for point in (start + (end - start) / 2, end):
            kind = QEvent.Type.MouseMove
            no_keys = Qt.KeyboardModifier.NoModifier
            QApplication.sendEvent(
                port, QMouseEvent(kind, QPointF(point), port.mapToGlobal(QPointF(point)), left, left, no_keys)
            )
            port.grab()
        self.bot.mouseRelease(port, left, pos=end)

    def names(self) -> list[str]:
        return [row.name for row in self.table.rows()]
