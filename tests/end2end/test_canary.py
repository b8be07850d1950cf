"""Canaries: after all that an account can do, no secret of it is anywhere at the server, and none lies open here.

The passwords, the recovery keys, the account key, every private key and what the passwords give are looked for in files
and memory; tests.support.secret_search says in which forms.
"""

from __future__ import annotations

import base64
import os
import secrets
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from insomnia_desktop.account.secrets import SealedSecrets
from insomnia_desktop.account.vault import FileVault
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.crypto.key_pairs import PublicKeys, open_private_keys
from insomnia_desktop.crypto.passwords import derive, normalise
from insomnia_desktop.crypto.recovery_key import read_recovery_key, recovery_keys
from insomnia_desktop.protocol.accounts import Account
from insomnia_desktop.protocol.codec import decode_body
from tests.end2end.account_steps import (
    EMAIL,
    choose_port,
    create_here,
    expect_signed_in,
    fill,
    keep_key,
    key_file,
    open_account,
    open_devices,
    port_of,
    sign_in,
    wait_for_end_of_server,
)
from tests.end2end.process import Program
from tests.support.secret_search import children_of, forms, found_in, found_in_files, memory_of

Secrets = dict[str, bytes | str]


def _new_password() -> str:
    return f"canary{secrets.token_hex(12)}"


def _secrets_of_keys(folder: DataFolder) -> Secrets:
    """Return the open keys of the account of a data folder, from the places where the program keeps them."""
    kept = SealedSecrets(folder.keys_file, FileVault(Path(f"{folder.root}.key"))).load()
    assert kept is not None
    with closing(sqlite3.connect(f"file:{folder.store_file}?mode=ro", uri=True)) as store:
        account = decode_body(store.execute("SELECT profile FROM account").fetchone()[0].encode(), Account)
    private = open_private_keys(
        bytes(kept.account_key),
        account.account_id,
        account.email,
        PublicKeys(account.rsa_public, account.ed25519_public),
        account.rsa_private_wrap,
        account.ed25519_private_wrap,
        account.bundle_sig,
    )
    rsa = load_der_private_key(private.rsa, None)
    assert isinstance(rsa, RSAPrivateKey)
    numbers = rsa.private_numbers()
    found: Secrets = {"account key": bytes(kept.account_key), "Ed25519 private key": private.ed25519}
    for name, number in {"p": numbers.p, "q": numbers.q, "d": numbers.d}.items():
        size = (number.bit_length() + 7) // 8
        # As DER has them, and as a library of large numbers has them in memory.
        found |= {f"RSA {name}": number.to_bytes(size, "big"), f"RSA {name}, reversed": number.to_bytes(size, "little")}
    return found


def _secrets_of_password(folder: DataFolder, password: str) -> Secrets:
    """Return a password and what it gives with the parameters that the server has now."""
    with closing(sqlite3.connect(f"file:{folder.server / 'server.sqlite'}?mode=ro", uri=True)) as server:
        salt, iterations = server.execute("SELECT kdf_salt, kdf_iters FROM accounts").fetchone()
    keys = derive(EMAIL, normalise(password), salt, iterations)
    return {
        f"password {password}": password,
        f"SRP secret of {password}": keys.srp_auth,
        f"key of {password}": keys.kek,
    }


def _secrets_of_recovery(text: str) -> Secrets:
    key = read_recovery_key(text)
    return {
        f"recovery key {text}": text,
        f"recovery key {text}, joined": text.replace("-", ""),
        f"recovery key {text}, bytes": key,
        f"key of recovery key {text}": recovery_keys(key).kek,
    }


def _token(folder: DataFolder) -> bytes:
    kept = SealedSecrets(folder.keys_file, FileVault(Path(f"{folder.root}.key"))).load()
    assert kept is not None
    return bytes(kept.token)


@contextmanager
def _broken_account(folder: DataFolder) -> Iterator[None]:
    """Put something into the server's row of the account that makes it fail in the midst of a sign-in."""
    with closing(sqlite3.connect(folder.server / "server.sqlite", isolation_level=None, timeout=20)) as server:
        (sound,) = server.execute("SELECT account_key_wrap FROM accounts").fetchone()
        server.execute("UPDATE accounts SET account_key_wrap = 'no bytes at all'")
        yield
        server.execute("UPDATE accounts SET account_key_wrap = ?", (sound,))


def _change_password(program: Program, folder: DataFolder, password: str, new_password: str) -> None:
    """Change it at the third try: at the first the server fails, at the second this program does."""
    open_account(program)
    program.click("changePasswordRowButton")
    with _broken_account(folder):
        fill(program, passwordEdit=password, newPasswordEdit=new_password, passwordAgainEdit=new_password)
        program.click("changePasswordButton")
        program.wait("text", name="signInError", has="The server failed")
    program.do("spoil", module="insomnia_desktop.account.sign_in", function="_account_key")
    program.click("changePasswordButton")
    program.wait("text", name="toast", has="Something went wrong")
    # The server gave this device another session, which nobody has got: the one of before is over.
    program.wait("text", name="syncStatus", equals="Signed out elsewhere")
    program.click("changePasswordButton")
    expect_signed_in(program)


