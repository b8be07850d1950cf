"""The keys of the platform that move the caret of the viewer, and a focus that came by one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from insomnia_desktop.ui.widgets.viewer.caret import Move

_Key = QKeySequence.StandardKey
_MOVES: tuple[tuple[QKeySequence.StandardKey, QKeySequence.StandardKey, Move], ...] = (
    (_Key.MoveToPreviousChar, _Key.SelectPreviousChar, Move.LEFT),
    (_Key.MoveToNextChar, _Key.SelectNextChar, Move.RIGHT),
    (_Key.MoveToPreviousWord, _Key.SelectPreviousWord, Move.WORD_LEFT),
    (_Key.MoveToNextWord, _Key.SelectNextWord, Move.WORD_RIGHT),
    (_Key.MoveToPreviousLine, _Key.SelectPreviousLine, Move.UP),
    (_Key.MoveToNextLine, _Key.SelectNextLine, Move.DOWN),
    (_Key.MoveToPreviousPage, _Key.SelectPreviousPage, Move.PAGE_UP),
    (_Key.MoveToNextPage, _Key.SelectNextPage, Move.PAGE_DOWN),
    (_Key.MoveToStartOfLine, _Key.SelectStartOfLine, Move.LINE_START),
    (_Key.MoveToEndOfLine, _Key.SelectEndOfLine, Move.LINE_END),
    (_Key.MoveToStartOfDocument, _Key.SelectStartOfDocument, Move.START),
    (_Key.MoveToEndOfDocument, _Key.SelectEndOfDocument, Move.END),
)


def move_of(event: QKeyEvent) -> tuple[Move, bool] | None:
    """Return the move of a key and whether it selects; None for other keys."""
    for plain, selecting, move in _MOVES:
        if event.matches(plain):
            return move, False
        if event.matches(selecting):
            return move, True
    return None


def is_by_keyboard(reason: Qt.FocusReason) -> bool:
    """Say whether a focus came by a key, so that it has to be shown where it is."""
    reasons = Qt.FocusReason
    return reason in (reasons.TabFocusReason, reasons.BacktabFocusReason, reasons.ShortcutFocusReason)
