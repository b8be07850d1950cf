"""The `:name` segments of an address and their rows."""

from __future__ import annotations

import re

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model import Row
from insomnia_desktop.templating import tokens

# What is replaced when the address is sent (sender.address.fill_path): a whole segment of the path.
_SEGMENT = re.compile(r"(?<=/):([A-Za-z_][\w-]*)(?=[/?#]|$)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def path_parameter_names(url: str) -> list[str]:
    """Return the names of the `:name` segments of an address, each once, in their order."""
    # A variable may hold slashes and question marks; what it means is not known yet.
    text = "".join(url[at.start : at.end] if at.kind == "text" else "_" * (at.end - at.start) for at in tokens(url))
    scheme = _SCHEME.match(text)
    path = re.split(r"[?#]", text[scheme.end() if scheme else 0 :], maxsplit=1)[0]
    return list(dict.fromkeys(_SEGMENT.findall(path)))


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
