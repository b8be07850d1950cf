"""The messages of protocol.accounts, sign_in, devices and service as they stand on the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from insomnia_desktop.protocol.accounts import (
    Account,
    Credentials,
    Kdf,
    RecoverA,
    RecoverAAnswer,
    RecoverB,
    Recovery,
    RecoveryChange,
    SignUp,
    SignUpAnswer,
    SrpParameters,
    SrpVerifier,
)
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, Bytes61, Bytes64, Bytes93
from insomnia_desktop.protocol.codec import InvalidBody, decode_body, encode_body
from insomnia_desktop.protocol.devices import Device, DeviceRow, Devices
from insomnia_desktop.protocol.service import SERVICE, Health, Limits, ProtocolRange, Version
from insomnia_desktop.protocol.sign_in import (
    LoginA,
    LoginAAnswer,
    LoginM1,
    LoginM1Answer,
    LoginS,
    LoginSAnswer,
    SealedSession,
)
from tests.support.vectors import ACCOUNT_ID, KDF_SALT, KDF_SRP, SRP_SALT, V1, h

ID = Bytes16(ACCOUNT_ID)
HASH = Bytes32(h(V1["recovery"]["auth_hash"]))
KDF = Kdf.of(600_000, KDF_SALT)
VERIFIER = SrpVerifier.of(SRP_SALT, h(KDF_SRP["_v"]))
KEY_WRAP = Bytes93(h(V1["account_key_wrap"]["wrap"]))
RECOVERY = Recovery(HASH, Bytes61(h(V1["recovery"]["wrap"])))
RSA_PUBLIC, RSA_WRAP = Binary(h(V1["rsa"]["public_spki"])), Binary(h(V1["rsa"]["wrap"]))
ED_PUBLIC, ED_WRAP = Bytes32(h(V1["ed25519"]["public"])), Bytes61(h(V1["ed25519"]["wrap"]))
SIGNATURE = Bytes64(h(V1["bundle"]["bundle_sig"]))
DEVICE = Device(Bytes16(bytes(16)), "Laptop", "linux")
SIGN_UP = SignUp(
    ID, "a@b", "A", KDF, VERIFIER, KEY_WRAP, RSA_PUBLIC, RSA_WRAP, ED_PUBLIC, ED_WRAP, SIGNATURE, RECOVERY, ID
)
ACCOUNT = Account(ID, "a@b", "A", 1, 1, 2, KDF, RSA_PUBLIC, RSA_WRAP, ED_PUBLIC, ED_WRAP, SIGNATURE, True, 0, 1 << 30)
MESSAGES = [
    (SIGN_UP, "account_id email name kdf srp account_key_wrap rsa_public rsa_private_wrap ed25519_public "
              "ed25519_private_wrap bundle_sig recovery invite"),
    (SignUpAnswer(ID), "account_id"),
    (LoginS("a@b"), "email"),
    (LoginSAnswer(KDF, SrpParameters.of(SRP_SALT), False), "kdf srp skd"),
    (LoginA("a@b", Binary(bytes(256))), "email srpA"),
    (LoginAAnswer(ID, Binary(bytes(256))), "handshake_id srpB"),
    (LoginM1(ID, HASH, DEVICE), "handshake_id srpM1 device"),
    (LoginM1Answer(Binary(b"sealed"), HASH), "srpM2 sealed"),
    (SealedSession(HASH, ID, ID, 1, KEY_WRAP), "token account_id device_id expires_at account_key_wrap"),
    (ACCOUNT, "account_id email name kv rev created_at kdf rsa_public rsa_private_wrap ed25519_public "
              "ed25519_private_wrap bundle_sig recovery used quota"),
    (Credentials(HASH, KDF, VERIFIER, KEY_WRAP), "old_wrap_hash kdf srp account_key_wrap"),
    (RecoveryChange(HASH, RECOVERY.wrap), "auth_hash wrap"),
    (RecoverA("a@b", HASH), "email auth"),
    (RecoverAAnswer(ACCOUNT, Binary(RECOVERY.wrap)), "account recovery_wrap"),
    (RecoverB("a@b", HASH, KDF, VERIFIER, KEY_WRAP, RECOVERY), "email auth kdf srp account_key_wrap recovery"),
    (Devices([DeviceRow(ID, "Laptop", "linux", "insomnia-desktop/1", 1, 2, True)]), "devices"),
    (Version(SERVICE, "1", ProtocolRange(), "open", Limits()), "service version protocol registration limits"),
    (Health(True), "ok"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "fields"), MESSAGES, ids=lambda value: type(value).__name__)
def test_a_message_has_the_fields_of_the_protocol_and_comes_back(message: Any, fields: str) -> None:
    body = encode_body(message)
    assert set(json.loads(body)) == set(fields.split())
    assert decode_body(body, type(message)) == message


@pytest.mark.parametrize(("message", "fields"), MESSAGES, ids=lambda value: type(value).__name__)
def test_a_missing_field_is_named(message: Any, fields: str) -> None:
    for field in set(fields.split()) - {"recovery", "invite", "srpM2"}:
        body = json.loads(encode_body(message))
        del body[field]
        with pytest.raises(InvalidBody) as caught:
            decode_body(json.dumps(body).encode(), type(message))
        assert caught.value.field == field


@pytest.mark.parametrize(
    "field", ["account_id", "account_key_wrap", "ed25519_public", "ed25519_private_wrap", "bundle_sig", "invite"]
)
def test_a_server_reads_no_sign_up_with_a_field_of_another_length(field: str) -> None:
    body = json.loads(encode_body(SIGN_UP))
    body[field] = body[field][:-4]
    with pytest.raises(InvalidBody) as caught:
        decode_body(json.dumps(body).encode(), SignUp)
    assert caught.value.field == field


def test_names_and_platforms_are_bounded() -> None:
    device = {"id": "A" * 22, "name": "n" * 100, "platform": "other"}
    assert decode_body(json.dumps(device).encode(), Device).platform == "other"
    for change, field in (({"name": "n" * 101}, "name"), ({"platform": "amiga"}, "platform")):
        with pytest.raises(InvalidBody) as caught:
            decode_body(json.dumps(device | change).encode(), Device)
        assert caught.value.field == field


def test_a_missing_proof_of_the_server_is_no_proof() -> None:
    assert decode_body(b'{"sealed":"AQ"}', LoginM1Answer).srpM2 == b""


def test_the_suite_is_the_one_of_version_1() -> None:
    assert (KDF.v, KDF.alg) == (1, "pbkdf2-sha256")
    for srp in (VERIFIER, SrpParameters.of(SRP_SALT)):
        assert (srp.group, srp.hash) == ("2048", "sha256")
    with pytest.raises(ValueError):
        Kdf.of(600_000, bytes(15))
    with pytest.raises(ValueError):
        SrpVerifier.of(SRP_SALT, bytes(255))


def test_the_published_sealed_answer_is_such_a_message() -> None:
    session = decode_body(V1["sign_in"]["plaintext_text"].encode(), SealedSession)
    assert session.token == h(V1["sign_in"]["token"])
    assert session.account_id == ACCOUNT_ID
    assert session.account_key_wrap == KEY_WRAP
    assert encode_body(session) == V1["sign_in"]["plaintext_text"].encode()


def test_no_message_shows_a_secret() -> None:
    session = decode_body(V1["sign_in"]["plaintext_text"].encode(), SealedSession)
    assert "\\xe0" not in repr(session)
    assert V1["sign_in"]["token_b64"] not in repr(session)
