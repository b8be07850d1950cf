"""The tree of folders and requests of one workspace: order and ancestors; knows no Qt and no document bodies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from insomnia_desktop.base.ids import sibling_order
from insomnia_desktop.model.tree_filter import TreeFilter
from insomnia_desktop.model.tree_row import TreeRow

__all__ = ["RECOVERED_ID", "ROOT", "TreeIndex", "TreeRow"]

ROOT = 0
"""The handle of the workspace itself."""
RECOVERED_ID = "recovered"
"""The id of the row that stands for no document: what has no parent here is shown under it."""

# Behind every order key there can be (protocol v1, 3.2): it stands last, where its coming and going moves nothing.
_LAST = "~"


class TreeIndex:
    """Rows by small whole numbers (handles), so that no Python object has to be known to the view.

    A handle belongs to one id for the life of the index. With `root_id`, the id of the workspace, a row whose parent
    is no folder here stands under a row of its own, named `recovered`, which is there as long as it holds something;
    without it such rows stand under the root. In a cycle the row with the smallest id stands under the root. All these
    are views: nothing is written (protocol v1, 3.6 rule 7).
    `filter` says which rows are shown.
    Threads: one.
    """

    def __init__(
        self, rows: Iterable[TreeRow] = (), *, root_id: str | None = None, recovered: str = "Recovered"
    ) -> None:
        self._rows: list[TreeRow | None] = [None]
        self._handles: dict[str, int] = {}
        self._children: dict[int, list[int]] = {ROOT: []}
        self._parents: list[int] = [ROOT]
        self._root_id = root_id
        self._recovered_row = TreeRow(id=RECOVERED_ID, kind="folder", parent_id=root_id, sort_key=_LAST, name=recovered)
        self._load(rows)
        self.filter = TreeFilter(self._rows, self._parents, self._children)

    def __len__(self) -> int:
        return sum(1 for row in self._rows if row is not None and row is not self._recovered_row)

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
        self._show_recovered()
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
        self._show_recovered()

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
        if RECOVERED_ID in (row_id, parent_id):
            return False
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

    def is_recovered(self, handle: int) -> bool:
        """Say whether a handle is that of the row under which what has no parent here is shown."""
        return handle != ROOT and handle == self._handles.get(RECOVERED_ID)

    def _load(self, rows: Iterable[TreeRow]) -> None:
        loaded = list(rows)
        self._rows = [None, *loaded]
        self._handles = {row.id: handle for handle, row in enumerate(loaded, 1)}
        known = self._handles.get
        lost = ROOT if self._root_id is None else len(self._rows)
        if lost:
            # The workspace, and no parent at all, lead to the root; it has no row, so `handle` does not know them.
            self._handles.update({self._root_id or "": ROOT, "": ROOT})
        self._parents = [ROOT, *[known(row.parent_id or "", lost) for row in loaded]]
        self._gather_children()
        under_requests = [each for each in self._children if self._holds_nothing(each)]
        for child in [child for each in under_requests for child in self._children[each]]:
            self._parents[child] = lost
        if under_requests:
            self._gather_children()
        if lost and self._children.get(lost):
            self._handles[RECOVERED_ID] = lost
            self._rows.append(self._recovered_row)
            self._parents.append(ROOT)
            self._children[ROOT].append(lost)
        if not self._all_hang_together():
            self._break_cycles()
            self._gather_children()
        # Not by `_order`: a hundred thousand calls of it take longer than the sorting. It is for keys that are equal.
        keys = ["", *[row.sort_key for row in loaded], _LAST]
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
        """Move rows here that stood elsewhere because this parent of theirs was not known."""
        recovered = self._children.get(self._handles.get(RECOVERED_ID, ROOT), [])
        for orphan in dict.fromkeys([*self._children[ROOT], *recovered]):
            row = self._rows[orphan]
            if row is not None and row.parent_id == row_id and orphan != handle and self._parent_for(row) == handle:
                self._children[self._parents[orphan]].remove(orphan)
                _, position = self.place_of(row)
                self._parents[orphan] = handle
                self._children.setdefault(handle, []).insert(position, orphan)

    def _parent_for(self, row: TreeRow) -> int:
        parent = self._handles.get(row.parent_id or "")
        if parent == ROOT:
            return ROOT
        if parent is None or self._rows[parent] is None or self._holds_nothing(parent):
            return self._lost_handle()
        own = self._handles.get(row.id)
        if own is not None and (parent == own or own in self.ancestors(parent)):
            return ROOT
        return parent

    def _holds_nothing(self, handle: int) -> bool:
        row = self._rows[handle] if handle < len(self._rows) else None
        return row is not None and row.kind != "folder"

    def _lost_handle(self) -> int:
        """Return where a row without a parent here stands; its own row comes with the first of them."""
        if self._root_id is None:
            return ROOT
        handle = self._handles.get(RECOVERED_ID)
        if handle is None:
            handle = self._handles[RECOVERED_ID] = len(self._rows)
            self._rows.append(None)
            self._parents.append(ROOT)
        return handle

    def _show_recovered(self) -> None:
        """Show the row of what has no parent here while there is something, and only then."""
        handle = self._handles.get(RECOVERED_ID, ROOT)
        if handle == ROOT or bool(self._children.get(handle)) == (self._rows[handle] is not None):
            return
        siblings = self._children[ROOT]
        if self._rows[handle] is None:
            self._rows[handle] = self._recovered_row
            siblings.insert(bisect_left(siblings, self._order(handle), key=self._order), handle)
        else:
            siblings.remove(handle)
            self._rows[handle] = None
            self._children.pop(handle, None)
        self.filter.follow(handle)

    def _order(self, handle: int) -> tuple[str, str, str]:
        row = self._rows[handle]
        return sibling_order(row.sort_key, row.id) if row is not None else ("", "", "")
