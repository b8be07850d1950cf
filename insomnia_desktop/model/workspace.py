"""The workspace: the root document a person works in."""

from __future__ import annotations

import msgspec


class Workspace(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace; `seed` is 16 random bytes as base64url, made with it and never changed (protocol v1, 3.2)."""

    id: str
    parent_id: str | None = None
    sort_key: str
    name: str = ""
    description: str = ""
    seed: str = ""
