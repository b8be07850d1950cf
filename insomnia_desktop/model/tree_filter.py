"""Which rows of the tree are shown for the words a person looks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from insomnia_desktop.model.tree_row import TreeRow

_ROOT = 0


class TreeFilter:
    """Lets through the rows in which every word occurs, with the folders above them.

    A folder whose name matches is shown with all it holds. It looks into the containers of the TreeIndex that it
    belongs to, by handle; what is put later is let through by the next `apply` only.
    Threads: one.
    """

    def __init__(
        self, rows: Sequence[TreeRow | None], parents: Sequence[int], children: Mapping[int, Sequence[int]]
    ) -> None:
        self._rows = rows
        self._parents = parents
        self._children = children
        # What is looked through, made when it is used first: opening a tree does not wait for it.
        self._haystacks: list[str] | None = None
        self._visible: set[int] | None = None
        self._shown: dict[int, list[int]] = {}

    @property
    def active(self) -> bool:
        """Whether rows may be hidden."""
        return self._visible is not None

    def apply(self, text: str) -> bool:
        """Look for the words of a text in names, methods and addresses; return whether what is shown may have changed.

        Case does not count. Without a word everything is shown.
        """
        words = text.casefold().split()
        self._shown.clear()
        if not words:
            changed = self.active
            self._visible = None
            return changed
        visible: set[int] = set()
        self._visible = visible
        for handle in self._hits(words):
            if handle in self._children:
                self._add_all_under(handle, visible)
            while handle != _ROOT:
                visible.add(handle)
                handle = self._parents[handle]
        return True

    def shown(self, handle: int) -> list[int]:
        """Return the children of a row that are let through, in their order."""
        shown = self._shown.get(handle)
        if shown is None:
            children, visible = self._children.get(handle, ()), self._visible
            shown = [child for child in children if visible is None or child in visible]
            self._shown[handle] = shown
        return shown

    def follow(self, handle: int) -> None:
        """Take note that a row was put, replaced or taken out."""
        self._shown.clear()
        if self._haystacks is not None:
            self._haystacks += [""] * (len(self._rows) - len(self._haystacks))
            self._haystacks[handle] = _haystack(self._rows[handle])

    def _hits(self, words: Sequence[str]) -> list[int]:
        haystacks = self._haystacks
        if haystacks is None:
            haystacks = self._haystacks = [_haystack(row) for row in self._rows]
        hits = [handle for handle, haystack in enumerate(haystacks) if words[0] in haystack]
        for word in words[1:]:
            hits = [handle for handle in hits if word in haystacks[handle]]
        return hits

    def _add_all_under(self, handle: int, found: set[int]) -> None:
        waiting = {handle}
        while waiting:
            children = self._children[waiting.pop()]
            found.update(children)
            waiting |= self._children.keys() & children


def _haystack(row: TreeRow | None) -> str:
    return f"{row.name}\n{row.method}\n{row.url}".casefold() if row is not None else ""
