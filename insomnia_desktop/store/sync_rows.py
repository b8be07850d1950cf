"""What sync keeps in the store, as values that cross threads; ids are those of the store, `resource` 32 hex digits."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

BindingState = Literal["on", "off"]
AbsentDeed = Literal["keep", "trash", "make_anew", "mark_clean"]


class BindingRow(msgspec.Struct, frozen=True):
    """How a workspace is synced on this device; without a group it was switched off before it ever had one.

    `account_id` and `group_id` are 22 characters of the wire; `wraps` are the group's wrapped keys, as JSON.
    """

    workspace_id: str
    account_id: str
    group_id: str | None
    state: BindingState
    wraps: str = "[]"


class CursorRow(msgspec.Struct, frozen=True):
    """How far a group was pulled; `digest` is the sum over its live heads."""

    seq: int
    server_epoch: bytes | None
    last_head: int
    full: str | None
    generation: int
    digest: bytes

    @property
    def stands(self) -> tuple[int, str | None, int]:
        """What must still be stored where a page is applied."""
        return self.seq, self.full, self.generation


class HeadRow(msgspec.Struct, frozen=True):
    """The newest version that the server is known to have."""

    version: int
    rev_hash: bytes
    seq: int
    deleted: bool
    own: bool


class TextRow(msgspec.Struct, frozen=True):
    """A document without its history: `parent` as 32 hex digits, `fields` and `rest` as JSON (`rest` may be empty)."""

    schema: int
    kind: str
    parent: str | None
    order: str
    fields: str
    rest: str = ""


class LocalRow(msgspec.Struct, frozen=True):
    """The person's document with its two counters."""

    text: TextRow
    deleted: bool
    local_rev: int
    synced_rev: int


class BaseRow(msgspec.Struct, frozen=True):
    """What both sides last agreed on, as the JSON inside an envelope."""

    plaintext: str
    deleted: bool


class QuarantineRow(msgspec.Struct, frozen=True):
    """Why the row of a head could not be used; `before` is the head before the first such row."""

    reason: str
    forked: bool
    before: HeadRow | None = None


class ResourceRow(msgspec.Struct, frozen=True):
    """All that is kept of one resource; `foreign` says that another workspace has a document of this id."""

    head: HeadRow | None = None
    base: BaseRow | None = None
    local: LocalRow | None = None
    quarantine: QuarantineRow | None = None
    foreign: bool = False


class DirtyRow(msgspec.Struct, frozen=True):
    """A dirty document as far as the order of sending goes; `agreed` is the text of its base."""

    resource: str
    kind: str
    parent: str | None
    deleted: bool
    local_rev: int
    head: HeadRow | None
    agreed: str | None
    blocked: tuple[str, int] | None
    quarantined: bool


class OutboxRow(msgspec.Struct, frozen=True):
    """A sealed change; `number` is its place in the order of sending."""

    number: int
    resource: str
    version: int
    prev: bytes
    deleted: bool
    rev_hash: bytes
    blob: bytes
    plaintext: str
    local_rev: int


class HeldRow(msgspec.Struct, frozen=True):
    """A row in quarantine, whole, so that it can be tried again; `before` is as in QuarantineRow."""

    resource: str
    reason: str
    forked: bool
    version: int
    seq: int
    prev: bytes
    deleted: bool
    author: bytes
    blob: bytes
    at: int = 0
    before: HeadRow | None = None


class PendingCounts(msgspec.Struct, frozen=True):
    """Rows of one group: sealed ones, dirty living ones, dirty deleted ones, and dirty ones that may not be sent."""

    outbox: int = 0
    live: int = 0
    tombstones: int = 0
    held: int = 0


class ConflictWrite(msgspec.Struct, frozen=True):
    """A conflict to be kept: JSON texts, None where a side has nothing there."""

    path: str
    base: str | None
    mine: str | None
    theirs: str | None


