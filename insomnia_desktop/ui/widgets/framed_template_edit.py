"""A field of a form that may hold variables, or a secret that is shown only on demand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from insomnia_desktop.ui.models.variable_state import VariableResolver
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.template_line_edit import Names, TemplateLineEdit

_HEIGHT = 32


class FramedTemplateEdit(QWidget):
    """A template line edit in a frame of 32 px; `secret` hides the text until the eye is clicked.

    Signals:
        edited(text): the person changed it.
        focus_left(): the focus went elsewhere.
    """

    edited = Signal(str)
    focus_left = Signal()

    def __init__(self, parent: QWidget | None = None, *, secret: bool = False) -> None:
        super().__init__(parent)
        self.edit = TemplateLineEdit(self)
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.edit.setTextMargins(4, 4, 4, 5)
        self.edit.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(6), 0, px(2), 0)
        row.setSpacing(0)
        row.addWidget(self.edit, 1)
        self._eye: IconButton | None = None
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self._eye = IconButton("eye", self.tr("Show"))
            self._eye.setCheckable(True)
            self._eye.toggled.connect(self._on_eye)
            row.addWidget(self._eye)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.edit.edited.connect(self.edited)

    def set_name(self, name: str) -> None:
        """Set what a screen reader says."""
        self.edit.setAccessibleName(name)

    def set_variables(self, resolver: VariableResolver, names: Names) -> None:
        """Set who knows the variables and which names are offered."""
        self.edit.set_resolver(resolver)
        self.edit.set_variable_names(names)

    def show_text(self, text: str, *, fresh: bool) -> None:
        """Show a text; without `fresh` the caret stays where it can."""
        if fresh:
            self.edit.setText(text)
            self.edit.setCursorPosition(0)
        else:
            self.edit.set_text_keeping_caret(text)

    def set_read_only(self, read_only: bool) -> None:
        """Let the text be read and copied only, or changed again."""
        self.edit.setReadOnly(read_only)

    def sizeHint(self) -> QSize:
        """Return the height of a field."""
        return QSize(px(320), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the least useful width."""
        return QSize(px(120), px(_HEIGHT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus of the edit."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
            if event.type() == QEvent.Type.FocusOut:
                self.focus_left.emit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and its ring."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self.edit.hasFocus():
            painting.ring(painter, rect, fill="raised")
        else:
            painting.frame_rounded(painter, rect, fill="raised", edge="border")

    def _on_eye(self, shown: bool) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        assert self._eye is not None
        self._eye.set_icon("eye_off" if shown else "eye")
        words = self.tr("Hide") if shown else self.tr("Show")
        self._eye.setToolTip(words)
        self._eye.setAccessibleName(words)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
