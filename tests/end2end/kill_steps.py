"""What was promised before a kill, and what is looked for after it: in a device's store and at the server."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insomnia_desktop.base.ids import from_base64url
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.server import operations
from insomnia_desktop.store import database
from tests.support.sync_client_process import OWN, EditTold
from tests.support.sync_programs import Program

STARTS_WITHIN_S = 2.0


def kills(usual: int) -> int:
    """Return how many kills are wanted: `INSOMNIA_KILLS`, or as many as usual."""
    return int(os.environ.get("INSOMNIA_KILLS", "") or usual)


def seed() -> int:
    """Return the seed of a run, `INSOMNIA_SEED` or a new one, and print it: with it the run can be played again."""
    chosen = int(os.environ.get("INSOMNIA_SEED", "") or secrets.randbelow(10**6))
    sys.stdout.write(f"INSOMNIA_SEED={chosen}\n")
    return chosen


@dataclass(frozen=True)
class Promised:
    """A request as it was told to be stored."""

    text: str
    alive: bool = True


@dataclass
class Ledger:
    """What a process said of its edits: those that were stored, and the one that may be or not."""

    rows: dict[str, Promised] = field(default_factory=dict)
    begun: EditTold | None = None
    stored: int = 0

    def hear(self, lines: Iterable[str]) -> None:
        """Take in what it printed."""
        for line in lines:
            said = json.loads(line)
            if "begun" in said:
                self.begun = said["begun"]
            elif "stored" in said:
                self._settle()
                self.stored += 1

    def check(self, found: dict[str, Promised]) -> None:
        """Compare with what is in the store: every promise is kept, and nothing else is there."""
        if self.begun is not None and found.get(self.begun[1]) == self._after(self.begun):
            self._settle()
        self.begun = None
        assert found == self.rows, [
            (key, found.get(key), self.rows.get(key))
            for key in found.keys() | self.rows
            if found.get(key) != self.rows.get(key)
        ]

    def _settle(self) -> None:
        assert self.begun is not None
        self.rows[self.begun[1]], self.begun = self._after(self.begun), None

    def _after(self, edit: EditTold) -> Promised:
        deed, request_id, *text = edit
        before = self.rows.get(request_id, Promised(""))
        return Promised(text[0] if text else before.text, alive=deed != "delete")


def own_requests(folder: DataFolder) -> dict[str, Promised]:
    """Return the requests that the killed process made, from a store that SQLite finds whole."""
    rows = _rows(
        folder,
        "SELECT document.id, name, fields ->> 'description', deleted_at IS NULL"
        " FROM document JOIN content USING (number) WHERE kind = 'request' AND name LIKE ?",
        f"{OWN}%",
    )
    names = [name for _, name, _, _ in rows]
    assert len(set(names)) == len(names), "something is there twice"
    return {request_id: Promised(text, bool(alive)) for request_id, _, text, alive in rows}


def addresses(folder: DataFolder, request_id: str) -> list[str]:
    """Return the address of a request, from a store that SQLite finds whole; more than one is once too often."""
    return [url for (url,) in _rows(folder, "SELECT url FROM document WHERE id = ?", request_id)]


def _rows(folder: DataFolder, statement: str, parameter: str) -> list[tuple[Any, ...]]:
    with closing(database.connect_reader(folder.store_file)) as store:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return store.execute(statement, (parameter,)).fetchall()


def check_server(file: Path) -> None:
    """Read the server's database, which nobody serves now, as its command `check` does; raises what is wrong."""
    asyncio.run(operations.check(file))


def versions(file: Path) -> int:
    """Return how many versions of all resources the server has been given."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as server:
        return int(server.execute("SELECT sum(version) FROM resources").fetchone()[0])


def expect_kept(program: Program, file: Path) -> int:
    """Look up at the server every version that a device was told to be stored there; returns how many."""
    heads = program.services.store.reader().rows("SELECT group_id, resource, version, rev_hash FROM head")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as server:
        for group, resource, version, rev_hash in heads:
            found = server.execute(
                "SELECT rev_hash FROM resources WHERE group_id = ?1 AND resource_id = ?2 AND version = ?3"
                " UNION ALL SELECT rev_hash FROM revisions WHERE group_id = ?1 AND resource_id = ?2 AND version = ?3",
                (from_base64url(group), bytes.fromhex(resource), version),
            ).fetchall()
            assert found == [(rev_hash,)], (resource, version, found)
    return len(heads)


def settle(first: Program, second: Program) -> None:
    """Sync until both have everything: the digests are equal, nothing is in conflict, both show the same."""
    for program in (first, second, first, second):
        report = program.wait(program.syncing.sync_once())
        assert report.verified, (report, program.syncing.status())
    for program in (first, second):
        assert program.syncing.conflicts() == ()
        assert program.syncing.status().attention == ()
    assert first.desk.state() == second.desk.state()


@dataclass
class Starts:
    """How long starts took, in seconds: by the clock on the wall, and with the machine to itself."""

    seconds: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)

    def add(self, begun: float, process_id: int) -> None:
        """Note a start that began at a time of the monotonic clock and is over now."""
        seconds = time.monotonic() - begun
        self.seconds.append(seconds)
        self.alone.append(seconds - _waited_for_a_processor(process_id))

    def expect_quick(self, what: str) -> None:
        """Expect that it starts in under two seconds, and print the figures."""
        sys.stdout.write(
            f"{what}: {len(self.seconds)} starts, median {statistics.median(self.seconds):.2f} s, longest"
            f" {max(self.seconds):.2f} s; but for waiting for a processor {statistics.median(self.alone):.2f} s and"
            f" {max(self.alone):.2f} s\n"
        )
        assert max(self.alone) < STARTS_WITHIN_S


def _waited_for_a_processor(process_id: int) -> float:
    """Return how many seconds a process's threads were ready to run while others ran; 0 where nobody tells."""
    waited = 0
    for thread in Path(f"/proc/{process_id}/task").glob("*/schedstat"):
        # A thread may end meanwhile.
        with suppress(OSError):
            waited += int(thread.read_text().split()[1])
    return waited / 1e9
