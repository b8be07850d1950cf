"""What a command is, and what the writer gives it."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from insomnia_desktop.store.bodies import BodyFiles
from insomnia_desktop.store.changes import Change, Origin


class CommandContext:
    """What a command may know besides the connection; made anew for each run.

    `now` is milliseconds since 1970 UTC. `session` is a text of this start of the program. The bodies named in
    `bodies_to_remove` are removed once the transaction is through.
    """

    def __init__(
        self, connection: sqlite3.Connection, *, now: int, origin: Origin, session: str, bodies: BodyFiles
    ) -> None:
        self.now = now
        self.origin = origin
        self.session = session
        self.bodies = bodies
        self.bodies_to_remove: list[str] = []
        self._connection = connection
        self._number = 0

    @property
    def number(self) -> int:
        """The change number of this commit, taken on first use; rows that are touched carry it."""
        if not self._number:
            row = self._connection.execute("UPDATE counter SET change = change + 1 RETURNING change").fetchone()
            self._number = int(row[0])
        return self._number

    @property
    def taken(self) -> int:
        """The change number if the command took one, else 0."""
        return self._number


class Command(Protocol):
    """A write: a frozen dataclass that is run on the writer thread, within one transaction."""

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write and return what changed, in order; an exception takes everything back."""
        ...
