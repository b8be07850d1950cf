"""The menus of a row of a key/value table, and the dialog that chooses a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from insomnia_desktop.ui.models.key_value_model import KeyValueModel
from insomnia_desktop.ui.models.key_value_rows import KeyValueRow, ValueKind

translate = QCoreApplication.translate

FileChooser: TypeAlias = Callable[[QWidget, str, Callable[[str], None]], None]


def choose_file(parent: QWidget, path: str, taken: Callable[[str], None]) -> None:
    """Open the dialog of the system for one file, beginning at `path`; `taken` gets the choice."""
    dialog = QFileDialog(parent, translate("KeyValueTable", "Choose a file"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if path:
        dialog.selectFile(path)
    dialog.fileSelected.connect(taken)
    dialog.open()


def change_kind(model: KeyValueModel, row_id: str, kind: ValueKind) -> None:
    """Let the value of a row be of another kind; the text stays what it is, so nothing is lost by a wrong choice."""
    for row in model.rows():
        if row.id == row_id and row.kind != kind:
            model.change_row(replace(row, kind=kind))


def set_path(model: KeyValueModel, row_id: str, path: str) -> None:
    """Let a row stand for a file."""
    for row in model.rows():
        if row.id == row_id:
            model.change_row(replace(row, kind="file", value=path))


def kind_menu(parent: QWidget, model: KeyValueModel, row: KeyValueRow) -> QMenu:
    """Return the menu that chooses what the value of a row is."""
    menu = QMenu(parent)
    menu.setObjectName("valueKindMenu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    add_kinds(menu, model, row)
    return menu


def add_kinds(menu: QMenu, model: KeyValueModel, row: KeyValueRow) -> None:
    """Add a choice for each kind of value that the table knows."""
    words: dict[ValueKind, str] = {
        "text": translate("KeyValueTable", "Text"),
        "file": translate("KeyValueTable", "File"),
        "json": translate("KeyValueTable", "JSON"),
    }
    for kind in model.shape.value_kinds:
        action = menu.addAction(words[kind])
        action.setCheckable(True)
        action.setChecked(row.kind == kind)
        action.triggered.connect(partial(_on_kind, model, row.id, kind))


def row_menu(parent: QWidget, model: KeyValueModel, number: int, choose: Callable[[], None]) -> QMenu:
    """Return everything that can be done with a row; `choose` opens the file dialog for it."""
    menu = QMenu(parent)
    menu.setObjectName("rowMenu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    row = model.row_at(number)
    if row is None:
        return menu
    if len(model.shape.value_kinds) > 1:
        add_kinds(menu, model, row)
        if row.kind == "file":
            menu.addAction(translate("KeyValueTable", "Choose file...")).triggered.connect(lambda: choose())
        menu.addSeparator()
    if not model.shape.has_ghost:
        return menu
    up = menu.addAction(translate("KeyValueTable", "Move up"), QKeySequence("Alt+Up"))
    up.setEnabled(number > 0)
    up.triggered.connect(partial(_on_move, model, row.id, -1))
    down = menu.addAction(translate("KeyValueTable", "Move down"), QKeySequence("Alt+Down"))
    down.setEnabled(model.row_at(number + 1) is not None)
    down.triggered.connect(partial(_on_move, model, row.id, 1))
    remove = menu.addAction(translate("KeyValueTable", "Delete row"), QKeySequence("Del"))
    remove.triggered.connect(partial(_on_remove, model, row.id))
    return menu


def _number_of(model: KeyValueModel, row_id: str) -> int:
    return next((number for number, row in enumerate(model.rows()) if row.id == row_id), -1)


def _on_kind(model: KeyValueModel, row_id: str, kind: ValueKind, checked: bool = False) -> None:
    change_kind(model, row_id, kind)


def _on_move(model: KeyValueModel, row_id: str, step: int, checked: bool = False) -> None:
    number = _number_of(model, row_id)
    model.move_row(number, number + step)


def _on_remove(model: KeyValueModel, row_id: str, checked: bool = False) -> None:
    model.remove_row(_number_of(model, row_id))
