"""What a version is compared with, in words: what the signs of the difference stand for, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QCoreApplication

from insomnia_desktop.ui.i18n.words import in_sentence
from insomnia_desktop.ui.viewmodels.sync_words import moment_of

if TYPE_CHECKING:
    from insomnia_desktop.services.history_views import Against, VersionView


class ComparisonWords(msgspec.Struct, frozen=True):
    """The other side, what `-` and `+` stand for, and the name of the difference for who hears it."""

    other: str
    signs: str
    spoken: str


def comparison_words(against: Against, view: VersionView | None, now: int) -> ComparisonWords:
    """Return the words for a comparison; the moment of the version before is told once that one is known."""
    if against == "current":
        return ComparisonWords(
            _tr("current"),
            _tr("“-” stands before what only this version has, “+” before what only the current one has."),
            _tr("Differences from this version to the current one"),
        )
    previous = view.previous if view is not None else None
    signs = _tr("“-” stands before what this version took away, “+” before what it brought.")
    if previous is None or view is None:
        return ComparisonWords(_tr("previous"), signs, _tr("Differences from the version before to this one"))
    moment = in_sentence(moment_of(previous.at, now))
    is_next = previous.version == view.row.version - 1
    if is_next:
        signs = f"{signs} {_tr('The version before is of %s.') % moment}"
    else:
        # What lies between the two is in the difference too.
        signs = _tr("“-” and “+” stand before what went and came since %s: versions between are not kept.") % moment
    return ComparisonWords(
        _tr("previous") if is_next else _tr("previous kept"),
        signs,
        _tr("Differences from the version of %s to this one") % moment,
    )


def same_words(view: VersionView, now: int) -> tuple[str, str]:
    """Return title and sentence for a version without a difference to show."""
    if view.missing == "deleted":
        text = _tr("It is deleted, so there is no current one. Compare with the version before it.")
        return _tr("Nothing to compare with"), text
    if view.missing == "first":
        return _tr("The first version"), _tr("Nothing was before it.")
    if view.missing == "gone":
        text = _tr("The server keeps the newest 50, and one a day for 90 days.")
        return _tr("Nothing before it is kept"), text
    if view.missing == "unreadable":
        moment = in_sentence(moment_of(view.previous.at, now)) if view.previous is not None else ""
        return _tr("The version before it cannot be opened"), _tr("It is that of %s.") % moment
    if view.against == "current":
        if view.moved:
            return _tr("Another place"), _tr("It stood elsewhere in the tree; all else is as in the current one.")
        return _tr("No difference"), _tr("This version is the same as the current one.")
    if view.moved:
        return _tr("Moved"), _tr("Only its place in the tree is another than in the version before it.")
    return _tr("No difference"), _tr("This version is the same as the one before it.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("ComparisonWords", text)
