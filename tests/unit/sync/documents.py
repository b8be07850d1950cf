"""Plaintexts, heads and rows with sensible defaults, and random ones, for the tests of sync."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import strategies as st

from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.sync.values import Base, Head, Local, Plaintext, Row

scalars = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([1.0, 0.5]) | st.text("ab", max_size=2)
lines = st.lists(st.sampled_from("abcde"), max_size=6).map("\n".join)
tables = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from("pqrst")}, optional={"name": st.text("xy", max_size=2), "n": scalars, "type": scalars}
    ),
    max_size=4,
    unique_by=lambda row: row["id"],
)
values = st.recursive(
    scalars | tables | lines,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "type", "id", "@x", "#order", "\\"]), inner, max_size=3)
    ),
    max_leaves=6,
)
bodies = st.fixed_dictionaries(
    {"type": st.sampled_from(["text", "graphql", "form"])}, optional={"text": lines, "query": lines, "rows": tables}
)
fields = st.fixed_dictionaries({}, optional={"description": lines, "body": bodies, "headers": tables, "name": values})


def wire_id(number: int) -> str:
    """Return the id with this number in its last bytes."""
    return to_base64url(number.to_bytes(16, "big"))


@st.composite
def plaintexts(draw: st.DrawFn, kind: str = "request") -> Plaintext:
    """Return a random document of a kind."""
    return Plaintext(
        schema=1,
        kind=kind,
        parent=draw(st.sampled_from([wire_id(1), wire_id(2)])),
        order=draw(st.sampled_from(["V", "k"])),
        fields=draw(fields),
        rest=draw(st.dictionaries(st.sampled_from("xy"), scalars, max_size=2)),
    )


def request(name: str = "One", *, parent: str | None = None, order: str = "V", **more: Any) -> Plaintext:
    """Return a request."""
    return Plaintext(1, "request", parent or wire_id(1), order, {"name": name, **more})


def hash_of(*parts: object) -> bytes:
    """Return 32 bytes that stand for a revision's hash."""
    return hashlib.sha256(repr(parts).encode()).digest()


def head(version: int = 1, *, branch: str = "", deleted: bool = False, own: bool = False) -> Head:
    """Return the head of a version; another branch has other hashes."""
    return Head(version, hash_of(version, branch), 10 + version, deleted, own)


def row(version: int = 2, *, branch: str = "", after: str = "", deleted: bool = False) -> Row:
    """Return the row of a version; `after` is the branch of the version before."""
    prev = hash_of(version - 1, after) if version > 1 else bytes(32)
    return Row(wire_id(9), version, 10 + version, prev, deleted, hash_of(version, branch))


def base(plaintext: Plaintext, *, deleted: bool = False) -> Base:
    """Return what was agreed on."""
    return Base(plaintext, deleted)


def clean(plaintext: Plaintext, *, deleted: bool = False) -> Local:
    """Return a document without unsent edits."""
    return Local(plaintext, deleted, local_rev=3, synced_rev=3)


def dirty(plaintext: Plaintext, *, deleted: bool = False) -> Local:
    """Return a document with an unsent edit."""
    return Local(plaintext, deleted, local_rev=4, synced_rev=3)
