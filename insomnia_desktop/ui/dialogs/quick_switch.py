"""The quick switch: one field and the requests that fit, over the window."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QStandardItem, QStandardItemModel
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

from insomnia_desktop.store.changes import ChangeSet
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
_LISTED = ("request", "folder", "workspace")
# The focus left for another window or a menu: it comes back.
_STAYS = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


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
        # Unlike behind a dialog, the window behind the panel is alive: a click there closes the panel and does no more.
        self._scrim.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        self._session = session
        self._workspace = workspace
        self._view_model = QuickSwitchViewModel(session, workspace)
        self._before = QApplication.focusWidget()
        self._is_open = False
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
        self._scrim.installEventFilter(self)
        parent.installEventFilter(self)
        self.query.textChanged.connect(self._show_entries)
        self.list.clicked.connect(self._on_clicked)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        session.feed.changed.connect(self._on_changed)
        self._show_entries("")

    def open_panel(self) -> None:
        """Show the panel over the dimmed window."""
        self._is_open = True
        self._scrim.cover()
        self._place()
        self.show()
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_panel(self) -> None:
        """Take the panel away and give the focus back."""
        if not self._is_open:
            return
        self._is_open = False
        self._scrim.uncover()
        self._scrim.deleteLater()
        self.hide()
        self.deleteLater()
        if self._before is not None and shiboken6.isValid(self._before):
            self._before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk the list with the keys of the field; follow the window's size; a click beside the panel closes it."""
        if not self._is_open:
            return False
        if watched is self.query and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                # The window's own shortcuts (Ctrl+Enter sends) must not take the keys of the panel.
                event.accept()
                return True
            return event.type() == QEvent.Type.KeyPress and self._on_key(event)
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
        if watched is self._scrim and event.type() == QEvent.Type.MouseButtonPress:
            self.close_panel()
            return True
        if (
            watched is self.query
            and isinstance(event, QFocusEvent)
            and event.lostFocus()
            and event.reason() not in _STAYS
        ):
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
        self.list.setAccessibleDescription(self._count.text())

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self._choose(send=False)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        # The keyboard stays in the field, so the field tells a screen reader which line is chosen.
        entry = current.data(ENTRY_ROLE)
        words = " ".join(part for part in (entry.method, entry.name, entry.detail) if part) if entry else ""
        self.query.setAccessibleDescription(words)

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        if self._is_open and any(change.kind in _LISTED for change in change_set.changes):
            entry = self.list.currentIndex().data(ENTRY_ROLE)
            self._view_model = QuickSwitchViewModel(self._session, self._workspace)
            self._show_entries(self.query.text())
            for row in range(self._model.rowCount()):
                each = self._model.index(row, 0)
                if isinstance(entry, Entry) and getattr(each.data(ENTRY_ROLE), "id", "") == entry.id:
                    self.list.setCurrentIndex(each)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_panel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(send=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            page = 10 if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) else 1
            self._step(page if key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) else -page)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._step(1 if key == Qt.Key.Key_Tab else -1)
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
