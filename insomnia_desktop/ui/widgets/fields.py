"""Fields, boxes, choices and pop-up lists, painted by the tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QStyledItemDelegate,
    QWidget,
)

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.focus_ring import FocusRing
from insomnia_desktop.ui.widgets.undo_keys import leave_keys_to_window

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem

Ground = Literal["window", "sidebar"]
BOX = 16
BOX_EDGE = 1.5  # heavier than a field's: a box is small and empty
INNER_MARGIN = 2  # what QLineEdit itself leaves beside its text


def field_fill(ground: Ground) -> str:
    """Return the token of a field's inside, which depends on where the field stands."""
    return "sidebar_field" if ground == "sidebar" else "raised"


class LineField(QLineEdit):
    """A line to type in: 32 high, 28 in a bar of 40. It always shows its focus, and a wrong one is marked."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        placeholder: str = "",
        height: int = 32,
        padding: int = 12,
        mono: bool = False,
        ground: Ground = "window",
    ) -> None:
        super().__init__(text, parent)
        self._height = height
        self._paddings = (padding, padding)
        self._mono = mono
        self._ground: Ground = ground
        self._wrong = False
        self.setPlaceholderText(placeholder)
        self.setFrame(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._dress()

    def set_wrong(self, wrong: bool) -> None:
        """Mark the field as the one to mend; the sentence that says why stands near it."""
        self._wrong = wrong
        self.update()

    def is_wrong(self) -> bool:
        """Return whether the field is marked."""
        return self._wrong

    def set_paddings(self, left: int, right: int) -> None:
        """Leave other room beside the text, for an icon or a button inside the field."""
        self._paddings = (left, right)
        self._dress()

    def sizeHint(self) -> QSize:
        """Return the fixed height and a usual width."""
        return QSize(px(200), px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Return the least size that can be typed in."""
        return QSize(px(64), px(self._height))

    def event(self, event: QEvent) -> bool:
        """Leave the window its keys, and Ctrl+Z when nothing is left to take back here."""
        return leave_keys_to_window(self, event) or super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take the new colours and sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, then let Qt draw text, selection and caret."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        fill = field_fill(self._ground)
        if self._wrong:
            painting.ring(painter, rect, token="danger", fill=fill)
        elif self.hasFocus():
            painting.ring(painter, rect, fill=fill)
        else:
            painting.frame_rounded(painter, rect, fill=fill, edge="border" if self.isEnabled() else "hairline")
        painter.end()
        super().paintEvent(event)

    def _dress(self) -> None:
        self.setFont(mono_font() if self._mono else ui_font())
        left, right = self._paddings
        self.setTextMargins(px(left) - INNER_MARGIN, 0, px(right) - INNER_MARGIN, 0)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        palette.setColor(QPalette.ColorRole.Text, theme().color("text"))
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, theme().color("faint"))
        palette.setColor(QPalette.ColorRole.PlaceholderText, theme().color("faint"))
        self.setPalette(palette)


def _paint_choice_label(painter: QPainter, button: QAbstractButton, *, height: float) -> None:
    painting.draw_text(
        painter,
        button.text(),
        x=px(BOX) + px(8),
        top=0,
        height=height,
        font=ui_font(),
        token="text" if button.isEnabled() else "faint",
        width=button.width() - px(BOX) - px(8) - 2,
    )


def _choice_size(button: QAbstractButton) -> QSize:
    width = px(BOX)
    if button.text():
        width += px(8) + round(painting.text_width(ui_font(), button.text())) + 6
    return QSize(width, px(24))


def paint_box(painter: QPainter, rect: QRectF, *, checked: bool, enabled: bool = True, hovered: bool = False) -> None:
    """Draw a box of 16 px that can be ticked; a ghost row's is one that is not enabled."""
    if checked and enabled:
        fill = "accent_fill_hover" if hovered else "accent_fill"
        painting.fill_rounded(painter, rect, theme().color(fill), radius=painting.SMALL_RADIUS)
    else:
        edge = "border" if enabled else "hairline"
        fill = "hover" if hovered and enabled else "raised"
        painting.frame_rounded(painter, rect, fill=fill, edge=edge, radius=painting.SMALL_RADIUS, pen=BOX_EDGE)
    if checked:
        token = "on_accent" if enabled else "faint"
        paint_icon(painter, "check_small", token, x=rect.x(), y=rect.y(), size=round(rect.width()))


