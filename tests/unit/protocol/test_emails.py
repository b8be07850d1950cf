"""The canonical form of e-mail addresses, against the published vectors and edges of our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.protocol.emails import canonical_email
from tests.support.vectors import EDGES, V1


@pytest.mark.parametrize("case", V1["email"] + EDGES["email"], ids=lambda case: ascii(case["typed_text"])[:40])
def test_published_addresses(case: dict[str, str | None]) -> None:
    typed, canonical = case["typed_text"], case["canonical_text"]
    assert typed is not None
    if canonical is None:
        with pytest.raises(ValueError, match="not an e-mail address"):
            canonical_email(typed)
    else:
        assert canonical_email(typed) == canonical


def test_the_lengths_are_bounded() -> None:
    assert canonical_email("a" * 64 + "@" + "b" * 253)
    for text in ("a" * 65 + "@b", "a@" + "b" * 254):
        with pytest.raises(ValueError):
            canonical_email(text)


@given(st.text())
def test_the_canonical_form_is_ascii_and_its_own_canonical_form(text: str) -> None:
    try:
        canonical = canonical_email(text)
    except ValueError:
        return
    assert canonical.isascii()
    assert canonical == canonical.lower() == canonical_email(canonical)


@given(st.from_regex(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,253}", fullmatch=True), st.text("\t\n\v\f\r ", max_size=3))
def test_white_space_around_an_address_is_dropped(address: str, space: str) -> None:
    assert canonical_email(space + address + space) == address.lower()
