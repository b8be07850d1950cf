"""Ids of documents and rows, against the published vectors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base import ids
from insomnia_desktop.base.errors import Bug, KnownError


@pytest.mark.parametrize("kind", ["workspace", "folder", "request", "environment", "cookie_jar", "response"])
def test_an_id_names_its_kind_and_comes_back_from_the_wire(kind: str) -> None:
    local = ids.new_id(kind)
    assert ids.is_id(local)
    assert ids.kind_of(local) == kind
    assert len(ids.to_wire(local)) == 22
    assert ids.from_wire(kind, ids.to_wire(local)) == local


def test_singletons_are_those_of_the_published_vectors() -> None:
    seed = ids.to_base64url(bytes.fromhex("909192939495969798999a9b9c9d9e9f"))
    assert seed == "kJGSk5SVlpeYmZqbnJ2enw"
    assert ids.singleton_id(seed, "base_environment") == "env_71bfdf5fa3903c728b7e42e08dcb6090"
    assert ids.singleton_id(seed, "cookie_jar") == "jar_fbc9e9ab97c8a92760a821eeb04a0fad"


@pytest.mark.parametrize(
    "spelling",
    ["UFFSU1RVVldYWVpbXF1eX", "UFFSU1RVVldYWVpbXF1eXx", "UFFSU1RVVldYWVpbXF1eXw==", "UFFSU1RVVldYWVpbXF1e+w", "ü"],
)
def test_other_spellings_of_an_id_are_refused(spelling: str) -> None:
    with pytest.raises(KnownError) as refused:
        ids.from_wire("request", spelling)
    assert refused.value.code == "ids.not_canonical"


def test_the_accepted_spelling_is_read() -> None:
    assert ids.from_wire("request", "UFFSU1RVVldYWVpbXF1eXw") == "req_505152535455565758595a5b5c5d5e5f"


@pytest.mark.parametrize("seed", ["", "kJGSk5SVlpeYmZqbnJ2e"])
def test_a_seed_of_another_length_is_refused(seed: str) -> None:
    with pytest.raises(KnownError, match=r"ids\.not_canonical"):
        ids.singleton_id(seed, "cookie_jar")


def test_a_malformed_id_is_a_bug() -> None:
    with pytest.raises(Bug, match=r"ids\.malformed"):
        ids.kind_of("req_xyz")
    with pytest.raises(Bug, match=r"ids\.unknown_kind"):
        ids.new_id("plugin")


def test_row_ids_differ() -> None:
    assert len({ids.new_row_id() for _ in range(1000)}) == 1000
    assert ids.is_id(ids.new_row_id()) is False


@given(st.binary(max_size=40))
def test_base64url_round_trip(raw: bytes) -> None:
    assert ids.from_base64url(ids.to_base64url(raw)) == raw


def test_seeds_are_sixteen_bytes() -> None:
    assert len(ids.from_base64url(ids.new_seed())) == 16


def test_siblings_of_one_key_stand_by_the_bytes_of_their_ids_whatever_they_are() -> None:
    folder, request = "fld_" + "2" * 32, "req_" + "1" * 32
    assert sorted([folder, request], key=lambda each: ids.sibling_order("V", each)) == [request, folder]
    assert ids.sibling_order("A", folder) < ids.sibling_order("V", request)
