"""What each version of one document changed: asked for in small portions, newest first, and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from insomnia_desktop.ui.viewmodels.latest_deed import LatestDeed
from insomnia_desktop.ui.viewmodels.session import UiSession

if TYPE_CHECKING:
    from insomnia_desktop.base.errors import AppError
    from insomnia_desktop.services.sync_views import VersionChange, VersionRow

# As many rows as are seen at once, about: those come first.
PORTION = 12


class VersionChanges(QObject):
    """Where the server cannot be asked, nothing more is told: the list says so itself.

    Signals:
        changed(): more is known.
    """

    changed = Signal()

    def __init__(self, session: UiSession, document_id: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sync = session.services.syncing
        self._documents = session.services.documents
        self._document_id = document_id
        self._words: dict[int, str] = {}
        self._waiting: list[int] = []
        self._deed = LatestDeed(session, self)

    def words_of(self, version: int) -> str:
        """Return what a version changed, "" where that is not known."""
        return self._words.get(version, "")

    def moved_to(self, row: VersionRow) -> str | None:
        """Return the workspace that the document went to by the newest version, "" for one that is here no more.

        None: it was not moved but deleted, or nothing is known of a move.
        """
        if not (row.current and row.deleted):
            return None
        return self._documents.moved_away(self._document_id).get(self._document_id)

    def follow(self, rows: Sequence[VersionRow]) -> None:
        """Ask for the versions among these of which it is not known yet."""
        self._waiting = [row.version for row in rows if row.kept and row.version not in self._words]
        self._ask()

    def _ask(self) -> None:
        portion, self._waiting = self._waiting[:PORTION], self._waiting[PORTION:]
        if portion:
            self._deed.ask(
                lambda: self._sync.changes(self._document_id, portion),
                lambda changes: self._on_changes(portion, changes),
                self._on_failed,
            )

    def _on_changes(self, portion: Sequence[int], changes: tuple[VersionChange, ...]) -> None:
        # What is left out has nothing kept before it: it is not asked for again.
        self._words |= dict.fromkeys(portion, "") | {each.version: ", ".join(each.words) for each in changes}
        self.changed.emit()
        self._ask()

    def _on_failed(self, _error: AppError) -> None:
        self._waiting = []
