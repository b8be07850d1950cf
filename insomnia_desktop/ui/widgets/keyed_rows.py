"""Rows in a column that stay while what they stand for stays: focus, hover and scroll outlive each change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

V = TypeVar("V")
R = TypeVar("R", bound=QWidget)


class KeyedRows(Generic[V, R]):
    """`part` is the column. `make` builds a row for a value, `show` shows a value in it, and whether it is the last.

    A row whose value and place are the same is not touched. Where the row with the focus goes, the one that takes its
    place gets it.
    """

    def __init__(self, make: Callable[[V], R], show: Callable[[R, V, bool], None]) -> None:
        self.part = QWidget()
        self._make = make
        self._show = show
        self._column = QVBoxLayout(self.part)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: dict[Hashable, R] = {}
        self._shown: dict[Hashable, tuple[V, bool]] = {}

    def rows(self) -> list[R]:
        """Return the rows as they stand."""
        return list(self._rows.values())

    def show_rows(self, values: Sequence[tuple[Hashable, V]]) -> bool:
        """Show these values, each under a key of its own; returns whether a row came, went or moved."""
        before = list(self._rows)
        gone = {key: row for key, row in self._rows.items() if key not in dict(values)}
        focused_at = next((at for at, key in enumerate(before) if key in gone and _has_focus(gone[key])), None)
        self._rows = {key: self._rows[key] if key in self._rows else self._make(value) for key, value in values}
        self._shown = {key: shown for key, shown in self._shown.items() if key in self._rows}
        for at, (key, value) in enumerate(values):
            row = self._rows[key]
            shown = (value, at == len(values) - 1)
            if self._shown.get(key) != shown:
                self._show(row, *shown)
                self._shown[key] = shown
            item = self._column.itemAt(at)
            if item is None or item.widget() is not row:
                self._column.insertWidget(at, row)
                # The layout would show it a little later, and it could not have the focus now.
                row.setVisible(True)
        if focused_at is not None:
            self._focus_near(focused_at)
        for row in gone.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        return before != list(self._rows)

    def _focus_near(self, at: int) -> None:
        rows = self.rows()
        for row in [*rows[at:], *reversed(rows[:at])]:
            found = _first_control(row)
            if found is not None:
                found.setFocus(Qt.FocusReason.OtherFocusReason)
                return


def _has_focus(row: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and row.isAncestorOf(focused)


def _first_control(row: QWidget) -> QWidget | None:
    controls = (each for each in row.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return next((each for each in controls if each.isEnabled()), None)
