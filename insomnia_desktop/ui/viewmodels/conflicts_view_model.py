"""Values that two devices changed: by document, with what was chosen of each, until the choice is carried out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Signal

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.services.conflict_facts import both_refused, copies_made, overlap
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.services.sync_views import ConflictRow
from insomnia_desktop.ui.viewmodels.latest_deed import LatestDeed
from insomnia_desktop.ui.viewmodels.session import UiSession

if TYPE_CHECKING:
    from insomnia_desktop.services.conflict_views import TakenField
    from insomnia_desktop.services.sync_views import ConflictOrigin, Keep, SyncService

Choice = Literal["open", "mine", "theirs"]


class ConflictedDocument(msgspec.Struct, frozen=True):
    """A document with the values of it that are in conflict; of those that are `unreadable` nothing can be chosen.

    Where both are kept, so many `copies` are made; `why_not_both` says why none can be, and is empty otherwise.
    """

    id: str
    name: str
    kind: str
    workspace_id: str
    method: str
    rows: tuple[ConflictRow, ...]
    copies: int = 1
    why_not_both: str = ""
    unreadable: tuple[ConflictRow, ...] = ()

    @property
    def at(self) -> int:
        """When the newest of the conflicts was found, in ms since 1970."""
        return max(row.at for row in (*self.rows, *self.unreadable))


def fields_words(document: ConflictedDocument, most: int = 3) -> str:
    """Return which values of a document are in conflict: "Name, Address and 2 more"."""
    fields = list(dict.fromkeys(row.field for row in document.rows))
    if document.unreadable:
        fields.append(QCoreApplication.translate("Conflicts", "what cannot be read any more"))
    shown, more = ", ".join(fields[:most]), len(fields) - most
    return QCoreApplication.translate("Conflicts", "%s and %d more") % (shown, more) if more > 0 else shown


class ConflictsViewModel(QObject):
    """The conflicts that this device found.

    Signals:
        documents_changed(): other documents are in conflict.
        choices_changed(): of a value another side was chosen.
        origin_changed(document_id): it is known from which versions the sides of its conflicts are.
        finished(document_id): what was chosen is carried out.
        failed(words): it is not; nothing was lost.
    """

    documents_changed = Signal()
    choices_changed = Signal()
    origin_changed = Signal(str)
    finished = Signal(str)
    failed = Signal(str)

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sync: SyncService = session.services.syncing
        self._choices: dict[int, Choice] = {}
        self._awaited: set[str] = set()
        self._kept: dict[str, tuple[Keep, ...]] = {}
        self._origins: dict[str, ConflictOrigin] = {}
        self._asking = LatestDeed(session, self)
        self._documents = self._read()

    @property
    def documents(self) -> tuple[ConflictedDocument, ...]:
        """The documents in conflict, the newest conflict first."""
        return self._documents

    def document(self, document_id: str) -> ConflictedDocument | None:
        """Return one of them, or None once it is settled."""
        return next((each for each in self._documents if each.id == document_id), None)

    def origin(self, document_id: str) -> ConflictOrigin | None:
        """Return from which versions the sides of a document's conflicts are, None where that is not known (yet)."""
        return self._origins.get(document_id)

    def taken(self, document_id: str) -> tuple[TakenField, ...]:
        """Return what of a document was merged without a question when its conflicts were found."""
        return self._sync.taken(document_id)

    def ask_origin(self, document_id: str) -> None:
        """Ask the server for it; where it cannot be asked, the page does without."""

        def keep(origin: ConflictOrigin) -> None:
            self._origins[document_id] = origin
            self.origin_changed.emit(document_id)

        self._asking.ask(lambda: self._sync.conflict_origin(document_id), keep, lambda _error: None)

    def choice(self, conflict_id: int) -> Choice:
        """Return what was chosen of a value."""
        return self._choices.get(conflict_id, "open")

    def chosen_of(self, document_id: str) -> tuple[int, int]:
        """Return how many values of a document are chosen, and how many there are."""
        document = self.document(document_id)
        rows = document.rows if document is not None else ()
        return sum(1 for row in rows if self.choice(row.id) != "open"), len(rows)

    def is_busy(self, document_id: str) -> bool:
        """Say whether what was chosen of a document is being carried out."""
        return document_id in self._awaited

    def choose(self, conflict_id: int, choice: Choice) -> None:
        """Choose a side of one value, or none; of one place only one value of theirs can be used."""
        self._choose(conflict_id, choice)
        self.choices_changed.emit()

    def choose_all(self, document_id: str, choice: Choice) -> None:
        """Choose the same side of every value of a document; where one place has several of theirs, the newest."""
        document = self.document(document_id)
        if document is not None:
            for row in reversed(document.rows):
                self._choose(row.id, choice)
            self.choices_changed.emit()

    def finish(self, document_id: str) -> None:
        """Carry out what was chosen; every value of the document must be."""
        document = self.document(document_id)
        if document is None or self.is_busy(document_id):
            return
        wanted = [(row.id, self.choice(row.id)) for row in document.rows]
        if wanted and all(choice != "open" for _, choice in wanted):
            self._resolve(document_id, [(each, "mine" if choice == "mine" else "theirs") for each, choice in wanted])

    def keep_both(self, document_id: str) -> None:
        """Keep mine as it is, and put theirs beside it as another document."""
        document = self.document(document_id)
        if document is not None and not document.why_not_both and not self.is_busy(document_id):
            # One copy holds all of theirs: the first takes it, and settles the others with it.
            self._resolve(document_id, [(document.rows[0].id, "both")])

    def let_go(self, conflict_id: int) -> None:
        """End a conflict that cannot be read: the document stays as it is."""

        def failed(error: AppError) -> None:
            self.refresh()
            self.failed.emit(one_line(error))

        future = self._sync.settle([(conflict_id, "mine")])
        self._session.bridge.watch(future, lambda _: self.refresh(), failed, owner=self)

    def kept(self, document_id: str) -> tuple[Keep, ...]:
        """Return what was chosen for each value of a document that was settled here last; one `both` for all."""
        return self._kept.get(document_id, ())

    def refresh(self) -> None:
        """Read anew which documents are in conflict."""
        documents = self._read()
        if documents != self._documents:
            self._documents = documents
            known = {row.id for document in documents for row in document.rows}
            self._choices = {each: choice for each, choice in self._choices.items() if each in known}
            self.documents_changed.emit()

    def _choose(self, conflict_id: int, choice: Choice) -> None:
        rows = next((each.rows for each in self._documents if any(row.id == conflict_id for row in each.rows)), ())
        chosen = next((row for row in rows if row.id == conflict_id), None)
        if chosen is None:
            return
        if choice == "theirs":
            for row in rows:
                if self.choice(row.id) == "theirs" and overlap(row.path, chosen.path):
                    self._choices[row.id] = "mine"
        self._choices[conflict_id] = choice

    def _read(self) -> tuple[ConflictedDocument, ...]:
        found: dict[str, list[ConflictRow]] = {}
        for row in self._sync.conflicts():
            found.setdefault(row.resource_id, []).append(row)
        documents = [self._document(rows) for rows in found.values()]
        return tuple(sorted(documents, key=lambda each: each.at, reverse=True))

    def _document(self, rows: Sequence[ConflictRow]) -> ConflictedDocument:
        first = rows[0]
        row = self._session.services.documents.row(first.resource_id) if first.kind == "request" else None
        known = tuple(each for each in rows if not each.unreadable)
        return ConflictedDocument(
            first.resource_id,
            first.name,
            first.kind,
            first.workspace_id,
            row.method if row is not None else "",
            known,
            copies_made(known),
            (both_refused(first.kind, known) or "") if known else "unreadable",
            tuple(each for each in rows if each.unreadable),
        )

    def _resolve(self, document_id: str, wanted: Sequence[tuple[int, Keep]]) -> None:
        self._awaited.add(document_id)
        self._kept[document_id] = tuple(keep for _, keep in wanted)
        self.choices_changed.emit()
        self._session.bridge.watch(
            self._sync.settle(wanted),
            lambda _: self._on_settled(document_id),
            lambda error: self._on_failed(document_id, error),
            owner=self,
        )

    def _on_settled(self, document_id: str) -> None:
        # Who shows the document learns that it is settled here, before it is no longer waited for.
        self.refresh()
        self._awaited.discard(document_id)
        self.finished.emit(document_id)

    def _on_failed(self, document_id: str, error: AppError) -> None:
        self._awaited.discard(document_id)
        self.refresh()
        self.choices_changed.emit()
        self.failed.emit(one_line(error))
