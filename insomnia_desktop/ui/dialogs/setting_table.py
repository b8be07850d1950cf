"""A setting that is a table of texts: hosts and the files that belong to them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout

from insomnia_desktop.model.settings import Setting
from insomnia_desktop.ui.dialogs.setting_row import WAIT_MS, SettingRow
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.preferences_view_model import HOST_COLUMN, Cell, PreferencesViewModel, TableRow
from insomnia_desktop.ui.widgets.buttons import DefaultButton, IconButton
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.labels import Label

_HOST_SHARE = 2
_FILE_SHARE = 3


class SettingTable(SettingRow):
    """Rows of fields with a file chooser beside each path; stored when the typing rests or the focus leaves."""

    def __init__(self, setting: Setting, view_model: PreferencesViewModel) -> None:
        super().__init__(setting, view_model)
        self._rows: list[TableRow] = []
        self._fields: dict[Cell, LineField] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(WAIT_MS)
        self._pause.timeout.connect(self.commit)
        self.add_button = DefaultButton(self.tr("Add"), icon="plus")
        self.add_button.setObjectName("addRowButton")
        self.add_button.setAccessibleName(self.tr("Add to %s") % setting.label)
        self.add_button.clicked.connect(self._on_add)
        self._outer.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_value(self) -> None:
        """Show the rows that are stored; what is being typed, or cannot be stored, stays."""
        super().show_value()
        if not self._pause.isActive() and not self.problem() and self._stored() != self._used():
            self._rows = self._stored()
            self._fill()

    def focus_control(self) -> None:
        """Go to the first field, or to the button that adds one."""
        first = next(iter(self._fields.values()), None)
        (first or self.add_button).setFocus()

    @Slot()
    def reset(self) -> None:
        """Take all rows out."""
        self._pause.stop()
        self._rows = []
        self._fill()
        super().reset()

    @Slot()
    def commit(self) -> None:
        """Store the rows that can be used, and mark the cells that cannot."""
        self._pause.stop()
        key = self.setting.key
        problems = self._view_model.set_rows(key, self._rows)
        for cell, field in self._fields.items():
            field.set_wrong(cell in problems)
            field.setToolTip(problems.get(cell, ""))
            field.setAccessibleDescription(problems.get(cell, ""))
        first = next(iter(problems.values()), "")
        left_out = self._view_model.left_out(key, self._rows)
        self.say(first if left_out else "")
        if first and not left_out:
            self._sentence.set_plain_text(first)
            self._sentence.show()
        elif not first:
            self._sentence.hide()
        super().show_value()

    def _arranged(self) -> QBoxLayout:
        self._place.hide()
        column = QVBoxLayout(self)
        top = QHBoxLayout()
        top.addLayout(self._words, 1)
        top.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(6))
        column.addLayout(self._grid)
        return column

    def _stored(self) -> list[TableRow]:
        return [dict(row) for row in self._view_model.value(self.setting.key)]

    def _used(self) -> list[TableRow]:
        kept = ({name: text.strip() for name, text in row.items() if text.strip()} for row in self._rows)
        return [row for row in kept if row]

    def _fill(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._fields = {}
        if not self._rows:
            return
        for at, (name, words) in enumerate(self.setting.columns):
            self._grid.addWidget(Label(words, rank="dim", size=12, weight=500), 0, 2 * at)
            self._grid.setColumnStretch(2 * at, _HOST_SHARE if name == HOST_COLUMN else _FILE_SHARE)
        for number in range(len(self._rows)):
            self._fill_row(number)

    def _fill_row(self, number: int) -> None:
        for at, (name, words) in enumerate(self.setting.columns):
            field = LineField(self._rows[number].get(name, ""), height=28)
            field.setObjectName(f"{name}Edit{number}")
            field.setAccessibleName(self.tr("%s, row %d") % (words, number + 1))
            field.textEdited.connect(partial(self._on_edited, number, name))
            field.editingFinished.connect(self.commit)
            self._grid.addWidget(field, number + 1, 2 * at)
            self._fields[(number, name)] = field
            if name != HOST_COLUMN:
                choose = IconButton("file", self.tr("Choose a file"), name=self.tr("Choose: %s") % words)
                choose.setAutoDefault(False)
                choose.clicked.connect(partial(self._on_choose, number, name))
                self._grid.addWidget(choose, number + 1, 2 * at + 1)
        remove = IconButton("trash", self.tr("Remove"), name=self.tr("Remove row %d") % (number + 1))
        remove.setObjectName(f"removeRow{number}")
        remove.setAutoDefault(False)
        remove.clicked.connect(partial(self._on_remove, number))
        self._grid.addWidget(remove, number + 1, 2 * len(self.setting.columns))

    def _on_edited(self, number: int, name: str, text: str) -> None:
        self._rows[number][name] = text
        self._pause.start()

    @Slot()
    def _on_add(self) -> None:
        self._rows.append({})
        self._fill()
        first = self._fields[(len(self._rows) - 1, self.setting.columns[0][0])]
        first.show()  # a layout shows what it is given a turn later, and what is hidden takes no focus
        first.setFocus()

    def _on_remove(self, number: int, _checked: bool = False) -> None:
        del self._rows[number]
        self._fill()
        self.commit()
        self.focus_control()

    def _on_choose(self, number: int, name: str, _checked: bool = False) -> None:
        dialog = QFileDialog(self, self.tr("Choose a file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        if self._rows[number].get(name):
            dialog.selectFile(self._rows[number][name])
        dialog.fileSelected.connect(partial(self.take_path, number, name))
        dialog.open()

    def take_path(self, number: int, name: str, path: str) -> None:
        """Take over a chosen file."""
        self._rows[number][name] = path
        self._fields[(number, name)].setText(path)
        self.commit()
