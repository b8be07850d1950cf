"""Versions of resources: one as it is pulled, and the history of one (protocol v1, 3.4)."""

from __future__ import annotations

import msgspec

from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.limits import Number


class Row(msgspec.Struct, frozen=True):
    """The newest version of a resource; `author` is an account id, `blob` the envelope.

    The hash of the version is not in it: a reader computes it.
    """

    id: Bytes16
    version: Number
    seq: Number
    prev: Bytes32
    deleted: bool
    author: Bytes16
    blob: Binary


class RevisionRow(msgspec.Struct, frozen=True):
    """GET .../revisions/{v}: any version whose blob is still kept; `at` in milliseconds, `seq` always null."""

    id: Bytes16
    version: Number
    seq: None
    prev: Bytes32
    deleted: bool
    author: Bytes16
    blob: Binary
    at: Number


class Revision(msgspec.Struct, frozen=True):
    """A version in the list; `device` is the id of the one that pushed it, `size` the envelope's in bytes.

    `kept` says whether its envelope can still be fetched.
    """

    version: Number
    rev_hash: Bytes32
    prev: Bytes32
    deleted: bool
    author: Bytes16
    device: Bytes16
    at: Number
    size: Number
    kept: bool


class Revisions(msgspec.Struct, frozen=True):
    """GET .../revisions, newest first."""

    revisions: list[Revision]
    more: bool
