"""Settings of the application and state of this device."""

from __future__ import annotations

import sqlite3

import msgspec

from insomnia_desktop.base.json_value import JsonValue
from insomnia_desktop.store import codec
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext


class SetSetting(msgspec.Struct, frozen=True):
    """Sets a setting of the application."""

    key: str
    value: JsonValue

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the value and the number of this change."""
        connection.execute(
            "INSERT INTO setting (key, value, change) VALUES (?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value, change = excluded.change",
            (self.key, codec.encode(self.value), context.number),
        )
        return [Change("updated", "setting", self.key, None)]


class ResetSetting(msgspec.Struct, frozen=True):
    """Gives a setting its default again."""

    key: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove the value, if there is one, and leave word for other processes."""
        if not connection.execute("DELETE FROM setting WHERE key = ?", (self.key,)).rowcount:
            return []
        connection.execute(
            "INSERT INTO gone (id, kind, workspace_id, change) VALUES (?, 'setting', NULL, ?)",
            (self.key, context.number),
        )
        return [Change("updated", "setting", self.key, None)]


class SetLocal(msgspec.Struct, frozen=True):
    """Keeps a value on this device alone, None removing it; nobody else is told."""

    key: str
    value: JsonValue

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write or remove the value."""
        if self.value is None:
            connection.execute("DELETE FROM local WHERE key = ?", (self.key,))
        else:
            connection.execute(
                "INSERT INTO local (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (self.key, codec.encode(self.value)),
            )
        return []
