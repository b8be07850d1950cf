"""Rows of the wire opened, and documents sealed for it; plain functions for a thread beside the loop."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.crypto.envelope import Revision, open_and_hash, seal_frame
from insomnia_desktop.crypto.errors import EnvelopeTooLarge, Undecryptable
from insomnia_desktop.crypto.padding import frames
from insomnia_desktop.protocol.limits import PLAINTEXT_MAX
from insomnia_desktop.protocol.resources import Row as WireRow
from insomnia_desktop.store.sync_rows import HeldRow, OutboxRow
from insomnia_desktop.sync.plaintext import read_plaintext, sketch_plaintext
from insomnia_desktop.sync.push_batch import Dirty
from insomnia_desktop.sync.values import Plaintext, QuarantineReason, RejectCode, Row, Sketch

_TEXT_AT_ONCE: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class GroupKeys:
    """What is needed to open and seal in one group: raw ids, and the group's keys by epoch."""

    group_id: bytes
    account_id: bytes
    workspace: str
    """The workspace as a resource of the store: the one without a parent."""
    keys: Mapping[int, bytes] = field(repr=False)
    epoch: int = 1


class Opened(msgspec.Struct, frozen=True):
    """A pulled row: what it says, its plaintext or why it has none here, and what quarantine would keep of it."""

    row: Row
    read: Plaintext | Sketch | QuarantineReason
    held: HeldRow
    size: int = 0
    """How many bytes its text has."""

    @property
    def content(self) -> Plaintext | QuarantineReason:
        """Its plaintext or why it has none here, read as a whole."""
        if isinstance(self.read, Sketch):
            return read_plaintext(self.read.text.encode("utf-8"))
        return self.read


class Unsealed(msgspec.Struct, frozen=True):
    """A dirty document, its plaintext in bytes, and the counter that it had with that."""

    document: Dirty
    data: bytes
    local_rev: int


@dataclass(frozen=True, slots=True)
class NotSealed:
    """A document, by the store's resource, that cannot be sent as it is."""

    id: str
    code: RejectCode
    local_rev: int


def open_some(keys: GroupKeys, rows: Sequence[WireRow]) -> list[Opened]:
    """Open the first of some pulled rows, at least one, but no more text at once than fits well into memory.

    Raises nothing, whatever they hold: an envelope of some hundred bytes may say 16 MiB of JSON.
    """
    opened: list[Opened] = []
    size = 0
    for row in rows:
        opened.append(open_row(keys, row))
        size += opened[-1].size
        if size >= _TEXT_AT_ONCE:
            break
    return opened


def open_row(keys: GroupKeys, row: WireRow) -> Opened:
    """Open one pulled row."""
    held = HeldRow(
        resource=row.id.hex(),
        reason="",
        forked=False,
        version=row.version,
        seq=row.seq,
        prev=bytes(row.prev),
        deleted=row.deleted,
        author=bytes(row.author),
        blob=bytes(row.blob),
    )
    return open_held(keys, held)


def open_held(keys: GroupKeys, held: HeldRow) -> Opened:
    """Open a row as quarantine keeps it."""
    raw_id = bytes.fromhex(held.resource)
    revision = Revision(keys.group_id, raw_id, held.version, held.prev, held.deleted, held.author)
    try:
        data, hashed = open_and_hash(keys.keys, revision, held.blob)
    except Undecryptable:
        # No honest server keeps such a blob: its hash is ours alone, and the digest will say that something is wrong.
        data, hashed = None, hashlib.sha256(b"no envelope" + revision.aad(0) + held.blob).digest()
    author = to_base64url(held.author)
    row = Row(to_base64url(raw_id), held.version, held.seq, held.prev, held.deleted, hashed, author=author)
    return Opened(row, _read(keys, held, data), held, len(data or b""))


def seal_all(
    keys: GroupKeys, documents: Sequence[Unsealed], nonces: Iterator[bytes] | None = None
) -> list[OutboxRow | NotSealed]:
    """Return the sealed next version of each document, which claims the place behind its head, in their order.

    `nonces` are fresh ones; once there are no more, each draws its own.
    """
    checked = [_checked(keys, each) for each in documents]
    together = iter(frames([each.data for each in checked if isinstance(each, Unsealed)]))
    return [
        _sealed(keys, each, next(together), next(nonces, None) if nonces is not None else None)
        if isinstance(each, Unsealed)
        else each
        for each in checked
    ]


def _checked(keys: GroupKeys, unsealed: Unsealed) -> Unsealed | NotSealed:
    """Return it, or why it is not to be sent: what this program would not read, no other one shall have to."""
    document, data = unsealed.document, unsealed.data
    if len(data) > PLAINTEXT_MAX:
        return NotSealed(document.id, "too_large", unsealed.local_rev)
    plaintext = sketch_plaintext(data) or read_plaintext(data)
    if isinstance(plaintext, str) or not _is_placed(keys, document.id, plaintext):
        return NotSealed(document.id, "invalid", unsealed.local_rev)
    return unsealed


def _sealed(keys: GroupKeys, unsealed: Unsealed, frame: bytes, nonce: bytes | None) -> OutboxRow | NotSealed:
    document = unsealed.document
    version, prev = document.next_version, document.prev
    raw_id = bytes.fromhex(document.id)
    revision = Revision(keys.group_id, raw_id, version, prev, document.deleted, keys.account_id)
    try:
        envelope, hashed = seal_frame(keys.keys[keys.epoch], keys.epoch, revision, frame, nonce)
    except EnvelopeTooLarge:
        return NotSealed(document.id, "too_large", unsealed.local_rev)
    return OutboxRow(
        number=0,
        resource=document.id,
        version=version,
        prev=prev,
        deleted=document.deleted,
        rev_hash=hashed,
        blob=envelope,
        plaintext=unsealed.data.decode("utf-8"),
        local_rev=unsealed.local_rev,
    )


def _read(keys: GroupKeys, held: HeldRow, data: bytes | None) -> Plaintext | Sketch | QuarantineReason:
    """Return what the plaintext says, or why that cannot be used."""
    if data is None:
        return "undecryptable"
    # From here on somebody who has the keys has made it.
    if held.version < 1:
        return "malformed"
    content = sketch_plaintext(data) or read_plaintext(data)
    if not isinstance(content, str) and not _is_placed(keys, held.resource, content):
        return "malformed"
    return content


def _is_placed(keys: GroupKeys, resource: str, plaintext: Plaintext | Sketch) -> bool:
    """Say whether exactly the workspace's own resource is the workspace."""
    return (plaintext.kind == "workspace") == (resource == keys.workspace)
