"""The request group, which the window calls a folder."""

from __future__ import annotations

import msgspec


class RequestGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of requests and folders."""

    id: str
    parent_id: str | None
    sort_key: str
    name: str = ""
    description: str = ""
