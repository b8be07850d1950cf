"""Rows that stay while what they stand for stays: insomnia_desktop.ui.widgets.keyed_rows."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.widgets.keyed_rows import KeyedRows


def test_only_what_differs_is_shown_anew(qtbot: QtBot) -> None:
    shown: list[str] = []

    def show(row: QLabel, value: str, last: bool) -> None:
        shown.append(f"{value}{'.' if last else ''}")
        row.setText(value)

    rows: KeyedRows[str, QLabel] = KeyedRows(lambda _: QLabel(), show)
    qtbot.addWidget(rows.part)
    rows.part.show()
    assert rows.show_rows([("a", "one"), ("b", "two")])
    first, second = rows.rows()
    assert not rows.show_rows([("a", "one"), ("b", "two")])
    assert not rows.show_rows([("a", "eins"), ("b", "two")])
    assert shown == ["one", "two.", "eins"]
    assert rows.show_rows([("c", "three"), ("b", "two"), ("a", "eins")])
    assert shown[3:] == ["three", "two", "eins."]
    assert rows.rows()[1:] == [second, first]
    column = rows.part.layout()
    assert column is not None
    items = [column.itemAt(at) for at in range(column.count())]
    assert [item.widget() for item in items if item is not None] == rows.rows()
    assert all(row.isVisible() for row in rows.rows())
    assert rows.show_rows([])
    assert column.count() == 0


def test_the_focus_goes_to_what_is_left(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    rows: KeyedRows[str, QWidget] = KeyedRows(field_row, lambda row, value, last: None)
    column.addWidget(rows.part)
    other = QLineEdit()
    column.addWidget(other)
    rows.show_rows([(key, key) for key in "abc"])
    window.show()
    qtbot.waitUntil(window.isActiveWindow)

    def focused() -> str:
        found = QApplication.focusWidget()
        return found.text() if isinstance(found, QLineEdit) else ""

    field = rows.rows()[1].findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    rows.show_rows([("a", "a"), ("d", "d"), ("c", "c")])
    assert focused() == "d"
    rows.show_rows([("a", "a")])
    assert focused() == "a"
    other.setFocus()
    rows.show_rows([("b", "b")])
    assert QApplication.focusWidget() is other
    window.close()


def field_row(value: str) -> QWidget:
    row = QWidget()
    QVBoxLayout(row).addWidget(QLineEdit(value))
    return row
