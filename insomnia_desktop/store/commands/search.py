"""The index of the search, brought up to date at once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from insomnia_desktop.store import full_text
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext


@dataclass(frozen=True, slots=True)
class IndexTexts:
    """Indexes texts that wait for it, `most` at the most; the writer does it by itself when it has nothing to do."""

    most: int = 1000

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the index; nothing that others see changes."""
        full_text.index_some(connection, self.most)
        return []