class TakenChange(msgspec.Struct, frozen=True):
    """A place that a merge with conflicts took without a question, in steps of a patch, and who had changed it."""

    path: tuple[str, ...]
    side: Literal["mine", "theirs", "both"]


class StoredConflict(msgspec.Struct, frozen=True):
    """A conflict that is kept, with what its document is called now; its JSON is as `as_stored` gives it."""

    id: int
    document_id: str
    workspace_id: str
    kind: str
    name: str
    path: str
    base: str | None
    mine: str | None
    theirs: str | None
    at: int


class StoredNotice(msgspec.Struct, frozen=True):
    """Something that a person is told once."""

    id: int
    code: str
    workspace_id: str
    document_id: str
    name: str
    at: int


class LogRow(msgspec.Struct, frozen=True):
    """One request to the server; `status` 0: no answer came."""

    at: int
    method: str
    path: str
    status: int
    bytes_up: int
    bytes_down: int
    ms: int


class RowWrite(msgspec.Struct, frozen=True, kw_only=True):
    """What a pulled row changes; without a `head` it is only marked as seen.

    With a `text` the document becomes that, if its local_rev still is `read_rev` (0: no document).
    """

    resource: str
    head: HeadRow | None = None
    base: BaseRow | None = None
    text: TextRow | None = None
    deleted: bool = False
    read_rev: int = 0
    raised: bool = False
    """The result of a merge counts as an edit."""
    clean: bool = True
    quarantine: HeldRow | None = None
    conflicts: tuple[ConflictWrite, ...] = ()
    taken: tuple[TakenChange, ...] = ()
    """Beside conflicts."""
    notices: tuple[str, ...] = ()

    @property
    def local_rev(self) -> int:
        """The document's `local_rev` afterwards."""
        return self.read_rev + 1 if self.raised else self.read_rev


class AcceptedWrite(msgspec.Struct, frozen=True):
    """A change that the server has: head and base move on, typing since then stays an edit."""

    resource: str
    head: HeadRow
    base: BaseRow
    synced_rev: int


class ForgottenWrite(msgspec.Struct, frozen=True):
    """A change of something that the server has nothing of: head and base go."""

    resource: str
    synced_rev: int | None


class BlockedWrite(msgspec.Struct, frozen=True):
    """A change that the server does not take."""

    resource: str
    code: str
    local_rev: int


class AbsentWrite(msgspec.Struct, frozen=True):
    """What becomes of a head that a full pull did not see; `read_rev` guards the document (0: none)."""

    resource: str
    deed: AbsentDeed
    read_rev: int
    ends_quarantine: bool = False


PRIVATE = "private"
"""The field of an environment that stays on this device: true."""


def as_stored(value: Any) -> Any:
    """Return a value of a row, bytes as text: what is no UTF-8 must not pass for JSON that is whole."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def synced(alias: str) -> str:
    """Return the condition under which a document of an SQL alias is synced at all.

    A cookie jar only where its workspace says so, an environment unless it is private to this device.
    """
    return (
        f"CASE {alias}.kind WHEN 'cookie_jar' THEN EXISTS"
        " (SELECT 1 FROM document AS own JOIN content AS said USING (number)"
        f" WHERE own.id = {alias}.workspace_id AND {_is_true('sync_cookies')})"
        f" WHEN 'environment' THEN NOT {is_private(alias)} ELSE 1 END"
    )


def is_private(alias: str) -> str:
    """Return the condition under which a document of an SQL alias is an environment private to this device."""
    return (
        f"({alias}.kind = 'environment' AND EXISTS (SELECT 1 FROM content AS said WHERE said.number = {alias}.number"
        f" AND {_is_true(PRIVATE)}))"
    )


def _is_true(field: str) -> str:
    # What is damaged says nothing, and must not end the whole query.
    return f"CASE WHEN json_valid(said.fields) THEN json_extract(said.fields, '$.{field}') = 1 ELSE 0 END"
