"""What is kept of a TLS connection for people to look at."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from typing import Any

from insomnia_desktop.model.response import TlsRecord


async def tls_record(ssl_object: ssl.SSLObject, *, verified: bool) -> TlsRecord:
    """Return version, cipher, ALPN and the peer's certificate."""
    raw = ssl_object.getpeercert(binary_form=True) or b""
    parsed = ssl_object.getpeercert() or {}
    if parsed:
        names = (_name(parsed.get("subject")), _name(parsed.get("issuer")))
        validity = (str(parsed.get("notBefore", "")), str(parsed.get("notAfter", "")))
    elif raw:
        # `ssl` parses only certificates that it has verified.
        names, validity = await asyncio.to_thread(_unverified, raw)
    else:
        names, validity = ("", ""), ("", "")
    cipher = ssl_object.cipher()
    return TlsRecord(
        version=ssl_object.version() or "",
        cipher=cipher[0] if cipher else "",
        alpn=ssl_object.selected_alpn_protocol() or "",
        subject=names[0],
        issuer=names[1],
        not_before=validity[0],
        not_after=validity[1],
        fingerprint=hashlib.sha256(raw).hexdigest() if raw else "",
        verified=verified,
    )


def _name(distinguished: Any) -> str:
    pairs = [pair for relative in distinguished or () for pair in relative]
    return ", ".join(f"{_SHORT.get(kind, kind)}={value}" for kind, value in pairs)


_SHORT = {
    "commonName": "CN",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "countryName": "C",
    "localityName": "L",
    "stateOrProvinceName": "ST",
}


def _unverified(raw: bytes) -> tuple[tuple[str, str], tuple[str, str]]:
    from cryptography import x509  # imported here: only without verification

    try:
        certificate = x509.load_der_x509_certificate(raw)
        names = (_readable(certificate.subject), _readable(certificate.issuer))
        validity = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    except ValueError:
        return ("", ""), ("", "")
    return names, (_moment(validity[0]), _moment(validity[1]))


def _readable(name: Any) -> str:
    return ", ".join(f"{attribute.rfc4514_attribute_name}={attribute.value}" for attribute in name)


def _moment(moment: Any) -> str:
    # The form of the verified ones: "Nov 23 22:14:00 2026 GMT".
    return moment.strftime("%b %e %H:%M:%S %Y GMT") if moment is not None else ""
