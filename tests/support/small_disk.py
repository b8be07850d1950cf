"""A disk that is full: the store's file may not grow any more."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from insomnia_desktop.store import Store
from insomnia_desktop.store.changes import Change, Origin
from insomnia_desktop.store.commands import CommandContext

_NO_LIMIT = 2**31 - 2


@dataclass(frozen=True)
class _LimitPages:
    pages: int

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        connection.execute(f"PRAGMA max_page_count = {self.pages}")
        return []


def set_disk_full(store: Store, full: bool) -> None:
    """Let SQLite itself refuse whatever needs another page, or take what there is again."""
    store.submit(_LimitPages(1 if full else _NO_LIMIT), origin=Origin("window")).result(20)
