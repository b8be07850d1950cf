"""A list of two-line rows under headings, that one walks with arrow keys and opens with Enter or a click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from insomnia_desktop.ui.delegates.list_entry_delegate import ListEntryDelegate
from insomnia_desktop.ui.models.list_entries import ENTRY_ROLE, ListEntries, ListEntry
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.widgets.focus_ring import FocusRing


class EntryList(QListView):
    """Shows entries; one is current, headings are passed over.

    Signals:
        chosen(key): another row is the current one.
        opened(key): Enter was pressed on a row, or it was clicked.
    """

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = ListEntries(self)
        self._ring = FocusRing(self)
        self._quiet = False
        self.setViewport(QWidget())
        self.setModel(self._entries)
        self.setItemDelegate(ListEntryDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)
        self.selectionModel().currentChanged.connect(self._on_current)
        switch().changed.connect(self._dress)
        self._dress()

    @property
    def shows_ring(self) -> bool:
        """Whether the current row is to show the ring of the keyboard."""
        return self._ring.is_shown()

    def show_entries(self, entries: Sequence[ListEntry]) -> None:
        """Show other entries; what was chosen stays chosen if it is still there."""
        kept, top = self.current_key(), self.verticalScrollBar().value()
        self._quiet = True
        self._entries.set_entries(entries)
        self.choose(kept)
        self.verticalScrollBar().setValue(top)
        self._quiet = False

    def entries(self) -> list[ListEntry]:
        """Return what is shown."""
        return self._entries.entries()

    def choose(self, key: str) -> None:
        """Make a row the current one."""
        row = self._entries.row_of(key)
        if row >= 0:
            index = self._entries.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def choose_first(self) -> None:
        """Make the first row that is no heading the current one."""
        first = next((entry.key for entry in self._entries.entries() if entry.key), "")
        self.choose(first)

    def current_key(self) -> str:
        """Return the key of the current row, or ""."""
        entry = self.currentIndex().data(ENTRY_ROLE)
        return entry.key if isinstance(entry, ListEntry) else ""

    def fit_height(self) -> None:
        """Be as high as all rows together, for a list that stands in a page which scrolls itself."""
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(sum(self.sizeHintForRow(row) for row in range(self._entries.rowCount())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; the rest is the list's own."""
        self._ring.show_from_now()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not event.modifiers():
            if self.current_key():
                self.opened.emit(self.current_key())
            return
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            # By itself the list would go to a heading, and not move at all.
            keys = [entry.key for entry in self._entries.entries() if entry.key]
            if keys:
                self.choose(keys[0 if event.key() == Qt.Key.Key_Home else -1])
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens a row."""
        super().mouseReleaseEvent(event)
        entry = self.indexAt(event.position().toPoint()).data(ENTRY_ROLE)
        if event.button() == Qt.MouseButton.LeftButton and isinstance(entry, ListEntry) and entry.key:
            self.opened.emit(entry.key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus, and have a current row."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())
        if not self.current_key():
            self.choose_first()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()
        self.viewport().update()

    @Slot(QModelIndex)
    def _on_current(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE)
        if not self._quiet and isinstance(entry, ListEntry) and entry.key:
            self.chosen.emit(entry.key)

    @Slot()
    def _dress(self) -> None:
        # Ground and selection are drawn by the delegate: the style must add nothing.
        quiet = self.palette()
        for role in (QPalette.ColorRole.Highlight, QPalette.ColorRole.Base, QPalette.ColorRole.AlternateBase):
            quiet.setColor(role, Qt.GlobalColor.transparent)
        self.setPalette(quiet)
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
