"""Groups, their members and keys, resources and their history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Make the tables of sync."""
    op.create_table(
        "groups",
        _bytes("group_id"),
        *(_number(name) for name in ("created_at", "head_seq")),
        _bytes("digest"),
        *(_number(name) for name in ("epoch", "log_n", "floor_seq", "bytes", "live")),
        sa.Column("empty_since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("group_id", name="pk_groups"),
    )
    _members()
    _versions()
    op.create_table(
        "chores",
        sa.Column("name", sa.String(), nullable=False),
        _number("begun_at"),
        sa.PrimaryKeyConstraint("name", name="pk_chores"),
    )


def _members() -> None:
    op.create_table(
        "members",
        _bytes("account_id"),
        _bytes("group_id"),
        sa.Column("role", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "group_id", name="pk_members"),
        _of_account("members"),
        _of_group("members"),
    )
    op.create_index("ix_members_group_id", "members", ["group_id"])
    op.create_table(
        "wraps",
        _bytes("group_id"),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        _bytes("account_id"),
        _bytes("wrap"),
        sa.PrimaryKeyConstraint("group_id", "epoch", "account_id", name="pk_wraps"),
        _of_account("wraps"),
        _of_group("wraps"),
    )
    op.create_index("ix_wraps_account_id", "wraps", ["account_id"])


def _versions() -> None:
    postgresql = op.get_context().dialect.name == "postgresql"
    op.create_table(
        "resources",
        _bytes("group_id"),
        _bytes("resource_id"),
        _number("version"),
        _number("seq"),
        *_version_columns(),
        _bytes("blob"),
        sa.PrimaryKeyConstraint("group_id", "resource_id", name="pk_resources"),
        sa.UniqueConstraint("group_id", "seq", name="uq_resources_group_id_seq"),
        _of_group("resources"),
        # Room on each page for the next version of its rows.
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "revisions",
        _bytes("group_id"),
        _bytes("resource_id"),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        *_version_columns(),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("group_id", "resource_id", "version", name="pk_revisions"),
        _of_group("revisions"),
    )
    if postgresql:
        # What is encrypted does not get shorter.
        for table in ("resources", "revisions"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN blob SET STORAGE EXTERNAL")


def _version_columns() -> list[sa.Column[object]]:
    return [
        _bytes("rev_hash"),
        _bytes("prev"),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        _bytes("author"),
        _bytes("device"),
        _number("at"),
        _number("size"),
    ]


def _bytes(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["accounts.account_id"], name=f"fk_{table}_account_id", ondelete="CASCADE"
    )


def _of_group(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["group_id"], ["groups.group_id"], name=f"fk_{table}_group_id", ondelete="CASCADE")
