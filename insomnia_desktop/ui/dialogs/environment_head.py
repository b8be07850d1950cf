"""The head of the shown environment: colour, name, what can be done with it, table or JSON."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu, QWidget

from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.segments import SegmentedControl
from insomnia_desktop.ui.widgets.status_dot import StatusDot


class EnvironmentHead(Bar):
    """Shows name and colour, and a menu of deeds.

    Signals:
        renamed(name): another name was typed.
        recolor_requested(), duplicate_requested(), delete_requested(): the menu.
        activation_requested(on): it is to be the active one, or no longer.
        view_chosen(key): `table` or `json`.
    """

    renamed = Signal(str)
    recolor_requested = Signal()
    duplicate_requested = Signal()
    delete_requested = Signal()
    activation_requested = Signal(bool)
    view_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(48, parent, right=16)
        self._edits_next = False
        self._dot = StatusDot("dot_info", diameter=12)
        self._name = Label("", size=14, weight=600)
        self._name.setObjectName("environmentName")
        self._edit = LineField(height=28)
        self._edit.setObjectName("environmentNameEdit")
        self._edit.setAccessibleName(self.tr("Name of the environment"))
        self._edit.hide()
        self._menu = QMenu(self)
        self._arrow = IconButton("chevron_down", self.tr("What can be done with this environment"))
        self._arrow.setObjectName("environmentMenuButton")
        self._activate = self._menu.addAction("")
        self._rename = self._menu.addAction(self.tr("Rename"))
        self._recolor = self._menu.addAction(self.tr("Colour…"))
        self._duplicate = self._menu.addAction(self.tr("Duplicate"))
        self._menu.addSeparator()
        self._delete = self._menu.addAction(self.tr("Delete"))
        self._arrow.set_menu(self._menu)
        self._views = SegmentedControl()
        self._views.set_segments([("table", self.tr("Table")), ("json", "JSON")])
        for widget in (self._dot, self._name, self._edit, self._arrow):
            self.add(widget)
        self.add_stretch()
        self.add(self._views)
        self._is_active = False
        self._activate.triggered.connect(lambda: self.activation_requested.emit(not self._is_active))
        self._rename.triggered.connect(self.edit_name)
        self._recolor.triggered.connect(self.recolor_requested)
        self._duplicate.triggered.connect(self.duplicate_requested)
        self._delete.triggered.connect(self.delete_requested)
        self._edit.editingFinished.connect(self._on_edited)
        self._views.current_changed.connect(self.view_chosen)

    def show_environment(self, name: str, color: str, *, is_base: bool, is_active: bool) -> None:
        """Show another environment."""
        self._is_active = is_active
        self._name.setText(name)
        self._dot.setVisible(not is_base)
        self._dot.set_color(QColor(color) if color else QColor())
        self._activate.setText(self.tr("Make it inactive") if is_active else self.tr("Make it the active one"))
        for action in (self._activate, self._recolor, self._delete):
            action.setVisible(not is_base)
        if self._edits_next and not is_base:
            self._edits_next = False
            self.edit_name()

    def edit_name(self) -> None:
        """Let the name be typed."""
        self._edit.setText(self._name.text())
        self._name.hide()
        self._edit.show()
        self._edit.setFocus()
        self._edit.selectAll()

    def edit_name_soon(self) -> None:
        """Let the name of the environment that is shown next be typed."""
        self._edits_next = True

    def _on_edited(self) -> None:
        if self._edit.isVisible():
            self._edit.hide()
            self._name.show()
            self.renamed.emit(self._edit.text())
