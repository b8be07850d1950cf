"""The `:name` segments of an address and their rows."""

from __future__ import annotations

import re

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model import Row

# A segment that is a colon and a name; `http://host:8080` has a colon too, so only what follows a slash counts.
_SEGMENT = re.compile(r"(?<=/):([A-Za-z_][A-Za-z0-9_.-]*)(?=[/?#]|$)")


def path_parameter_names(url: str) -> list[str]:
    """Return the names of the `:name` segments of an address, each once, in their order."""
    return list(dict.fromkeys(_SEGMENT.findall(url)))


def path_parameter_rows(url: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return one row for each `:name` segment, with the values there were.

    A segment that took the place of another one, while all others stay, keeps that one's row: it was renamed. A row
    that has a value is kept, behind the others, when its segment goes: the address may be half written.
    """
    names = path_parameter_names(url)
    by_name = {row.name: row for row in rows}
    if names == [row.name for row in rows]:
        return rows
    missing = [name for name in names if name not in by_name]
    unused = [row for row in rows if row.name not in names]
    renamed = {missing[0]: unused[0]} if len(missing) == 1 and len(unused) == 1 else {}
    made = []
    for name in names:
        if name in by_name:
            made.append(by_name[name])
        elif name in renamed:
            old = renamed[name]
            made.append(Row(id=old.id, name=name, value=old.value, description=old.description))
        else:
            made.append(Row(id=new_row_id(), name=name))
    kept = [row for row in unused if row not in renamed.values() and (row.value or row.description)]
    return tuple(made + kept)
