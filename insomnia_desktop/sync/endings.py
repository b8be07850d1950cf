"""How a round ends before its end, and what the server's refusals mean for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.transport.refused import Refused


class SignedOutElsewhere(KnownError):
    """The session is no more: token and keys are dropped, everything else stays."""

    def __init__(self) -> None:
        super().__init__("account.signed_out_elsewhere")


class MakesNoSense(KnownError):
    """Answers about one group that no honest server gives, though each of them is well formed."""

    def __init__(self) -> None:
        super().__init__("account.server_failed", status="its answers make no sense")


class GroupChanged(Exception):
    """A group was unbound, switched off or removed while it was worked on: the round goes on without it."""


@contextmanager
def told() -> Iterator[None]:
    """Raise what a server refuses within as SignedOutElsewhere or another KnownError."""
    try:
        yield
    except Refused as refused:
        raise refusal(refused) from refused


@contextmanager
def told_of_group() -> Iterator[None]:
    """Raise what a server refuses within as `told` does, and GroupChanged where the group is not there."""
    try:
        yield
    except Refused as refused:
        raise group_refusal(refused) from refused


def group_refusal(refused: Refused) -> Exception:
    """Return what a refusal means that answers a question about one group."""
    return GroupChanged() if refused.code == "not_found" else refusal(refused)


def refusal(refused: Refused) -> KnownError:
    """Return what a refusal means for a round; what no honest server answers us is its failure."""
    if refused.code == "unauthorized":
        return SignedOutElsewhere()
    if refused.code == "rate_limited":
        return KnownError("sync.server_busy", seconds=max(1, refused.retry_after))
    if refused.code == "upgrade_required":
        return KnownError("account.newer_protocol")
    if refused.code == "limit":
        return KnownError("account.limit")
    return KnownError("account.server_failed", status=f"{refused.code} {refused.field}".strip())


def retry_after(error: KnownError) -> float | None:
    """Return how many seconds the server asks to wait, None where it asks nothing."""
    seconds = error.params.get("seconds") or error.params.get("retry_after")
    return float(seconds) if isinstance(seconds, int) and seconds > 0 else None
