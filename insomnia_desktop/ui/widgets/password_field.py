"""A field for a secret: dots while it is hidden, and a button in it that shows what was typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.fields import LineField

DOT, STEP = 5, 9
BUTTON = 28
_EDGE = 2
# Wide and not to be seen: the dots are painted, the same in every font.
_MASK = 0xA0


class _SecretStyle(QProxyStyle):
    """Gives a hidden text an invisible character, over which the field paints its dots."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Fusion")
        self.setParent(parent)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        if hint == QStyle.StyleHint.SH_LineEdit_PasswordCharacter:
            return _MASK
        return super().styleHint(hint, option, widget, returnData)


class PasswordField(LineField):
    """A line whose text is hidden until the person asks for it; `with_button` puts the button that does so into it.

    Signals:
        shown_changed(shown): the text is shown from now on, or hidden.
    """

    shown_changed = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None, *, with_button: bool = True) -> None:
        super().__init__("", parent)
        self._secret_style = _SecretStyle(self)
        self.setStyle(self._secret_style)
        self.setAccessibleName(name)
        self._button: IconButton | None = None
        if with_button:
            self.set_paddings(12, BUTTON + 2 * _EDGE)
            self._button = IconButton("eye", "", self)
            self._button.setObjectName("showPasswordButton")
            self._button.setCursor(Qt.CursorShape.ArrowCursor)
            # A click leaves the caret in the field.
            self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._button.clicked.connect(lambda: self.set_shown(not self.is_shown()))
        self.set_shown(False)

    @property
    def show_button(self) -> IconButton | None:
        """The button in the field, where there is one."""
        return self._button

    def is_shown(self) -> bool:
        """Return whether the text can be read."""
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def set_shown(self, shown: bool) -> None:
        """Show the text, or dots in its place."""
        changed = shown != self.is_shown()
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        if self._button is not None:
            tip = self.tr("Hide the password") if shown else self.tr("Show the password")
            self._button.set_icon("eye_off" if shown else "eye")
            self._button.setToolTip(tip)
            self._button.setAccessibleName(tip)
        self._dress()
        if changed:
            self.shown_changed.emit(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type what was pressed in the field itself, and nothing that its button was given and did not take."""
        if self._button is not None and self._button.hasFocus():
            event.ignore()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button at the right."""
        super().resizeEvent(event)
        self._place_button()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the button at the right when the zoom changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._place_button()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dots over the invisible characters."""
        super().paintEvent(event)
        count = len(self.text())
        if self.is_shown() or not count:
            return
        painter = QPainter(self)
        left, right = self.textMargins().left(), self.textMargins().right()
        painter.setClipRect(QRectF(left, 0, self.width() - left - right, self.height()))
        color = theme().color("text" if self.isEnabled() else "faint")
        first = self.cursorRect().center().x() - self.cursorPosition() * px(STEP)
        middle = round(self.height() / 2)
        for at in range(count):
            x = first + 1 + at * px(STEP) + px(DOT) / 2
            if -px(STEP) < x < self.width() + px(STEP):
                painting.fill_dot(painter, QPointF(x, middle), px(DOT), color)

    def _dress(self) -> None:
        super()._dress()
        if not self.is_shown():
            self.setFont(_spaced(ui_font()))

    def _place_button(self) -> None:
        if getattr(self, "_button", None) is not None and self._button is not None:
            hint: QSize = self._button.sizeHint()
            x = self.width() - px(_EDGE) - hint.width()
            self._button.setGeometry(x, (self.height() - hint.height()) // 2, hint.width(), hint.height())


def _spaced(font: QFont) -> QFont:
    """Return the font in which every hidden character is as wide as the step from dot to dot."""
    spacing = px(STEP) - QFontMetricsF(font).horizontalAdvance(chr(_MASK))
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return font
