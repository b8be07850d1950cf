"""The quick switch: one field and the requests that fit, over the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from insomnia_desktop.ui.delegates.entry_delegate import ENTRY_ROLE, EntryDelegate
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.viewmodels.quick_switch_view_model import Entry, QuickSwitchViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.floating_panel import FloatingPanel
from insomnia_desktop.ui.widgets.keycap import KeycapRow
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.scrim import Scrim

WIDTH = 640
HEIGHT = 484
TOP = 96


class _Query(QLineEdit):
    """The field of the panel: large, without a frame, with a magnifier."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrame(False)
        self.setFont(ui_font(15))
        self.setTextMargins(px(48), 0, px(16), 0)
        self.setFixedHeight(px(50))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the magnifier beside the text."""
        super().paintEvent(event)
        y = round((self.height() - px(16)) / 2)
        paint_icon(QPainter(self), "search", "dim", x=px(20), y=y, size=px(16))


class QuickSwitch(FloatingPanel):
    """Finds a request by letters of its name, its address, or what stands in it; Enter opens, Ctrl+Enter sends too.

    Signals:
        request_chosen(id, send): open a request, and send it.
        workspace_chosen(id): switch to a workspace.
    """

    request_chosen = Signal(str, bool)
    workspace_chosen = Signal(str)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget) -> None:
        super().__init__(parent, radius=12)
        self.setObjectName("quickSwitch")
        self.setAccessibleName(self.tr("Go to a request"))
        self._host = parent
        self._scrim = Scrim(parent)
        self._view_model = QuickSwitchViewModel(session, workspace)
        self._before = QApplication.focusWidget()
        self._model = QStandardItemModel(self)
        self.query = _Query()
        self.query.setObjectName("quickSwitchEdit")
        self.query.setAccessibleName(self.tr("Go to"))
        self.query.setPlaceholderText(self.tr("Name, address, or text of a request"))
        self.list = QListView()
        self.list.setObjectName("quickSwitchList")
        self.list.setAccessibleName(self.tr("Requests that fit"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(EntryDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self._count = Label("", rank="dim", size=12, figures=True)
        self._lay_out()
        self.query.installEventFilter(self)
        parent.installEventFilter(self)
        self.query.textChanged.connect(self._show_entries)
        self.list.clicked.connect(lambda index: self._choose(send=False))
        self._show_entries("")

    def open_panel(self) -> None:
        """Show the panel over the dimmed window."""
        self._scrim.cover()
        self._place()
        self.show()
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_panel(self) -> None:
        """Take the panel away and give the focus back."""
        self._scrim.uncover()
        self._scrim.deleteLater()
        self.hide()
        self.deleteLater()
        if self._before is not None:
            self._before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk the list with the keys of the field; follow the window's size; a click beside the panel closes it."""
        if watched is self.query and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
        if watched is self.query and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self._before = None
            self.close_panel()
        return False

    def _lay_out(self) -> None:
        hint = Bar(40, hairline="top")
        for keys, words in (
            ("Up", self.tr("choose")),
            ("Enter", self.tr("open")),
            ("Ctrl+Enter", self.tr("open and send")),
        ):
            hint.add(KeycapRow("↑+↓" if keys == "Up" else keys))
            hint.add(Label(words, rank="dim", size=12))
            hint.add_space(8)
        hint.add_stretch()
        hint.add(self._count)
        hint.add_space(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.addWidget(self.query, 1)
        top.addWidget(KeycapRow("Esc"))
        top.addSpacing(px(16))
        column.addLayout(top)
        column.addWidget(_Hairline())
        column.addWidget(self.list, 1)
        column.addWidget(hint)

    def _place(self) -> None:
        width = min(px(WIDTH), self._host.width() - px(32))
        height = min(px(HEIGHT), self._host.height() - px(TOP) - px(16))
        self.setGeometry((self._host.width() - width) // 2, px(TOP), width, height)

    @Slot(str)
    def _show_entries(self, text: str) -> None:
        entries = self._view_model.entries(text)
        headings = {
            "recent": self.tr("Recent"),
            "requests": self.tr("Requests"),
            "found": self.tr("Found in address or content"),
            "workspaces": self.tr("Workspaces"),
        }
        self._model.clear()
        section = ""
        first = -1
        for entry in entries:
            if entry.section != section:
                section = entry.section
                heading = QStandardItem(headings[section])
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                self._model.appendRow(heading)
            item = QStandardItem(entry.name)
            item.setData(entry, ENTRY_ROLE)
            self._model.appendRow(item)
            first = self._model.rowCount() - 1 if first < 0 else first
        if first >= 0:
            self.list.setCurrentIndex(self._model.index(first, 0))
            self.list.scrollToTop()
        else:
            nothing = QStandardItem(self.tr("Nothing fits."))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self._model.appendRow(nothing)
        self._count.setText(self.tr("%d of %d") % (len(entries), self._view_model.total))

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_panel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(send=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            page = 10 if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) else 1
            self._step(page if key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) else -page)
        elif key == Qt.Key.Key_Tab:
            self._step(1)
        else:
            return False
        return True

    def _step(self, step: int) -> None:
        rows = [row for row in range(self._model.rowCount()) if self._model.index(row, 0).data(ENTRY_ROLE) is not None]
        current = self.list.currentIndex().row()
        if not rows:
            return
        at = rows.index(current) if current in rows else 0
        wanted = (at + step) % len(rows) if abs(step) == 1 else max(0, min(len(rows) - 1, at + step))
        self.list.setCurrentIndex(self._model.index(rows[wanted], 0))

    def _choose(self, *, send: bool) -> None:
        entry = self.list.currentIndex().data(ENTRY_ROLE)
        if not isinstance(entry, Entry):
            return
        self.close_panel()
        if entry.section == "workspaces":
            self.workspace_chosen.emit(entry.id)
        else:
            self.request_chosen.emit(entry.id, send)


class _Hairline(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme().color("hairline"))
