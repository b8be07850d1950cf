"""The last bar of the request: the address as it will really be sent."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QWidget

from insomnia_desktop.services.sending import Preview
from insomnia_desktop.ui.delegates.request_delegate import method_token
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.labels import Label


class _MarkedButton(IconButton):
    """An icon button with a dot where there is something behind it."""

    _marked = False

    def set_marked(self, marked: bool) -> None:
        """Show or hide the dot."""
        self._marked = marked
        self.update()

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        super()._paint_content(painter, rect)
        if self._marked:
            center = QPointF(rect.right() - px(6), rect.y() + px(6))
            painting.fill_dot(painter, center, px(6), theme().color("accent"))


class UrlPreview(Bar):
    """Method and address, to read and to copy, and the way to the settings of the request.

    Signals:
        settings_requested(): the settings of this request are wanted.
        copied(): the address is on the clipboard.
    """

    settings_requested = Signal()
    copied = Signal()

    def __init__(self) -> None:
        super().__init__(40, hairline="top")
        self._url = ""
        self._method = Label("", size=12, weight=700, mono=True)
        self._address = Label("", rank="dim", size=12, mono=True, elide=Qt.TextElideMode.ElideMiddle)
        self._address.setObjectName("urlPreview")
        self._copy = IconButton("copy", self.tr("Copy the address"))
        self._settings = _MarkedButton("settings", self.tr("Settings of this request"))
        self._settings.setObjectName("requestSettingsButton")
        self._settings.setCheckable(True)
        self.add(self._method)
        self.add(self._address, stretch=1)
        self.set_spacing(6)
        self.add(self._copy)
        self.add(self._settings)
        self._copy.clicked.connect(self._on_copy)
        self._settings.clicked.connect(self.settings_requested)

    def controls(self) -> tuple[QWidget, ...]:
        """Return what the keyboard reaches, in order."""
        return self._copy, self._settings

    def show_preview(self, method: str, preview: Preview) -> None:
        """Show what will be sent, or what stands in the way."""
        self._url = preview.url
        self._method.setText(method)
        self._method.set_rank(method_token(method))  # type: ignore[arg-type]
        self._address.setText(preview.url or " ".join(preview.problems))
        self._address.setAccessibleName(self.tr("Will be sent to %s") % (preview.url or " ".join(preview.problems)))
        self._copy.setEnabled(bool(preview.url))

    def set_settings(self, *, shown: bool, count: int) -> None:
        """Show whether the settings are open and how many of them differ from the application's."""
        self._settings.setChecked(shown)
        words = self.tr("Settings of this request")
        self._settings.setToolTip(f"{words}, {count}" if count else words)
        self._settings.set_marked(bool(count))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._url)
        self.copied.emit()
