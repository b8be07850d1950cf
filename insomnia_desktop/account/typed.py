"""What a person typed, in the one form that everything is computed with."""

from __future__ import annotations

import unicodedata

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.crypto.passwords import normalise, normalise_given
from insomnia_desktop.protocol.emails import canonical_email
from insomnia_desktop.protocol.limits import NAME_CHARACTERS, PASSWORD_MAX, PASSWORD_MIN, TYPED_EMAIL_CHARACTERS
from insomnia_desktop.transport.server_address import read_server_address


def read_email(text: str) -> str:
    """Return an e-mail in its canonical form; raises KnownError `account.bad_email`."""
    try:
        return canonical_email(text[: TYPED_EMAIL_CHARACTERS + 1])
    except ValueError:
        raise KnownError("account.bad_email") from None


def read_new_password(text: str) -> bytes:
    """Return the bytes of a password that is to be set; raises KnownError `account.bad_password_length`."""
    try:
        return normalise(text)
    except ValueError:
        raise KnownError("account.bad_password_length", least=PASSWORD_MIN, most=PASSWORD_MAX) from None


def read_password(text: str, *, alone: bool = False) -> bytes:
    """Return the bytes of the password of an account that there is; the rules for a new one say nothing of it.

    One that no account can have is wrong: raises KnownError `account.wrong_credentials`, with `alone` for the reason
    that the e-mail was not asked for.
    """
    try:
        return normalise_given(text)
    except ValueError:
        raise KnownError("account.wrong_credentials", **({"reason": "password"} if alone else {})) from None


def read_address(text: str) -> str:
    """Return the whole address of a server; raises KnownError `account.bad_address`."""
    return read_server_address(text).text


def read_name(text: str) -> str:
    """Return the name that others are shown, in one line of at most 100 characters; it may be empty."""
    return printable(" ".join(text.split()))[:NAME_CHARACTERS]


def printable(text: str) -> str:
    """Return a text without control characters and without halves of characters (surrogates)."""
    return "".join(each for each in text if unicodedata.category(each) not in ("Cc", "Cs"))
