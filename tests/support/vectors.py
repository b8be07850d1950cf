"""The published vectors of tests/vectors, read once."""

from __future__ import annotations

import json
from typing import Any

from tests.support.sources import TESTS

FOLDER = TESTS / "vectors"


def _read(name: str) -> dict[str, Any]:
    content = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


KDF_SRP = _read("kdf-srp.json")
V1 = _read("protocol-v1.json")
EDGES = _read("edge-cases.json")

h = bytes.fromhex

EMAIL: str = KDF_SRP["email"]
PASSWORD: bytes = KDF_SRP["password"].encode()
KDF_SALT = h(KDF_SRP["kdf_salt"])
ITERATIONS: int = KDF_SRP["iterations"]
SRP_SALT = h(KDF_SRP["srp_salt"])
ACCOUNT_ID = h(V1["account"]["account_id"])
ACCOUNT_KEY = h(V1["account"]["account_key"])


def flipped(data: bytes, bit: int) -> bytes:
    """Return the bytes with one bit the other way."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
