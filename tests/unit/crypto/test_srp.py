"""crypto.srp_group, srp_proof, srp_client and srp_server: RFC 5054, the vectors, and the values to be refused."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insomnia_desktop.crypto import srp_group, srp_server, tuples
from insomnia_desktop.crypto.errors import InvalidPeerValue
from insomnia_desktop.crypto.srp_client import ClientHandshake, ClientProof, make_verifier, new_srp_salt
from insomnia_desktop.crypto.srp_group import N, g, pad
from insomnia_desktop.crypto.srp_proof import client_proof, server_proof, session_key
from tests.support.sources import CHECKOUT
from tests.support.vectors import EDGES, EMAIL, KDF_SRP, SRP_SALT, h

AUTH = h(KDF_SRP["srp_auth"])
V, A, B = h(KDF_SRP["_v"]), h(KDF_SRP["_A"]), h(KDF_SRP["_B"])
SECRET_A, SECRET_B = h(KDF_SRP["a"]), h(KDF_SRP["b"])
M1 = h(KDF_SRP["M1"])
PUBLISHED = {
    "name_text": "kdf-srp.json", "email_text": EMAIL, "srp_auth": KDF_SRP["srp_auth"], "srp_salt": KDF_SRP["srp_salt"],
    "a": KDF_SRP["a"], "b": KDF_SRP["b"], "v": KDF_SRP["_v"], "A": KDF_SRP["_A"], "B": KDF_SRP["_B"],
    "u": KDF_SRP["u"], "K": KDF_SRP["S_sha256_is_K"], "M1": KDF_SRP["M1"], "M2": KDF_SRP["M2"],
}  # fmt: skip
# What is no element that an honest side sends.
REFUSED = {
    "0": bytes(256),
    "N": pad(N),
    "N + 1": pad(N + 1),
    "greatest": b"\xff" * 256,
    "empty": b"",
    "one byte": b"\x02",
    "255 bytes": A[1:],
    "257 bytes": b"\x00" + A,
    "2N": (2 * N).to_bytes(257, "big"),
    "64 KiB": b"\x01" * 65_536,
}


def test_the_group_is_that_of_the_package_and_a_safe_prime() -> None:
    user = srp_group.User("i", b"p", **srp_group.SUITE)
    assert (user.N, user.g) == (N, g)
    assert N.bit_length() == 2048
    # Fermat's test to one base, of N and of (N - 1) / 2; enough against a digit that was typed wrong.
    assert pow(3, N - 1, N) == 1
    assert pow(3, (N - 1) // 2 - 1, (N - 1) // 2) == 1


def test_the_package_runs_its_pure_back_end() -> None:
    assert srp_group.User.__module__ == "srp._pysrp"
    script = (
        "import sys; import insomnia_desktop.crypto.srp_group as group; import srp;"
        "assert sys.modules['srp._ctsrp'] is None; assert srp.User is group.User;"
        "assert group.srp._rfc5054_compat is True"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=CHECKOUT)
    assert done.returncode == 0, done.stderr


def test_the_package_computes_what_rfc_5054_appendix_b_gives() -> None:
    """The RFC's example is of SHA-1 and 1024 bits: k, v, A, B, u and S of the package, before our proof layer."""
    salt = h("BEB25379D1A8581EB5A727673A2441EE")
    suite = {"hash_alg": srp_group.srp.SHA1, "ng_type": srp_group.srp.NG_1024}  # type: ignore[attr-defined]
    secret_a = h("60975527035CF2AD1989806F0407210BC81EDC04E2762A56AFD529DDDA2D4393")
    secret_b = h("E487CB59D31AC550471E81F00F6928E01DDA08E974A004F49E61F5D105284D20")
    user = srp_group.User("alice", b"password123", bytes_a=srp_group.padded_secret(secret_a), **suite)
    assert f"{user.k:X}" == "7556AA045AEF2CDD07ABAF0F665C3E818913186F"
    assert f"{user.A:X}" == (
        "61D5E490F6F1B79547B0704C436F523DD0E560F0C64115BB72557EC44352E8903211C04692272D8B2D1A5358A2CF1B6E0BFCF99F921530EC"
        "8E39356179EAE45E42BA92AEACED825171E1E8B9AF6D9C03E1327F44BE087EF06530E69F66615261EEF54073CA11CF5858F0EDFDFE15EFEA"
        "B349EF5D76988A3672FAC47B0769447B"
    )
    v = (
        "7E273DE8696FFC4F4E337D05B4B375BEB0DDE1569E8FA00A9886D8129BADA1F1822223CA1A605B530E379BA4729FDC59F105B4787E5186F5"
        "C671085A1447B52A48CF1970B4FB6F8400BBF4CEBFBB168152E08AB5EA53D15C1AFF87B2B9DA6E04E058AD51CC72BFC9033B564E26480D78"
        "E955A5E29E7AB245DB2BE315E2099AFB"
    )
    verifier = srp_group.Verifier("alice", salt, h(v), pad(user.A), bytes_b=srp_group.padded_secret(secret_b), **suite)
    assert f"{verifier.B:X}" == (
        "BD0C61512C692C0CB6D041FA01BB152D4916A1E77AF46AE105393011BAF38964DC46A0670DD125B95A981652236F99D9B681CBF87837EC99"
        "6C6DA04453728610D0C6DDB58B318885D7D82C7F8DEB75CE7BD4FBAA37089E6F9C6059F388838E7A00030B331EB76840910440B1B27AAEAE"
        "EB4012B7D7665238A8E3FB004B117B58"
    )
    assert user.process_challenge(salt, pad(verifier.B)) is not None
    verifier.verify_session(b"")
    assert f"{user.v:X}" == v
    assert f"{user.u:X}" == f"{verifier.u:X}" == "CE38B9593487DA98554ED47D70A7AE5F462EF019"
    assert (
        f"{user.S:X}"
        == f"{verifier.S:X}"
        == (
            "B0DC82BABCF30674AE450C0287745E7990A3381F63B387AAF271A10D233861E359B48220F7C4693C9AE12B0A6F67809F0876E2D013800D6C"
            "41BB59B6D5979B5C00A172B4A2A5903A0BDCAF8A709585EB2AFAFA8F3499B200210DCC1F10EB33943CD67FC88A2F39A4BE5BEC4EC0A3212D"
            "C346D7E474B29EDE8A469FFECA686E5A"
        )
    )