class CheckBox(QCheckBox):
    """A box that is on or off."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._ring = FocusRing(self)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of box and words."""
        return _choice_size(self)

    def minimumSizeHint(self) -> QSize:
        """Return the size of box and words."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Box and words can both be clicked."""
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw box, tick, words and ring."""
        painter = QPainter(self)
        box = QRectF(0, (self.height() - px(BOX)) // 2, px(BOX), px(BOX))
        if self._ring.is_shown():
            painting.ring(painter, box, radius=painting.SMALL_RADIUS)
            inner = box.adjusted(3, 3, -3, -3)
            if self.isChecked():
                painting.fill_rounded(painter, inner, theme().color("accent_fill"), radius=2)
                paint_icon(painter, "check_small", "on_accent", x=box.x(), y=box.y(), size=px(BOX))
        else:
            paint_box(painter, box, checked=self.isChecked(), enabled=self.isEnabled(), hovered=self.underMouse())
        _paint_choice_label(painter, self, height=self.height())


class RadioButton(QRadioButton):
    """One of several choices."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._ring = FocusRing(self)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of circle and words."""
        return _choice_size(self)

    def minimumSizeHint(self) -> QSize:
        """Return the size of circle and words."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Circle and words can both be clicked."""
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw circle, dot, words and ring."""
        painter = QPainter(self)
        circle = QRectF(0, (self.height() - px(BOX)) // 2, px(BOX), px(BOX))
        enabled = self.isEnabled()
        if self.isChecked() and enabled:
            painting.fill_rounded(painter, circle, theme().color("accent_fill"), radius=BOX / 2)
        else:
            fill = "hover" if self.underMouse() and enabled else "raised"
            edge = "border" if enabled else "hairline"
            painting.frame_rounded(painter, circle, fill=fill, edge=edge, radius=BOX / 2, pen=BOX_EDGE)
        if self.isChecked():
            token = "on_accent" if enabled else "faint"
            painting.fill_dot(painter, QPointF(circle.center()), px(6), theme().color(token))
        if self._ring.is_shown():
            painting.ring(painter, circle, radius=BOX / 2)
        _paint_choice_label(painter, self, height=self.height())


class _ComboRow(QStyledItemDelegate):
    """A row of 28 px in the list of a ComboField, with a tick at the chosen one."""

    def __init__(self, parent: QComboBox) -> None:
        super().__init__(parent)
        self._combo = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the fixed height and the width of the words."""
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        return QSize(round(painting.text_width(ui_font(), text)) + px(8 + 12 + 16 + 8), px(28))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the ground under the pointer, the words and the tick."""
        from PySide6.QtWidgets import QStyle  # imported here, with its thousand names: no field of the window needs it

        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        rect = QRectF(area)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painting.fill_rounded(painter, rect, theme().color("pressed"), radius=painting.SMALL_RADIUS)
        painting.draw_text(
            painter,
            str(index.data(Qt.ItemDataRole.DisplayRole) or ""),
            x=rect.x() + px(8),
            top=rect.y(),
            height=rect.height(),
            font=ui_font(),
            token="text" if state & QStyle.StateFlag.State_Enabled else "faint",
            width=rect.width() - px(36),
        )
        if index.row() == self._combo.currentIndex():
            size = px(16)
            y = rect.y() + (rect.height() - size) / 2
            paint_icon(painter, "check", "accent_text", x=rect.right() - px(8) - size, y=y, size=size)


class ComboField(QComboBox):
    """A choice from a list, as high as a field or, with `height=28`, as a button."""

    def __init__(self, parent: QWidget | None = None, *, height: int = 32, ground: Ground = "window") -> None:
        super().__init__(parent)
        self._height = height
        self._ground: Ground = ground
        self._ring = FocusRing(self)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setItemDelegate(_ComboRow(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(14)

    def sizeHint(self) -> QSize:
        """Return the width of the longest choice at the fixed height."""
        font = ui_font()
        longest = max((painting.text_width(font, self.itemText(i)) for i in range(self.count())), default=0.0)
        return QSize(round(longest) + px(12 + 8 + 14 + 10) + 1, px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Long choices may be elided."""
        return QSize(min(self.sizeHint().width(), px(80)), px(self._height))

    def showPopup(self) -> None:
        """Open the list, wide enough for its longest row."""
        from PySide6.QtWidgets import QStyleOptionViewItem

        rows = self.model().rowCount()
        option = QStyleOptionViewItem()
        hints = (self.itemDelegate().sizeHint(option, self.model().index(row, 0)) for row in range(rows))
        self.view().setMinimumWidth(max((hint.width() for hint in hints), default=0) + 2 * px(5))
        self.view().window().ensurePolished()  # its round corners are arranged before it becomes a window
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, words and arrow."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        enabled = self.isEnabled()
        fill = field_fill(self._ground)
        if self.view().isVisible():
            fill = "pressed"
        elif self.underMouse() and enabled:
            fill = "hover"
        self._ring.paint_frame(painter, rect, fill=fill, edge="border" if enabled else "hairline")
        arrow = px(14)
        arrow_x = rect.right() - px(10) - arrow
        painting.draw_text(
            painter,
            self.currentText() or self.placeholderText(),
            x=px(12),
            top=0,
            height=rect.height(),
            font=ui_font(),
            token="text" if enabled and self.currentIndex() >= 0 else "faint",
            width=arrow_x - px(12 + 6),
        )
        y = round((rect.height() - arrow) / 2)
        paint_icon(painter, "chevron_down", "dim" if enabled else "faint", x=round(arrow_x), y=y, size=arrow)
