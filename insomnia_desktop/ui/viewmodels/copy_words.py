"""What a copy of a workspace as of a moment shows, and what of it is of another moment or not in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.services.sync_views import CopyGap, WorkspaceCopy
from insomnia_desktop.ui.i18n.words import in_sentence
from insomnia_desktop.ui.viewmodels.sync_words import count_words, moment_of, one_of_kind

NAMED_IN_NOTICE: Final = 3


def copy_words(copy: WorkspaceCopy, at: int, now: int) -> str:
    """Return the sentences for a copy as of a moment: one that is not wholly of it says so, with some names."""
    moment = in_sentence(moment_of(at, now))
    text = _tr("The copy shows the workspace as of %s, and is synced like the others.") % moment
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


def why_no_copy(error: AppError, now: int) -> str:
    """Return why there is no copy as of a moment: where nothing was kept yet, since when it is."""
    since = error.params.get("since")
    if error.code != "sync.not_kept_then" or not isinstance(since, int):
        return one_line(error)
    moment = in_sentence(moment_of(since, now))
    return _tr("This workspace has been kept since %s; choose a later moment.") % moment


def _count(gaps: Sequence[CopyGap]) -> str:
    return count_words(len(gaps), _tr("document is"), _tr("documents are"))


def _names(gaps: Sequence[CopyGap], most: int) -> str:
    named = [f"“{gap.name}”" if gap.name else one_of_kind(gap.kind) for gap in gaps[:most]]
    more = len(gaps) - len(named)
    shown = ", ".join(named)
    return _tr("%s and %d more") % (shown, more) if more > 0 else shown


def _tr(text: str) -> str:
    return QCoreApplication.translate("CopyWords", text)
