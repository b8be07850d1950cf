"""What window and command line are told of the versions of a document."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from insomnia_desktop.base.json_value import JsonObject

Against: TypeAlias = Literal["current", "previous"]
"""What a version is compared with: the document as it is here, or the version before it."""
Missing: TypeAlias = Literal["", "deleted", "first", "gone", "unreadable"]


class VersionRow(msgspec.Struct, frozen=True):
    """One version in the history of a document; `device` is a name as far as it is known, `size` in bytes as sealed.

    `kept`: the server still has its text. `current`: it is the newest.
    """

    version: int
    at: int
    device: str
    deleted: bool
    size: int
    kept: bool
    current: bool


class ShownValue(msgspec.Struct, frozen=True):
    """A value of a document as text for people (text as it is, everything else as JSON), and as it is."""

    text: str
    present: bool = True
    value: Any = None


class Difference(msgspec.Struct, frozen=True):
    """One field in which two versions differ; `field` is in words ("Header X-Trace-Id"), `path` in steps of a patch."""

    field: str
    path: tuple[str, ...]
    before: ShownValue
    after: ShownValue


class VersionView(msgspec.Struct, frozen=True):
    """A version opened: the fields it had, and where it differs from what it was compared with.

    Against the current document `before` is the version's value and `after` the document's; against the version before
    it (`previous`) `after` is the version's. `previous` is the newest one before of which the server still has the
    text, None where there is none. `missing` says why nothing could be compared: the document is `deleted`, the
    version is the `first`, none before it is kept (`gone`), or that one is `unreadable`. `moved`: the two stood at
    different places in the tree.
    """

    row: VersionRow
    kind: str
    name: str
    fields: JsonObject
    differences: tuple[Difference, ...] = ()
    against: Against = "current"
    previous: VersionRow | None = None
    missing: Missing = ""
    moved: bool = False


class VersionChange(msgspec.Struct, frozen=True):
    """What a version changed against the one before it, each change in words: `Body: 2 lines`, `Moved to Orders`."""

    version: int
    words: tuple[str, ...]
