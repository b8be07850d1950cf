"""A document as it is stored and, later, synced: its place in the tree and its raw fields."""

from __future__ import annotations

from typing import Any

import msgspec

SCHEMA = 1
"""The schema number (`s`, protocol v1, 3.2) that this program writes for every kind."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One stored document; `fields` is the raw `d` of protocol v1, 3.2, unknown keys included.

    `created` and `modified` are milliseconds since 1970 UTC and stay on the device.
    """

    id: str
    kind: str
    workspace_id: str
    parent_id: str | None
    sort_key: str
    schema: int = SCHEMA
    fields: dict[str, Any]
    created: int = 0
    modified: int = 0

    @property
    def name(self) -> str:
        """The document's name, or an empty text."""
        name = self.fields.get("name")
        return name if isinstance(name, str) else ""
