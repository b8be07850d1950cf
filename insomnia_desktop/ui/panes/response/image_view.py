"""Shows a picture from a file, scaled down to fit."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font

ALLOCATION_MB: Final = 128
"""Decoded pictures may take so much memory; a larger one is read smaller, or not at all."""
_LONGEST_SIDE: Final = 4096
_MARGIN = 16
_CAPTION = 28


class ImageView(QWidget):
    """A picture in the middle with its size below; never larger than it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("responseImage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image = QImage()
        self._caption = ""

    def open_file(self, path: Path, picture: str) -> bool:
        """Show a picture; False where it cannot be read. `picture` names its format for people."""
        QImageReader.setAllocationLimit(ALLOCATION_MB)
        reader = QImageReader(str(path))
        reader.setDecideFormatFromContent(True)
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid() and max(size.width(), size.height()) > _LONGEST_SIDE:
            reader.setScaledSize(size.scaled(_LONGEST_SIDE, _LONGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio))
        self._image = reader.read()
        # The names of formats are those of the file where it is not what was announced.
        shown = size if size.isValid() else self._image.size()
        self._caption = f"{shown.width()} × {shown.height()}, {picture}"
        self.setAccessibleName(self.tr("Picture, %s") % self._caption)
        self.update()
        return not self._image.isNull()

    def close_file(self) -> None:
        """Show nothing and give the memory back."""
        self._image = QImage()
        self._caption = ""
        self.update()

    def caption(self) -> str:
        """Return what stands under the picture."""
        return self._caption

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self._image)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and its caption."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().color("window"))
        if self._image.isNull():
            return
        room = QSize(self.width() - 2 * px(_MARGIN), self.height() - 2 * px(_MARGIN) - px(_CAPTION))
        if room.width() < 1 or room.height() < 1:
            return
        ratio = self.devicePixelRatioF()
        natural = self._image.size().toSizeF() / ratio
        scale = min(1.0, room.width() / natural.width(), room.height() / natural.height())
        width, height = natural.width() * scale, natural.height() * scale
        left = (self.width() - width) / 2
        top = px(_MARGIN) + (room.height() - height) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, width, height), self._image)
        caption = QRectF(0, top + height + px(4), self.width(), px(_CAPTION))
        painting.draw_centered(painter, self._caption, rect=caption, font=ui_font(12), token="dim")
