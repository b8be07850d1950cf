"""What a client checks of a server's answers, in the order of protocol v1, 3.3; nothing else is trusted."""

from __future__ import annotations

from insomnia_desktop.account.typed import printable
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.key_pairs import PublicKeys, open_private_keys
from insomnia_desktop.crypto.sign_up import Unlocked
from insomnia_desktop.protocol import PROTOCOL
from insomnia_desktop.protocol.accounts import Account
from insomnia_desktop.protocol.limits import (
    ITERATIONS_MAX,
    ITERATIONS_MIN,
    KDF_ALGORITHM,
    KDF_VERSION,
    KEY_VERSION,
    SALT_BYTES,
    SRP_GROUP,
    SRP_HASH,
)
from insomnia_desktop.protocol.service import Version
from insomnia_desktop.protocol.sign_in import LoginSAnswer

_LONGEST_VERSION = 40


def not_authentic(check: str) -> KnownError:
    """Return the one error for all of them; `check` names the check for the log, and no sentence shows it."""
    return KnownError("account.server_not_authentic", check=check)


def check_version(version: Version) -> None:
    """Raise KnownError `account.newer_protocol` or `account.server_too_old` unless the server speaks protocol 1."""
    if version.protocol.min > PROTOCOL:
        raise KnownError("account.newer_protocol")
    if version.protocol.max < PROTOCOL:
        raise KnownError("account.server_too_old", version=printable(version.version[:_LONGEST_VERSION]))


def check_parameters(answer: LoginSAnswer, pinned_iterations: int) -> None:
    """Look at the parameters of a sign-in before anything is derived from them.

    Raises KnownError `account.server_not_authentic`, and `account.newer_protocol` for a Secret Key.
    """
    kdf, srp = answer.kdf, answer.srp
    # Constants of ours: the wire selects nothing.
    if (kdf.v, kdf.alg, srp.group, srp.hash) != (KDF_VERSION, KDF_ALGORITHM, SRP_GROUP, SRP_HASH):
        raise not_authentic("suite")
    if answer.skd:
        raise KnownError("account.newer_protocol")
    check_iterations(kdf.iters)
    if kdf.iters < pinned_iterations:
        raise not_authentic("pinned iterations")
    if len(kdf.salt) != SALT_BYTES:
        raise not_authentic("kdf salt")
    if len(srp.salt) != SALT_BYTES or srp.salt[0] == 0:
        raise not_authentic("srp salt")


def check_iterations(count: int) -> None:
    """Raise KnownError `account.server_not_authentic` for an iteration count outside of the accepted range."""
    if not ITERATIONS_MIN <= count <= ITERATIONS_MAX:
        raise not_authentic("iterations")


def check_account(
    account: Account, email: str, account_key: bytes, *, expected_id: bytes, pinned_id: bytes
) -> Unlocked:
    """Open the private keys of an account and return its keys; `pinned_id` is empty for one that is met first.

    Raises KnownError `account.server_not_authentic`, and `account.newer_protocol` for keys of another version.
    """
    if account.kv != KEY_VERSION:
        raise KnownError("account.newer_protocol")
    if account.account_id != expected_id:
        raise not_authentic("account id")
    if pinned_id and account.account_id != pinned_id:
        raise not_authentic("pinned account id")
    try:
        private = open_private_keys(
            account_key,
            account.account_id,
            email,
            PublicKeys(account.rsa_public, account.ed25519_public),
            account.rsa_private_wrap,
            account.ed25519_private_wrap,
            account.bundle_sig,
        )
    except Undecryptable:
        raise not_authentic("key pairs") from None
    return Unlocked(bytes(account.account_id), account_key, private)
