"""What the server's answer to a push changes on this device (protocol v1, 3.6 rule 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from insomnia_desktop.sync.values import Head, OutboxRow, RejectCode

Outcome: TypeAlias = Literal["ok", "superseded", "conflict", "gone", "rejected"]


class Result(msgspec.Struct, frozen=True):
    """The answer to one change; `seq` comes with `ok`, `code` with `rejected`."""

    id: str
    outcome: Outcome
    seq: int = 0
    code: RejectCode | None = None


class Accepted(msgspec.Struct, frozen=True):
    """The server has, or had, what was sent: that becomes head and base; typing since then stays an edit."""

    id: str
    head: Head
    synced_rev: int


class Awaited(msgspec.Struct, frozen=True):
    """Nothing changes: the row that stands in the way comes by pulling."""

    id: str


class Forgotten(msgspec.Struct, frozen=True):
    """The server has nothing of it: head and base go. A tombstone sets `synced_rev`, what lives is made anew."""

    id: str
    synced_rev: int | None


class Blocked(msgspec.Struct, frozen=True):
    """The document is not sent again until its `local_rev` differs; `quota` and `full` end with the program too."""

    id: str
    code: RejectCode
    local_rev: int

    def holds(self, local_rev: int) -> bool:
        """Say whether a document with this `local_rev` stays unsent."""
        return local_rev == self.local_rev

    @property
    def ends_at_start(self) -> bool:
        """Whether the next start of the program tries again."""
        return self.code in ("quota", "full")


Answered: TypeAlias = Accepted | Awaited | Forgotten | Blocked


def answers(sent: Sequence[OutboxRow], results: Sequence[Result]) -> tuple[Answered, ...] | None:
    """Return what each result changes; each takes its row out of the outbox.

    None: the results are not those of these changes, one each in their order, and the whole answer counts as no answer.
    """
    if [row.id for row in sent] != [result.id for result in results]:
        return None
    return tuple(_answer(row, result) for row, result in zip(sent, results, strict=True))


def refused_alone(sent: OutboxRow, status: Literal[413, 422]) -> Blocked:
    """Return what a change becomes for which the server refuses the whole request (3.6 rule 2)."""
    return Blocked(sent.id, "too_large" if status == 413 else "invalid", sent.local_rev)


def _answer(sent: OutboxRow, result: Result) -> Answered:
    if result.outcome in ("ok", "superseded"):
        head = Head(sent.version, sent.rev_hash, result.seq, sent.deleted, own=True)
        return Accepted(sent.id, head, sent.local_rev)
    if result.outcome == "conflict":
        return Awaited(sent.id)
    if result.outcome == "gone":
        return Forgotten(sent.id, sent.local_rev if sent.deleted else None)
    return Blocked(sent.id, result.code or "invalid", sent.local_rev)
