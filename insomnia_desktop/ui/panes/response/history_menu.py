"""The menu of a request's responses."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from insomnia_desktop.model import ResponseSummary
from insomnia_desktop.ui.i18n.words import full_words
from insomnia_desktop.ui.panes.response.outcome import ended_at, history_words

_MOST = 100


class HistoryMenu(QMenu):
    """One line for each kept response, the shown one ticked, and the ways to remove them.

    Signals:
        chosen(id): show this response.
        delete_requested(): remove the response that is shown.
        clear_requested(): remove all.
    """

    chosen = Signal(str)
    delete_requested = Signal()
    clear_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("responseHistoryMenu")
        self.setToolTipsVisible(True)

    def show_history(self, history: list[ResponseSummary], *, shown_id: str, now: int) -> None:
        """Fill the menu anew."""
        self.clear()
        for summary in history[:_MOST]:
            action = self.addAction(history_words(summary, now))
            action.setCheckable(True)
            action.setChecked(summary.id == shown_id)
            action.setToolTip(full_words(ended_at(summary)))
            action.triggered.connect(lambda _checked=False, each=summary.id: self.chosen.emit(each))
        if not history:
            self.addAction(self.tr("Nothing is kept yet")).setEnabled(False)
            return
        self.addSeparator()
        delete = self.addAction(self.tr("Delete this response"))
        delete.triggered.connect(lambda: self.delete_requested.emit())
        delete.setEnabled(any(summary.id == shown_id for summary in history))
        self.addAction(self.tr("Clear history")).triggered.connect(lambda: self.clear_requested.emit())
