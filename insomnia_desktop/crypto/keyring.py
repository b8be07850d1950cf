"""The one place that holds an account's open keys while the program runs."""

from __future__ import annotations

from insomnia_desktop.crypto.errors import Locked
from insomnia_desktop.crypto.key_pairs import PrivateKeys
from insomnia_desktop.crypto.sign_up import Unlocked


class Keyring:
    """The account key and private keys in bytearrays, overwritten by `lock`; `repr` shows nothing of them.

    What left it as `bytes` Python cannot overwrite: callers derive what they need and keep no copy. Threads: the one
    that made it.
    """

    def __init__(self) -> None:
        self._account_id = b""
        self._account_key = bytearray()
        self._rsa = bytearray()
        self._ed25519 = bytearray()

    def __repr__(self) -> str:
        """Say only whether there are keys."""
        return f"<Keyring {'locked' if self.is_locked else 'unlocked'}>"

    @property
    def is_locked(self) -> bool:
        """Say whether there are no keys."""
        return not self._account_key

    def unlock(self, unlocked: Unlocked) -> None:
        """Hold the keys of an account, in place of those before."""
        self.lock()
        self._account_id = unlocked.account_id
        self._account_key = bytearray(unlocked.account_key)
        self._rsa = bytearray(unlocked.private.rsa)
        self._ed25519 = bytearray(unlocked.private.ed25519)

    def lock(self) -> None:
        """Overwrite the keys and forget them; the arrays handed out before hold zeros then."""
        for key in (self._account_key, self._rsa, self._ed25519):
            key[:] = bytes(len(key))
        self._account_id = b""
        self._account_key, self._rsa, self._ed25519 = bytearray(), bytearray(), bytearray()

    @property
    def account_id(self) -> bytes:
        """Return the id of the account whose keys these are; raises Locked."""
        self._require()
        return self._account_id

    @property
    def account_key(self) -> bytearray:
        """Return the account key itself, not a copy; raises Locked."""
        self._require()
        return self._account_key

    def private_keys(self) -> PrivateKeys:
        """Return a copy of the private keys, for the one call that needs them; raises Locked."""
        self._require()
        return PrivateKeys(bytes(self._rsa), bytes(self._ed25519))

    def _require(self) -> None:
        if self.is_locked:
            raise Locked("no keys")
