"""The tree of folders and requests of one workspace: order and ancestors; knows no Qt and no document bodies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from insomnia_desktop.base.ids import sibling_order
from insomnia_desktop.model.tree_filter import TreeFilter
from insomnia_desktop.model.tree_row import TreeRow

__all__ = ["ROOT", "TreeIndex", "TreeRow"]

ROOT = 0
"""The handle of the workspace itself."""


class TreeIndex:
    """Rows by small whole numbers (handles), so that no Python object has to be known to the view.

    A handle belongs to one id for the life of the index. A row whose parent is not known stands under the root; in a
    cycle the row with the smallest id does. Both are views: nothing is written (protocol v1, 3.6 rule 7).
    `filter` says which rows are shown.
    Threads: one.
    """

    def __init__(self, rows: Iterable[TreeRow] = ()) -> None:
        self._rows: list[TreeRow | None] = [None]
        self._handles: dict[str, int] = {}
        self._children: dict[int, list[int]] = {ROOT: []}
        self._parents: list[int] = [ROOT]
        self._load(rows)
        self.filter = TreeFilter(self._rows, self._parents, self._children)

    def __len__(self) -> int:
        return sum(1 for row in self._rows if row is not None)

    def handle(self, row_id: str) -> int | None:
        """Return the handle of an id, or None."""
        handle = self._handles.get(row_id)
        return handle if handle is not None and self._rows[handle] is not None else None

    def row(self, handle: int) -> TreeRow:
        """Return the row of a handle; the root has none (KeyError)."""
        row = self._rows[handle]
        if row is None:
            raise KeyError(handle)
        return row

    def parent(self, handle: int) -> int:
        """Return the handle of the folder that a row stands in, or ROOT."""
        return self._parents[handle]

    def children(self, handle: int) -> list[int]:
        """Return the handles shown under a folder, in order; with a filter only those it lets through."""
        return self.filter.shown(handle) if self.filter.active else self._children.get(handle, [])

    def position(self, handle: int) -> int:
        """Return the position among the shown siblings."""
        siblings = self.children(self._parents[handle])
        if not self.filter.active:
            position = bisect_left(siblings, self._order(handle), key=self._order)
            if position < len(siblings) and siblings[position] == handle:
                return position
        return siblings.index(handle)

    def place_of(self, row: TreeRow) -> tuple[int, int]:
        """Return parent handle and position where the row would stand among the siblings without itself."""
        parent = self._parent_for(row)
        own = self._handles.get(row.id)
        siblings = [child for child in self._children.get(parent, ()) if child != own]
        order = sibling_order(row.sort_key, row.id)
        return parent, bisect_left(siblings, order, key=self._order)

    def put(self, row: TreeRow) -> int:
        """Insert a row, or replace the one with its id and move it to its place; return its handle."""
        handle = self._handles.get(row.id)
        if handle is None:
            handle = len(self._rows)
            self._handles[row.id] = handle
            self._rows.append(None)
            self._parents.append(ROOT)
        elif self._rows[handle] is not None:
            self._children[self._parents[handle]].remove(handle)
        parent, position = self.place_of(row)
        self._rows[handle] = row
        self._parents[handle] = parent
        self._children.setdefault(parent, []).insert(position, handle)
        self.filter.follow(handle)
        self._adopt(row.id, handle)
        return handle

    def remove(self, row_id: str) -> None:
        """Take out a row and everything under it."""
        handle = self.handle(row_id)
        if handle is None:
            return
        self._children[self._parents[handle]].remove(handle)
        for gone in [handle, *self.descendants(handle)]:
            self._rows[gone] = None
            self._children.pop(gone, None)
            self.filter.follow(gone)

    def descendants(self, handle: int) -> Iterator[int]:
        """Yield all handles under a folder, in order, parents first; the filter does not count."""
        # Not by recursion: folders may lie in each other deeper than Python's stack.
        waiting = self._children.get(handle, [])[::-1]
        while waiting:
            child = waiting.pop()
            yield child
            waiting.extend(reversed(self._children.get(child, ())))

    def ancestors(self, handle: int) -> list[int]:
        """Return the folders above a row, nearest first, without the root."""
        found = []
        handle = self._parents[handle]
        while handle != ROOT:
            found.append(handle)
            handle = self._parents[handle]
        return found

    def path(self, handle: int) -> tuple[str, ...]:
        """Return the names of the folders above a row, outermost first."""
        return tuple(self.row(ancestor).name for ancestor in reversed(self.ancestors(handle)))

    def count_requests(self, handle: int) -> int:
        """Return how many requests stand under a folder, at any depth."""
        return sum(1 for child in self.descendants(handle) if self.row(child).kind == "request")

    def may_move(self, row_id: str, parent_id: str | None) -> bool:
        """Say whether a row may be put into a folder: never into itself or into what it holds."""
        target = self.handle(parent_id) if parent_id is not None else ROOT
        moved = self.handle(row_id)
        if target is None or target == ROOT:
            return moved is not None
        return (
            moved is not None
            and target != moved
            and moved not in self.ancestors(target)
            and self.row(target).kind == "folder"
        )

    def has_children(self, handle: int) -> bool:
        """Say whether rows are shown under a shown folder: it is shown for its name with all it holds, or for them."""
        return bool(self._children.get(handle))

    def _load(self, rows: Iterable[TreeRow]) -> None:
        loaded = list(rows)
        self._rows = [None, *loaded]
        self._handles = {row.id: handle for handle, row in enumerate(loaded, 1)}
        known = self._handles.get
        self._parents = [ROOT, *[known(row.parent_id or "", ROOT) for row in loaded]]
        self._gather_children()
        if not self._all_hang_together():
            self._break_cycles()
            self._gather_children()
        # Not by `_order`: a hundred thousand calls of it take longer than the sorting. It is for keys that are equal.
        keys = ["", *[row.sort_key for row in loaded]]
        for siblings in self._children.values():
            siblings.sort(key=keys.__getitem__)
            if len({keys[handle] for handle in siblings}) < len(siblings):
                siblings.sort(key=self._order)

    def _gather_children(self) -> None:
        children: dict[int, list[int]] = {ROOT: []}
        for handle, parent in enumerate(self._parents[1:], 1):
            siblings = children.get(parent)
            if siblings is None:
                children[parent] = [handle]
            else:
                siblings.append(handle)
        self._children = children

    def _all_hang_together(self) -> bool:
        """Say whether the root leads to every row: then there is no cycle, and none has to be looked for."""
        reached = 0
        waiting = [ROOT]
        while waiting:
            siblings = self._children[waiting.pop()]
            reached += len(siblings)
            waiting.extend(self._children.keys() & siblings)
        return reached == len(self._rows) - 1

    def _break_cycles(self) -> None:
        settled: set[int] = {ROOT}
        for start in range(1, len(self._rows)):
            trail: list[int] = []
            on_trail: set[int] = set()
            handle = start
            while handle not in settled and handle not in on_trail:
                trail.append(handle)
                on_trail.add(handle)
                handle = self._parents[handle]
            if handle in on_trail:
                cycle = trail[trail.index(handle) :]
                self._parents[min(cycle, key=lambda member: self.row(member).id)] = ROOT
            settled.update(trail)

    def _adopt(self, row_id: str, handle: int) -> None:
        """Move rows here that stood under the root because this parent of theirs was not known."""
        for orphan in list(self._children[ROOT]):
            row = self._rows[orphan]
            if row is not None and row.parent_id == row_id and orphan != handle and self._parent_for(row) == handle:
                self._children[ROOT].remove(orphan)
                _, position = self.place_of(row)
                self._parents[orphan] = handle
                self._children.setdefault(handle, []).insert(position, orphan)

    def _parent_for(self, row: TreeRow) -> int:
        parent = self.handle(row.parent_id) if row.parent_id is not None else None
        own = self._handles.get(row.id)
        if parent is None or (own is not None and (parent == own or own in self.ancestors(parent))):
            return ROOT
        return parent

    def _order(self, handle: int) -> tuple[str, str, str]:
        row = self._rows[handle]
        return sibling_order(row.sort_key, row.id) if row is not None else ("", "", "")
