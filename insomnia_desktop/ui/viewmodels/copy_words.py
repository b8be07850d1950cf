"""What a copy of a workspace as of a moment shows, and what of it is of another moment or not in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.services.sync_views import CopyGap, WorkspaceCopy
from insomnia_desktop.ui.viewmodels.sync_words import count_words, moment_of, one_of_kind

NAMED_IN_NOTICE: Final = 3


def copy_words(copy: WorkspaceCopy, at: int, now: int) -> str:
    """Return the sentences for a copy as of a moment: one that is not wholly of it says so, with some names."""
    text = _tr("The copy shows the workspace as of %s.") % moment_of(at, now)
    return f"{text} {gap_words(copy, NAMED_IN_NOTICE)}".rstrip()


def gap_words(copy: WorkspaceCopy, most: int) -> str:
    """Return what of a copy is of another moment, or not in it, with at most so many names each; empty for nothing."""
    words = []
    if copy.moved:
        text = _tr("%s as of another moment, the nearest that is kept: %s.")
        words.append(text % (_count(copy.moved), _names(copy.moved, most)))
    if copy.left_out:
        text = _tr("%s left out, as nothing of that time can be read: %s.")
        words.append(text % (_count(copy.left_out), _names(copy.left_out, most)))
    return " ".join(words)


def _count(gaps: Sequence[CopyGap]) -> str:
    return count_words(len(gaps), _tr("document is"), _tr("documents are"))


def _names(gaps: Sequence[CopyGap], most: int) -> str:
    named = [f"“{gap.name}”" if gap.name else one_of_kind(gap.kind) for gap in gaps[:most]]
    more = len(gaps) - len(named)
    shown = ", ".join(named)
    return _tr("%s and %d more") % (shown, more) if more > 0 else shown


def _tr(text: str) -> str:
    return QCoreApplication.translate("CopyWords", text)
