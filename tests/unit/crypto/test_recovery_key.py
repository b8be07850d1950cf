"""The recovery key's text, what it gives, and typing mistakes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.crypto.recovery_key import (
    SYMBOLS,
    new_recovery_key,
    read_recovery_key,
    recovery_keys,
    write_recovery_key,
)
from tests.support.vectors import EDGES, V1, h

TEXT: str = V1["recovery"]["key_text"]
KEY = h(V1["recovery"]["key"])


@pytest.mark.parametrize("case", [V1["recovery"], *EDGES["recovery"]["keys"]], ids=lambda case: case["key"][:8])
def test_published_keys(case: dict[str, str]) -> None:
    key = h(case["key"])
    assert write_recovery_key(key) == case["key_text"]
    assert read_recovery_key(case["key_text"]) == key
    keys = recovery_keys(key)
    assert keys.kek.hex() == case["recovery_kek"]
    assert keys.auth.hex() == case["recovery_auth"]
    assert keys.auth_hash.hex() == case["auth_hash"]


@pytest.mark.parametrize("text", V1["recovery"]["also_read_text"])
def test_published_spellings(text: str) -> None:
    assert read_recovery_key(text) == KEY


@pytest.mark.parametrize("case", EDGES["recovery"]["also_read"], ids=lambda case: ascii(case["text"])[:20])
def test_what_people_type(case: dict[str, str]) -> None:
    assert read_recovery_key(case["text"]) == h(case["key"])


@pytest.mark.parametrize("text", V1["recovery"]["refused_text"] + EDGES["recovery"]["refused_text"], ids=ascii)
def test_what_is_no_recovery_key(text: str) -> None:
    with pytest.raises(ValueError, match="no recovery key") as caught:
        read_recovery_key(text)
    assert not text or text not in str(caught.value)


@given(st.binary(min_size=20, max_size=20))
def test_a_key_comes_back(key: bytes) -> None:
    text = write_recovery_key(key)
    assert [len(group) for group in text.split("-")] == [4] * 9
    assert read_recovery_key(text) == read_recovery_key(text.lower()) == key


@given(st.integers(0, 35), st.sampled_from(SYMBOLS))
def test_one_wrong_symbol_of_the_published_key_is_found(place: int, symbol: str) -> None:
    symbols = list(TEXT.replace("-", ""))
    right = symbols[place] == symbol
    symbols[place] = symbol
    if right:
        assert read_recovery_key("".join(symbols)) == KEY
    else:
        with pytest.raises(ValueError):
            read_recovery_key("".join(symbols))


@given(st.text(max_size=50))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_recovery_key(text)


def test_keys_are_drawn_anew_and_not_shown() -> None:
    assert len({new_recovery_key() for _ in range(100)}) == 100
    keys = recovery_keys(KEY)
    assert repr(keys) == f"RecoveryKeys(auth_hash={keys.auth_hash!r})"
