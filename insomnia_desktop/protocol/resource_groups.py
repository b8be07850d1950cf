"""Messages about groups, which are workspaces as the server knows them (protocol v1, 3.4)."""

from __future__ import annotations

from typing import Final

import msgspec

from insomnia_desktop.protocol.binary import Bytes16, Bytes32, Bytes61
from insomnia_desktop.protocol.limits import Number

OWNER: Final = "owner"
"""The one role of version 1."""


class GroupWrap(msgspec.Struct, frozen=True):
    """A group key of one epoch, wrapped for the account that asks."""

    epoch: Number
    wrap: Bytes61


class Group(msgspec.Struct, frozen=True):
    """A group of the account; `created_at` in milliseconds."""

    id: Bytes16
    epoch: Number
    role: str
    created_at: Number
    wraps: list[GroupWrap]


class Groups(msgspec.Struct, frozen=True):
    """GET /v1/groups."""

    groups: list[Group]


class NewGroup(msgspec.Struct, frozen=True):
    """POST /v1/groups; `epoch` is 1."""

    id: Bytes16
    epoch: Number
    wrap: Bytes61


class Head(msgspec.Struct, frozen=True):
    """How far a group is: its greatest seq, and the digest of its live rows."""

    id: Bytes16
    head_seq: Number
    digest: Bytes32
    epoch: Number
    role: str
    log_n: Number


class Heads(msgspec.Struct, frozen=True):
    """GET /v1/heads; `server_epoch` is another one after a restore, `account_rev` after a change of the account."""

    server_epoch: Bytes16
    account_rev: Number
    groups: list[Head]
