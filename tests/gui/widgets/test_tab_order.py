"""Tab walks through pages made late: insomnia_desktop.ui.widgets.tab_order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.widgets.tab_order import order_behind_page


def test_what_follows_a_page_is_reached_behind_all_of_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    bar, copy, save = QLineEdit(), QLineEdit(), QLineEdit()
    for each in (bar, copy, save):
        column.addWidget(each)
    page = QWidget()
    inner = QVBoxLayout(page)
    first, second = QLineEdit(), QLineEdit()
    for each in (first, QLabel("not reached"), second):
        inner.addWidget(each)
    column.insertWidget(1, page)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    def walked() -> list[QWidget | None]:
        bar.setFocus()
        found: list[QWidget | None] = []
        for _ in range(5):
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            found.append(QApplication.focusWidget())
        return found

    assert walked() == [copy, save, first, second, bar]
    order_behind_page(page, bar, (copy, save))
    assert walked() == [first, second, copy, save, bar]
    order_behind_page(None, bar, (copy,))
    assert walked()[0] is copy
    window.close()
