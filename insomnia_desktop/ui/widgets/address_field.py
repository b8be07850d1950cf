"""The address line of a request: method, arrow, hairline and address in one frame."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.method_picker import MethodPicker
from insomnia_desktop.ui.widgets.template_line_edit import TemplateLineEdit

_HEIGHT = 32
_LINE_HEIGHT = 16
# From the line to the text: 11 in the picture, of which the edit leaves its margin of 4 and Qt's own 2.
_AFTER_LINE = 5
_RIGHT = 4
_LEAST_WIDTH = 240


class AddressField(QWidget):
    """One field of 32 px; the ring is around all of it while the address is written.

    Signals:
        method_changed(str): the person chose or wrote another method.
        url_edited(str): the person changed the address, with each key.
        submitted(): Enter was pressed in the address.
    """

    method_changed = Signal(str)
    url_edited = Signal(str)
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_wrong = False
        self.method_picker = MethodPicker(self)
        self.url_edit = TemplateLineEdit(self)
        self.url_edit.setObjectName("urlEdit")
        self.url_edit.setAccessibleName(self.tr("Address"))
        self.url_edit.setPlaceholderText(self.tr("https://example.com/path or {{ base_url }}/path"))
        self.url_edit.set_paste_filter(without_line_breaks)
        self.url_edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        # In an even height Qt puts the odd pixel above the text; the picture has it below.
        self.url_edit.setTextMargins(4, 4, 4, 5)
        self.url_edit.installEventFilter(self)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.method_picker)
        self._row.addWidget(self.url_edit, 1)
        self._spread()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.method_picker.setCursor(Qt.CursorShape.ArrowCursor)
        self.method_picker.method_changed.connect(self.method_changed)
        self.url_edit.edited.connect(self.url_edited)
        self.url_edit.returnPressed.connect(self.submitted)
        switch().changed.connect(self._measure)

    def set_request(self, method: str, url: str) -> None:
        """Show another request: method and address from their beginnings; emits nothing."""
        self.method_picker.set_method(method)
        # Also where both addresses are the same: the undo steps belong to the other request.
        self.url_edit.setText(url)
        self.url_edit.setCursorPosition(0)

    def merge_request(self, method: str, url: str) -> None:
        """Show the same request after a change from elsewhere, an undo for one; the caret stays where it can."""
        self.method_picker.set_method(method)
        self.url_edit.set_text_keeping_caret(url)

    def set_read_only(self, read_only: bool) -> None:
        """Let neither method nor address be changed, or both again."""
        self.method_picker.setEnabled(not read_only)
        self.url_edit.setReadOnly(read_only)

    def method(self) -> str:
        """Return the method as it is."""
        return self.method_picker.method()

    def url(self) -> str:
        """Return the address as it is written."""
        return self.url_edit.text()

    def set_wrong(self, is_wrong: bool) -> None:
        """Mark the address as the part to mend; the sentence that says why stands near it."""
        self._is_wrong = is_wrong
        self.update()

    def sizeHint(self) -> QSize:
        """Return 32 px in height."""
        return QSize(px(480), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the least width that an address can be read in."""
        return QSize(px(_LEAST_WIDTH), px(_HEIGHT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Repaint the ring with the focus of the address."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let a click beside the text begin there too."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.url_edit.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw field, ring and the line between method and address."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._is_wrong or self.url_edit.hasFocus():
            painting.ring(painter, rect, token="danger" if self._is_wrong else "accent", fill="raised")
        else:
            painting.frame_rounded(painter, rect, fill="raised", edge="border")
        tall = px(_LINE_HEIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        top = (self.height() - tall) // 2
        painting.hairline(painter, self.method_picker.geometry().right() + 1, top, length=tall, upright=True)

    def _measure(self) -> None:
        self._spread()
        self.updateGeometry()
        self.update()

    def _spread(self) -> None:
        self._row.setContentsMargins(0, 0, px(_RIGHT), 0)
        self._row.setSpacing(1 + px(_AFTER_LINE))


def without_line_breaks(text: str) -> str:
    """Return a pasted address in one line: what a mail or a terminal broke belongs together."""
    return "".join(line.strip() for line in text.splitlines())