@pytest.mark.parametrize("case", [PUBLISHED, *EDGES["srp"]], ids=lambda case: case["name_text"])
def test_published_handshakes(case: dict[str, str]) -> None:
    email, auth, salt = case["email_text"], h(case["srp_auth"]), h(case["srp_salt"])
    assert make_verifier(email, auth, salt).hex() == case["v"]
    client = ClientHandshake(email, auth, h(case["a"]))
    assert client.A.hex() == case["A"]
    challenge = srp_server.start(email, salt, h(case["v"]), client.A, h(case["b"]))
    assert (challenge.B.hex(), challenge.secret.hex()) == (case["B"], case["b"])
    assert srp_group.scrambler(client.A, challenge.B) == int(case["u"], 16)
    proof = client.respond(salt, challenge.B)
    assert (proof.M1.hex(), proof.M2.hex(), proof.K.hex()) == (case["M1"], case["M2"], case["K"])
    answer = srp_server.verify(email, salt, h(case["v"]), client.A, challenge.secret, proof.M1)
    assert answer is not None
    assert (answer.M2.hex(), answer.K.hex()) == (case["M2"], case["K"])
    assert proof.accepts(answer.M2)


@settings(max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_both_halves_agree_with_the_formulas(auth: bytes, secret_a: bytes, secret_b: bytes) -> None:
    """Against RFC 5054's formulas in plain integers, written down a second time."""
    salt = new_srp_salt()
    digest = lambda data: hashlib.sha256(data).digest()  # noqa: E731
    number = lambda data: int.from_bytes(data, "big")  # noqa: E731
    x = number(digest(salt + digest(EMAIL.encode() + b":" + auth)))
    v, k = pow(g, x, N), number(digest(pad(N) + pad(g)))
    a, b = number(secret_a), number(secret_b)
    big_a = pow(g, a, N)
    big_b = (k * v + pow(g, b, N)) % N
    u = number(digest(pad(big_a) + pad(big_b)))
    premaster = pow(big_b - k * v, a + u * x, N)
    client = ClientHandshake(EMAIL, auth, secret_a)
    challenge = srp_server.start(EMAIL, salt, pad(v), client.A, secret_b)
    proof = client.respond(salt, challenge.B)
    assert make_verifier(EMAIL, auth, salt) == pad(v)
    assert (pad(big_a), pad(big_b), digest(pad(premaster))) == (client.A, challenge.B, proof.K)
    answer = srp_server.verify(EMAIL, salt, pad(v), client.A, secret_b, proof.M1)
    assert answer is not None
    assert proof.accepts(answer.M2)
    assert answer.K == proof.K


def test_secrets_are_drawn_anew() -> None:
    assert ClientHandshake(EMAIL, AUTH).A != ClientHandshake(EMAIL, AUTH).A
    first, second = (srp_server.start(EMAIL, SRP_SALT, V, A) for _ in range(2))
    assert first.secret != second.secret
    assert first.B != second.B
    assert len(first.secret) == 32


def test_another_password_or_e_mail_proves_nothing() -> None:
    challenge = srp_server.start(EMAIL, SRP_SALT, V, A, SECRET_B)
    for email, auth in ((EMAIL, bytes(32)), ("bob@example.com", AUTH)):
        proof = ClientHandshake(email, auth, SECRET_A).respond(SRP_SALT, challenge.B)
        assert srp_server.verify(EMAIL, SRP_SALT, V, A, challenge.secret, proof.M1) is None


@pytest.mark.parametrize("wrong", [b"", bytes(32), M1[:-1], M1 + b"\0", M1[:-1] + bytes([M1[-1] ^ 1])])
def test_a_wrong_proof_of_the_client_gets_nothing(wrong: bytes) -> None:
    assert srp_server.verify(EMAIL, SRP_SALT, V, A, SECRET_B, wrong) is None
    assert srp_server.verify(EMAIL, SRP_SALT, V, A, SECRET_B, M1) is not None


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_the_server_refuses_such_an_a(value: bytes) -> None:
    with pytest.raises(InvalidPeerValue, match=r"^A$"):
        srp_server.start(EMAIL, SRP_SALT, V, value)
    with pytest.raises(InvalidPeerValue, match=r"^A$"):
        srp_server.verify(EMAIL, SRP_SALT, V, value, SECRET_B, M1)


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_the_client_refuses_such_a_b(value: bytes) -> None:
    with pytest.raises(InvalidPeerValue, match=r"^B$"):
        ClientHandshake(EMAIL, AUTH).respond(SRP_SALT, value)


@pytest.mark.parametrize("value", [1, 2, N - 1])
def test_the_ends_of_the_range_are_allowed(value: int) -> None:
    assert srp_server.start(EMAIL, SRP_SALT, V, pad(value)).B
    assert ClientHandshake(EMAIL, AUTH).respond(SRP_SALT, pad(value)).M1


@pytest.mark.parametrize("salt", [b"", SRP_SALT[:15], SRP_SALT + b"\x01", b"\x00" + SRP_SALT[1:]])
def test_the_client_refuses_a_salt_of_another_length_or_with_a_leading_zero(salt: bytes) -> None:
    with pytest.raises(InvalidPeerValue, match="srp salt"):
        ClientHandshake(EMAIL, AUTH).respond(salt, B)


def test_a_scrambler_of_zero_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can find the numbers for it, so the hash itself answers with zeros here."""
    client, challenge = ClientHandshake(EMAIL, AUTH), srp_server.start(EMAIL, SRP_SALT, V, A, SECRET_B)
    monkeypatch.setattr(tuples, "H", lambda data: bytes(32))
    with pytest.raises(InvalidPeerValue, match=r"^u$"):
        client.respond(SRP_SALT, challenge.B)
    with pytest.raises(InvalidPeerValue, match=r"^u$"):
        srp_server.start(EMAIL, SRP_SALT, V, A, SECRET_B)


def test_a_challenge_that_the_package_refuses_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package has a check of u of its own, reached by making its hash answer with zeros."""
    client = ClientHandshake(EMAIL, AUTH)
    monkeypatch.setattr(srp_group.srp, "H", lambda *arguments, **options: bytes(32))  # type: ignore[attr-defined]
    with pytest.raises(InvalidPeerValue, match="challenge"):
        client.respond(SRP_SALT, B)


def test_a_handshake_answers_one_challenge() -> None:
    client = ClientHandshake(EMAIL, AUTH)
    client.respond(SRP_SALT, B)
    with pytest.raises(InvalidPeerValue, match="challenge"):
        client.respond(SRP_SALT, B)


@pytest.mark.parametrize("answer", [None, b"", bytes(32), "short", "long", "bit", "other"])
def test_a_missing_or_forged_proof_of_the_server_is_not_accepted(answer: bytes | str | None) -> None:
    proof = ClientHandshake(EMAIL, AUTH, SECRET_A).respond(SRP_SALT, B)
    forged = {
        "short": proof.M2[:-1],
        "long": proof.M2 + b"\0",
        "bit": bytes([proof.M2[0] ^ 1]) + proof.M2[1:],
        "other": proof.M1,
    }
    assert not proof.accepts(forged[answer] if isinstance(answer, str) else answer)
    assert proof.accepts(proof.M2)


def test_a_server_that_has_no_verifier_cannot_prove_itself() -> None:
    """B = 1 and a made-up verifier: the key differs, so no M2 of the server is the expected one."""
    client = ClientHandshake(EMAIL, AUTH)
    proof = client.respond(SRP_SALT, pad(1))
    assert not proof.accepts(server_proof(client.A, proof.M1, session_key(1)))


@pytest.mark.parametrize("case", EDGES["srp_salt_of"], ids=lambda case: case["random"][:2])
def test_salts_have_a_first_byte_that_is_not_zero(case: dict[str, str]) -> None:
    salt = srp_group.srp_salt_of(h(case["random"]))
    assert salt.hex() == case["srp_salt"]
    srp_group.check_srp_salt(salt)


def test_salts_are_drawn_anew() -> None:
    salts = {new_srp_salt() for _ in range(1000)}
    assert len(salts) == 1000
    assert all(len(salt) == 16 and salt[0] for salt in salts)


def test_a_secret_is_not_shown() -> None:
    challenge = srp_server.start(EMAIL, SRP_SALT, V, A, SECRET_B)
    assert "secret" not in repr(challenge)
    answer = srp_server.verify(EMAIL, SRP_SALT, V, A, SECRET_B, M1)
    assert answer is not None
    assert "K=" not in repr(answer)
    assert "K=" not in repr(ClientProof(M1, M1, M1))


def test_the_proofs_hash_what_the_protocol_says() -> None:
    K = h(KDF_SRP["S_sha256_is_K"])
    assert client_proof(EMAIL, SRP_SALT, A, B, K) == M1
    assert server_proof(A, M1, K).hex() == KDF_SRP["M2"]
    # The package's own proofs are others: they pad g inside its hash, and nothing else.
    assert KDF_SRP["stock_pysrp_M_rfc5054"] != KDF_SRP["M1"]


def test_a_number_too_long_is_not_cut() -> None:
    with pytest.raises(OverflowError):
        pad(1 << 2048)
