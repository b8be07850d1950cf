"""The HTTP method of a request: a word in its colour, a menu of seven, and any other method written in place."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QSizePolicy, QToolTip, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
# `token` of RFC 9110, 5.6.2: what a method may be made of.
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HEIGHT = 32
_PADDING = 10
_ARROW = 14
_ARROW_GAP = 11
_RIGHT = 4
_WIDEST_WORD = 144
_EDIT_WIDTH = 112
_OPENERS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F4}
_MENU_WIDTH = 160


def is_method(text: str) -> bool:
    """Say whether a text can be a method: a token of RFC 9110, 5.6.2; case is kept and means something."""
    return _TOKEN.fullmatch(text) is not None


class MethodMenu(QMenu):
    """The menu of methods, each word in its colour; keys, mouse and screen readers find an ordinary QMenu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumWidth(px(_MENU_WIDTH))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the panel and its rows."""
        painter = QPainter(self)
        colors = theme()
        painter.fillRect(self.rect(), colors.color("floating"))
        painter.setPen(QPen(colors.color("border"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        for action in self.actions():
            rect = self.actionGeometry(action)
            if action.isSeparator():
                painting.hairline(painter, rect.left() + px(8), rect.center().y(), length=rect.width() - px(16))
                continue
            if self.activeAction() is action:
                painting.fill_rounded(painter, QRectF(rect), colors.color("pressed"), radius=4)
            method = action.data()
            painter.setFont(mono_font(13, 700) if method else ui_font(13))
            painter.setPen(colors.method(str(method)) if method else colors.color("text"))
            y = painting.baseline(painter.font(), top=rect.top(), height=rect.height())
            painter.drawText(QPointF(rect.left() + px(8), y), action.text())
            if action.isChecked():
                side = px(16)
                x, y = rect.right() - px(8) - side, rect.top() + (rect.height() - side) / 2
                paint_icon(painter, "check", "accent_text", x=x, y=y, size=side)


class MethodPicker(QAbstractButton):
    """Shows the method and opens its menu; "Custom..." turns the word into a field.

    A custom method is kept as it is written, lower case too. One with characters that no method may have is refused: a
    tip says so, and the field stays open with what was typed; Escape and leaving the field bring the old method back.

    Signals:
        method_changed(str): the person chose or wrote another method.
    """

    method_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._method = "GET"
        self._ring = FocusRing(self)
        self._edit: QLineEdit | None = None
        self.setObjectName("methodPicker")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_menu)
        switch().changed.connect(self.updateGeometry)
        switch().changed.connect(self.update)
        self._name()

    def method(self) -> str:
        """Return the method as it is."""
        return self._method

    def set_method(self, method: str) -> None:
        """Show a method; emits nothing."""
        if method != self._method:
            self._method = method
            self._close_edit()
            self._name()
            self.updateGeometry()
            self.update()

    def open_menu(self) -> None:
        """Open the menu under the word, with the current method under the keyboard."""
        if not self.isEnabled():
            return
        menu = MethodMenu(self)
        menu.setObjectName("methodMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setFont(mono_font(13, 700))
        for method in METHODS:
            action = menu.addAction(method)
            action.setData(method)
            action.setCheckable(True)
            action.setChecked(method == self._method)
            action.triggered.connect(partial(self._choose, method))
            if method == self._method:
                menu.setActiveAction(action)
        menu.addSeparator()
        custom = menu.addAction(self.tr("Custom..."))
        custom.setCheckable(True)
        custom.setChecked(self._method not in METHODS)
        custom.triggered.connect(self.edit_custom)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + px(4))))

    def edit_custom(self) -> None:
        """Turn the word into a field for any method."""
        if self._edit is None:
            self._edit = _MethodEdit(self)
            self._edit.returnPressed.connect(self._take_custom)
            self._edit.textEdited.connect(self._judge)
            self._edit.left.connect(self._close_edit)
        self._edit.setText("" if self._method in METHODS else self._method)
        self._edit.setFont(mono_font(13, 700))
        self.updateGeometry()
        self._edit.setGeometry(self._edit_rect())
        self._edit.show()
        self._edit.selectAll()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def problem(self) -> str:
        """Return what is wrong with the method that is being written, or nothing."""
        if self._edit is None or is_method(self._edit.text()):
            return ""
        if not self._edit.text():
            return self.tr("A method needs at least one character.")
        return self.tr('A method has no blanks and none of these characters: " ( ) , / : ; < = > ? @ [ \\ ] { }')

    def sizeHint(self) -> QSize:
        """Return 32 px in height, and the width of the word with its arrow."""
        if self._edit is not None:
            return QSize(px(_EDIT_WIDTH), px(_HEIGHT))
        rest = px(_PADDING) + px(_ARROW_GAP) + px(_ARROW) + px(_RIGHT)
        return QSize(self._word_width() + rest, px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the word is never cut by its neighbours."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the menu by Enter, the arrows and F4 too."""
        if event.key() in _OPENERS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.open_menu()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Note whether the focus came by keyboard."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Drop the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw word and arrow, the ground under the mouse, the ring."""
        painter = QPainter(self)
        inner = QRectF(self.rect()).adjusted(px(3), px(3), 0, -px(3))
        if self._edit is None:
            if self.isEnabled() and (self.isDown() or self.underMouse()):
                token = "pressed" if self.isDown() else "hover"
                painting.fill_rounded(painter, inner, theme().color(token), radius=painting.SMALL_RADIUS)
            font = mono_font(13, 700)
            painter.setFont(font)
            painter.setPen(theme().method(self._method))
            word = QFontMetrics(font).elidedText(self._method, Qt.TextElideMode.ElideRight, px(_WIDEST_WORD))
            y = painting.baseline(font, top=0, height=self.height())
            painter.drawText(QPointF(px(_PADDING), y), word)
            x = self.width() - px(_RIGHT) - px(_ARROW)
            if self.isEnabled():
                paint_icon(painter, "chevron_down", "dim", x=x, y=(self.height() - px(_ARROW)) / 2, size=px(_ARROW))
        self._ring.paint(painter, inner, radius=painting.SMALL_RADIUS)

    def _choose(self, method: str, checked: bool = False) -> None:
        if method != self._method:
            self.set_method(method)
            self.method_changed.emit(method)

    def _judge(self) -> None:
        assert self._edit is not None
        problem = self.problem() if self._edit.text() else ""
        self._edit.setToolTip(problem)
        self._edit.setAccessibleDescription(problem)
        self._edit.update()
        if problem:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), problem, self._edit)
        else:
            QToolTip.hideText()

    def _take_custom(self) -> None:
        if self._edit is None:
            return
        if self.problem():
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.problem(), self._edit)
            return
        method = self._edit.text()
        self._close_edit()
        self._choose(method)

    def _close_edit(self) -> None:
        """Bring the word back; the focus comes to it where it was in the field."""
        edit, self._edit = self._edit, None
        if edit is None:
            return
        if edit.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        QToolTip.hideText()
        edit.hide()
        edit.deleteLater()
        self.updateGeometry()
        self.update()

    def _edit_rect(self) -> QRect:
        return QRect(px(4), px(4), px(_EDIT_WIDTH) - px(4) - px(_RIGHT), px(_HEIGHT) - 2 * px(4))

    def _word_width(self) -> int:
        return min(QFontMetrics(mono_font(13, 700)).horizontalAdvance(self._method), px(_WIDEST_WORD))

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Method %s").replace("%s", self._method))
        self.setToolTip(self._method if self._word_width() >= px(_WIDEST_WORD) else "")


class _MethodEdit(QLineEdit):
    """The field of a custom method; wrong text is red and in a red ring."""

    left = Signal()

    def __init__(self, picker: MethodPicker) -> None:
        super().__init__(picker)
        self.setObjectName("customMethodEdit")
        self.setAccessibleName(self.tr("Custom method"))
        self.setFrame(False)
        self.setTextMargins(px(4), 0, px(4), 0)
        self.setPlaceholderText(self.tr("METHOD"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        is_wrong = bool(self.text()) and not is_method(self.text())
        palette = self.palette()
        wanted = theme().color("danger" if is_wrong else "text")
        if palette.text().color() != wanted:
            palette.setColor(palette.ColorRole.Text, wanted)
            self.setPalette(palette)
        super().paintEvent(event)
        painter = QPainter(self)
        painting.ring(painter, QRectF(self.rect()), token="danger" if is_wrong else "accent", radius=4)
