"""The canonical form of an e-mail address, the same in client and server (protocol v1, scope)."""

from __future__ import annotations

import re

# Library functions that strip white space differ between languages: these six characters and no others.
WHITE_SPACE = "\t\n\v\f\r "
_EMAIL = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,253}")


def canonical_email(text: str) -> str:
    """Return the address stripped and in lower case; every computation uses this form.

    Raises ValueError for what is no address in ASCII. A domain in another script is typed in its `xn--` form.
    """
    stripped = text.strip(WHITE_SPACE)
    if not _EMAIL.fullmatch(stripped):
        raise ValueError("not an e-mail address")
    return stripped.lower()
