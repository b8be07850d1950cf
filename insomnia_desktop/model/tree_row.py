"""The narrow row of a document, as trees and lists show it."""

from __future__ import annotations

import msgspec


class TreeRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the tree shows of a document; `parent_id` is the workspace or a folder."""

    id: str
    kind: str
    parent_id: str | None
    sort_key: str
    name: str = ""
    method: str = ""
    url: str = ""
