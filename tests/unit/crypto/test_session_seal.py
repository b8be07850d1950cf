"""The sealed answer of a sign-in: whoever changed a parameter of the handshake opens nothing."""

from __future__ import annotations

import pytest

from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.session_seal import open_session, seal_session, session_seal_key, transcript
from tests.support.vectors import EMAIL, ITERATIONS, KDF_SALT, KDF_SRP, SRP_SALT, V1, flipped, h

CASE = V1["sign_in"]
A, B, K = h(KDF_SRP["_A"]), h(KDF_SRP["_B"]), h(KDF_SRP["S_sha256_is_K"])
T = h(CASE["transcript_sha256_T"])
ID, SEALED, PLAINTEXT = h(CASE["handshake_id"]), h(CASE["sealed"]), CASE["plaintext_text"].encode()


def test_the_published_answer() -> None:
    assert transcript(EMAIL, KDF_SALT, ITERATIONS, SRP_SALT, A, B) == T
    assert session_seal_key(K, T).hex() == CASE["Kc"]
    assert seal_session(K, T, ID, PLAINTEXT, h(CASE["nonce"])) == SEALED
    assert open_session(K, T, ID, SEALED) == PLAINTEXT


@pytest.mark.parametrize(
    "other",
    [
        transcript("bob@example.com", KDF_SALT, ITERATIONS, SRP_SALT, A, B),
        transcript(EMAIL, bytes(16), ITERATIONS, SRP_SALT, A, B),
        transcript(EMAIL, KDF_SALT, ITERATIONS + 1, SRP_SALT, A, B),
        transcript(EMAIL, KDF_SALT, ITERATIONS, bytes(16), A, B),
        transcript(EMAIL, KDF_SALT, ITERATIONS, SRP_SALT, B, B),
        transcript(EMAIL, KDF_SALT, ITERATIONS, SRP_SALT, A, A),
        transcript(EMAIL, KDF_SALT, ITERATIONS, SRP_SALT, B, A),
    ],
    ids=["e-mail", "kdf salt", "iterations", "srp salt", "A", "B", "exchanged"],
)
def test_another_parameter_of_the_handshake_opens_nothing(other: bytes) -> None:
    assert other != T
    with pytest.raises(Undecryptable):
        open_session(K, other, ID, SEALED)


def test_nothing_else_opens() -> None:
    for bit in range(len(SEALED) * 8):
        with pytest.raises(Undecryptable):
            open_session(K, T, ID, flipped(SEALED, bit))
    for end in range(len(SEALED)):
        with pytest.raises(Undecryptable):
            open_session(K, T, ID, SEALED[:end])
    with pytest.raises(Undecryptable):
        open_session(bytes(32), T, ID, SEALED)
    with pytest.raises(Undecryptable):
        open_session(K, T, bytes(16), SEALED)
