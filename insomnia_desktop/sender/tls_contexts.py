"""TLS settings for one kind of connection; reads files and the system's roots, so it runs in a thread."""

from __future__ import annotations

import os
import ssl
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender.failures import reason_of

_ROOT_FILES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_PFX_SUFFIXES: Final = (".pfx", ".p12")


@dataclass(frozen=True, slots=True)
class TlsChoice:
    """What a TLS context is made of; files are named by path and by when they were last changed."""

    verify: bool
    certificate: str = ""
    key: str = ""
    authorities: tuple[str, ...] = ()
    stamps: tuple[float, ...] = ()


class PasswordNeeded(Exception):
    """A key is locked: `wrong` says whether a password was tried."""

    def __init__(self, path: str, *, wrong: bool) -> None:
        super().__init__(path)
        self.path = path
        self.wrong = wrong


class ProxyContext(ssl.SSLContext):
    """A context for the connection to a proxy, told apart by `for_proxy`."""

    for_proxy = True


def stamps_of(*paths: str) -> tuple[float, ...]:
    """Return when the files were last changed, 0 for one that is not there."""
    stamps: list[float] = []
    for path in paths:
        try:
            stamps.append(os.stat(path).st_mtime if path else 0.0)
        except OSError:
            stamps.append(0.0)
    return tuple(stamps)


def make_context(choice: TlsChoice, *, host: str, password: str | None = None) -> ssl.SSLContext:
    """Return the context; raises PasswordNeeded and KnownError `send.client_certificate`, `send.authority_file`.

    Threads: a worker; takes tens of milliseconds.
    """
    context = _verifying_context() if choice.verify else _trusting_context()
    for file in choice.authorities:
        try:
            context.load_verify_locations(cafile=file)
        except (OSError, ssl.SSLError) as error:
            raise KnownError("send.authority_file", path=file, host=host, reason=_words(error)) from error
    if choice.certificate:
        _load_certificate(context, choice, host=host, password=password)
    return context


def make_proxy_context(*, verify: bool) -> ssl.SSLContext:
    """Return the context for the way to a secure proxy."""
    context = ProxyContext(ssl.PROTOCOL_TLS_CLIENT)
    if verify:
        _load_roots(context)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _verifying_context() -> ssl.SSLContext:
    if sys.platform in ("darwin", "win32"):
        import truststore  # imported here: only these systems keep their roots where OpenSSL does not look

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _load_roots(context)
    return context


def _load_roots(context: ssl.SSLContext) -> None:
    context.load_default_certs()
    if context.cert_store_stats()["x509_ca"]:
        return
    # The Python of a packaged program was built for other paths than this system's.
    for file in _ROOT_FILES:
        if os.path.isfile(file):
            context.load_verify_locations(cafile=file)
            return


def _trusting_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _load_certificate(context: ssl.SSLContext, choice: TlsChoice, *, host: str, password: str | None) -> None:
    path = choice.certificate
    try:
        if path.lower().endswith(_PFX_SUFFIXES):
            _load_pfx(context, path, password)
        else:
            _load_pem(context, path, choice.key or None, password)
    except FileNotFoundError as error:
        missing = next((file for file in (path, choice.key) if file and not os.path.exists(file)), path)
        raise KnownError(
            "send.client_certificate", host=host, path=missing, reason="missing", detail=reason_of(error)
        ) from error
    except (OSError, ValueError) as error:
        raise KnownError(
            "send.client_certificate", host=host, path=path, reason="unreadable", detail=_words(error)
        ) from error


def _load_pem(context: ssl.SSLContext, path: str, key: str | None, password: str | None) -> None:
    asked: list[bool] = []

    def give() -> bytes:
        # OpenSSL would ask on the terminal if it were not answered.
        asked.append(True)
        return (password or "").encode("utf-8")

    try:
        context.load_cert_chain(path, key, password=give)
    except (ssl.SSLError, ValueError):
        if asked:
            raise PasswordNeeded(key or path, wrong=password is not None) from None
        raise


def _load_pfx(context: ssl.SSLContext, path: str, password: str | None) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    with open(path, "rb") as file:
        raw = file.read()
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(
            raw, None if password is None else password.encode("utf-8")
        )
    except ValueError as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise PasswordNeeded(path, wrong=password is not None) from None
        raise
    if key is None or certificate is None:
        raise ValueError("It holds no certificate with a key")
    pem = serialization.Encoding.PEM
    chain = b"".join(one.public_bytes(pem) for one in [certificate, *others])
    plain_key = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _with_private_file(plain_key + chain, lambda file: context.load_cert_chain(file))


def _with_private_file(content: bytes, use: Callable[[str], None]) -> None:
    """`ssl` reads keys from files only: this one is readable by its owner alone and gone at once."""
    descriptor, path = tempfile.mkstemp(prefix="insomnia-desktop-", suffix=".pem")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        use(path)
    finally:
        os.unlink(path)


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or str(error)).replace("_", " ").lower()
    return reason_of(error) if isinstance(error, OSError) else str(error)