def _recover(program: Program, key: str, password: str) -> str:
    """Set another password by the recovery key, and return the next one."""
    program.click("footerDeedButton")
    program.click("useRecoveryKeyButton")
    fill(program, recoveryKeyEdit=key, passwordEdit=password, passwordAgainEdit=password)
    program.click("recoverButton")
    return keep_key(program)


@pytest.mark.timeout(300)
def test_no_secret_is_at_the_server_and_none_lies_open_here(data_folder: DataFolder) -> None:
    choose_port(data_folder)
    passwords = [_new_password() for _ in range(3)]
    canaries: Secrets = {}
    tokens: Secrets = {}
    second_folder = DataFolder(data_folder.root.parent / "second")
    with Program(data_folder, **key_file(data_folder)) as program:
        key = create_here(program, password=passwords[0])
        expect_signed_in(program)
        canaries |= _secrets_of_keys(data_folder) | _secrets_of_recovery(key)
        canaries |= _secrets_of_password(data_folder, passwords[0])
        tokens["first token"] = _token(data_folder)
        _change_password(program, data_folder, passwords[0], passwords[1])
        canaries |= _secrets_of_password(data_folder, passwords[1])
        tokens["token of the change"] = _token(data_folder)
        open_devices(program)
        program.click("signOutRowButton")
        program.click("signOutButton")
        program.wait("text", name="syncStatus", equals="On this device")
        next_key = _recover(program, key, passwords[2])
        expect_signed_in(program)
        canaries |= _secrets_of_recovery(next_key) | _secrets_of_password(data_folder, passwords[2])
        tokens["last token"] = _token(data_folder)
        proofs: Secrets = {f"proof of {each}": recovery_keys(read_recovery_key(each)).auth for each in (key, next_key)}
        with Program(second_folder, **key_file(second_folder)) as second:
            sign_in(second, server=f"http://127.0.0.1:{port_of(data_folder)}", password=passwords[2])
            expect_signed_in(second)
            tokens["second device's token"] = _token(second_folder)
            second.close()
        _expect_only_email(data_folder.server, canaries | tokens | proofs)
        _look_into_memory(program, canaries)
        program.do("close", name="mainWindow")
        program.end(0)
    wait_for_end_of_server(data_folder)
    # Once more without the log of the database, which is in it now.
    _expect_only_email(data_folder.server, canaries | tokens | proofs)
    log = (data_folder.server / "server.log").read_text()
    assert '"internal error"' in log
    for folder in (data_folder, second_folder):
        vault = FileVault(Path(f"{folder.root}.key")).read()
        assert vault is not None
        _expect_only_email(folder.root, canaries | tokens | proofs | {"vault key": vault})
    (report,) = data_folder.logs.glob("crash-*.txt")
    assert "RuntimeError: spoilt by a test" in report.read_text()


def _expect_only_email(folder: Path, canaries: Secrets) -> None:
    """Look through a folder: the e-mail is found, which shows that the search finds, and nothing else is."""
    found = found_in_files(folder, {**canaries, EMAIL: EMAIL})
    assert found
    assert {path: names - {EMAIL} for path, names in found.items() if names - {EMAIL}} == {}


def _look_into_memory(program: Program, canaries: Mapping[str, bytes | str]) -> None:
    if sys.platform != "linux":
        sys.stdout.write("The memory of another process is looked at on Linux alone.\n")
        return
    servers = [each for each in children_of(program.process.pid) if b"server" in _command_line(each)]
    assert len(servers) == 1
    assert found_in(memory_of(servers[0]), {**canaries, EMAIL: EMAIL}) == {EMAIL}
    # The same search finds what is there: this program's own memory holds its open keys.
    assert "account key" in found_in(memory_of(program.process.pid), canaries)


def _command_line(process_id: int) -> bytes:
    return Path(f"/proc/{process_id}/cmdline").read_bytes()


@pytest.mark.parametrize("before", range(4))
def test_the_search_finds_every_form(before: int) -> None:
    secret = os.urandom(20)
    around, after = os.urandom(before), os.urandom(5)
    texts = [
        secret.hex(),
        secret.hex().upper(),
        base64.b64encode(around + secret + after).decode(),
        base64.urlsafe_b64encode(around + secret + after).decode().rstrip("="),
    ]
    for written in (secret, *(text.encode(coding) for text in texts for coding in ("utf-8", "utf-16", "utf-32"))):
        assert found_in(around + written + after, {"it": secret, "another": os.urandom(20)}) == {"it"}
    words = "canary0123456789"
    for coding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
        assert found_in(around + words.encode(coding) + after, {"it": words}) == {"it"}
    assert found_in(around + words[:-1].encode() + after, {"it": words}) == set()


def test_the_search_looks_into_folders_and_names(tmp_path: Path) -> None:
    secret = os.urandom(20)
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "deep" / "deeper" / "file").write_bytes(b"x" + secret)
    (tmp_path / f"named {secret.hex()}").write_bytes(b"")
    (tmp_path / "clean").write_bytes(bytes(100))
    found = found_in_files(tmp_path, {"it": secret})
    assert found == {str(Path("deep", "deeper", "file")): {"it"}, f"named {secret.hex()}": {"it"}}


def test_a_secret_that_is_too_short_is_no_canary() -> None:
    with pytest.raises(AssertionError):
        forms("short")
