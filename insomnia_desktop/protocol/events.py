"""The event stream: hints that it is time to ask, in the form of server-sent events (protocol v1, 3.12)."""

from __future__ import annotations

from typing import Final

import msgspec

from insomnia_desktop.protocol.binary import Bytes16
from insomnia_desktop.protocol.limits import Number

EVENTS_MEDIA_TYPE: Final = "text/event-stream"
HEAD: Final = "head"
ACCOUNT: Final = "account"
REVOKED: Final = "revoked"

# Seconds: a stream says something at least this often, and is dead for the client after so long without a byte.
COMMENT_EVERY: Final = 25
SILENCE: Final = 60


class HeadEvent(msgspec.Struct, frozen=True):
    """`event: head`: a group has reached a seq; not told to the session that pushed."""

    g: Bytes16
    seq: Number


class AccountEvent(msgspec.Struct, frozen=True):
    """`event: account`: the account's row has changed."""

    rev: Number


class RevokedEvent(msgspec.Struct, frozen=True):
    """`event: revoked`: the session is over, and the stream ends; its data is an empty object."""
