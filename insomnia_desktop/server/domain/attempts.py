"""Counting the tries of an e-mail, known or not, so that nobody guesses on (protocol v1, 3.3)."""

from __future__ import annotations

import hmac
import math

from sqlalchemy import Connection

from insomnia_desktop.protocol.limits import (
    FAILURE_WAITS,
    FAILURE_WINDOW,
    FAILURES_ALLOWED,
    FAILURES_FORGOTTEN_AFTER,
)
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import failures
from insomnia_desktop.server.database.failures import FailureRow
from insomnia_desktop.server.problems import Refused

MS = 1000


def count(connection: Connection, context: ServerContext, email: str) -> int:
    """Count a try in the caller's transaction; returns 0, or for how many seconds nothing is evaluated."""
    key, now = key_hash(context, email), context.clock.now_ms()
    row, wait = counted(failures.lock(connection, key), now)
    failures.store(connection, key, row)
    return math.ceil(wait / MS)


async def count_alone(context: ServerContext, email: str) -> None:
    """Count a try in a transaction of its own; raises Refused `rate_limited`."""
    refuse_while(await context.database.run_write(count, context, email))


def refuse_while(wait: int) -> None:
    """Raise Refused `rate_limited` where there are seconds to wait."""
    if wait:
        raise Refused("rate_limited", retry_after=wait)


def forget(connection: Connection, context: ServerContext, email: str) -> None:
    """Set the count of an e-mail to nothing: a try was right."""
    failures.forget(connection, key_hash(context, email))


def key_hash(context: ServerContext, email: str) -> bytes:
    """Return what the e-mail is counted by; without the server's secret nobody finds out which one it was."""
    return hmac.digest(context.secret, b"failures" + email.encode("ascii"), "sha256")


def counted(row: FailureRow, now: int) -> tuple[FailureRow, int]:
    """Return the row after one more try, and 0 or the milliseconds for which nothing is evaluated.

    Ten are evaluated in any 15 minutes; then come waits, the last of them again and again, with one try between two.
    A try that is refused is not counted. Where the clock was put back by hours, what was counted is forgotten: nobody
    waits for a time of the future.
    """
    if abs(now - row.last_at) >= FAILURES_FORGOTTEN_AFTER * MS:
        row = FailureRow()
    if row.waits_until > now:
        return row, min(row.waits_until - now, FAILURE_WAITS[-1] * MS)
    recent = (*(time for time in row.times if now - time < FAILURE_WINDOW * MS), now)[-FAILURES_ALLOWED:]
    if row.waits == 0 and len(recent) < FAILURES_ALLOWED:
        return FailureRow(recent, 0, 0, now), 0
    wait = FAILURE_WAITS[min(row.waits, len(FAILURE_WAITS) - 1)] * MS
    # The number of waits stays small: the column is an integer of 32 bits.
    return FailureRow(recent, min(row.waits + 1, len(FAILURE_WAITS)), now + wait, now), 0
