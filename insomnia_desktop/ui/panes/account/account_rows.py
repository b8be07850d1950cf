"""The rows of account page and sync panel: a fact, a deed with what it means, a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from insomnia_desktop.ui.i18n.words import ago_words, full_words
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.icon_line import Icon
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel

if TYPE_CHECKING:
    from insomnia_desktop.services.account_views import DeviceView

FACT_HEIGHT, FACT_NAME, DEVICE_HEIGHT, BUTTON_WIDTH = 28, 112, 56, 120
NAME_LINE, KIND_LINE = 20, 16
_ICONS = {"linux": "device", "macos": "laptop", "windows": "laptop"}
_PLATFORMS = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
# So often the server writes down that a device is in use (protocol v1, 3.3).
_NOTED_EVERY_MS = 3_600_000
_OUR_CLIENT = "insomnia-desktop/"


class FactRow(QWidget):
    """A name and what it is, over a hairline."""

    def __init__(self, name: str, value: str, *, mono: bool = False, last: bool = False) -> None:
        super().__init__()
        self._last = last
        label = Label(name)
        label.setFixedWidth(px(FACT_NAME))
        self.value = Label(value, rank="dim", size=12 if mono else 13, mono=mono, elide=Qt.TextElideMode.ElideMiddle)
        self.value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(label)
        row.addWidget(self.value, 1)
        self.setFixedHeight(px(FACT_HEIGHT))
        self.setAccessibleName(f"{name}: {value}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())


class DeedRow(QWidget):
    """What can be done, what it means, and the button that begins it, over a hairline."""

    def __init__(self, title: str, text: str, button: str, name: str, *, last: bool = False) -> None:
        super().__init__()
        self._last = last
        self.button = DefaultButton(button)
        self.button.setObjectName(name)
        self.button.setAccessibleDescription(text)
        self.button.set_measures(least_width=BUTTON_WIDTH)
        self._text = WrappedLabel(text, size=12)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = Label(title, weight=500, elide=Qt.TextElideMode.ElideRight)
        words.addWidget(self._title)
        words.addSpacing(px(2))
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(11), 0, px(12))
        row.setSpacing(px(16))
        row.addLayout(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def set_text(self, text: str, button: str) -> None:
        """Show another meaning and another word on the button."""
        self._text.set_plain_text(text)
        self.button.setAccessibleDescription(text)
        self.button.setText(button)
        self.button.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())


class CurrentTag(QLabel):
    """The word that says which device this is."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the words with 6 px beside them."""
        return QSize(round(painting.text_width(ui_font(11, 500), self.text())) + 2 * px(6), px(16))

    def minimumSizeHint(self) -> QSize:
        """It is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw tint and words."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painting.fill_rounded(painter, rect, theme().color("accent_tint"), radius=8)
        painting.draw_centered(painter, self.text(), rect=rect, font=ui_font(11, 500), token="accent_text")


class DeviceRow(QWidget):
    """A device: what it is, when it was seen last, and the button that revokes it unless it is this one.

    Where none can be revoked the time stands on the line of the names.
    """

    def __init__(self, device: DeviceView, *, may_revoke: bool = True) -> None:
        super().__init__()
        self.device = device
        self._last = False
        self.button: DefaultButton | None = None
        name = QHBoxLayout()
        name.setSpacing(px(8))
        self._title = Label(device.name, weight=500, elide=Qt.TextElideMode.ElideRight)
        self._title.setFixedHeight(px(NAME_LINE))
        name.addWidget(self._title)
        if device.current:
            name.addWidget(CurrentTag(_tr("this computer")))
        name.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(name)
        self._kind = Label("", rank="dim", size=12, elide=Qt.TextElideMode.ElideRight)
        self._kind.setFixedHeight(px(KIND_LINE))
        words.addWidget(self._kind)
        self._when = Label("", rank="dim", size=12, figures=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(10), 0, px(10))
        row.setSpacing(px(12))
        row.addWidget(Icon(_ICONS.get(device.platform, "device"), height=NAME_LINE), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        if may_revoke:
            row.addWidget(self._when)
        else:
            self._when.setFixedHeight(px(NAME_LINE))
            row.addWidget(self._when, 0, Qt.AlignmentFlag.AlignTop)
        if may_revoke and not device.current:
            self.button = DefaultButton(_tr("Revoke…"), small=True)
            self.button.setObjectName("revokeDeviceButton")
            row.addWidget(self.button)
        self.setFixedHeight(px(DEVICE_HEIGHT))

    def show_device(self, device: DeviceView, now: int, *, last: bool) -> None:
        """Show the device as it is now; the last row has no hairline."""
        self.device = device
        self._last = last
        self._title.setText(device.name)
        self._kind.setText(kind_words(device))
        seen = seen_words(device, now)
        self._when.setText(seen)
        self._when.setToolTip(_tr("Signed in on %s") % full_words(device.created_at))
        if self.button is not None:
            self.button.setAccessibleName(_tr("Revoke %s") % device.name)
        self.setAccessibleName(f"{device.name}, {kind_words(device)}, {seen}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline, from the words on; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), px(28), self.height() - 1, length=self.width() - px(28))


def seen_words(device: DeviceView, now: int) -> str:
    """Return when a device was seen last; one that is in use is noted by the server once an hour."""
    if device.current:
        return _tr("Now")
    if abs(now - device.last_seen_at) < _NOTED_EVERY_MS:
        return _tr("In the last hour")
    return ago_words(device.last_seen_at, now)


def kind_words(device: DeviceView) -> str:
    """Return the system and the program of a device."""
    platform = _PLATFORMS.get(device.platform, _tr("Another system"))
    client = device.client
    if client.startswith(_OUR_CLIENT):
        client = _tr("version %s") % client.removeprefix(_OUR_CLIENT).split(" ")[0]
    return f"{platform}, {client}" if client else platform


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountRows", text)
