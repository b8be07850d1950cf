"""The head of the shown environment: colour, name, what can be done with it, table or JSON."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.painting import fill_dot
from insomnia_desktop.ui.viewmodels.environment_view_model import COLORS
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.icon_line import Icon
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.segments import SegmentedControl
from insomnia_desktop.ui.widgets.status_dot import StatusDot

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NameEdit(LineField):
    """The field for the name: Enter takes it, Escape leaves it as it was.

    Signals:
        entered(text): the name is to be this.
        left(): the name stays.
    """

    entered = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(height=28)
        self._open = False
        self.editingFinished.connect(self._on_finished)

    def begin(self, name: str) -> None:
        """Let a name be typed."""
        self._open = True
        self.setText(name)
        self.show()
        self.setFocus()
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter and Escape from the dialog."""
        if event.key() == Qt.Key.Key_Escape:
            self._open = False
            self.left.emit()
        elif event.key() in _ENTER:
            self._on_finished()
        else:
            super().keyPressEvent(event)

    def _on_finished(self) -> None:
        if self._open:
            self._open = False
            self.entered.emit(self.text())


class EnvironmentHead(Bar):
    """Shows name and colour, and a menu of deeds.

    Signals:
        renamed(name): another name was typed.
        recolored(color): another colour was chosen, `#rrggbb`.
        other_color_requested(), duplicate_requested(), delete_requested(): the menu.
        activation_requested(on): it is to be the active one, or no longer.
        privacy_requested(on): it is to be on this device alone, or synced with its workspace.
        view_chosen(key): `table` or `json`.
    """

    renamed = Signal(str)
    recolored = Signal(str)
    other_color_requested = Signal()
    duplicate_requested = Signal()
    delete_requested = Signal()
    activation_requested = Signal(bool)
    privacy_requested = Signal(bool)
    view_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(48, parent, right=16)
        self._edits_next = ""
        self._is_active = False
        self._is_private = False
        self._is_held = False
        self._dot = StatusDot("faint", diameter=12)
        self._name = Label("", size=14, weight=600, elide=Qt.TextElideMode.ElideRight)
        self._name.setObjectName("environmentName")
        self._edit = NameEdit()
        self._edit.setObjectName("environmentNameEdit")
        self._edit.setAccessibleName(self.tr("Name of the environment"))
        self._edit.hide()
        self._menu = QMenu(self)
        self._arrow = IconButton("chevron_down", self.tr("What can be done with this environment"))
        self._arrow.setObjectName("environmentMenuButton")
        self._activate = self._menu.addAction("")
        self._rename = self._menu.addAction(self.tr("Rename"))
        self._colors = QMenu(self.tr("Colour"), self)
        self._colors_action = self._menu.addMenu(self._colors)
        self._duplicate = self._menu.addAction(self.tr("Duplicate"))
        self._privacy = self._menu.addAction("")
        self._menu.addSeparator()
        self._delete = self._menu.addAction(self.tr("Delete"))
        self._arrow.set_menu(self._menu)
        self._views = SegmentedControl()
        self._views.setObjectName("environmentViews")
        self._views.setAccessibleName(self.tr("Table or JSON"))
        self._views.set_segments([("table", self.tr("Table")), ("json", "JSON")])
        self._private_sign = Icon("lock")
        self._private_words = Label(self.tr("Only on this device"), rank="dim", size=12)
        self._private_words.setObjectName("privateEnvironment")
        for widget in (self._dot, self._name, self._edit, self._arrow, self._private_sign, self._private_words):
            self.add(widget)
        self.add_stretch()
        self.add(self._views)
        self._connect()

    def show_environment(
        self,
        environment_id: str,
        name: str,
        color: str,
        *,
        is_base: bool,
        is_active: bool,
        is_private: bool | None = None,
        is_held: bool = False,
        is_readable: bool = True,
        may_be_deleted: bool = True,
    ) -> None:
        """Show another environment; `is_private` is None where that cannot be chosen, `is_held` one is not changed."""
        self._is_held = is_held
        self._is_active, self._is_private = is_active, bool(is_private)
        for part in (self._private_sign, self._private_words):
            part.setVisible(self._is_private)
        self._privacy.setVisible(is_private is not None)
        self._privacy.setText(self.tr("Sync it again") if is_private else self.tr("Keep only on this device"))
        self._name.setText(name)
        self._dot.setVisible(not is_base)
        self._dot.set_color(QColor(color) if color else QColor())
        self._activate.setText(self.tr("Make it inactive") if is_active else self.tr("Make it the active one"))
        self._activate.setVisible(not is_base)
        self._rename.setVisible(not is_held)
        self._colors_action.setVisible(not is_base and not is_held)
        self._duplicate.setVisible(is_readable)
        self._delete.setVisible(not is_base and may_be_deleted)
        self._views.setVisible(is_readable)
        # A menu without an entry is no menu.
        self._arrow.setVisible(not is_base or is_readable)
        if self._edits_next and self._edits_next != environment_id and not is_base:
            self._edits_next = ""
            self.edit_name()

    def set_view(self, key: str) -> None:
        """Show which view is chosen."""
        self._views.set_current(key)

    def edit_name(self) -> None:
        """Let the name be typed, where it can be another."""
        if self._is_held:
            return
        self._name.hide()
        self._edit.begin(self._name.text())

    def edit_name_after(self, environment_id: str) -> None:
        """Let the name of the environment that is shown after this one be typed."""
        self._edits_next = environment_id

    def _connect(self) -> None:
        self._activate.triggered.connect(lambda: self.activation_requested.emit(not self._is_active))
        self._rename.triggered.connect(self.edit_name)
        self._duplicate.triggered.connect(self.duplicate_requested)
        self._privacy.triggered.connect(lambda: self.privacy_requested.emit(not self._is_private))
        self._delete.triggered.connect(self.delete_requested)
        self._colors.aboutToShow.connect(self._fill_colors)
        self._edit.entered.connect(self._on_entered)
        self._edit.left.connect(self._end_edit)
        self._views.current_changed.connect(self.view_chosen)

    def _fill_colors(self) -> None:
        self._colors.clear()
        names = {
            "dot_info": self.tr("Blue"),
            "dot_warning": self.tr("Orange"),
            "dot_danger": self.tr("Red"),
            "dot_success": self.tr("Green"),
            "accent": self.tr("Violet"),
            "notice": self.tr("Yellow"),
        }
        for token in COLORS:
            color = theme().hex(token)
            action = self._colors.addAction(_dot_icon(theme().color(token)), names[token])
            action.triggered.connect(lambda _checked=False, color=color: self.recolored.emit(color))
        self._colors.addSeparator()
        self._colors.addAction(self.tr("Other…"), self.other_color_requested.emit)

    def _on_entered(self, name: str) -> None:
        self._end_edit()
        self.renamed.emit(name)

    def _end_edit(self) -> None:
        had_focus = self._edit.hasFocus()
        self._edit.hide()
        self._name.show()
        if had_focus:
            self._arrow.setFocus(Qt.FocusReason.OtherFocusReason)


def _dot_icon(color: QColor) -> QIcon:
    side, ratio = px(16), 2
    pixmap = QPixmap(side * ratio, side * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    fill_dot(painter, QPointF(side / 2, side / 2), px(8), color)
    painter.end()
    return QIcon(pixmap)
