"""What a password puts at a server: derivation, verifier and wrap, made for a sign-up, a change or a recovery.

Source: protocol v1, 3.3 and 3.9. Whoever sends them checks them first with `check_credentials`.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass

from insomnia_desktop.crypto.account_key import unwrap_account_key, wrap_account_key
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.expand import Key
from insomnia_desktop.crypto.passwords import derive
from insomnia_desktop.crypto.srp_client import make_verifier, new_srp_salt
from insomnia_desktop.protocol.accounts import Kdf, SrpVerifier
from insomnia_desktop.protocol.binary import Bytes93
from insomnia_desktop.protocol.limits import SALT_BYTES


@dataclass(frozen=True, slots=True)
class NewCredentials:
    """The three fields that sign-up, password change and recovery send, in the wire's types."""

    kdf: Kdf
    srp: SrpVerifier
    account_key_wrap: Bytes93


def make_credentials(
    account_id: bytes, email: str, password: bytes, iterations: int, account_key: Key
) -> NewCredentials:
    """Return credentials with fresh salts for a normalised password; takes one derivation.

    Raises InvalidPeerValue for an iteration count outside the accepted range.
    """
    kdf_salt, srp_salt = os.urandom(SALT_BYTES), new_srp_salt()
    keys = derive(email, password, kdf_salt, iterations)
    return NewCredentials(
        kdf=Kdf.of(iterations, kdf_salt),
        srp=SrpVerifier.of(srp_salt, make_verifier(email, keys.srp_auth, srp_salt)),
        account_key_wrap=Bytes93(wrap_account_key(keys, account_id, kdf_salt, iterations, account_key)),
    )


def check_credentials(
    credentials: NewCredentials, account_id: bytes, email: str, password: bytes, account_key: Key
) -> None:
    """Derive everything again from what is about to be sent; raises Undecryptable unless it opens the same key.

    A bit that fell over in memory would lock the person out for good. Takes one derivation.
    """
    kdf, srp = credentials.kdf, credentials.srp
    keys = derive(email, password, kdf.salt, kdf.iters)
    opened = unwrap_account_key(keys, account_id, kdf.salt, kdf.iters, credentials.account_key_wrap)
    verifier = make_verifier(email, keys.srp_auth, srp.salt)
    if not hmac.compare_digest(opened + verifier, bytes(account_key) + srp.verifier):
        raise Undecryptable
