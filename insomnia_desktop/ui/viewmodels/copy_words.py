"""What a copy of a workspace as of a moment shows, and what of it is of another moment or not in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.services.sync_views import CopyGap, WorkspaceCopy
from insomnia_desktop.ui.viewmodels.sync_words import count_words, moment_of, one_of_kind

_NAMED: Final = 3


def copy_words(copy: WorkspaceCopy, at: int, now: int) -> str:
    """Return the sentences for a copy as of a moment: a copy that is not wholly of it says so, with some names."""
    words = [_tr("The copy shows the workspace as of %s.") % moment_of(at, now)]
    if copy.moved:
        count = count_words(len(copy.moved), _tr("document is"), _tr("documents are"))
        text = _tr("%s as of another moment, the nearest that is kept: %s.")
        words.append(text % (count, _names(copy.moved)))
    if copy.left_out:
        count = count_words(len(copy.left_out), _tr("document is"), _tr("documents are"))
        words.append(_tr("%s left out, as nothing of that time can be read: %s.") % (count, _names(copy.left_out)))
    return " ".join(words)


def _names(gaps: Sequence[CopyGap]) -> str:
    named = [f"“{gap.name}”" if gap.name else one_of_kind(gap.kind) for gap in gaps[:_NAMED]]
    more = len(gaps) - len(named)
    shown = ", ".join(named)
    return _tr("%s and %d more") % (shown, more) if more > 0 else shown


def _tr(text: str) -> str:
    return QCoreApplication.translate("CopyWords", text)
