"""What the quick switch lists: requests by name, address and content, and workspaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import Literal

from insomnia_desktop.base.ids import sibling_order
from insomnia_desktop.model.tree_index import TreeRow
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

MOST = 50
_FULL_TEXT_FROM = 3
_MOST_WORKSPACES = 20


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
    """Ranks the requests of the workspace and the other workspaces for a typed text. Threads: GUI.

    It knows what there was when it was made; after a change in the store it is made anew.
    """

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel) -> None:
        self._services = session.services
        self._workspace = workspace
        rows = self._services.documents.tree(workspace.workspace_id)
        self._rows = {row.id: row for row in rows}
        self._requests = [row for row in rows if row.kind == "request"]
        self._names = [row.name.casefold() for row in self._requests]
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
        found = self._by_content(query, {entry.id for entry in names}, MOST - len(names))
        return [*names, *found, *self._matching_workspaces(query)]

    def _recent(self) -> list[Entry]:
        rows = [self._rows[each] for each in self._workspace.recent() if each in self._rows]
        entries = [self._entry("recent", row, ()) for row in rows if row.id != self._workspace.request_id]
        seen = {entry.id for entry in entries}
        rest = (row for row in self._in_tree_order() if row.id not in seen)
        return entries + [self._entry("requests", row, ()) for row in islice(rest, MOST - len(entries))]

    def _in_tree_order(self) -> Iterator[TreeRow]:
        """Yield the requests as the tree shows them; only as much is sorted as is asked for."""
        children: dict[str | None, list[TreeRow]] = {}
        for row in self._rows.values():
            parent = row.parent_id if row.parent_id in self._rows else None
            children.setdefault(parent, []).append(row)
        waiting = sorted(children.pop(None, []), key=_order, reverse=True)
        while waiting:
            row = waiting.pop()
            if row.kind == "request":
                yield row
            waiting += sorted(children.pop(row.id, []), key=_order, reverse=True)

    def _by_name(self, query: str) -> list[Entry]:
        wanted = query.casefold()
        whole = [at for at, name in enumerate(self._names) if wanted in name]
        if len(whole) < MOST:
            # Scattered letters rank behind every whole hit, so they are looked for only where there is room for them.
            letters = _scattered(wanted)
            seen = set(whole)
            whole += [at for at, name in enumerate(self._names) if at not in seen and letters.search(name)]
        hits = []
        for at in whole:
            row = self._requests[at]
            match = match_spans(row.name, query)
            if match is not None:
                hits.append((match[0], len(row.name), at, match[1]))
        return [self._entry("requests", self._requests[at], spans) for *_, at, spans in nsmallest(MOST, hits)]

    def _by_content(self, query: str, seen: set[str], room: int) -> list[Entry]:
        folded = query.casefold()
        by_address = (row for row in self._requests if row.id not in seen and folded in row.url.casefold())
        entries = [self._entry("found", row, (), detail=row.url) for row in islice(by_address, max(0, room))]
        if len(query) >= _FULL_TEXT_FROM and len(entries) < room:
            seen = seen | {entry.id for entry in entries}
            for hit in self._services.searching.search(query, self._workspace.workspace_id, MOST):
                row = self._rows.get(hit.id)
                if row is not None and row.kind == "request" and hit.id not in seen and len(entries) < room:
                    entries.append(self._entry("found", row, (), detail=" ".join(hit.snippet.split())))
        return entries

    def _matching_workspaces(self, query: str) -> list[Entry]:
        entries = []
        for row in self._workspaces:
            match = match_spans(row.name, query)
            if match is not None:
                entries.append((match[0], Entry("workspaces", row.id, row.name, spans=match[1])))
        entries.sort(key=lambda entry: entry[0])
        return [entry for _, entry in entries[:_MOST_WORKSPACES]]

    def _entry(
        self,
        section: Literal["recent", "requests", "found"],
        row: TreeRow,
        spans: tuple[tuple[int, int], ...],
        *,
        detail: str = "",
    ) -> Entry:
        return Entry(section, row.id, row.name, row.method, detail or " / ".join(self._folders(row)), spans)

    def _folders(self, row: TreeRow) -> list[str]:
        names: list[str] = []
        seen = {row.id}
        parent = self._rows.get(row.parent_id or "")
        while parent is not None and parent.id not in seen:
            seen.add(parent.id)
            names.insert(0, parent.name)
            parent = self._rows.get(parent.parent_id or "")
        return names


def _order(row: TreeRow) -> tuple[str, str, str]:
    return sibling_order(row.sort_key, row.id)


def _scattered(wanted: str) -> re.Pattern[str]:
    """Return a pattern that finds letters in their order; each gap ends at the first fit, so nothing is tried twice."""
    first, *rest = [character for character in wanted if not character.isspace()]
    gaps = "".join(f"[^{re.escape(each)}]*{re.escape(each)}" for each in rest)
    return re.compile(re.escape(first) + gaps, re.DOTALL)
