"""What the quick switch lists: requests by name, address and content, and workspaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from insomnia_desktop.model.tree_index import TreeIndex
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

MOST = 50
_FULL_TEXT_FROM = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `spans` are (start, length) of what matched in `name`; `detail` stands at the right."""

    section: Literal["recent", "requests", "found", "workspaces"]
    id: str
    name: str
    method: str = ""
    detail: str = ""
    spans: tuple[tuple[int, int], ...] = ()


def match_spans(text: str, query: str) -> tuple[int, tuple[tuple[int, int], ...]] | None:
    """Return how well the characters of a query stand in a text, in their order, and where; None if they do not.

    Lower is better: a beginning, then the start of a word, then runs, then scattered letters.
    """
    folded, wanted = text.casefold(), query.casefold()
    if len(folded) != len(text):
        folded = text.lower()
    if not wanted:
        return 0, ()
    at = folded.find(wanted)
    if at >= 0:
        starts_word = at == 0 or not folded[at - 1].isalnum()
        return (0 if at == 0 else 10 if starts_word else 20) + min(at, 9), ((at, len(wanted)),)
    spans: list[tuple[int, int]] = []
    position, cost = 0, 30
    for character in wanted:
        if character.isspace():
            continue
        at = folded.find(character, position)
        if at < 0:
            return None
        if spans and spans[-1][0] + spans[-1][1] == at:
            spans[-1] = (spans[-1][0], spans[-1][1] + 1)
        else:
            spans.append((at, 1))
            cost += 5 + min(at - position, 20)
        position = at + 1
    return cost, tuple(spans)


class QuickSwitchViewModel:
    """Ranks the requests of the workspace and the other workspaces for a typed text. Threads: GUI."""

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel) -> None:
        self._services = session.services
        self._workspace = workspace
        self._tree = TreeIndex(self._services.documents.tree(workspace.workspace_id))
        self._requests = [
            (handle, row)
            for handle, row in ((h, self._tree.row(h)) for h in self._tree.descendants(0))
            if row.kind == "request"
        ]
        self._workspaces = [row for row in self._services.workspaces.all() if row.id != workspace.workspace_id]

    @property
    def total(self) -> int:
        """How many requests and workspaces there are to choose from."""
        return len(self._requests) + len(self._workspaces)

    def entries(self, text: str) -> list[Entry]:
        """Return the best lines, section by section; without a text those opened last."""
        query = " ".join(text.split())
        if not query:
            return self._recent() + self._matching_workspaces("")
        names = self._by_name(query)
        shown = {entry.id for entry in names}
        found = [entry for entry in self._by_content(query) if entry.id not in shown]
        return [*names, *found, *self._matching_workspaces(query)][:MOST]

    def _recent(self) -> list[Entry]:
        entries = []
        for request_id in self._workspace.recent():
            handle = self._tree.handle(request_id)
            if handle is not None and request_id != self._workspace.request_id:
                entries.append(self._entry("recent", handle, ()))
        seen = {entry.id for entry in entries}
        rest = [handle for handle, row in self._requests if row.id not in seen][: MOST - len(entries)]
        return entries + [self._entry("requests", handle, ()) for handle in rest]

    def _by_name(self, query: str) -> list[Entry]:
        hits = []
        for handle, row in self._requests:
            match = match_spans(row.name, query)
            if match is not None:
                hits.append((match[0], len(row.name), handle, match[1]))
        hits.sort(key=lambda hit: hit[:2])
        return [self._entry("requests", handle, spans) for _, _, handle, spans in hits[:MOST]]

    def _by_content(self, query: str) -> list[Entry]:
        folded = query.casefold()
        entries = [
            self._entry("found", handle, (), detail=row.url)
            for handle, row in self._requests
            if folded in row.url.casefold()
        ]
        if len(query) >= _FULL_TEXT_FROM:
            seen = {entry.id for entry in entries}
            for hit in self._services.searching.search(query, self._workspace.workspace_id, MOST):
                hit_handle = self._tree.handle(hit.id)
                if hit_handle is not None and hit.id not in seen and hit.kind == "request":
                    entries.append(self._entry("found", hit_handle, (), detail=hit.snippet))
        return entries

    def _matching_workspaces(self, query: str) -> list[Entry]:
        entries = []
        for row in self._workspaces:
            match = match_spans(row.name, query)
            if match is not None:
                entries.append(Entry("workspaces", row.id, row.name, spans=match[1]))
        return entries

    def _entry(
        self,
        section: Literal["recent", "requests", "found"],
        handle: int,
        spans: tuple[tuple[int, int], ...],
        *,
        detail: str = "",
    ) -> Entry:
        row = self._tree.row(handle)
        folders = " / ".join(self._tree.path(handle))
        return Entry(section, row.id, row.name, row.method, detail or folders, spans)
