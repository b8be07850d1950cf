"""What the order of sending is made of, read as lightly as it can be."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from insomnia_desktop.store.reader import Reader

_AT_ONCE = 200
_PLACES = msgspec.json.Decoder(list[tuple[int, str, int]])


def newest_edit(reader: Reader) -> int:
    """Return the number of the newest change of any document."""
    row = reader.row("SELECT max(change) FROM document")
    return int(row[0] or 0) if row else 0


def ancestry(reader: Reader, resources: Iterable[str]) -> dict[str, str | None]:
    """Return the parent of each of some documents, and of all above them; level by level, for all at once."""
    parents: dict[str, str | None] = {}
    level = set(resources)
    while level:
        names = sorted(level)
        found: dict[str, str | None] = {}
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            statement = f"SELECT substr(id, 5), substr(parent_id, 5) FROM document WHERE substr(id, 5) IN ({marks})"
            found |= dict(reader.rows(statement, part))
        parents |= {name: found.get(name) for name in level}
        level = {above for above in found.values() if above is not None and above not in parents}
    return parents


def outbox_places(reader: Reader, group_id: str, behind: int, most: int) -> list[tuple[int, str, int]]:
    """Return number, rev_hash in hex and local_rev of sealed changes behind a number, in the order of sending.

    The hash stands for all that is sent of one: id, version and envelope are in it.
    """
    row = reader.row(
        "SELECT json_group_array(json_array(number, lower(hex(rev_hash)), local_rev)) FROM (SELECT number, rev_hash,"
        " local_rev FROM outbox WHERE group_id = ? AND number > ? ORDER BY number LIMIT ?)",
        (group_id, behind, most),
    )
    return _PLACES.decode(row[0]) if row else []
