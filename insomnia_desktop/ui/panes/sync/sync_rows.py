"""The rows of the sync panel: what needs a look, what was verified, what the server sees, how a workspace is synced."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from insomnia_desktop.services.sync_views import WorkspaceSync
from insomnia_desktop.ui.delegates.request_delegate import method_tag, method_token
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px
from insomnia_desktop.ui.viewmodels.sync_words import CheckLine, mode_key, mode_words
from insomnia_desktop.ui.widgets.buttons import DefaultButton, LinkButton
from insomnia_desktop.ui.widgets.icon_line import Icon
from insomnia_desktop.ui.widgets.labels import Label, Rank, WrappedLabel
from insomnia_desktop.ui.widgets.segments import SegmentedControl

CHECK_HEIGHT, SEEN_HEIGHT, ROW_HEIGHT, SEEN_NAME = 32, 28, 52, 196
SIGN_WIDTH, LINE, SUB_LINE = 40, 20, 18


class MethodSign(QWidget):
    """The tag of a method, or an icon where the document is no request, in the column before the names."""

    def __init__(self, method: str, icon: str = "file") -> None:
        super().__init__()
        self._method = method
        self._icon = None if method else Icon(icon, height=LINE)
        self.setFixedSize(px(SIGN_WIDTH), px(LINE))
        if self._icon is not None:
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignLeft)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tag."""
        if self._method:
            painting.draw_text(
                QPainter(self),
                method_tag(self._method),
                x=0,
                top=0,
                height=self.height(),
                font=mono_font(11, 700),
                token=method_token(self._method),
            )


class SyncRow(QWidget):
    """Sign, title over a sentence, and what can be done, over a hairline that begins under the words."""

    def __init__(
        self,
        sign: QWidget,
        title: str,
        text: str,
        *,
        button: str = "",
        name: str = "",
        link: str = "",
        last: bool = False,
        wraps: bool = False,
    ) -> None:
        super().__init__()
        self._last = last
        self._left = sign.width() if isinstance(sign, MethodSign) else px(28)
        self.button: DefaultButton | None = None
        self.link: LinkButton | None = None
        words = QVBoxLayout()
        words.setSpacing(0)
        head = Label(title, weight=500, elide=Qt.TextElideMode.ElideRight)
        head.setFixedHeight(px(LINE))
        words.addWidget(head)
        words.addWidget(_sentence(text, wraps))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(8), 0, px(8))
        row.setSpacing(0)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        if not isinstance(sign, MethodSign):
            row.addSpacing(px(12))
        row.addLayout(words, 1)
        if link:
            self.link = LinkButton(link)
            self.link.setAccessibleName(f"{link} {title}")
            row.addSpacing(px(16))
            row.addWidget(self.link, 0, Qt.AlignmentFlag.AlignVCenter)
        if button:
            self.button = DefaultButton(button)
            self.button.setObjectName(name)
            self.button.setAccessibleName(f"{button.rstrip('…')} {title}")
            row.addSpacing(px(16))
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{title}, {text}")
        self.setMinimumHeight(px(ROW_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), self._left, self.height() - 1, length=self.width() - self._left)


class CheckRow(QWidget):
    """One thing that was verified, or found to be wrong: a tick or a warning, words, and the figure."""

    def __init__(self, line: CheckLine, *, last: bool) -> None:
        super().__init__()
        self._last = last
        token: Rank = "success" if line.ok else "danger"
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        row.addWidget(Icon("check" if line.ok else "warning", token))
        words = Label(line.words, rank="text" if line.ok else "danger", elide=Qt.TextElideMode.ElideRight)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(words, 1)
        row.addWidget(Label(line.value, rank="dim", size=12, mono=line.mono, figures=True))
        self.setFixedHeight(px(CHECK_HEIGHT))
        self.setAccessibleName(f"{line.words} {line.value}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline, from the words on; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), px(28), self.height() - 1, length=self.width() - px(28))


class SeenRow(QWidget):
    """What there is, and whether the server sees it: an eye and what it sees, or a lock."""

    def __init__(self, name: str, value: str, *, sealed: bool = False, last: bool = False) -> None:
        super().__init__()
        self._last = last
        label = Label(name, elide=Qt.TextElideMode.ElideRight)
        label.setFixedWidth(px(SEEN_NAME))
        shown = Label(value, rank="success" if sealed else "dim", elide=Qt.TextElideMode.ElideRight)
        shown.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(label)
        row.addWidget(Icon("lock" if sealed else "eye", "success" if sealed else "dim"))
        row.addSpacing(px(8))
        row.addWidget(shown, 1)
        self.setFixedHeight(px(SEEN_HEIGHT))
        self.setAccessibleName(f"{name}: {value}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())


class WorkspaceRow(QWidget):
    """A workspace, and the switch between Sync and Only on this device.

    Signals:
        mode_wanted(workspace_id, mode): the person chose `on` or `off`.
    """

    mode_wanted = Signal(str, str)

    def __init__(self, workspace: WorkspaceSync, *, last: bool) -> None:
        super().__init__()
        self.workspace = workspace
        self._last = last
        words = QVBoxLayout()
        words.setSpacing(0)
        title = Label(workspace.name, weight=500, elide=Qt.TextElideMode.ElideRight)
        title.setFixedHeight(px(LINE))
        words.addWidget(title)
        words.addWidget(_sentence(mode_words(workspace), False))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(6), 0, px(7))
        row.setSpacing(px(16))
        row.addLayout(words, 1)
        self.switch = SegmentedControl(self)
        self.switch.setObjectName("workspaceModeSwitch")
        self.switch.setAccessibleName(self.tr("Where %s is kept") % workspace.name)
        if workspace.mode != "other_account":
            self.switch.set_segments([("on", self.tr("Sync")), ("off", self.tr("Only on this device"))])
            self.switch.set_current(mode_key(workspace.mode))
            self.switch.current_changed.connect(lambda mode: self.mode_wanted.emit(workspace.workspace_id, mode))
            row.addWidget(self.switch)
        else:
            self.switch.hide()
        self.setFixedHeight(px(ROW_HEIGHT))
        self.setAccessibleName(f"{workspace.name}, {mode_words(workspace)}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())


class Ground(QWidget):
    """A plain area in the ground of a page."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color("window"))


def clear(layout: QLayout) -> None:
    """Take every row out of a column."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def column_of(part: QWidget, *, spacing: int = 0) -> QVBoxLayout:
    """Give a part a column without margins."""
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(spacing))
    return column


def _sentence(text: str, wraps: bool) -> QWidget:
    if wraps:
        return WrappedLabel(text, size=12)
    label = Label(text, rank="dim", size=12, elide=Qt.TextElideMode.ElideRight)
    label.setFixedHeight(px(SUB_LINE))
    return label
