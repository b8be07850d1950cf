"""What our large dialogs share: their size, a foot with Done, and what happens when they close."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import PrimaryButton
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.toast import Toast

SIZE = (976, 576)
EDGE = 32
FOOT = 56
SIDE = 233
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WideDialog(QDialog):
    """A dialog of 976 x 576, smaller where its window is; Escape closes it, and so does Enter outside of fields and
    buttons.

    It is opened with `Scrim.open_dialog`. Subclasses write down what was typed in `before_close`, which may keep the
    dialog open.
    """

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setAccessibleName(heading)
        self.toast = Toast(self, close_tip=self.tr("Close"))
        elide = Qt.TextElideMode.ElideRight
        self.note = Label(self.tr("Changes are kept as you type."), rank="dim", size=12, elide=elide)
        self.done_button = PrimaryButton(self.tr("Done"))
        self.done_button.setObjectName("doneButton")
        self.done_button.clicked.connect(self.accept)
        self.foot = Bar(FOOT, hairline="top", right=16)
        self.foot.add(self.note, stretch=1)
        self.foot.add(self.done_button)
        self._side: QWidget | None = None
        self.resize_to_window()

    def side_column(self, heading: str, button: QWidget | None = None) -> tuple[QWidget, QVBoxLayout]:
        """Return the list's column at the left, under its head, and the layout to put the list into."""
        side = Surface("sidebar")
        head = Bar(48)
        head.add(Label(heading, size=14, weight=600))
        head.add_stretch()
        if button is not None:
            head.add(button)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        side.setFixedWidth(px(SIDE))
        self._side = side
        return side, column

    def resize_to_window(self) -> None:
        """Take the size of the pictures, or what the window leaves."""
        width, height = px(SIZE[0]), px(SIZE[1])
        parent = self.parentWidget()
        if parent is not None:
            room = parent.window().size()
            width, height = min(width, room.width() - EDGE), min(height, room.height() - EDGE)
        self.resize(width, height)
        if self._side is not None:
            self._side.setFixedWidth(px(SIDE))

    def before_close(self) -> bool:
        """Write down what was typed; False keeps the dialog open, which then says why."""
        return True

    def done(self, result: int) -> None:
        """Close, if nothing speaks against it."""
        if self.before_close():
            super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter in a field from closing the dialog: there it ends the typing."""
        if event.key() in _ENTER and isinstance(self.focusWidget(), QLineEdit):
            event.accept()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Let no other button than Done answer to Enter."""
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.done_button.setDefault(True)
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.resize_to_window()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color("window"))


def upright_line() -> QWidget:
    """Return the hairline between two columns."""
    line = Surface("hairline")
    line.setFixedWidth(1)
    return line
