"""The order of a table's rows after a merge (protocol v1, 3.6 rule 5)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MergedOrder:
    """The ids of the merged rows in order, and whether both sides put the same rows into different orders."""

    ids: tuple[str, ...]
    conflicting: bool


def merge_order(
    base: Sequence[str] | None, mine: Sequence[str], theirs: Sequence[str], survivors: Collection[str]
) -> MergedOrder:
    """Return my order if I reordered, else theirs; a row of the other side stands behind its old neighbour there.

    Without a base (None) every order counts as made on purpose.
    """
    i_reordered = base is None or is_reordered(base, mine)
    they_reordered = base is None or is_reordered(base, theirs)
    leading, following = (mine, theirs) if i_reordered else (theirs, mine)
    placed = {row_id for row_id in leading if row_id in survivors}
    behind: dict[str | None, list[str]] = {}
    neighbour: str | None = None
    for row_id in following:
        if row_id in placed:
            neighbour = row_id
        elif row_id in survivors:
            behind.setdefault(neighbour, []).append(row_id)
    ids = behind.get(None, [])
    for row_id in leading:
        if row_id in placed:
            ids += [row_id, *behind.get(row_id, ())]
    return MergedOrder(tuple(ids), i_reordered and they_reordered and is_reordered(mine, theirs))


def is_reordered(before: Sequence[str], after: Sequence[str]) -> bool:
    """Say whether the rows that both have stand in another order; what was added or removed is no reordering."""
    kept_before, kept_after = set(before), set(after)
    return [row_id for row_id in before if row_id in kept_after] != [
        row_id for row_id in after if row_id in kept_before
    ]
