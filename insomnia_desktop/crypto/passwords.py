"""From a typed password to the keys of a sign-in (protocol v1, scope and 3.1)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from insomnia_desktop.crypto.errors import InvalidPeerValue
from insomnia_desktop.crypto.expand import expand, hkdf
from insomnia_desktop.protocol.emails import WHITE_SPACE
from insomnia_desktop.protocol.limits import ITERATIONS_MAX, ITERATIONS_MIN, PASSWORD_MAX, PASSWORD_MIN, SALT_BYTES

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """What a password, an e-mail, a salt and an iteration count give; 32 bytes each, not shown by `repr`."""

    srp_auth: bytes = field(repr=False)
    kek: bytes = field(repr=False)
    kek_commit: bytes = field(repr=False)


def normalise(password: str) -> bytes:
    """Return the bytes that go into the derivation: NFKD, white space off both ends, UTF-8 (protocol v1, scope).

    Raises ValueError outside 10 to 1,024 code points, counted after that, and for a lone surrogate.
    """
    return _normalised(password, PASSWORD_MIN)


def normalise_given(password: str) -> bytes:
    """Return the same for a password that is to prove something: how short it is, is for its account to say.

    Raises ValueError for an empty one, beyond 1,024 code points, and for a lone surrogate: no account has such a one.
    """
    return _normalised(password, 1)


def _normalised(password: str, least: int) -> bytes:
    text = unicodedata.normalize("NFKD", password).strip(WHITE_SPACE)
    if not least <= len(text) <= PASSWORD_MAX:
        raise ValueError(f"a password has {least} to {PASSWORD_MAX:,} characters")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # Its message would hold the password.
        raise ValueError("a password is Unicode text") from None


def derive(email: str, password: bytes, kdf_salt: bytes, iterations: int) -> MasterKeys:
    """Return the keys of a normalised password; `email` in its canonical form, 16 bytes of salt.

    One call of PBKDF2 for 32 bytes, then HKDF-Expand: a longer output would slow only us. Takes from a
    tenth of a second to some seconds without holding the interpreter, so any thread but the window's may call it.
    Raises InvalidPeerValue for a salt of another length and for a count outside the accepted range.
    """
    if len(kdf_salt) != SALT_BYTES:
        raise InvalidPeerValue("kdf salt")
    if not ITERATIONS_MIN <= iterations <= ITERATIONS_MAX:
        raise InvalidPeerValue("iterations")
    # The e-mail is in the salt, so that no server can give one salt to many accounts.
    salt = hkdf(email.encode("ascii"), kdf_salt, b"app/1/pbkdf2-salt")
    master = pbkdf2(password, salt, iterations)
    return MasterKeys(
        srp_auth=expand(master, b"app/1/srp-auth"),
        kek=expand(master, b"app/1/account-kek"),
        kek_commit=expand(master, b"app/1/kek-commit"),
    )


def pbkdf2(password: bytes, salt: bytes, iterations: int) -> bytes:
    """Return 32 bytes by PBKDF2-HMAC-SHA256 (RFC 8018, 5.2), without holding the interpreter.

    Of `cryptography`, whose OpenSSL was measured two to three times as fast as the one behind `hashlib`.
    """
    return PBKDF2HMAC(SHA256(), KEY_BYTES, salt, iterations).derive(password)
