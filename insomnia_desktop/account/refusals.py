"""What a server refused, as an error that a person is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from insomnia_desktop.account.typed import printable
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.transport.refused import Refused

_CODES = {
    "bad_credentials": "account.wrong_credentials",
    "credentials_conflict": "account.changed_elsewhere",
    "email_taken": "account.email_taken",
    "invite_invalid": "account.invite_invalid",
    "limit": "account.limit",
    "reauth_required": "account.reauth_required",
    "registration_closed": "account.registration_closed",
    "unauthorized": "account.signed_out_elsewhere",
    "upgrade_required": "account.newer_protocol",
}
_SECONDS_A_MINUTE = 60
_LONGEST_DETAIL = 80


def known_refusal(refused: Refused) -> KnownError:
    """Return the error for a problem of the protocol; what no honest server answers us is its failure."""
    if refused.code == "rate_limited":
        minutes = max(1, -(-refused.retry_after // _SECONDS_A_MINUTE))
        return KnownError("account.too_many_tries", minutes=minutes)
    code = _CODES.get(refused.code)
    if code is None:
        # The field is text of the server's: a terminal may show it.
        detail = printable(f"{refused.code or refused.status} {refused.field}".strip()[:_LONGEST_DETAIL])
        return KnownError("account.server_failed", status=detail)
    return KnownError(code)


@contextmanager
def told() -> Iterator[None]:
    """Raise what a server refuses within as a KnownError."""
    try:
        yield
    except Refused as refused:
        raise known_refusal(refused) from refused
