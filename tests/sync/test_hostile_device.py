"""A device of the account that means no good: it has the keys, and seals what no honest program would.

About sync.envelopes, sync.plaintext and sync.pulled_row behind crypto.padding; and store.synced_documents.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import pytest
import zstandard

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import PREFIXES, to_wire
from insomnia_desktop.crypto.envelope import NO_PREV, Revision, rev_hash
from insomnia_desktop.crypto.group_keys import resource_key
from insomnia_desktop.crypto.padding import bucket, pad_frame
from insomnia_desktop.crypto.seal import seal
from insomnia_desktop.crypto.tuples import u32
from insomnia_desktop.model import Document, view
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.limits import PLAINTEXT_DEPTH, PLAINTEXT_MAX
from insomnia_desktop.protocol.sync import Change, Push
from insomnia_desktop.store.database import unreadable_documents
from insomnia_desktop.store.queries import documents, sync
from insomnia_desktop.sync.bindings import read_wraps
from insomnia_desktop.sync.envelopes import GroupKeys
from tests.support.clock import FixedClock
from tests.support.sealed_envelopes import pack
from tests.support.sync_devices import SyncDevice, SyncPlace, sync_place

JsonObject = dict[str, Any]
Padded = Callable[[bytes], bytes]


class Forger:
    """An honest device whose keys are used for dishonest rows."""

    def __init__(self, place: SyncPlace, device: SyncDevice, workspace: str) -> None:
        self.device = device
        self._run = place.server.run
        (binding,) = sync.bindings(device.store.reader())
        assert binding.group_id is not None
        self.group = binding.group_id
        keys = device.session.keys_of(self.group, workspace, read_wraps(binding.wraps))
        assert keys is not None
        self.keys: GroupKeys = keys

    def push(self, document_id: str, padded: bytes, *, deleted: bool = False) -> None:
        """Push the next version of a resource, with any bytes in its envelope."""
        resource = bytes.fromhex(document_id[4:])
        found = self.device.store.reader().row(
            "SELECT version, rev_hash FROM head WHERE resource = ?", (document_id[4:],)
        )
        version, prev = (found[0] + 1, found[1]) if found else (1, NO_PREV)
        revision = Revision(self.keys.group_id, resource, version, prev, deleted, self.keys.account_id)
        sealed = seal(resource_key(self.keys.keys[1], resource), revision.aad(1), padded)
        envelope = b"\x01" + u32(1) + sealed
        assert rev_hash(revision, envelope)
        change = Change(Bytes16(resource), version, Bytes32(prev), deleted, Binary(envelope))
        (result,) = self._run(self.device.session.api.push(self.group, Push(0, [change]))).results
        assert result.result == "ok"


def plain(**fields: Any) -> JsonObject:
    """Return the plaintext of an honest request under a workspace that is put in later."""
    return {"s": 1, "t": "request", "p": "", "o": "V", "d": {"name": "Forged", "url": "https://example.com"}, **fields}


def without(name: str) -> JsonObject:
    """Return an honest plaintext without a key."""
    return {key: value for key, value in plain().items() if key != name}


def nested(depth: int) -> Any:
    """Return lists in lists."""
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


def frame(**parameters: Any) -> Padded:
    """Pad a frame that was made with other parameters."""
    return lambda data: pad_frame(zstandard.ZstdCompressor(level=3, **parameters).compress(data))


def header_of_size(size: int) -> Padded:
    """Pad a frame whose header claims so many bytes; it has one raw block."""

    def run(data: bytes) -> bytes:
        header = b"\x28\xb5\x2f\xfd" + b"\xe0" + size.to_bytes(8, "little")
        return pad_frame(header + (len(data) << 3 | 1).to_bytes(3, "little") + data)

    return run


def repeated(size: int) -> Padded:
    """Pad a frame of zeros of any length: some hundred bytes, however long that is."""
    return lambda _: pad_frame(zstandard.ZstdCompressor(level=3, write_content_size=True).compress(bytes(size)))


def not_zeros(data: bytes) -> bytes:
    """Put something behind the frame."""
    padded = bytearray(pack(data))
    padded[-1] = 1
    return bytes(padded)


def longer(data: bytes) -> bytes:
    """Pad to a length that is no bucket."""
    padded = pack(data)
    return padded + bytes(bucket(len(padded) + 1) - len(padded) - 1)


FRAMES: dict[str, Padded] = {
    "a frame without its size": frame(write_content_size=False),
    "a frame with a checksum": frame(write_checksum=True),
    "a frame of more than 16 MiB": repeated(PLAINTEXT_MAX + 1),
    "a frame of 300 MiB": repeated(300 << 20),
    "a frame that claims an exbibyte": header_of_size(1 << 60),
    "a frame that claims more than it has": header_of_size(100_000),
    "a frame that claims less than it has": header_of_size(10),
    "a frame that claims nothing": header_of_size(0),
    "two frames": lambda data: pad_frame(2 * zstandard.ZstdCompressor().compress(data)),
    "a frame that decoders skip": lambda data: pad_frame(b"\x50\x2a\x4d\x18" + u32(len(data)) + data),
    "no frame": pad_frame,
    "padding of something": not_zeros,
    "padding to another length": longer,
    "a length beyond the end": lambda data: u32(100_000) + pack(data)[4:],
    "a length of nothing": lambda data: u32(0) + pack(data)[4:],
}
TEXTS: dict[str, bytes | JsonObject] = {
    "no JSON": b"{",
    "a list": b"[]",
    "half a surrogate pair": json.dumps(plain(d={"name": "\ud800"})).encode(),
    "no UTF-8": b'{"s":1,"t":"request","p":null,"o":"V","d":{"name":"\xff"}}',
    "65 levels": plain(d={"name": "Deep", "x": nested(PLAINTEXT_DEPTH - 1)}),
    "400 levels behind strings": b'{"x":' + b'["]",' * 400 + b"1" + b',"["]' * 400 + b"}",
    "100,000 levels": b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "schema 0": plain(s=0),
    "schema as text": plain(s="1"),
    "schema true": plain(s=True),
    "no kind": without("t"),
    "a kind that is a list": plain(t=["request"]),
    "no parent": without("p"),
    "a parent of null": plain(p=None),
    "a parent that is no id": plain(p="root"),
    "no order": without("o"),
    "an empty order": plain(o=""),
    "an order of other letters": plain(o="a-b"),
    "an order of 201 letters": plain(o="V" * 201),
    "no fields": without("d"),
    "fields that are a list": plain(d=[]),
    "a second workspace": plain(t="workspace", p=None),
}
OTHERS: dict[str, tuple[JsonObject, str]] = {
    "a newer schema": (plain(s=99, d=[1, 2]), "newer_schema"),
    "a kind to come": (plain(t="hologram"), "newer_schema"),
    "another kind": (plain(t="folder"), "type_changed"),
}
ACCEPTED: dict[str, JsonObject] = {
    "64 levels": plain(d={"name": "Deep", "x": nested(PLAINTEXT_DEPTH - 2)}),
    "fields of other types": plain(
        d={"name": 7, "method": [], "url": {}, "headers": "x", "parameters": [1, None], "body": 5, "settings": []}
    ),
    "rows of one id": plain(d={"name": "Rows", "headers": [{"id": "a"}, {"id": "a"}, {"id": 1}]}),
    "numbers of 40 digits": plain(d={"name": "Big", "x": 10**40, "y": [-(10**40), 1e308]}),
    "names of control characters": plain(d={"name": "\x1b[2J\x00<b>x</b>\u202e", "url": "\n"}),
    "a megabyte of name": plain(d={"name": "x" * (1 << 20)}),
    "unknown keys": plain(x={"deep": [1]}, d={"name": "Keys", "__proto__": {"a": 1}, "": 2, "@a": 3, "#order": 4}),
}
# As no program of ours writes it; as long as nobody edits it here it is kept as it came.
NEVER_SEEN: dict[str, bytes] = {
    "keys that come twice": b'{"name":"A","name":"B","url":7,"url":"u","headers":[{"id":"a","name":"h","name":"i"}]}',
    "other white space": b' {\n\t"name" : "W" ,\r\n "x" : [ ] } ',
    "other numbers": b'{"name":"N","x":[1e5,1E22,-0,-0.0,1.0,18446744073709551616,1e-9]}',
    "other escapes": b'{"name":"a\\/b","url":"http:\\/\\/x\\b","x":"\\u0000\\ud83d\\ude00"}',
    "signs of every kind": '{"name":"\ufeff\u2028\x7f\uffff","\ufeff":1,"":2}'.encode(),
    "fields of other types": b'{"name":{"name":"x"},"method":[],"url":1.5,"body":"x"}',
    "nothing": b"{}",
}


class Two:
    """An honest device, and one that forges; `other` is a request that nobody forges."""

    def __init__(self, place: SyncPlace, names: Iterable[str] = ()) -> None:
        self.forging, self.honest = place.device(), place.device()
        self.workspace = self.forging.desk.workspace("Shop")
        self.requests = {name: self.forging.desk.request(self.workspace, "List") for name in ("", *names)}
        self.request = self.requests[""]
        self.other = self.forging.desk.request(self.workspace, "Other")
        assert self.forging.sync().verified
        assert self.honest.sync().verified
        self.forger = Forger(place, self.forging, self.workspace)

    def forge(self, padded: Padded, text: bytes | JsonObject, name: str = "") -> None:
        """Forge a new version of a request."""
        if not isinstance(text, bytes):
            text = json.dumps(text | {"p": to_wire(self.workspace)} if text.get("p") == "" else text).encode()
        self.forger.push(self.requests[name], padded(text))

    def held(self, device: SyncDevice) -> dict[str, str]:
        """Return why rows are in quarantine, by the name of what was forged."""
        names = {request[4:]: name for name, request in self.requests.items()}
        return {names[each.resource]: each.reason for each in sync.held(device.store.reader(), self.forger.group)}

    def go_on(self) -> None:
        """Let an honest edit follow what was forged, and check that it arrives, and that the rounds come to an end."""
        self.forging.desk.set(self.other, url="https://example.com/other")
        for device in (self.forging, self.honest, self.forging):
            assert not device.sync(recompute=True).groups[0].attention
            assert device.desk.fields(self.other)["url"] == "https://example.com/other"


def refusal(document: Document) -> str:
    """Return the code with which a document is not shown, empty where it is."""
    try:
        view(document)
    except KnownError as error:
        return error.code
    return ""


@pytest.fixture
def two(place: SyncPlace) -> Two:
    return Two(place)


PUT_ASIDE: dict[str, tuple[Padded, bytes | JsonObject, str]] = {
    **{name: (padded, plain(), "undecryptable") for name, padded in FRAMES.items()},
    **{name: (pack, text, "malformed") for name, text in TEXTS.items()},
    **{name: (pack, text, reason) for name, (text, reason) in OTHERS.items()},
}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, str], dict[str, JsonObject]]]:
    """Forge everything that is put aside, in one workspace; gives by device the quarantine, and what people have."""
    with sync_place(tmp_path_factory.mktemp("forged"), FixedClock()) as place:
        two = Two(place, PUT_ASIDE)
        for name, (padded, text, _) in PUT_ASIDE.items():
            two.forge(padded, text, name)
            two.honest.desk.set(two.requests[name], typed_before=True, description="typed here")
        two.go_on()
        # Tried again at every start, and put aside again.
        two.honest.restart()
        two.honest.sync()
        return {
            name: (
                two.held(device),
                {each: device.desk.fields(request) for each, request in two.requests.items() if each},
            )
            for name, device in (("forging", two.forging), ("honest", two.honest))
        }


@pytest.mark.parametrize("name", PUT_ASIDE)
def test_what_is_forged_is_put_aside(held: dict[str, tuple[dict[str, str], dict[str, JsonObject]]], name: str) -> None:
    for reasons, fields in held.values():
        assert reasons[name] == PUT_ASIDE[name][2]
        assert fields[name]["name"] == "List"
    assert held["honest"][1][name]["description"] == "typed here"


def test_what_is_odd_and_allowed_is_taken_and_harms_nothing(place: SyncPlace) -> None:
    two = Two(place, ACCEPTED)
    for name, text in ACCEPTED.items():
        two.forge(pack, text, name)
    two.go_on()
    assert two.held(two.honest) == {}
    assert len(documents.tree_rows(two.honest.store.reader(), two.workspace)) == len(ACCEPTED) + 2
    forged = {name: two.honest.desk.get(two.requests[name]) for name in ACCEPTED}
    assert {refusal(document) for document in forged.values()} == {"", "document.invalid"}
    # They are ordinary documents: they can be edited, and what nobody knows in them survives.
    for document in forged.values():
        two.honest.desk.set(document.id, name="Mended")
    assert two.honest.sync(recompute=True).verified
    assert two.forging.sync(recompute=True).verified
    for document in forged.values():
        assert two.forging.desk.fields(document.id) == {**document.fields, "name": "Mended"}


def test_what_is_new_and_odd_reads_as_it_came_and_is_a_document_like_any_other(two: Two) -> None:
    texts: dict[str, bytes] = {}
    parent = to_wire(two.workspace).encode()
    for text in NEVER_SEEN.values():
        for kind, deleted in (("folder", False), ("request", False), ("request", True)):
            name = f"{PREFIXES[kind]}_{len(texts):032x}"
            whole = b'{"s":1,"t":"%s","p":"%s","o":"V","d":%s}' % (kind.encode(), parent, text)
            two.forger.push(name, pack(whole), deleted=deleted)
            texts[name] = text
    assert two.honest.sync(recompute=True).verified
    assert two.forging.sync(recompute=True).verified
    assert two.held(two.honest) == {}
    living = [row.id for row in documents.tree_rows(two.honest.store.reader(), two.workspace) if row.id in texts]
    assert len(living) == 2 * len(NEVER_SEEN)
    assert unreadable_documents(two.honest.store.reader().connection) == 0
    for name in living:
        assert two.honest.desk.fields(name) == msgspec.json.decode(texts[name])
        two.honest.desk.set(name, description="mine")
        two.forging.desk.set(name, docs="theirs")
    for device in (two.honest, two.forging, two.honest):
        assert device.sync(recompute=True).verified
    for name in living:
        expected = {**msgspec.json.decode(texts[name]), "description": "mine", "docs": "theirs"}
        assert two.honest.desk.fields(name) == two.forging.desk.fields(name) == expected


def test_parents_in_a_circle_end_nowhere(two: Two) -> None:
    first, second = two.forging.desk.folder(two.workspace, "A"), two.forging.desk.folder(two.workspace, "B")
    two.forging.sync()
    two.honest.sync()
    for folder, parent in ((first, second), (second, first)):
        text = plain(t="folder", p=to_wire(parent), d={"name": f"In a circle {folder}"})
        two.forger.push(folder, pack(json.dumps(text).encode()))
    itself = plain(p=to_wire(two.request))
    two.forger.push(two.request, pack(json.dumps(itself).encode()))
    for device in (two.honest, two.forging, two.honest):
        assert device.sync(recompute=True).verified
        assert len(documents.tree_rows(device.store.reader(), two.workspace)) == 4
    # Everything in it can still be edited, moved out of it and deleted.
    two.honest.desk.set(first, name="Out")
    assert two.honest.sync().verified
    assert two.forging.sync().verified
    assert two.forging.desk.fields(first)["name"] == "Out"


def test_a_document_that_is_too_large_to_be_sent_again_is_shown_and_marked(two: Two) -> None:
    large = "".join(chr(0x4E00 + (number * 7919) % 20000) for number in range(10_000)) * 40
    two.forge(pack, plain(d={"name": "Large", "description": large}))
    two.go_on()
    assert two.honest.desk.fields(two.request)["description"] == large
    noise = "".join(random.Random(1).choices([chr(0x4E00 + number) for number in range(20_000)], k=700_000))
    two.honest.desk.set(two.request, description=noise)
    two.honest.desk.set(two.other, name="Goes on")
    assert not two.honest.sync().verified
    blocked = sync.blocked(two.honest.store.reader(), two.forger.group)
    assert [(each, code) for each, code, _ in blocked] == [(two.request, "too_large")]
    two.forging.sync()
    assert two.forging.desk.fields(two.other)["name"] == "Goes on"


def test_what_belongs_to_another_workspace_is_not_taken_from_it(two: Two) -> None:
    private = two.honest.desk.request(two.honest.desk.workspace("Private"), "Mine")
    two.forger.push(private, pack(json.dumps(plain(p=to_wire(two.workspace))).encode()))
    outcome = two.honest.sync()
    assert outcome.tally.quarantined == 1
    assert two.honest.desk.fields(private)["name"] == "Mine"
