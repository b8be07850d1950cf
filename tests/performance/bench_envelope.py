"""Measures sealing and opening one document of 2 KB."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator

import msgspec

from insomnia_desktop.crypto.envelope import NO_PREV, Revision, open_envelope
from insomnia_desktop.protocol.limits import FIRST_EPOCH
from tests.performance.row import Row, at_least
from tests.support.filled_store import request_document
from tests.support.sealed_envelopes import seal_and_hash

_BYTES = 2048
_DOCUMENTS = 400
_ROUNDS = 25
_PER_SECOND = 20_000


def rows() -> Iterator[Row]:
    """Seal and open in turn; each document has a resource, and so a key, of its own."""
    key, group, author = os.urandom(32), os.urandom(16), os.urandom(16)
    revisions = [Revision(group, os.urandom(16), 1, NO_PREV, False, author) for _ in range(_DOCUMENTS)]
    texts = [_document(number) for number in range(_DOCUMENTS)]
    envelopes: list[bytes] = []
    sealing: list[float] = []
    opening: list[float] = []

    def seal() -> None:
        envelopes[:] = [
            seal_and_hash(key, FIRST_EPOCH, revision, text)[0] for revision, text in zip(revisions, texts, strict=True)
        ]

    def open_all() -> None:
        opened = [
            open_envelope({FIRST_EPOCH: key}, revision, envelope)
            for revision, envelope in zip(revisions, envelopes, strict=True)
        ]
        assert opened[-1] == texts[-1]

    for _ in range(_ROUNDS):
        sealing.append(_rate(seal))
        opening.append(_rate(open_all))
    note = f"{statistics.mean(map(len, envelopes)):.0f} bytes sealed"
    yield _row("seal one 2 KB document", sealing, note)
    yield _row("open one 2 KB document", opening, note)


def _row(what: str, rates: list[float], note: str) -> Row:
    slowest, fastest = min(rates), max(rates)
    return at_least(
        what, _PER_SECOND, statistics.median(rates), "per s", f"{slowest:,.0f} to {fastest:,.0f} per s; {note}"
    )


def _rate(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return _DOCUMENTS / (time.perf_counter() - began)


def _document(number: int) -> bytes:
    """Return the JSON of several requests of the usual kind, cut at 2 KB."""
    text = b""
    while len(text) < _BYTES:
        text += msgspec.json.encode(request_document("workspace", "folder", number=number).fields)
        number += _DOCUMENTS
    return text[:_BYTES]
