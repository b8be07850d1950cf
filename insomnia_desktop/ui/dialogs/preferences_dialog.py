"""The preferences: pages at the left, a row for each setting at the right, a filter over all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from insomnia_desktop.model.settings import Setting
from insomnia_desktop.ui.dialogs.setting_row import ChoiceRow, SettingRow, SwitchRow, TypedRow
from insomnia_desktop.ui.dialogs.setting_table import SettingTable
from insomnia_desktop.ui.dialogs.side_row import SideRow
from insomnia_desktop.ui.dialogs.wide_dialog import WideDialog, upright_line
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.preferences_view_model import PreferencesViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.labels import Label, SectionHeading
from insomnia_desktop.ui.widgets.search_field import SearchField
from insomnia_desktop.ui.widgets.tab_order import order_behind_page

_ROWS: dict[str, type[SettingRow]] = {
    "switch": SwitchRow,
    "choice": ChoiceRow,
    "number": TypedRow,
    "text": TypedRow,
    "table": SettingTable,
}


class PreferencesDialog(WideDialog):
    """Made from the declarations of `model.settings`; every change is in force at once."""

    def __init__(self, session: UiSession, parent: QWidget | None = None, page: str = "") -> None:
        super().__init__("", parent)
        self.setObjectName("preferencesDialog")
        self.setWindowTitle(self.tr("Preferences"))
        self.setAccessibleName(self.tr("Preferences"))
        self.note.setText(self.tr("Changes are in force at once."))
        self.view_model = PreferencesViewModel(session, self)
        self.rows: dict[str, SettingRow] = {}
        self._headings: dict[str, SectionHeading] = {}
        self._sections: dict[str, QWidget] = {}
        self._heading = Label("", size=14, weight=600)
        self._pages: dict[str, SideRow] = {}
        self._group = QButtonGroup(self)
        self._page = page if page in self.view_model.pages() else self.view_model.pages()[0]
        self._warned = False
        self.filter = SearchField(self.tr("Filter"), ground="sidebar")
        self.filter.setObjectName("preferencesFilter")
        self.filter.setAccessibleName(self.tr("Filter settings"))
        self._nothing = Label("", rank="dim")
        self._nothing.setObjectName("noSettings")
        self._area = QScrollArea()
        self._lay_out()
        self._connect()
        self.show_page(self._page)
        (self._pages[self._page] if page else self.filter).setFocus()

    def show_page(self, page: str) -> None:
        """Show the settings of one page."""
        self._page = page
        self.filter.clear()
        self._pages[page].setChecked(True)
        self._show_rows()
        self._area.verticalScrollBar().setValue(0)

    def before_close(self) -> bool:
        """Store what rests in fields; where something cannot be stored, say so once and stay."""
        self.setFocus()
        for row in self.rows.values():
            if isinstance(row, TypedRow | SettingTable) and row.isEnabled():
                row.commit()
        wrong = next((row for row in self.rows.values() if row.problem()), None)
        if wrong is None or self._warned:
            return True
        self._warned = True
        self.show_page(wrong.setting.page)
        self._area.ensureWidgetVisible(wrong)
        wrong.focus_control()
        self.note.setText(self.tr("Mend the marked field, or close once more and leave the setting as it is stored."))
        self.note.set_rank("danger")
        return False

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addWidget(upright_line())
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        head = Bar(48)
        head.add(self._heading)
        right.addWidget(head)
        right.addWidget(self._area, 1)
        right.addWidget(self.foot)
        row.addLayout(right, 1)
        inner = Surface("window")
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(16), px(8), px(16), px(16))
        column.setSpacing(px(16))
        for page in self.view_model.pages():
            column.addWidget(self._section(page))
        column.addWidget(self._nothing)
        column.addStretch(1)
        self._area.setObjectName("preferencesArea")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inner)
        order_behind_page(inner, list(self._pages.values())[-1], (self.done_button,))

    def _section(self, page: str) -> QWidget:
        section = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._headings[page] = SectionHeading(page)
        column.addWidget(self._headings[page])
        for setting in self.view_model.settings(page):
            column.addWidget(self._row(setting))
        self._sections[page] = section
        return section

    def _left(self) -> QWidget:
        side, column = self.side_column(self.tr("Preferences"))
        rows = QVBoxLayout()
        rows.setContentsMargins(px(8), px(8), px(8), px(8))
        rows.setSpacing(px(2))
        rows.addWidget(self.filter)
        rows.addSpacing(px(6))
        for page in self.view_model.pages():
            each = SideRow(page)
            each.setObjectName(f"page:{page}")
            each.clicked.connect(lambda _checked=False, page=page: self.show_page(page))
            self._group.addButton(each)
            self._pages[page] = each
            rows.addWidget(each)
        rows.addStretch(1)
        column.addLayout(rows, 1)
        return side

    def _row(self, setting: Setting) -> SettingRow:
        made = _ROWS[setting.type](setting, self.view_model)
        made.show_value()
        made.problem_changed.connect(self._on_problem)
        self.rows[setting.key] = made
        return made

    def _connect(self) -> None:
        self.view_model.changed.connect(self._on_changed)
        self.filter.text_changed.connect(self._show_rows)
        QShortcut(QKeySequence.StandardKey.Find, self, self.filter.setFocus)

    @Slot()
    def _show_rows(self) -> None:
        text = self.filter.text().strip()
        shown: set[str] = set()
        for row in self.rows.values():
            wanted = self.view_model.matches(row.setting, text) if text else row.setting.page == self._page
            row.setVisible(wanted)
            if wanted:
                shown.add(row.setting.page)
        for page, section in self._sections.items():
            section.setVisible(page in shown)
            # With one page its name stands in the head of the column.
            self._headings[page].setVisible(bool(text))
        self._heading.setText(self.tr("Settings that fit") if text else self._page)
        self._group.setExclusive(not text)
        for page, side in self._pages.items():
            side.setChecked(not text and page == self._page)
        self._nothing.setText("" if shown else self.tr("No setting fits “%s”.") % text)
        self._nothing.setVisible(not shown)

    @Slot(str)
    def _on_changed(self, key: str) -> None:
        self.rows[key].show_value()

    @Slot()
    def _on_problem(self) -> None:
        self._warned = False
        self.note.setText(self.tr("Changes are in force at once."))
        self.note.set_rank("dim")
