"""What hints look like on their way between servers."""

from __future__ import annotations

import os

from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.server.hints import PUSHER_BYTES, Collected, payloads, read_payload

NODE, OTHER = encode(b"n" * 16), encode(b"o" * 16)


def test_what_was_collected_comes_back_at_another_node_and_not_at_its_own() -> None:
    removed = {b"r" * 16: (b"a" * 16, b"remove")}
    collected = Collected({b"g" * 16: b"pusher", b"h" * 16: b""}, {b"a" * 16}, removed)
    (payload,) = payloads(NODE, collected)
    assert read_payload(OTHER, payload) == collected
    assert not read_payload(NODE, payload)


def test_a_payload_is_one_that_postgresql_takes() -> None:
    groups = {os.urandom(16): os.urandom(PUSHER_BYTES) for _ in range(700)}
    removed = {os.urandom(16): (os.urandom(16), os.urandom(PUSHER_BYTES)) for _ in range(100)}
    found = list(payloads(NODE, Collected(dict(groups), {os.urandom(16)}, dict(removed))))
    assert len(found) == 4
    assert max(len(payload.encode()) for payload in found) < 8000
    together = Collected()
    for payload in found:
        together.add(read_payload(OTHER, payload))
    assert (together.groups, together.removed, len(together.accounts)) == (groups, removed, 1)
    assert list(payloads(NODE, Collected())) == []


def test_a_group_of_several_pushers_concerns_them_all() -> None:
    collected = Collected()
    collected.add_group(b"g" * 16, b"first.")
    collected.add_group(b"g" * 16, b"first.")
    assert collected.groups == {b"g" * 16: b"first."}
    collected.add_group(b"g" * 16, b"second")
    assert collected.groups == {b"g" * 16: b""}
    collected.add_group(b"g" * 16, b"second")
    assert collected.groups == {b"g" * 16: b""}


def test_words_that_are_no_hints_are_left_out() -> None:
    good = f"g{encode(b'g' * 16)}"
    words = ["", "g", "gAA", f"x{encode(b'x' * 16)}", f"{good}AA", f"{good}=", f"a{encode(b'a' * 16)}AAAAAAAA", good]
    words += [f"r{encode(b'r' * 16)}", f"r{encode(b'r' * 32)}", f"r{encode(b'r' * 16)}AAAAAAAA"]
    assert read_payload(OTHER, " ".join((NODE, *words))) == Collected({b"g" * 16: b""})
    assert not read_payload(OTHER, "")
