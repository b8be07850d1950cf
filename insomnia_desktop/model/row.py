"""One row of a table of names and values."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter, a header or a form field; rows are told apart by id, so that two devices can merge a table."""

    id: str
    enabled: bool = True
    name: str = ""
    value: str = ""
    description: str = ""
