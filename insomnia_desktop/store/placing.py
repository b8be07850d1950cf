"""Order keys for documents that are put between others."""

from __future__ import annotations

from collections.abc import Sequence

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.model.sort_key import between, spread


def keys_between(
    siblings: Sequence[tuple[str, str]],
    moved: Sequence[str],
    *,
    before_id: str | None = None,
    after_id: str | None = None,
) -> dict[str, str]:
    """Return the order keys to be written so that the moved ids stand, in their order, where they are wanted.

    `siblings` are id and key in order; the moved ones among them count as taken out. They come to stand in front of
    `before_id`, else behind `after_id`, else at the end (also where the one named is not there). Where there is no
    room, or two siblings have one key, all siblings get new keys.
    """
    resting = [(document_id, key) for document_id, key in siblings if document_id not in moved]
    position = _position(resting, before_id, after_id)
    low = resting[position - 1][1] if position else None
    high = resting[position][1] if position < len(resting) else None
    keys: dict[str, str] = {}
    try:
        for document_id in moved:
            low = between(low, high)
            keys[document_id] = low
    except Bug as error:
        if error.code != "sort_key.no_room":
            raise
        ids = [document_id for document_id, _ in resting]
        ids[position:position] = moved
        present = dict(siblings)
        fresh = zip(ids, spread(len(ids)), strict=True)
        return {each: key for each, key in fresh if each in moved or present[each] != key}
    return keys


def _position(resting: Sequence[tuple[str, str]], before_id: str | None, after_id: str | None) -> int:
    ids = [document_id for document_id, _ in resting]
    if before_id in ids:
        return ids.index(before_id)
    if after_id in ids:
        return ids.index(after_id) + 1
    return len(ids)
