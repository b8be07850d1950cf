"""Where the one key to an account's secrets lies: the system's keyring, a file of this person alone, or nowhere.

The key is 32 random bytes, the vault key; what it seals is in `account.secrets`. Threads: a worker's, since a keyring
may ask a person before it answers.
"""

from __future__ import annotations

import logging
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.store.account_rows import KeyKeeping

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_LOG = logging.getLogger(__name__)
KEY_BYTES = 32
_USER = "vault key"
# Back ends that keep what they are given readable, or not at all; and all of the collection of such.
_REFUSED_MODULES = ("keyring.backends.fail", "keyring.backends.null", "keyrings.")
_REFUSED_NAMES = ("plaintext", "file", "null", "fail")


class Vault(Protocol):
    """A place for the vault key."""

    @property
    def keeping(self) -> KeyKeeping:
        """What kind of place it is."""
        ...

    def read(self) -> bytes | None:
        """Return the key, None where there is none; raises KnownError `account.keys_unreadable`."""
        ...

    def write(self, key: bytes) -> bool:
        """Keep the key; False where this place does not keep it, so that the password is asked at each start."""
        ...

    def remove(self) -> None:
        """Forget the key, as far as that is possible."""
        ...


class KeyringVault:
    """The keyring of the operating system, under a service name of this installation's own.

    A back end that stores plain text, files or nothing counts as none; and so does one that fails, with whatever error
    of its system, or is locked.
    """

    keeping: KeyKeeping = "keyring"

    def __init__(self, service: str) -> None:
        self._service = service

    def read(self) -> bytes | None:
        """Return the key; None also where the keyring is locked, refuses or is none."""
        backend = usable_backend()
        try:
            text = backend.get_password(self._service, _USER) if backend is not None else None
        except Exception as error:
            _refused("read", error)
            return None
        return _key_of(text) if text else None

    def write(self, key: bytes) -> bool:
        """Keep the key, and read it again: a keyring that loses it is none."""
        backend = usable_backend()
        if backend is None:
            return False
        try:
            backend.set_password(self._service, _USER, to_base64url(key))
        except Exception as error:
            _refused("write", error)
            return False
        return self.read() == key

    def remove(self) -> None:
        """Take the key out of the keyring; one that is not there, or is locked, is no error."""
        backend = usable_backend()
        try:
            if backend is not None:
                backend.delete_password(self._service, _USER)
        except Exception as error:
            _refused("remove", error)


class FileVault:
    """A file that its owner alone may read, for machines without a keyring."""

    keeping: KeyKeeping = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> bytes | None:
        """Return the key; raises KnownError `account.keys_unreadable`, also where others may read the file."""
        try:
            # Looked at before it is opened: a pipe would wait for who writes into it.
            mode = self._path.stat().st_mode
            if not stat.S_ISREG(mode):
                raise self._unreadable("it is not a file")
            if sys.platform != "win32" and mode & 0o077:
                raise self._unreadable("others than its owner may read it")
            with self._path.open("rb") as file:
                text = file.read(256)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(os.strerror(error.errno or 0)) from None
        key = _key_of(text.decode("ascii", "replace").strip())
        if key is None:
            raise self._unreadable("it holds no key")
        return key

    def write(self, key: bytes) -> bool:
        """Put the key into the file, whole or not at all; raises KnownError `account.keys_unwritable`."""
        try:
            with replacing(self._path, to_base64url(key).encode("ascii") + b"\n") as put_in_place:
                put_in_place()
        except OSError as error:
            raise KnownError(
                "account.keys_unwritable", path=str(self._path), reason=os.strerror(error.errno or 0)
            ) from error
        return True

    def remove(self) -> None:
        """Remove the file; raises KnownError `account.keys_unwritable`."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise KnownError(
                "account.keys_unwritable", path=str(self._path), reason=os.strerror(error.errno or 0)
            ) from error

    def _unreadable(self, reason: str) -> KnownError:
        return KnownError("account.keys_unreadable", path=str(self._path), reason=reason)


@contextmanager
def replacing(path: Path, content: bytes) -> Iterator[Callable[[], None]]:
    """Write a file of this person alone beside `path`; the block may put it in its place, else nothing of it stays.

    Raises OSError, then `path` is as it was.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield lambda: os.replace(unfinished, path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def usable_backend() -> KeyringBackend | None:
    """Return the keyring that keeps secrets secret, None where this computer has none."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    try:
        chosen = keyring.get_keyring()
        candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    except Exception as error:
        _refused("find", error)
        return None
    return next((each for each in candidates if _keeps_secrets(each)), None)


def _refused(deed: str, error: Exception) -> None:
    # The text of an error may hold anything: its kind says enough.
    _LOG.info("The keyring failed to %s: %s", deed, type(error).__name__)


def _keeps_secrets(backend: KeyringBackend) -> bool:
    kind = type(backend)
    return not (
        kind.__module__.startswith(_REFUSED_MODULES) or any(name in kind.__name__.lower() for name in _REFUSED_NAMES)
    )


def _key_of(text: str) -> bytes | None:
    try:
        key = from_base64url(text)
    except KnownError:
        return None
    return key if len(key) == KEY_BYTES else None
