"""The tree of one workspace: rows, filter, expansion, and what a person does with rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.model import Request
from insomnia_desktop.model.tree_index import RECOVERED_ID, ROOT
from insomnia_desktop.store.changes import Change, ChangeSet
from insomnia_desktop.ui.models.request_tree_model import RequestTreeModel
from insomnia_desktop.ui.viewmodels.held_rows import HeldRows
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_moves import WorkspaceMoves
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

_SHOWN_FIELDS = frozenset({"name", "method", "url", "parent", "order"})
_REMEMBER_MS = 1000
_Asked = TypeVar("_Asked")


class SidebarViewModel(QObject):
    """Keeps the tree model in step with the store, and asks the services for what a person wants.

    `moves` moves rows into other workspaces; `held` says which rows have to stay as they are.

    Signals:
        chosen(id, edit): a row was made by the person and is to be selected, and its name edited if `edit` is true.
        row_wanted(): a row is being made, whose address or name is typed next; keys wait for it.
        request_made(): what was just chosen is a new request; its address is to be typed next.
        row_ready(), row_failed(): the row that was wanted is there and chosen, or cannot be made.
        deleted(text, ids): rows went to the trash; the text says which.
    """

    chosen = Signal(str, bool)
    row_wanted = Signal()
    request_made = Signal()
    row_ready = Signal()
    row_failed = Signal()
    deleted = Signal(str, list)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._documents = session.services.documents
        self._workspace = workspace
        self._expanded: set[str] = set()
        self._awaited: dict[str, bool] = {}
        self._fresh: set[str] = set()
        self.model = RequestTreeModel(self.tr("Add a request"), self)
        self.moves = WorkspaceMoves(session, workspace, self.model, self)
        self.held = HeldRows(self._documents, self.model)
        self._remember_timer = QTimer(self)
        self._remember_timer.setSingleShot(True)
        self._remember_timer.setInterval(_REMEMBER_MS)
        self._load()
        self._remember_timer.timeout.connect(self.remember)
        self.model.rename_requested.connect(self.rename)
        self.model.move_requested.connect(self._move)
        workspace.workspace_changed.connect(self._load)
        session.feed.changed.connect(self._on_changed)

    @property
    def expanded(self) -> frozenset[str]:
        """The ids of the folders that are open."""
        return frozenset(self._expanded)

    def set_expanded(self, folder_id: str, expanded: bool) -> None:
        """Note that a folder was opened or closed; kept on this device."""
        (self._expanded.add if expanded else self._expanded.discard)(folder_id)
        self._remember_timer.start()

    def set_all_expanded(self, expanded: bool) -> None:
        """Note that all folders were opened or closed; kept on this device."""
        tree = self.model.tree
        rows = [tree.row(handle) for handle in tree.descendants(ROOT)] if expanded else []
        self._expanded = {row.id for row in rows if row.kind == "folder" and row.id != RECOVERED_ID}
        self._remember_timer.start()

    def remember(self) -> None:
        """Write down now which folders are open."""
        self._remember_timer.stop()
        self._session.services.preferences.set_local(self._expanded_key, [*sorted(self._expanded)])

    def set_filter(self, text: str) -> None:
        """Show only what matches."""
        self.model.set_filter(text)

    def new_request(self, folder_id: str | None, after_id: str | None = None) -> str:
        """Make a request, open it and select it; return its id."""
        self.row_wanted.emit()
        request_id, future = self._documents.create_request(self._workspace.workspace_id, folder_id, after_id=after_id)
        self._awaited[request_id] = False
        self._fresh.add(request_id)
        self._session.bridge.watch(future, failed=self._on_not_made, owner=self)
        return request_id

    def new_folder(self, folder_id: str | None) -> str:
        """Make a folder and let its name be typed; return its id."""
        self.row_wanted.emit()
        new_id, future = self._documents.create_folder(self._workspace.workspace_id, folder_id)
        self._awaited[new_id] = True
        self._fresh.add(new_id)
        self._session.bridge.watch(future, failed=self._on_not_made, owner=self)
        return new_id

    @Slot(str, str)
    def rename(self, document_id: str, name: str) -> None:
        """Give a row another name."""
        future = self._ask(lambda: self._documents.rename(document_id, name))
        if future is not None:
            self._session.bridge.watch(future, owner=self)

    def duplicate(self, document_id: str) -> None:
        """Copy a row as it is now, drafts included, with all under it, right behind it; the copy is chosen."""
        self._workspace.drafts_wanted.emit()
        asked = self._ask(lambda: self._documents.duplicate(document_id))
        if asked is not None:
            copy_id, future = asked
            self._awaited[copy_id] = False
            self._session.bridge.watch(future, owner=self)

    def address_of(self, request_id: str) -> str | None:
        """Return the address of a request as it is written; None, with the reason told, where there is none."""
        self._workspace.drafts_wanted.emit()
        found = self._ask(lambda: self._documents.view(request_id))
        return found.url if isinstance(found, Request) else None

    def delete(self, ids: Sequence[str]) -> None:
        """Move rows to the trash; `deleted` says so once it is done."""
        roots = self.without_descendants(ids)
        if not roots:
            return
        self._workspace.drafts_wanted.emit()
        text = self._deleted_text(roots)
        future = self._documents.delete(roots)
        self._session.bridge.watch(future, lambda _: self.deleted.emit(text, roots), owner=self)

    def restore(self, ids: Sequence[str]) -> None:
        """Take rows back out of the trash."""
        self._session.bridge.watch(self._documents.restore(ids), owner=self)

    def without_descendants(self, ids: Sequence[str]) -> list[str]:
        """Return the ids without those that stand under another of them."""
        tree = self.model.tree
        chosen = set(ids)
        roots = []
        for row_id in ids:
            handle = tree.handle(row_id)
            if handle is not None and not any(tree.row(above).id in chosen for above in tree.ancestors(handle)):
                roots.append(row_id)
        return roots

    def _ask(self, call: Callable[[], _Asked]) -> _Asked | None:
        # Another process may have deleted the row since it was drawn; some services look before they write.
        try:
            return call()
        except KnownError as error:
            self._session.bridge.failed.emit(error)
            return None

    def _deleted_text(self, roots: Sequence[str]) -> str:
        tree = self.model.tree
        if len(roots) > 1:
            return self.tr("Deleted %d items") % len(roots)
        handle = tree.handle(roots[0]) or 0
        row = tree.row(handle)
        count = tree.count_requests(handle)
        if row.kind == "folder" and count:
            return self.tr("Deleted “%s” with %d requests") % (row.name, count)
        return self.tr("Deleted “%s”") % row.name

    def put_back(self, ids: Sequence[str]) -> None:
        """Put rows that stand under "Recovered" at the end of the workspace itself."""
        self._move(list(ids), "", "")

    def are_recovered(self, ids: Sequence[str]) -> bool:
        """Say whether all these rows stand right under "Recovered"."""
        tree = self.model.tree
        handles = [tree.handle(each) for each in ids]
        return all(each is not None and tree.is_recovered(tree.parent(each)) for each in handles)

    @property
    def _expanded_key(self) -> str:
        return f"expanded:{self._workspace.workspace_id}"

    @Slot(list, str, str)
    def _move(self, ids: list[str], parent_id: str, before_id: str) -> None:
        target = parent_id or self._workspace.workspace_id
        roots = self.without_descendants(ids)
        self._session.bridge.watch(self._documents.move(roots, target, before_id or None), owner=self)

    @Slot()
    def _load(self) -> None:
        remembered = self._session.services.preferences.local(self._expanded_key)
        self._expanded = (
            {each for each in remembered if isinstance(each, str)} if isinstance(remembered, list) else set()
        )
        self._read_rows()

    def _read_rows(self) -> None:
        workspace_id = self._workspace.workspace_id
        self.model.load(self._documents.tree(workspace_id), workspace_id)

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        mine = [
            change
            for change in change_set.changes
            if change.kind in ("request", "folder") and change.workspace_id == self._workspace.workspace_id
        ]
        if not mine:
            return
        gone = [change.id for change in mine if change.action in ("deleted", "purged")]
        if any(self._brings_a_subtree(change) for change in mine):
            self._read_rows()
        else:
            self.model.remove(gone)
            shown = [
                change for change in mine if change.action in ("created", "restored") or change.parts & _SHOWN_FIELDS
            ]
            found = (self._documents.row(change.id) for change in shown if change.id not in gone)
            self.model.put([row for row in found if row is not None])
        for change in mine:
            if change.action == "created" and change.id == self._workspace.request_id:
                # It was opened before its row was here.
                self.chosen.emit(change.id, False)
            if change.id in self._awaited:
                self.chosen.emit(change.id, self._awaited.pop(change.id))
            if change.id in self._fresh:
                self._fresh.discard(change.id)
                if change.kind == "request":
                    self.request_made.emit()
                self.row_ready.emit()

    def _on_not_made(self, error: AppError) -> None:
        self.row_failed.emit()
        self._session.bridge.failed.emit(error)

    def _brings_a_subtree(self, change: Change) -> bool:
        # One change stands for the root of what came back or was copied; what lies under it is read anew.
        return change.kind == "folder" and (
            change.action == "restored" or (change.action == "created" and self._awaited.get(change.id) is not True)
        )
