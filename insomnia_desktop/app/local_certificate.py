"""The certificate of the sync server on this computer: made once, known to other devices by its hash."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import to_base64url

CERTIFICATE_FILE = "certificate.pem"
KEY_FILE = "private-key.pem"
_NAME = "Insomnia Desktop sync server"
# No device compares dates with it: the hash in the address vouches for it, and clocks are wrong. The last one is that
# of RFC 5280, 4.1.2.5, for a certificate that does not expire.
_FROM, _TO = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def ensure_certificate(folder: Path) -> str:
    """Return the pin of the certificate in a folder; it is made, with its key (mode 0600), where both are not whole.

    The pin is base64url of the SHA-256 of its DER. Raises KnownError `account.server_did_not_start`.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    certificate = _kept(folder)
    if certificate is None:
        try:
            certificate = _make(folder)
        except OSError as error:
            raise KnownError("account.server_did_not_start", reason=os.strerror(error.errno or 0)) from error
    return to_base64url(hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest())


def _kept(folder: Path):  # type: ignore[no-untyped-def]  # x509.Certificate | None, as in `_make`
    """Return the certificate if it and its key are readable and belong together: else no server would start with it."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE_FILE).read_bytes())
        key = load_pem_private_key((folder / KEY_FILE).read_bytes(), None)
        together = isinstance(key, EllipticCurvePrivateKey) and key.public_key() == certificate.public_key()
    except (OSError, TypeError, ValueError, UnsupportedAlgorithm):
        return None
    return certificate if together else None


def _make(folder: Path):  # type: ignore[no-untyped-def]  # x509.Certificate, of a package that is imported below
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_TO)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # The key first: a certificate without its key is made anew.
    _write(folder / KEY_FILE, private)
    _write(folder / CERTIFICATE_FILE, certificate.public_bytes(Encoding.PEM))
    return certificate


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
