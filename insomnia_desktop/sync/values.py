"""The values that sync decides about: what the server has, what both sides agreed on, and what the person has.

An id here is the one on the wire, 22 characters of base64url, so that `Plaintext.parent` names other resources as it
stands. Hashes and epochs are raw bytes. Nothing here is changed after it was made; the JSON inside is shared.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model.patch import Path
from insomnia_desktop.sync.json_values import same

NO_PREV = bytes(32)
"""`prev` of a first version (protocol v1, 3.2)."""

PLACE = "#place"
"""The one step of a conflict's path that stands for parent and order together; its values are `[parent, order]`."""

REST = "#rest"
"""The first step of a conflict's path into a key of the plaintext that this program does not know."""

RejectCode: TypeAlias = Literal["invalid", "too_large", "stale_epoch", "full", "quota"]
Notice: TypeAlias = Literal["server_went_back", "edit_won"]
QuarantineReason: TypeAlias = Literal["undecryptable", "malformed", "newer_schema", "type_changed"]


class Plaintext(msgspec.Struct, frozen=True, eq=False):
    """The JSON object inside an envelope, `{"s", "t", "p", "o", "d"}` (protocol v1, 3.2); `rest` holds unknown keys."""

    schema: int
    kind: str
    parent: str | None
    order: str
    fields: JsonObject
    rest: JsonObject = msgspec.field(default_factory=dict)

    @property
    def place(self) -> tuple[str | None, str]:
        """Parent and order: one value, since an order means nothing under another parent."""
        return self.parent, self.order

    def is_same(self, other: Plaintext) -> bool:
        """Say whether both are the same JSON."""
        return (
            (self.schema, self.kind, self.place) == (other.schema, other.kind, other.place)
            and same(self.fields, other.fields)
            and same(self.rest, other.rest)
        )


class Sketch(msgspec.Struct, frozen=True):
    """A plaintext of which only the frame was read: what is kept as it came needs no more.

    `fields` is its `d`, `text` all of it; both are JSON that reads as a Plaintext without unknown keys.
    """

    schema: int
    kind: str
    parent: str
    order: str
    fields: str
    text: str


class Head(msgspec.Struct, frozen=True):
    """The newest version that this device knows the server to have.

    `own` says that this device pushed it: if a later one is pulled then, the server is asked what came between
    (3.6 rule 4.3).
    """

    version: int
    rev_hash: bytes
    seq: int
    deleted: bool
    own: bool = False


class Row(msgspec.Struct, frozen=True):
    """A pulled row without its blob; `rev_hash` is computed from the row, never read from the wire."""

    id: str
    version: int
    seq: int
    prev: bytes
    deleted: bool
    rev_hash: bytes
    author: str = ""

    def is_head(self, head: Head | None) -> bool:
        """Say whether the row is the version that the head names."""
        return head is not None and (self.version, self.rev_hash) == (head.version, head.rev_hash)

    def as_head(self) -> Head:
        """Return the head that the row makes."""
        return Head(self.version, self.rev_hash, self.seq, self.deleted)


class Base(msgspec.Struct, frozen=True):
    """What both sides last agreed on."""

    plaintext: Plaintext
    deleted: bool


class Local(msgspec.Struct, frozen=True):
    """The person's document with its two counters; it is dirty while they differ."""

    plaintext: Plaintext
    deleted: bool
    local_rev: int
    synced_rev: int

    @property
    def dirty(self) -> bool:
        """Whether there is an edit that the server has not accepted."""
        return self.local_rev != self.synced_rev


class Quarantine(msgspec.Struct, frozen=True):
    """Why the head's row could not be used.

    `forked` says that a row in between was a fork: the base then is no ancestor of what the server has any more.
    `before` is the head before the first row that could not be used: of that version the base is.
    """

    reason: QuarantineReason
    forked: bool = False
    before: Head | None = None


class Resource(msgspec.Struct, frozen=True):
    """All that the device keeps of one resource."""

    head: Head | None = None
    base: Base | None = None
    local: Local | None = None
    quarantine: Quarantine | None = None

    @property
    def opened_head(self) -> Head | None:
        """The head, or the one before where its row cannot be opened: such a row proves nothing, not even a version."""
        quarantine = self.quarantine
        if self.head is None or quarantine is None or quarantine.reason != "undecryptable":
            return self.head
        if quarantine.before is None and self.base is not None:
            # Of a store of schema 3, which did not keep it.
            return self.head
        return quarantine.before


class Conflict(msgspec.Struct, frozen=True, eq=False):
    """One value changed on both sides: `mine` and `theirs`, of which one stands in the document.

    `path` has the steps of model.patch below `d`, or begins with PLACE or REST; ABSENT is a value too.
    """

    path: Path
    base: Any
    mine: Any
    theirs: Any


class Taken(msgspec.Struct, frozen=True):
    """A place that a merge took without a question, as in a Conflict, and which side had changed it.

    `both`: lines of a long text, or a row that one side removed and the other changed.
    """

    path: Path
    side: Literal["mine", "theirs", "both"]


class OutboxRow(msgspec.Struct, frozen=True):
    """A sealed change as it is sent, and sent again, until it is answered; `local_rev` is that of its sealing.

    The id is that of the store's resource.
    """

    id: str
    version: int
    prev: bytes
    deleted: bool
    rev_hash: bytes
    local_rev: int
