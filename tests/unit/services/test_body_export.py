"""Keeping a body where a person wants it, and the events of a send: insomnia_desktop.services.body_export and
insomnia_desktop.services.send_events.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.sender import events
from insomnia_desktop.services import send_events
from insomnia_desktop.services.body_export import save_body


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    made = LoopThread("worker-export")
    made.start()
    yield made
    made.stop(5)


def test_a_copy_replaces_what_was_there_only_once_it_is_whole(tmp_path: Path, loop: LoopThread) -> None:
    source, target = tmp_path / "body", tmp_path / "kept"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    assert save_body(loop, source, target).result(10) == target
    assert target.read_bytes() == b"new"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["body", "kept"]


def test_a_copy_that_fails_leaves_what_was_there_and_nothing_half(tmp_path: Path, loop: LoopThread) -> None:
    target = tmp_path / "kept"
    target.write_bytes(b"old")
    with pytest.raises(KnownError) as caught:
        save_body(loop, tmp_path / "gone", target).result(10)
    assert caught.value.code == "response.save_failed"
    assert caught.value.params["path"] == str(target)
    assert target.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]


def test_every_event_of_a_send_can_be_told_apart_without_the_sender() -> None:
    named = {"BodyProgress", "Finished", "HeadersReceived", "PhaseChanged", "Started"}
    assert {name for name in named if getattr(send_events, name) is getattr(events, name)} == named
