"""What an account needs to be open at the next start: `keys.bin`, sealed under the vault key, or nothing at all."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import Protocol

import msgspec

from insomnia_desktop.account.vault import KEY_BYTES, FileVault, KeyringVault, Vault, replacing
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.seal import open_sealed, seal
from insomnia_desktop.crypto.tuples import tup
from insomnia_desktop.protocol.binary import Bytes16, Bytes32
from insomnia_desktop.protocol.codec import InvalidBody, MalformedBody, decode_body, encode_body
from insomnia_desktop.store.account_rows import KeyKeeping

_LOG = logging.getLogger(__name__)
_FIRST_BYTE = b"\x01"
_AAD = tup("keys/1")
_MOST_BYTES = 65_536


class Secrets(msgspec.Struct, frozen=True):
    """The session's token and the account key; the private keys are opened with it from what the server told."""

    account_id: Bytes16
    token: Bytes32
    account_key: Bytes32


class SecretStore(Protocol):
    """Keeps the secrets of one account. Threads: a worker's, any one at a time."""

    @property
    def keeping(self) -> KeyKeeping:
        """Where what was saved last is kept; `memory` where the password is needed at the next start."""
        ...

    def load(self) -> Secrets | None:
        """Return what was kept; None where nothing is, or where its key is not to be had."""
        ...

    def save(self, secrets: Secrets) -> KeyKeeping:
        """Keep secrets in place of those before and return where they are."""
        ...

    def clear(self) -> None:
        """Forget them."""
        ...


def secret_store(keys_file: Path, device_id: str, key_file: Path | None) -> SecretStore:
    """Return where a data folder's secrets are kept: under a key in `key_file` where one is named, else the keyring.

    The service name in the keyring is this data folder's own, by its device id.
    """
    vault = FileVault(key_file) if key_file is not None else KeyringVault(f"Insomnia Desktop {device_id}")
    return SealedSecrets(keys_file, vault)


class MemorySecrets:
    """Keeps nothing: the password is asked at each start."""

    keeping: KeyKeeping = "memory"

    def load(self) -> Secrets | None:
        """Return None."""
        return None

    def save(self, secrets: Secrets) -> KeyKeeping:
        """Keep nothing."""
        return "memory"

    def clear(self) -> None:
        """There is nothing."""


class SealedSecrets:
    """Keeps the secrets in a file of the data folder, sealed under a key that lies elsewhere.

    The key is made anew with each sign-in, so that an old copy of the file is worth nothing after a sign-out.
    """

    def __init__(self, path: Path, vault: Vault) -> None:
        self._path = path
        self._vault = vault
        self.keeping: KeyKeeping = vault.keeping

    def load(self) -> Secrets | None:
        """Return what was kept; raises KnownError `account.keys_unreadable` for a file that does not open."""
        try:
            # Looked at before it is opened: a pipe would wait for who writes into it.
            if not stat.S_ISREG(self._path.stat().st_mode):
                raise self._unreadable("it is not a file")
            with self._path.open("rb") as file:
                content = file.read(_MOST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(os.strerror(error.errno or 0)) from error
        key = self._vault.read()
        if key is None:
            return None
        try:
            if content[:1] != _FIRST_BYTE:
                raise Undecryptable
            return decode_body(open_sealed(key, _AAD, content[1:]), Secrets)
        except (Undecryptable, MalformedBody, InvalidBody):
            raise self._unreadable("it does not open with its key") from None

    def save(self, secrets: Secrets) -> KeyKeeping:
        """Keep secrets; the place is `memory` where the vault does not take its key.

        Raises KnownError `account.keys_unwritable`.
        """
        key = os.urandom(KEY_BYTES)
        content = _FIRST_BYTE + seal(key, _AAD, encode_body(secrets))
        try:
            # Where there is no room the key of before stays too, and what it opens.
            with replacing(self._path, content) as put_in_place:
                kept = self._vault.write(key)
                if kept:
                    put_in_place()
        except OSError as error:
            raise self._unwritable(error) from error
        if not kept:
            _LOG.info("No keyring keeps the key: the password is asked at the next start.")
            self._remove()
        self.keeping = self._vault.keeping if kept else "memory"
        return self.keeping

    def clear(self) -> None:
        """Forget the secrets and their key; raises KnownError `account.keys_unwritable`, once both were tried."""
        try:
            self._remove()
        finally:
            self._vault.remove()

    def _remove(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unreadable(self, reason: str) -> KnownError:
        return KnownError("account.keys_unreadable", path=str(self._path), reason=reason)

    def _unwritable(self, error: OSError) -> KnownError:
        return KnownError("account.keys_unwritable", path=str(self._path), reason=os.strerror(error.errno or 0))
