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
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel
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
        self._title = Label(title, weight=500, elide=Qt.TextElideMode.ElideRight)
        self._title.setFixedHeight(px(LINE))
        words.addWidget(self._title)
        self._sentence = _sentence(text, wraps)
        words.addWidget(self._sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(8), 0, px(8))
        row.setSpacing(0)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        if not isinstance(sign, MethodSign):
            row.addSpacing(px(12))
        row.addLayout(words, 1)
        if link:
            self.link = LinkButton(link)
            row.addSpacing(px(16))
            row.addWidget(self.link, 0, Qt.AlignmentFlag.AlignVCenter)
        if button:
            self.button = DefaultButton(button)
            self.button.setObjectName(name)
            row.addSpacing(px(16))
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(px(ROW_HEIGHT))
        self.show_words(title, text, last=last)

    def show_words(self, title: str, text: str, *, last: bool) -> None:
        """Show other words; the last row has no hairline."""
        self._last = last
        self._title.setText(title)
        _show_sentence(self._sentence, text)
        if self.link is not None:
            self.link.setAccessibleName(f"{self.link.text()} {title}")
        if self.button is not None:
            self.button.setAccessibleName(f"{self.button.text().rstrip('…')} {title}")
        self.setAccessibleName(f"{title}, {text}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), self._left, self.height() - 1, length=self.width() - self._left)


class CheckRow(QWidget):
    """One thing that was verified, or found to be wrong: a tick or a warning, words, and the figure."""

    def __init__(self) -> None:
        super().__init__()
        self._last = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        self._icon = Icon("check", "success")
        self._words = Label("", elide=Qt.TextElideMode.ElideRight)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._figure = Label("", rank="dim", size=12, figures=True)
        self._code = Label("", rank="dim", size=12, mono=True, figures=True)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._figure)
        row.addWidget(self._code)
        self.setFixedHeight(px(CHECK_HEIGHT))

    def show_line(self, line: CheckLine, *, last: bool) -> None:
        """Show what was checked; the last row has no hairline."""
        self._last = last
        self._icon.set_icon("check" if line.ok else "warning", "success" if line.ok else "danger")
        self._words.set_rank("text" if line.ok else "danger")
        self._words.setText(line.words)
        self._figure.setText("" if line.mono else line.value)
        self._figure.setVisible(not line.mono)
        self._code.setText(line.value if line.mono else "")
        self._code.setVisible(line.mono)
        self.setAccessibleName(f"{line.words} {line.value}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline, from the words on; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), px(28), self.height() - 1, length=self.width() - px(28))


class SeenRow(QWidget):
    """What there is, and whether the server sees it: an eye and what it sees, or a lock."""

    def __init__(self, name: str, value: str = "", *, sealed: bool = False, last: bool = False) -> None:
        super().__init__()
        self._name = name
        self._last = last
        label = Label(name, elide=Qt.TextElideMode.ElideRight)
        label.setFixedWidth(px(SEEN_NAME))
        self._value = Label(value, rank="success" if sealed else "dim", elide=Qt.TextElideMode.ElideRight)
        self._value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(label)
        row.addWidget(Icon("lock" if sealed else "eye", "success" if sealed else "dim"))
        row.addSpacing(px(8))
        row.addWidget(self._value, 1)
        self.setFixedHeight(px(SEEN_HEIGHT))
        self.set_value(value)

    def set_value(self, value: str) -> None:
        """Show what the server sees of it."""
        self._value.setText(value)
        self.setAccessibleName(f"{self._name}: {value}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline; the last row has none."""
        if not self._last:
            painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())


class WorkspaceRow(QWidget):
    """A workspace, and the switch between Sync and Only on this device.

    Signals:
        mode_wanted(WorkspaceSync, mode): the person chose `on` or `off`.
    """

    mode_wanted = Signal(object, str)

    def __init__(self, workspace: WorkspaceSync) -> None:
        super().__init__()
        self.workspace = workspace
        self._last = False
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = Label(workspace.name, weight=500, elide=Qt.TextElideMode.ElideRight)
        self._title.setFixedHeight(px(LINE))
        words.addWidget(self._title)
        self._sentence = _sentence("", False)
        words.addWidget(self._sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(6), 0, px(7))
        row.setSpacing(px(16))
        row.addLayout(words, 1)
        self.switch = SegmentedControl(self)
        self.switch.setObjectName("workspaceModeSwitch")
        if workspace.mode != "other_account":
            self.switch.set_segments([("on", self.tr("Sync")), ("off", self.tr("Only on this device"))])
            self.switch.current_changed.connect(lambda mode: self.mode_wanted.emit(self.workspace, mode))
            row.addWidget(self.switch)
        else:
            self.switch.hide()
        self.setFixedHeight(px(ROW_HEIGHT))

    def show_workspace(self, workspace: WorkspaceSync, *, last: bool) -> None:
        """Show the workspace as it is now, of another account or not as before; the last row has no hairline."""
        self.workspace = workspace
        self._last = last
        self._title.setText(workspace.name)
        _show_sentence(self._sentence, mode_words(workspace))
        self.switch.setAccessibleName(self.tr("Where %s is kept") % workspace.name)
        self.show_mode()
        self.setAccessibleName(f"{workspace.name}, {mode_words(workspace)}")
        self.update()

    def show_mode(self) -> None:
        """Let the switch show again what is in force."""
        if self.workspace.mode != "other_account":
            self.switch.set_current(mode_key(self.workspace.mode))

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


def _sentence(text: str, wraps: bool) -> Label | WrappedLabel:
    if wraps:
        return WrappedLabel(text, size=12)
    label = Label(text, rank="dim", size=12, elide=Qt.TextElideMode.ElideRight)
    label.setFixedHeight(px(SUB_LINE))
    return label


def _show_sentence(sentence: Label | WrappedLabel, text: str) -> None:
    if isinstance(sentence, Label):
        sentence.setText(text)
    elif text != sentence.plain_text():
        sentence.set_plain_text(text)
