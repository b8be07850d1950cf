"""A certificate authority of the tests' own: servers, clients, expired and foreign ones, made when they are needed."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from tests.support.http_peer import HttpPeer

_NOW = datetime.datetime.now(datetime.UTC)
_DAY = datetime.timedelta(days=1)
_PEM = serialization.Encoding.PEM


class Issued:
    """A certificate with its key, as files in a folder."""

    def __init__(self, folder: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self._folder = folder
        self._name = f"{name}-{certificate.serial_number:x}"
        self.certificate = certificate
        self.key = key

    @property
    def pem(self) -> Path:
        """A file with the certificate and its key."""
        return self._write("both.pem", self.certificate.public_bytes(_PEM) + self._key_pem(None))

    @property
    def certificate_pem(self) -> Path:
        """A file with the certificate alone."""
        return self._write("certificate.pem", self.certificate.public_bytes(_PEM))

    def key_pem(self, password: str | None = None) -> Path:
        """A file with the key, locked with a password if one is given."""
        return self._write("locked-key.pem" if password else "key.pem", self._key_pem(password))

    def pfx(self, password: str | None) -> Path:
        """A PFX file with certificate and key."""
        lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if password is not None:
            lock = serialization.BestAvailableEncryption(password.encode("utf-8"))
        raw = pkcs12.serialize_key_and_certificates(b"test", self.key, self.certificate, None, lock)
        return self._write("locked.pfx" if password else "open.pfx", raw)

    def _key_pem(self, password: str | None) -> bytes:
        lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if password is not None:
            lock = serialization.BestAvailableEncryption(password.encode("utf-8"))
        return self.key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, lock)

    def _write(self, suffix: str, content: bytes) -> Path:
        path = self._folder / f"{self._name}-{suffix}"
        if not path.exists():
            # Written once: a file that changes is another certificate to the sender.
            path.write_bytes(content)
        return path


class TestAuthority(Issued):
    """A certificate authority; `certificate_pem` is the file to trust."""

    __test__ = False

    def __init__(self, folder: Path, name: str = "Test authority") -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = (
            _builder(subject, subject, key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        super().__init__(folder, name.replace(" ", "-"), certificate, key)

    def issue(self, *names: str, expired: bool = False, common_name: str = "") -> Issued:
        """Return a certificate for host names and addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name or names[0])])
        builder = _builder(subject, self.certificate.subject, key.public_key(), expired=expired)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), False)
        certificate = builder.sign(self.key, hashes.SHA256())
        return Issued(self._folder, (common_name or names[0]).replace(" ", "-"), certificate, key)


def server_context(
    issued: Issued, *, clients_of: Issued | None = None, protocols: list[str] | None = None, tls12: bool = False
) -> ssl.SSLContext:
    """Return the context of a server; with `clients_of` it insists on a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.pem)
    if protocols is not None:
        context.set_alpn_protocols(protocols)
    if clients_of is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients_of.certificate_pem)
    if tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


class StrictTlsPeer(HttpPeer):
    """A TLS server that tells a client why it is refused; asyncio's own closes without a word."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self._strict = context

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Shake hands, and close after the alert or the first bytes of a request."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self._strict.wrap_bio(incoming, outgoing, server_side=True)
        steps = [tls.do_handshake, tls.read]
        while steps:
            try:
                steps[0]()
                steps.pop(0)
            except ssl.SSLWantReadError:
                writer.write(outgoing.read())
                incoming.write(await reader.read(65_536))
            except ssl.SSLError:
                break
        writer.write(outgoing.read())
        await writer.drain()


def self_signed(folder: Path, *names: str) -> Issued:
    """Return a certificate that only vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Only myself")])
    certificate = (
        _builder(subject, subject, key.public_key())
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), False)
        .sign(key, hashes.SHA256())
    )
    return Issued(folder, "self-signed", certificate, key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, expired: bool = False
) -> x509.CertificateBuilder:
    end = _NOW - _DAY if expired else _NOW + 30 * _DAY
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOW - 30 * _DAY)
        .not_valid_after(end)
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
