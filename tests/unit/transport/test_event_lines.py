"""transport.event_lines: events out of whatever pieces a stream comes in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.transport.event_lines import Event, EventLines

STREAM = b': hello\n\nevent: head\ndata: {"g":"x","seq":4}\n\nevent: account\r\ndata:{}\r\n\r\ndata: nameless\n\n:\n\n'
EVENTS = [Event("head", '{"g":"x","seq":4}'), Event("account", "{}")]


@given(st.lists(st.integers(1, 40), max_size=30))
def test_pieces_of_any_length_give_the_same_events(lengths: list[int]) -> None:
    lines, found, rest = EventLines(), [], STREAM
    for length in [*lengths, len(STREAM)]:
        found += lines.feed(rest[:length])
        rest = rest[length:]
    assert found == EVENTS


def test_an_endless_line_is_skipped_and_what_follows_is_read() -> None:
    lines = EventLines()
    assert lines.feed(b"data: " + b"x" * 10_000) == []
    assert lines.feed(b"x" * 10_000 + b"\n\n" + STREAM) == EVENTS
    assert lines.feed(b"event: head\n" + b"data: y\n" * 10_000 + b"\n")[0].data.count("y") < 5000


@given(st.binary(max_size=200))
def test_nothing_that_arrives_raises(data: bytes) -> None:
    EventLines().feed(data + b"\n\n")
