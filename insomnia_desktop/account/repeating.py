"""Requests that are safe to send again, sent again where their answer was lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from insomnia_desktop.base.errors import KnownError

T = TypeVar("T")
# The server may have done what it was asked for, and its answer may be what was lost.
LOST = frozenset({"account.server_unreachable", "account.not_a_sync_server", "account.server_failed"})


async def asked_twice(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask, and where no answer of the server came, ask once more; raises what the second try raises."""
    try:
        return await ask()
    except KnownError as error:
        if error.code not in LOST:
            raise
    return await ask()
