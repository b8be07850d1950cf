"""How much the server keeps of the account: asked for when it is looked at, and again after each backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from insomnia_desktop.ui.i18n.words import size_words
from insomnia_desktop.ui.viewmodels.latest_deed import LatestDeed
from insomnia_desktop.ui.viewmodels.session import UiSession

if TYPE_CHECKING:
    from insomnia_desktop.services.sync_views import BackupReport, SpaceUsed


class ServerSpace(QObject):
    """What the server told last in `told`; None before it did.

    Signals:
        changed(): another figure is known.
    """

    changed = Signal()

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sync = session.services.syncing
        self._deed = LatestDeed(session, self)
        self._asked_after: int | None = None
        self.told: SpaceUsed | None = None

    def look(self, report: BackupReport | None, *, anew: bool = False) -> None:
        """Ask; unless `anew`, not again before the next backup: a server that is away is not asked over and over."""
        after = report.at if report is not None else 0
        if anew or after != self._asked_after:
            self._asked_after = after
            self._deed.ask(self._sync.space, self._on_told, lambda _error: None)

    def _on_told(self, told: SpaceUsed) -> None:
        if told != self.told:
            self.told = told
            self.changed.emit()


def space_words(told: SpaceUsed | None) -> str:
    """Return what is kept in all: "1.8 MB in all"; empty where it is not known."""
    return _tr("%s in all") % size_words(told.used) if told is not None else ""


def space_tip(told: SpaceUsed | None) -> str:
    """Return what the figure counts; empty where there is none."""
    if told is None:
        return ""
    counted = _tr("The server keeps %s of yours: all workspaces, with every version that it still has.")
    words = counted % size_words(told.used)
    return f"{words} {_tr('It gives you %s.') % size_words(told.quota)}" if told.quota else words


def _tr(text: str) -> str:
    return QCoreApplication.translate("ServerSpace", text)
