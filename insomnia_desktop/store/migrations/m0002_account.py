"""Schema 2: the account of this data folder, what is remembered of each account met, and the id of the device."""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    # Neither token nor keys: those are in the secret store of `account`. `profile` is what GET /v1/account answered.
    """
    CREATE TABLE account (
        number INTEGER PRIMARY KEY CHECK (number = 1),
        server TEXT NOT NULL,
        hosted INTEGER NOT NULL,
        email TEXT NOT NULL,
        name TEXT NOT NULL,
        account_id TEXT NOT NULL,
        state TEXT NOT NULL,
        keeping TEXT NOT NULL,
        rev INTEGER NOT NULL,
        profile TEXT NOT NULL,
        change INTEGER NOT NULL
    ) STRICT
    """,
    # What no server may go back on: outlives a sign-out.
    """
    CREATE TABLE account_pin (
        number INTEGER PRIMARY KEY,
        server TEXT NOT NULL,
        email TEXT NOT NULL,
        account_id TEXT NOT NULL,
        iterations INTEGER NOT NULL,
        UNIQUE (server, email)
    ) STRICT
    """,
    "CREATE TABLE device (number INTEGER PRIMARY KEY CHECK (number = 1), id TEXT NOT NULL) STRICT",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Make the tables; runs within the transaction of the runner."""
    for statement in _STATEMENTS:
        connection.execute(statement)
