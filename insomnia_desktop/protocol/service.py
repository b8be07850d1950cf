"""What a server says of itself without a token (protocol v1, 3.4 and 3.10)."""

from __future__ import annotations

import msgspec

from insomnia_desktop.protocol import PROTOCOL, limits
from insomnia_desktop.protocol.limits import Number

SERVICE = "insomnia-sync"


class ProtocolRange(msgspec.Struct, frozen=True):
    """The first and the last protocol number that a server speaks."""

    min: Number = PROTOCOL
    max: Number = PROTOCOL


class Limits(msgspec.Struct, frozen=True):
    """The limits that a client keeps to; bytes for `blob`, `body` and `quota`."""

    blob: Number = limits.BLOB_BYTES
    body: Number = limits.BODY_BYTES
    changes: Number = limits.PUSH_CHANGES
    page: Number = limits.PAGE_ROWS
    resources: Number = limits.GROUP_RESOURCES
    groups: Number = limits.ACCOUNT_GROUPS
    devices: Number = limits.ACCOUNT_DEVICES
    quota: Number = limits.ACCOUNT_QUOTA


class Version(msgspec.Struct, frozen=True):
    """GET /v1/version; `registration` is `open`, `invite` or `closed`."""

    service: str
    version: str
    protocol: ProtocolRange
    registration: str
    limits: Limits


class Health(msgspec.Struct, frozen=True):
    """GET /v1/health; anything else than 200 with `ok` true is a server that is not well."""

    ok: bool
