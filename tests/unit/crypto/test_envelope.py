"""crypto.envelope and padding: the published revisions, and every change that must not open."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from insomnia_desktop.crypto.envelope import (
    NO_PREV,
    Revision,
    epoch_of,
    open_and_hash,
    open_envelope,
    rev_hash,
)
from insomnia_desktop.crypto.errors import EnvelopeTooLarge, Undecryptable
from insomnia_desktop.crypto.group_keys import resource_key
from insomnia_desktop.crypto.padding import bucket, frames, pad_frame, unpack
from insomnia_desktop.crypto.seal import seal
from insomnia_desktop.crypto.tuples import tup, u8, u32, u64
from insomnia_desktop.protocol.binary import encode
from tests.support.sealed_envelopes import pack, seal_and_hash
from tests.support.vectors import ACCOUNT_ID, EDGES, V1, flipped, h

GROUP, GROUP_KEY = h(V1["group"]["group_id"]), h(V1["group"]["group_key"])
KEYS = {1: GROUP_KEY}
ROWS = V1["revisions"]
row_ids = [f"{row['resource_id'][:4]}-{row['version']}" for row in ROWS]


def revision_of(row: dict[str, Any]) -> Revision:
    """Return a published row without its envelope."""
    return Revision(GROUP, h(row["resource_id"]), row["version"], h(row["prev"]), bool(row["deleted"]), ACCOUNT_ID)


REVISION = revision_of(ROWS[0])


@pytest.mark.parametrize("row", ROWS, ids=row_ids)
def test_published_revisions(row: dict[str, Any]) -> None:
    revision, envelope = revision_of(row), h(row["envelope"])
    assert revision.aad(1).hex() == row["aad"]
    assert pad_frame(h(row["zstd_frame"])).hex() == row["padded"]
    assert unpack(h(row["padded"])) == row["plaintext_text"].encode()
    key = resource_key(GROUP_KEY, revision.resource_id)
    assert b"\x01\0\0\0\x01" + seal(key, revision.aad(1), h(row["padded"]), h(row["nonce"])) == envelope
    assert open_envelope(KEYS, revision, envelope) == row["plaintext_text"].encode()
    assert epoch_of(envelope) == 1
    assert rev_hash(revision, envelope).hex() == row["rev_hash"]
    assert open_and_hash(KEYS, revision, envelope) == (row["plaintext_text"].encode(), h(row["rev_hash"]))
    assert open_and_hash({}, revision, envelope) == (None, h(row["rev_hash"]))
    assert open_and_hash({1: bytes(32)}, revision, envelope) == (None, h(row["rev_hash"]))
    with pytest.raises(Undecryptable):
        open_and_hash(KEYS, revision, envelope[:20])
    assert encode(envelope) == row["wire"]["blob"]
    assert encode(revision.prev) == row["wire"]["prev"]


def test_the_published_chain_holds() -> None:
    first, second, third = ROWS[1:]
    assert h(first["prev"]) == NO_PREV
    assert (second["prev"], third["prev"]) == (first["rev_hash"], second["rev_hash"])


@pytest.mark.parametrize("row", ROWS, ids=row_ids)
def test_every_field_of_the_associated_data_is_bound(row: dict[str, Any]) -> None:
    revision, envelope = revision_of(row), h(row["envelope"])
    changes: list[dict[str, Any]] = [
        {"group_id": flipped(revision.group_id, 0)},
        {"resource_id": flipped(revision.resource_id, 127)},
        {"version": revision.version + 1},
        {"version": revision.version + 256},
        {"prev": flipped(revision.prev, 8)},
        {"deleted": not revision.deleted},
        {"author": flipped(revision.author, 1)},
    ]
    for change in changes:
        other = replace(revision, **change)
        with pytest.raises(Undecryptable):
            open_envelope(KEYS, other, envelope)
        assert rev_hash(other, envelope) != rev_hash(revision, envelope)
    with pytest.raises(Undecryptable):
        open_envelope({2: GROUP_KEY}, revision, envelope[:1] + b"\0\0\0\x02" + envelope[5:])


@pytest.mark.parametrize("row", ROWS, ids=row_ids)
def test_no_flipped_bit_opens(row: dict[str, Any]) -> None:
    revision, envelope = revision_of(row), h(row["envelope"])
    # Any epoch has a key here, so that its bits are refused for what they are.
    keys = {1 ^ 1 << bit: GROUP_KEY for bit in range(32)} | KEYS
    for bit in range(len(envelope) * 8):
        with pytest.raises(Undecryptable):
            open_envelope(keys, revision, flipped(envelope, bit))


@pytest.mark.parametrize("row", ROWS, ids=row_ids)
def test_no_shorter_tag_and_no_other_length_opens(row: dict[str, Any]) -> None:
    revision, envelope = revision_of(row), h(row["envelope"])
    for cut in range(1, 17):
        with pytest.raises(Undecryptable):
            open_envelope(KEYS, revision, envelope[:-cut])
    for other in (b"", envelope[:5], envelope + b"\0", b"\x01" * (1_048_576 + 1)):
        with pytest.raises(Undecryptable):
            open_envelope(KEYS, revision, other)


def test_another_key_opens_nothing() -> None:
    envelope = h(ROWS[0]["envelope"])
    for keys in ({}, {2: GROUP_KEY}, {1: bytes(32)}):
        with pytest.raises(Undecryptable):
            open_envelope(keys, REVISION, envelope)
    # Sealed with the key of another resource, all else the same.
    key = resource_key(GROUP_KEY, h(ROWS[1]["resource_id"]))
    with pytest.raises(Undecryptable):
        open_envelope(KEYS, REVISION, b"\x01\0\0\0\x01" + seal(key, REVISION.aad(1), h(ROWS[0]["padded"])))


@given(st.binary(min_size=1, max_size=3000), st.integers(1, 2**53 - 1), st.booleans(), st.integers(0, 2**32 - 1))
def test_what_was_sealed_comes_back(plaintext: bytes, version: int, deleted: bool, epoch: int) -> None:
    revision = replace(REVISION, version=version, deleted=deleted)
    envelope, hashed = seal_and_hash(GROUP_KEY, epoch, revision, plaintext)
    assert epoch_of(envelope) == epoch
    assert len(envelope) >= 289
    assert len(envelope) - 33 == bucket(len(envelope) - 33)
    assert open_envelope({epoch: GROUP_KEY}, revision, envelope) == plaintext
    nonce = envelope[5:17]
    assert hashed == rev_hash(revision, envelope)
    assert seal_and_hash(GROUP_KEY, epoch, revision, plaintext, nonce) == (envelope, hashed)


def test_a_document_that_a_server_would_not_take_is_refused_here() -> None:
    noise = random.Random(1).randbytes(1_050_000)
    with pytest.raises(EnvelopeTooLarge) as caught:
        seal_and_hash(GROUP_KEY, 1, REVISION, noise)
    assert caught.value.size > 1_048_576
    assert len(seal_and_hash(GROUP_KEY, 1, REVISION, noise[:1_000_000])[0]) <= 1_048_576
    with pytest.raises(ValueError, match="16 MiB"):
        seal_and_hash(GROUP_KEY, 1, REVISION, bytes(16 * 1024 * 1024 + 1))
    with pytest.raises(ValueError, match="1 byte"):
        seal_and_hash(GROUP_KEY, 1, REVISION, b"")
    # Sixteen million zeros are honest, and small.
    assert len(seal_and_hash(GROUP_KEY, 1, REVISION, bytes(16 * 1024 * 1024))[0]) < 10_000


@pytest.mark.parametrize(("before", "after"), V1["bucket"] + EDGES["bucket"])
def test_published_buckets(before: int, after: int) -> None:
    assert bucket(before) == after


@given(st.integers(0, 1 << 24))
def test_a_bucket_is_near_and_its_own_bucket(length: int) -> None:
    padded = bucket(length)
    assert padded >= max(length, 256)
    assert bucket(padded) == padded
    assert padded <= max(256, length * 1.12)


def _unopened(padded: bytes) -> None:
    with pytest.raises(Undecryptable):
        unpack(padded)


def _framed(frame: bytes) -> bytes:
    return (len(frame).to_bytes(4, "big") + frame).ljust(bucket(4 + len(frame)), b"\0")


def test_padding_is_what_the_length_says() -> None:
    padded = pack(b"{}")
    assert len(padded) == 256
    assert unpack(padded) == b"{}"
    _unopened(b"")
    _unopened(padded[:3])
    _unopened(padded[:-1])
    _unopened(padded + b"\0")
    _unopened(padded + bytes(16))
    _unopened(padded[:-1] + b"\x01")
    _unopened(b"\xff\xff\xff\xff" + padded[4:])
    _unopened((253).to_bytes(4, "big") + padded[4:])
    # A length one short cuts the frame, one more takes a zero of the padding in.
    length = int.from_bytes(padded[:4], "big")
    _unopened((length - 1).to_bytes(4, "big") + padded[4:])
    _unopened((length + 1).to_bytes(4, "big") + padded[4:])


def test_one_frame_of_the_one_kind() -> None:
    def frame(**options: Any) -> bytes:
        return zstandard.ZstdCompressor(level=3, **options).compress(b"hello " * 100)

    good = frame()
    assert unpack(_framed(good)) == b"hello " * 100
    _unopened(_framed(frame(write_content_size=False)))
    _unopened(_framed(frame(write_checksum=True)))
    dictionary = zstandard.ZstdCompressionDict(b"hello " * 50, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    _unopened(_framed(frame(dict_data=dictionary)[:-1]))
    _unopened(_framed(good + good))
    _unopened(_framed(good + b"\0"))
    _unopened(_framed(good[:-1]))
    _unopened(_framed(b""))
    _unopened(_framed(good[:4]))
    # A frame that decoders skip, alone and in front.
    skipped = b"\x50\x2a\x4d\x18\x05\0\0\0hello"
    _unopened(_framed(skipped))
    _unopened(_framed(skipped + good))
    # A dictionary id in the header (RFC 8878, 3.1.1.1.1.6), with one byte for it.
    _unopened(_framed(good[:4] + bytes([good[4] | 1]) + b"\x07" + good[5:]))


@pytest.mark.parametrize("case", EDGES["frame"]["accepted"], ids=lambda case: case["name_text"])
def test_published_frames_are_read(case: dict[str, str]) -> None:
    assert unpack(_framed(h(case["frame"]))) == h(case["content"])


@pytest.mark.parametrize("case", EDGES["frame"]["refused"], ids=lambda case: case["name_text"])
def test_published_frames_are_refused(case: dict[str, str]) -> None:
    _unopened(_framed(h(case["frame"])))


def test_the_claimed_size_is_read_first() -> None:
    header = b"\x28\xb5\x2f\xfd\xe0"
    nothing = b"\x01\0\0"
    for size in (16 * 1024 * 1024 + 1, 1 << 40, 2**64 - 1):
        _unopened(_framed(header + size.to_bytes(8, "little") + nothing))
    # A claim within the bound that the blocks do not keep, to both sides.
    for size in (1, 16 * 1024 * 1024):
        _unopened(_framed(header + size.to_bytes(8, "little") + nothing))
    two = b"\x11\0\0ab"
    assert unpack(_framed(header + (2).to_bytes(8, "little") + two)) == b"ab"
    for size in (0, 1, 3):
        _unopened(_framed(header + size.to_bytes(8, "little") + two))


def test_threads_pack_and_unpack_at_the_same_time() -> None:
    chance = random.Random(3)
    texts = [chance.choice((b"a", b"order ")) * chance.randrange(1, 20_000) + b"%d" % number for number in range(64)]
    alone = [pack(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(pack, texts * 4)) == alone * 4
        assert list(pool.map(unpack, alone * 4)) == texts * 4


@pytest.mark.parametrize("size", [10, 60_000], ids=["in one go", "too large for that"])
def test_frames_are_what_each_is_alone(size: int) -> None:
    chance = random.Random(5)
    texts = [chance.randbytes(chance.randrange(1, size + 1)) + b"order " * 200 for _ in range(50)]
    assert frames(texts) == [frames([text])[0] for text in texts]
    assert [unpack(pad_frame(frame)) for frame in frames(texts)] == texts
    assert frames([]) == []
    for wrong in (b"", bytes(16 * 1024 * 1024 + 1)):
        with pytest.raises(ValueError, match="16 MiB"):
            frames([texts[0], wrong])


def test_what_was_refused_leaves_nothing_behind() -> None:
    good = pack(b"hello " * 100)
    for cut in range(1, 20):
        _unopened(_framed(good[4 : 4 + cut]))
        assert unpack(good) == b"hello " * 100


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    try:
        unpack(_framed(b"\x28\xb5\x2f\xfd" + data))
    except Undecryptable:
        return


@given(st.data())
def test_associated_data_is_the_tuple_of_its_fields_whatever_their_lengths(data: st.DataObject) -> None:
    def some(size: int) -> bytes:
        return data.draw(st.binary(min_size=size, max_size=size) | st.binary(max_size=40))

    revision = Revision(
        some(16), some(16), data.draw(st.integers(0, 2**64 - 1)), some(32), data.draw(st.booleans()), some(16)
    )
    epoch = data.draw(st.integers(0, 2**32 - 1))
    assert revision.aad(epoch) == tup(
        "res/1",
        revision.group_id,
        revision.resource_id,
        u64(revision.version),
        revision.prev,
        u32(epoch),
        u8(revision.deleted),
        revision.author,
    )


@pytest.mark.parametrize(("version", "epoch"), [(-1, 1), (2**64, 1), (1, -1), (1, 2**32)])
def test_numbers_that_do_not_fit_have_no_associated_data(version: int, epoch: int) -> None:
    with pytest.raises(OverflowError):
        Revision(bytes(16), bytes(16), version, NO_PREV, False, bytes(16)).aad(epoch)
