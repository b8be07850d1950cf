"""The buttons: one filled for the next deed, framed ones, quiet ones, icons and links."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QCursor, QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QPushButton, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

ICON_SIZE = 16
ARROW_SIZE = 14
GAP = 6
# The drawing of the arrow leaves 3 px of its 14 free at each side.
ARROW_GAP = 4
LEAST_PADDING = 4
# The Enter of the number block is pressed with a modifier that says where it is.
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def press_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press a button that has the focus where the key is Enter, which Qt leaves to dialogs; say whether it was."""
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() not in _PLAIN:
        return False
    if not event.isAutoRepeat():
        button.click()
    event.accept()
    return True


class PaintedButton(QPushButton):
    """What all buttons share: an optional icon, a text, an optional menu arrow, and a ring for the keyboard.

    It is a QPushButton so that it can be a dialog's default one. Subclasses draw what lies under the content.
    """

    FONT_WEIGHT: ClassVar[int] = 500

    def __init__(self, text: str = "", parent: QWidget | None = None, *, icon: str = "", arrow: bool = False) -> None:
        super().__init__(text, parent)
        self._icon_name = icon
        self._arrow = arrow
        self._height = 28
        self._padding = 12
        self._font_size = 13
        self._least_width = 0
        self._menu: QMenu | None = None
        self._ring = FocusRing(self)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_measures(
        self,
        *,
        height: int | None = None,
        padding: int | None = None,
        font_size: int | None = None,
        least_width: int | None = None,
    ) -> None:
        """Change measures (px at 100 %); those left out stay."""
        self._height = self._height if height is None else height
        self._padding = self._padding if padding is None else padding
        self._font_size = self._font_size if font_size is None else font_size
        self._least_width = self._least_width if least_width is None else least_width
        self.updateGeometry()

    def set_icon(self, name: str) -> None:
        """Change the icon; "" takes it away."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    def set_menu(self, menu: QMenu) -> None:
        """Open a menu under the button when it is clicked; the button looks pressed while the menu is open."""
        self._menu = menu
        self.clicked.connect(self._open_menu)
        menu.aboutToHide.connect(self._on_menu_closed)

    def sizeHint(self) -> QSize:
        """Return the size the content needs, at the zoom that is set."""
        width = self._content_width() + 2 * px(self._padding)
        return QSize(max(round(width + 0.49), px(self._least_width)), px(self._height))

    def minimumSizeHint(self) -> QSize:
        """A button never shows less than its words."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, content and ring."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if not self.isEnabled():
            self._paint_disabled(painter, rect)
        else:
            self._paint_ground(painter, rect)
        self._paint_content(painter, rect)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as the space bar does."""
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        """Draw what lies under the content; nothing but the ring here."""
        self._ring.paint(painter, rect)

    def _paint_disabled(self, painter: QPainter, rect: QRectF) -> None:
        painting.frame_rounded(painter, rect, fill="raised", edge="hairline")

    def _text_token(self) -> str:
        return "text"

    def _icon_token(self) -> str:
        return "dim"

    def _text_font(self) -> QFont:
        return ui_font(self._font_size, self.FONT_WEIGHT)

    def _content_width(self) -> float:
        widths = []
        if self._icon_name:
            widths.append(float(px(ICON_SIZE)))
        if self.text():
            widths.append(painting.text_width(self._text_font(), self.text()))
        if self._arrow:
            widths.append(float(px(ARROW_SIZE)))
        gaps = px(GAP) * max(0, len(widths) - 1)
        return sum(widths) + gaps - (px(GAP) - self._arrow_gap() if self._arrow and len(widths) > 1 else 0)

    def _arrow_gap(self) -> int:
        return px(ARROW_GAP) if self.text() else 0

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        """Draw icon, text and arrow in a row in the middle; a text too long for the button is elided."""
        enabled = self.isEnabled()
        # Squeezed below its hint, a button gives up its padding before its words.
        side = min(px(self._padding), px(LEAST_PADDING))
        x = rect.x() + max(float(side), (rect.width() - self._content_width()) / 2)
        if self._icon_name:
            size = px(ICON_SIZE)
            token = self._icon_token() if enabled else "faint"
            paint_icon(painter, self._icon_name, token, x=round(x), y=round((rect.height() - size) / 2), size=size)
            x += size + (px(GAP) if self.text() else 0)
        arrow = px(ARROW_SIZE) if self._arrow else 0
        if self.text():
            token = self._text_token() if enabled else "faint"
            room = rect.right() - side - x - (arrow + self._arrow_gap() if arrow else 0) + 1
            x = (
                painting.draw_text(
                    painter,
                    self.text(),
                    x=x,
                    top=rect.y(),
                    height=rect.height(),
                    font=self._text_font(),
                    token=token,
                    width=room,
                )
                + self._arrow_gap()
            )
        if arrow:
            token = self._icon_token() if enabled else "faint"
            paint_icon(painter, "chevron_down", token, x=round(x), y=round((rect.height() - arrow) / 2), size=arrow)

    def _hover_token(self, *, normal: str, hover: str, pressed: str) -> str:
        if self.isDown() or self.isChecked() or (self._menu is not None and self._menu.isVisible()):
            return pressed
        return hover if self.underMouse() else normal

    def _open_menu(self) -> None:
        if self._menu is not None:
            self._menu.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay, False)
            self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + px(4))))
            self.update()

    def _on_menu_closed(self) -> None:
        # The click that closes the menu must not open it again.
        if self._menu is not None and self.rect().contains(self.mapFromGlobal(QCursor.pos())):
            self._menu.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self.update()


class PrimaryButton(PaintedButton):
    """The deed most people do next; one in a view."""

    FILL: ClassVar[str] = "accent_fill"

    def __init__(self, text: str, parent: QWidget | None = None, *, icon: str = "") -> None:
        super().__init__(text, parent, icon=icon)
        self.set_measures(height=32, padding=16, least_width=72)

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        fill = self._hover_token(normal=self.FILL, hover=f"{self.FILL}_hover", pressed=self.FILL)
        if self._ring.paint(painter, rect, fill="window"):
            inset = painting.RING_WIDTH + 1
            inner = rect.adjusted(inset, inset, -inset, -inset)
            painting.fill_rounded(painter, inner, theme().color(fill), radius=painting.RADIUS - inset + 0.5)
        else:
            painting.fill_rounded(painter, rect, theme().color(fill))

    def _text_token(self) -> str:
        return "on_accent"

    def _icon_token(self) -> str:
        return "on_accent"


class DangerButton(PrimaryButton):
    """The deed that destroys, in a dialog only."""

    FILL: ClassVar[str] = "danger_fill"


class DefaultButton(PaintedButton):
    """A framed button; `small` is the one of the last bar of a column."""

    def __init__(
        self, text: str, parent: QWidget | None = None, *, icon: str = "", arrow: bool = False, small: bool = False
    ) -> None:
        super().__init__(text, parent, icon=icon, arrow=arrow)
        if small:
            self.set_measures(padding=10, font_size=12)

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        fill = self._hover_token(normal="raised", hover="hover", pressed="pressed")
        self._ring.paint_frame(painter, rect, fill=fill)


class QuietButton(PaintedButton):
    """A button without a frame; `dim` is its second rank."""

    FONT_WEIGHT: ClassVar[int] = 400

    def __init__(
        self, text: str, parent: QWidget | None = None, *, icon: str = "", arrow: bool = False, dim: bool = False
    ) -> None:
        super().__init__(text, parent, icon=icon, arrow=arrow)
        self._dim = dim
        self.set_measures(padding=8)

    def set_dim(self, dim: bool) -> None:
        """Change the rank of the text."""
        self._dim = dim
        self.update()

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        fill = self._hover_token(normal="", hover="hover", pressed="pressed")
        if fill:
            painting.fill_rounded(painter, rect, theme().color(fill))
        self._ring.paint(painter, rect)

    def _paint_disabled(self, painter: QPainter, rect: QRectF) -> None:
        """A quiet button has no ground, so a disabled one has none either."""

    def _text_token(self) -> str:
        return "dim" if self._dim else "text"


class IconButton(QuietButton):
    """A square of 28 with an icon alone; the tip says the deed and its key, the accessible name the deed."""

    def __init__(
        self, icon: str, tip: str, parent: QWidget | None = None, *, name: str = "", arrow: bool = False
    ) -> None:
        super().__init__("", parent, icon=icon, arrow=arrow)
        self.setToolTip(tip)
        self.setAccessibleName(name or tip)
        self.set_measures(padding=4 if arrow else 6)

    def sizeHint(self) -> QSize:
        """Return a square, or with an arrow a little more."""
        return super().sizeHint() if self._arrow else QSize(px(self._height), px(self._height))


class LinkButton(PaintedButton):
    """Words in a line that do something; underlined under the pointer."""

    FONT_WEIGHT: ClassVar[int] = 400

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.set_measures(padding=0, height=20)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Return the size of the words, with room for the ring."""
        hint = super().sizeHint()
        return QSize(hint.width() + 8, hint.height())

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        self._ring.paint(painter, rect, radius=painting.SMALL_RADIUS)

    def _paint_disabled(self, painter: QPainter, rect: QRectF) -> None:
        """A link has no ground."""

    def _text_token(self) -> str:
        return "accent_text"

    def _text_font(self) -> QFont:
        font = super()._text_font()
        font.setUnderline(self.isEnabled() and self.underMouse())
        return font
