"""The rules of a push against a plain model of them, for any sequence of changes: server.domain.push_rules."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.crypto import digest
from insomnia_desktop.crypto.envelope import NO_PREV, Revision, rev_hash
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.protocol.sync import Change
from insomnia_desktop.server.database.groups import GroupRow
from insomnia_desktop.server.database.resources import Current
from insomnia_desktop.server.domain.push_rules import Tally, judge, offer

GROUP, AUTHOR = b"g" * 16, b"a" * 16
BLOBS = [b"\x01\0\0\0\x01" + bytes([n]) * 284 for n in range(4)]
BAD = [b"", b"\x02" + BLOBS[0][1:], BLOBS[0][:-1], b"\x01\0\0\0\x02" + BLOBS[0][5:], BLOBS[0] + bytes(200)]
LIMITS = Limits(blob=400, resources=2, quota=10 * 289)


def group(**changes: int) -> GroupRow:
    """Return an empty group with other counters."""
    return replace(GroupRow(GROUP, 1, 0, digest.EMPTY, 1, 0, 0, 0, 0, 5), **changes)


@dataclass
class Model:
    """All versions of all resources, as lists; slow and plain."""

    versions: dict[bytes, list[tuple[bytes, int, bool]]] = field(default_factory=dict)
    seq: int = 0
    bytes: int = 0

    def push(self, change: Change) -> str:
        """Return the result of a change as the page of the protocol says it."""
        known = self.versions.get(change.id, [])
        revision = Revision(GROUP, change.id, change.version, change.prev, change.deleted, AUTHOR)
        good = change.blob in BLOBS and change.version > 0
        made = rev_hash(revision, change.blob) if good else b""
        if made and any(made == old for old, *_ in known):
            return "ok" if made == known[-1][0] else "superseded"
        if not good:
            return self._why(change)
        if not known and change.version > 1:
            return "gone"
        if change.version != len(known) + 1 or change.prev != (known[-1][0] if known else NO_PREV):
            return "conflict"
        if not change.deleted and (not known or known[-1][2]) and self.live() >= LIMITS.resources:
            return "full"
        if self.bytes + len(change.blob) > LIMITS.quota:
            return "quota"
        self.seq += 1
        self.bytes += len(change.blob)
        self.versions.setdefault(change.id, []).append((made, self.seq, change.deleted))
        return "ok"

    def _why(self, change: Change) -> str:
        if change.version == 0 or change.blob in BAD[:3]:
            return "invalid"
        return "too_large" if change.blob == BAD[4] else "stale_epoch"

    def live(self) -> int:
        """Return how many are no tombstones."""
        return sum(not known[-1][2] for known in self.versions.values())

    def digest(self) -> bytes:
        """Return the digest, computed anew."""
        return digest.total(
            digest.term(name, len(known), known[-1][0]) for name, known in self.versions.items() if not known[-1][2]
        )


@st.composite
def a_push(draw: st.DrawFn) -> tuple[int, int, int, bool, bytes]:
    """Return resource, version and prev relative to what is there, deleted, and a blob."""
    blob = draw(st.sampled_from([*BLOBS, *BLOBS, *BAD]))
    return (
        draw(st.integers(0, 3)),
        draw(st.sampled_from([1, 1, 1, 1, 0, 2, -1])),
        draw(st.sampled_from([0, 0, 0, 0, 1, 2])),
        draw(st.booleans()),
        blob,
    )


@given(st.lists(a_push(), max_size=40))
def test_any_sequence_of_pushes_comes_to_what_the_model_says(pushes: list[tuple[int, int, int, bool, bytes]]) -> None:
    model, stored = Model(), group()
    current: dict[bytes, Current] = {}
    history: dict[tuple[bytes, int], bytes] = {}
    for resource, step, back, deleted, blob in pushes:
        name = bytes([resource]) * 16
        hashes = [NO_PREV, *(made for made, *_ in model.versions.get(name, []))]
        version = max(len(hashes) - 1 + step, 0)
        prev = hashes[-1 - back] if back < len(hashes) else b"x" * 32
        change = Change(Bytes16(name), version, Bytes32(prev), deleted, Binary(blob))
        tally = Tally(stored, 0, LIMITS)
        verdict = judge(offer(GROUP, AUTHOR, change), current.get(name), history, tally)
        assert (verdict.result.code or verdict.result.result) == model.push(change)
        before, stored = stored, tally.result(now=7)
        assert verdict.stored == (stored != before)
        if verdict.stored:
            if name in current:
                history[name, current[name].version] = current[name].rev_hash
            made, seq, _ = model.versions[name][-1]
            current[name] = Current(name, version, seq, made, deleted)
        if verdict.result.result == "ok":
            assert verdict.result.seq == current[name].seq
        assert (stored.head_seq, stored.bytes, stored.live) == (model.seq, model.bytes, model.live())
        assert stored.digest == model.digest()


@pytest.mark.parametrize("length", range(5))
def test_an_envelope_too_short_for_an_epoch_has_no_hash(length: int) -> None:
    change = Change(Bytes16(os.urandom(16)), 1, Bytes32(NO_PREV), False, Binary(bytes(length)))
    assert offer(GROUP, AUTHOR, change).rev_hash is None


def test_when_a_group_became_empty() -> None:
    first = Change(Bytes16(b"1" * 16), 1, Bytes32(NO_PREV), False, Binary(BLOBS[0]))
    made = offer(GROUP, AUTHOR, first)
    tally = Tally(group(), 0, LIMITS)
    judge(made, None, {}, tally)
    live = tally.result(now=7)
    assert (live.live, live.empty_since) == (1, None)
    assert made.rev_hash is not None
    dead = Change(first.id, 2, Bytes32(made.rev_hash), True, Binary(BLOBS[1]))
    tally = Tally(live, 0, LIMITS)
    judge(offer(GROUP, AUTHOR, dead), Current(first.id, 1, 1, made.rev_hash, False), {}, tally)
    empty = tally.result(now=8)
    assert (empty.live, empty.empty_since) == (0, 8)
    # Another tombstone later does not make it empty anew.
    tally = Tally(empty, 0, LIMITS)
    other = Change(Bytes16(b"2" * 16), 1, Bytes32(NO_PREV), True, Binary(BLOBS[0]))
    judge(offer(GROUP, AUTHOR, other), None, {}, tally)
    assert tally.result(now=9).empty_since == 8
