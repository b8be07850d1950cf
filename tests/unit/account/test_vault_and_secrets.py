"""Where the keys to an account are kept: account.vault and account.secrets."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from insomnia_desktop.account.secrets import MemorySecrets, SealedSecrets, Secrets, secret_store
from insomnia_desktop.account.vault import FileVault, KeyringVault, usable_backend
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.binary import Bytes16, Bytes32

SECRETS = Secrets(Bytes16(os.urandom(16)), Bytes32(os.urandom(32)), Bytes32(os.urandom(32)))


class Wallet(KeyringBackend):
    """A keyring in memory, that may be locked."""

    # Below that of no keyring at all: none of these is found where nobody asked for it.
    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.forgets = False

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail()
        if not self.forgets:
            self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._fail()
        if (service, username) not in self.items:
            raise keyring.errors.PasswordDeleteError("not found")
        del self.items[service, username]

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


class PlaintextWallet(Wallet):
    """A keyring that any program reads."""


class FileWallet(Wallet):
    """A keyring in a file."""


@pytest.fixture
def wallet() -> Iterator[Wallet]:
    """A keyring in place of this computer's."""
    before = keyring.get_keyring()
    wallet = Wallet()
    keyring.set_keyring(wallet)
    yield wallet
    keyring.set_keyring(before)


def test_the_keyring_holds_the_key_and_the_file_the_secrets(tmp_path: Path, wallet: Wallet) -> None:
    file = tmp_path / "keys.bin"
    store = secret_store(file, "device-a", None)
    assert store.load() is None
    assert store.save(SECRETS) == "keyring"
    assert secret_store(file, "device-a", None).load() == SECRETS
    ((service, _),) = wallet.items
    assert "device-a" in service
    content = file.read_bytes()
    for secret in (SECRETS.token, SECRETS.account_key):
        assert bytes(secret) not in content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(next(iter(wallet.items.values()))) == 43
    # Another installation has another name for its key.
    assert secret_store(file, "device-b", None).load() is None
    store.clear()
    assert (wallet.items, file.exists(), store.load()) == ({}, False, None)
    store.clear()


def test_each_sign_in_has_a_key_of_its_own(tmp_path: Path, wallet: Wallet) -> None:
    file = tmp_path / "keys.bin"
    store = secret_store(file, "d", None)
    store.save(SECRETS)
    old = file.read_bytes()
    store.save(SECRETS)
    assert file.read_bytes() != old
    file.write_bytes(old)
    with pytest.raises(KnownError, match=re.escape("account.keys_unreadable")):
        store.load()


@pytest.mark.parametrize(
    "backend",
    [
        keyring.backends.fail.Keyring(),
        keyring.backends.null.Keyring(),
        PlaintextWallet(),
        FileWallet(),
    ],
    ids=lambda backend: type(backend).__name__ + type(backend).__module__,
)
def test_what_is_no_keyring_keeps_nothing(tmp_path: Path, wallet: Wallet, backend: KeyringBackend) -> None:
    keyring.set_keyring(backend)
    assert usable_backend() is None
    file = tmp_path / "keys.bin"
    store = secret_store(file, "d", None)
    assert store.save(SECRETS) == store.keeping == "memory"
    assert not file.exists()
    assert store.load() is None
    assert not getattr(backend, "items", {})
    store.clear()


