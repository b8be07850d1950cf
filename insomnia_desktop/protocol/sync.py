"""Pulling and pushing: pages of rows, changes and what became of each (protocol v1, 3.4)."""

from __future__ import annotations

from typing import Literal

import msgspec

from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.limits import Number
from insomnia_desktop.protocol.resources import Row

ResultName = Literal["ok", "superseded", "conflict", "gone", "rejected"]


class Page(msgspec.Struct, frozen=True):
    """GET .../changes: rows of one snapshot by seq, and how far the group is; `next` is the cursor after them."""

    rows: list[Row]
    next: Number
    more: bool
    head_seq: Number
    floor_seq: Number
    digest: Bytes32
    server_epoch: Bytes16


class Change(msgspec.Struct, frozen=True):
    """One version as it is pushed; the author is the account of the session."""

    id: Bytes16
    version: Number
    prev: Bytes32
    deleted: bool
    blob: Binary


class Push(msgspec.Struct, frozen=True):
    """POST .../push; `after` is the cursor from which the answer's rows are."""

    after: Number
    changes: list[Change]


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a change: `seq` for `ok` alone, `code` for `rejected` alone.

    Codes: `invalid`, `too_large`, `stale_epoch`, `full`, `quota`; a newer server may know more.
    """

    id: Bytes16
    result: ResultName
    seq: Number | None = None
    code: str | None = None


class PushAnswer(Page, frozen=True, omit_defaults=True):
    """200 of POST .../push: a page without the rows just answered `ok`, and a result for each change in their order.

    `resync` says that `after` lies under the floor: `rows` is empty then, and a full pull is due.
    """

    results: list[Result]
    resync: bool = False
