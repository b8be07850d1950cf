"""One account at a time in a data folder: who is signed in is not signed out by a sign-in as somebody else."""

from __future__ import annotations

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.store.account_rows import AccountRow


def is_anothers(row: AccountRow | None, account_id: bytes) -> bool:
    """Say whether somebody is signed in to another account than this one."""
    return row is not None and row.state == "signed_in" and row.account_id != to_base64url(account_id)


def refuse_another(row: AccountRow | None, email: str = "") -> None:
    """Raise KnownError `account.signed_in_already` where somebody is signed in, unless by this e-mail."""
    if row is not None and row.state == "signed_in" and row.email != email:
        raise KnownError("account.signed_in_already", email=row.email)
