"""Two to four devices on the real client code and the real server code: nothing diverges, nothing is lost.

A seed says everything: `INSOMNIA_SEEDS=17-18` plays that one alone, `INSOMNIA_SEEDS=5000-9000` as many as wanted. The
last tests switch on the rules that a sync of 2016 lost edits by, one at a time: then seeds must fail.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.store.commands import sending as commands
from insomnia_desktop.sync import group_pull, pulled_row
from insomnia_desktop.sync.merge import Merged
from insomnia_desktop.sync.pulled_row import FastForward, RowDecision, Unchanged
from insomnia_desktop.sync.values import Base, Plaintext, QuarantineReason, Resource, Row
from tests.simulation.world import Stage, crash, play, stage

ORDINARY = 300
MANY = 5000
STEPS = 70
# With a wrong rule one of so many seeds must fail; with the right ones none of thousands does.
_ENOUGH_TO_FAIL = 40
_STORY = 12
# What is in memory has no disk to wait for.
_IN_MEMORY = Path("/dev/shm")


@contextmanager
def scene() -> Iterator[Stage]:
    """Run the server that seeds use one after another."""
    within = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=within) as root, stage(Path(root)) as made:
        yield made


def seeds() -> Iterable[int]:
    """Return those that are asked for by hand, else the ordinary ones."""
    first, _, last = os.environ.get("INSOMNIA_SEEDS", f"0-{ORDINARY}").partition("-")
    return range(int(first), int(last))


@pytest.mark.timeout(0)
def test_nothing_diverges_and_nothing_is_lost() -> None:
    with scene() as made:
        for seed in seeds():
            play(made, seed, STEPS)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_a_crash_at_any_failpoint_loses_nothing(step: int) -> None:
    with scene() as made:
        failpoints = crash(made, _STORY, None)
        assert failpoints > 50
        for crash_at in range(1, failpoints + 1, step):
            crash(made, _STORY, crash_at)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_nor_in_thousands_of_seeds() -> None:
    with scene() as made:
        for seed in range(ORDINARY, ORDINARY + MANY):
            play(made, seed, STEPS)


def test_a_seed_plays_the_same_every_time() -> None:
    with scene() as made:
        for seed in (3, 7):
            assert play(made, seed, STEPS) == play(made, seed, STEPS)


def test_seeds_have_rounds_for_edits_alone() -> None:
    with scene() as made:
        rounds = [count for seed in range(12) for count in play(made, seed, STEPS).rounds]
    assert sum(for_edits for _, for_edits in rounds) >= 6


def test_clearing_dirty_on_acknowledgement_loses_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(connection: sqlite3.Connection, workspace_id: str, rows: Iterable[tuple[str, int]]) -> None:
        connection.executemany(
            "UPDATE document SET synced_rev = local_rev WHERE substr(id, 5) = ?", [(resource,) for resource, _ in rows]
        )

    monkeypatch.setattr(commands, "mark_clean", forgetful)
    assert _some_seed_fails()


def test_pulling_over_dirty_rows_loses_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = pulled_row.decide

    def blind(resource: Resource, row: Row, opened: Plaintext | QuarantineReason, **more: Any) -> RowDecision:
        decision = honest(resource, row, opened, **more)
        if isinstance(decision, Unchanged) or not isinstance(opened, Plaintext):
            return decision
        read_rev = resource.local.local_rev if resource.local is not None else 0
        return FastForward(row.as_head(), Base(opened, row.deleted), read_rev, ())

    monkeypatch.setattr(group_pull, "decide", blind)
    assert _some_seed_fails()


def test_the_last_writer_of_a_whole_document_loses_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    def coarse(base: Plaintext | None, mine: Plaintext, theirs: Plaintext) -> Merged:
        return Merged(mine, ())

    monkeypatch.setattr(pulled_row, "merge", coarse)
    assert _some_seed_fails()


def _some_seed_fails() -> bool:
    with scene() as made:
        for seed in range(_ENOUGH_TO_FAIL):
            try:
                play(made, seed, STEPS)
            except AssertionError:
                return True
    return False
