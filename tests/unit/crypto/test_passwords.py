"""From a typed password to keys: normalisation, RFC 7914's PBKDF2 cases, and what a lying server may not choose."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.crypto.errors import InvalidPeerValue
from insomnia_desktop.crypto.expand import hkdf
from insomnia_desktop.crypto.passwords import derive, normalise, normalise_given, pbkdf2
from tests.support.vectors import EDGES, EMAIL, ITERATIONS, KDF_SALT, KDF_SRP, PASSWORD, V1, h


@pytest.mark.parametrize("case", V1["password"] + EDGES["password"], ids=lambda case: ascii(case["typed_text"])[:40])
def test_published_passwords(case: dict[str, str | None]) -> None:
    typed, utf8 = case["typed_text"], case["utf8"]
    assert typed is not None
    if utf8 is None:
        with pytest.raises(ValueError, match="10 to 1,024"):
            normalise(typed)
    else:
        assert normalise(typed) == h(utf8)


@given(st.text(max_size=1100))
def test_a_password_that_proves_something_may_be_short_and_is_else_the_same(password: str) -> None:
    try:
        new = normalise(password)
    except ValueError:
        stripped = unicodedata.normalize("NFKD", password).strip("\t\n\v\f\r ")
        if 0 < len(stripped) < 10:
            assert normalise_given(password) == stripped.encode()
        else:
            with pytest.raises(ValueError, match="1 to 1,024"):
                normalise_given(password)
        return
    assert normalise_given(password) == new


@given(st.text(min_size=10, max_size=80))
def test_normalising_twice_changes_nothing(password: str) -> None:
    try:
        once = normalise(password)
    except ValueError:
        return
    assert normalise(once.decode()) == once


def test_a_lone_surrogate_is_refused_without_the_password_in_the_message() -> None:
    for read in (normalise, normalise_given):
        with pytest.raises(ValueError) as caught:
            read("correct horse \ud800")
        assert type(caught.value) is ValueError
        assert "horse" not in str(caught.value)
        assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("password", "salt", "iterations", "key"),
    [
        (b"passwd", b"salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        (b"Password", b"NaCl", 80_000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
    ],
)
def test_pbkdf2_is_that_of_rfc_7914_section_11(password: bytes, salt: bytes, iterations: int, key: str) -> None:
    # The RFC gives 64 bytes; ours are the first block of them.
    assert pbkdf2(password, salt, iterations) == h(key)


def test_the_published_derivation() -> None:
    salt = hkdf(EMAIL.encode(), KDF_SALT, b"app/1/pbkdf2-salt")
    assert salt.hex() == KDF_SRP["pbkdf2_salt"]
    assert pbkdf2(PASSWORD, salt, ITERATIONS).hex() == KDF_SRP["master"]
    keys = derive(EMAIL, PASSWORD, KDF_SALT, ITERATIONS)
    assert keys.srp_auth.hex() == KDF_SRP["srp_auth"]
    assert keys.kek.hex() == KDF_SRP["account_kek"]
    assert keys.kek_commit.hex() == V1["account"]["kek_commit"]


def test_every_input_changes_every_key() -> None:
    keys = derive(EMAIL, PASSWORD, KDF_SALT, 600_000)
    for other in (
        derive("alice@example.org", PASSWORD, KDF_SALT, 600_000),
        derive(EMAIL, PASSWORD + b"!", KDF_SALT, 600_000),
        derive(EMAIL, PASSWORD, bytes(16), 600_000),
        derive(EMAIL, PASSWORD, KDF_SALT, 600_001),
    ):
        assert other.srp_auth != keys.srp_auth
        assert other.kek != keys.kek
        assert other.kek_commit != keys.kek_commit


@pytest.mark.parametrize("iterations", [0, 1, 599_999, 10_000_001, 10**9])
def test_a_server_cannot_weaken_or_stall_the_derivation(iterations: int) -> None:
    with pytest.raises(InvalidPeerValue, match="iterations"):
        derive(EMAIL, PASSWORD, KDF_SALT, iterations)


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
def test_a_salt_has_sixteen_bytes(salt: bytes) -> None:
    with pytest.raises(InvalidPeerValue, match="kdf salt"):
        derive(EMAIL, PASSWORD, salt, ITERATIONS)


def test_keys_do_not_show_themselves() -> None:
    assert repr(derive(EMAIL, PASSWORD, KDF_SALT, ITERATIONS)) == "MasterKeys()"