def test_of_a_chain_the_first_that_keeps_secrets_is_taken(
    tmp_path: Path, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = PlaintextWallet()
    monkeypatch.setattr(keyring.backends.chainer.ChainerBackend, "backends", [plain, wallet])
    keyring.set_keyring(keyring.backends.chainer.ChainerBackend())
    assert usable_backend() is wallet
    assert secret_store(tmp_path / "keys.bin", "d", None).save(SECRETS) == "keyring"
    assert (len(wallet.items), plain.items) == (1, {})


@pytest.mark.parametrize("error", [keyring.errors.KeyringLocked("locked"), OSError("bus"), ValueError("of a back end")])
def test_a_keyring_that_fails_is_none(tmp_path: Path, wallet: Wallet, error: Exception) -> None:
    file = tmp_path / "keys.bin"
    store = secret_store(file, "d", None)
    store.save(SECRETS)
    wallet.error = error
    assert store.load() is None
    store.clear()
    assert not file.exists()
    assert store.save(SECRETS) == "memory"
    wallet.error = None
    assert KeyringVault("Insomnia Desktop d").read() is not None


def test_a_keyring_that_cannot_be_found_is_none(wallet: Wallet, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> KeyringBackend:
        raise RuntimeError("no D-Bus")

    monkeypatch.setattr(keyring, "get_keyring", fail)
    assert usable_backend() is None


def test_a_keyring_that_forgets_is_none(tmp_path: Path, wallet: Wallet) -> None:
    wallet.forgets = True
    assert secret_store(tmp_path / "keys.bin", "d", None).save(SECRETS) == "memory"


def test_a_file_of_this_person_alone(tmp_path: Path) -> None:
    key_file, file = tmp_path / "key", tmp_path / "keys.bin"
    store = secret_store(file, "d", key_file)
    assert store.save(SECRETS) == store.keeping == "file"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert secret_store(file, "d", key_file).load() == SECRETS
    key_file.chmod(0o640)
    with pytest.raises(KnownError) as caught:
        store.load()
    assert (caught.value.code, caught.value.params["reason"]) == (
        "account.keys_unreadable",
        "others than its owner may read it",
    )
    key_file.chmod(0o600)
    store.clear()
    assert not key_file.exists()
    assert FileVault(key_file).read() is None


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 300, b"A" * 44, b"A" * 42 + b"\n"])
def test_a_file_that_holds_no_key(tmp_path: Path, content: bytes) -> None:
    key_file = tmp_path / "key"
    key_file.write_bytes(content)
    key_file.chmod(0o600)
    with pytest.raises(KnownError, match=re.escape("account.keys_unreadable")):
        FileVault(key_file).read()


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(KnownError, match=re.escape("account.keys_unreadable")):
        FileVault(folder).read()
    with pytest.raises(KnownError, match=re.escape("account.keys_unwritable")):
        FileVault(folder).write(bytes(32))
    with pytest.raises(KnownError, match=re.escape("account.keys_unwritable")):
        FileVault(folder).remove()
    with pytest.raises(KnownError, match=re.escape("account.keys_unwritable")):
        FileVault(tmp_path / "missing" / "key").write(bytes(32))
    store = SealedSecrets(folder, FileVault(tmp_path / "key"))
    with pytest.raises(KnownError, match=re.escape("account.keys_unreadable")):
        store.load()
    with pytest.raises(KnownError, match=re.escape("account.keys_unwritable")):
        store.save(SECRETS)
    with pytest.raises(KnownError, match=re.escape("account.keys_unwritable")):
        store.clear()


def test_where_nothing_can_be_written_the_secrets_of_before_stay(tmp_path: Path, wallet: Wallet) -> None:
    file = tmp_path / "keys.bin"
    for store in (secret_store(file, "d", tmp_path / "key"), secret_store(file, "d", None)):
        store.save(SECRETS)
        other = Secrets(Bytes16(os.urandom(16)), SECRETS.token, SECRETS.account_key)
        obstacle = tmp_path / "keys.bin.unfinished"
        obstacle.mkdir()
        with pytest.raises(KnownError, match=re.escape("account.keys_unwritable")):
            store.save(other)
        assert store.load() == SECRETS
        obstacle.rmdir()
        store.save(other)
        assert store.load() == other
        assert not obstacle.exists()


def test_who_cannot_forget_the_file_forgets_its_key(tmp_path: Path, wallet: Wallet) -> None:
    file = tmp_path / "keys.bin"
    store = secret_store(file, "d", None)
    store.save(SECRETS)
    content = file.read_bytes()
    file.unlink()
    (file / "inside").mkdir(parents=True)
    with pytest.raises(KnownError, match=re.escape("account.keys_unwritable")):
        store.clear()
    assert not wallet.items
    (file / "inside").rmdir()
    file.rmdir()
    file.write_bytes(content)
    assert store.load() is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
def test_nobody_waits_for_a_pipe_in_the_place_of_a_file(tmp_path: Path) -> None:
    store = secret_store(tmp_path / "keys.bin", "d", tmp_path / "key")
    for name in ("keys.bin", "key"):
        store.save(SECRETS)
        (tmp_path / name).unlink()
        os.mkfifo(tmp_path / name, 0o600)
        with pytest.raises(KnownError, match=re.escape("it is not a file")):
            store.load()
        (tmp_path / name).unlink()


def test_secrets_that_were_changed_do_not_open(tmp_path: Path) -> None:
    file = tmp_path / "keys.bin"
    store = secret_store(file, "d", tmp_path / "key")
    store.save(SECRETS)
    content = file.read_bytes()
    for at in range(0, len(content), 7):
        changed = bytearray(content)
        changed[at] ^= 1
        file.write_bytes(changed)
        with pytest.raises(KnownError, match=re.escape("account.keys_unreadable")):
            store.load()
    for length in range(30):
        file.write_bytes(content[:length])
        with pytest.raises(KnownError, match=re.escape("account.keys_unreadable")):
            store.load()


def test_memory_keeps_nothing() -> None:
    store = MemorySecrets()
    assert store.save(SECRETS) == store.keeping == "memory"
    assert store.load() is None
    store.clear()


def test_secrets_do_not_show_themselves() -> None:
    shown = repr(SECRETS)
    assert SECRETS.token.hex() not in shown
    assert str(bytes(SECRETS.account_key)) not in shown
