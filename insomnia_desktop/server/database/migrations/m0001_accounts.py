"""Accounts, sessions, handshakes, failures and invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make the tables of sign-up and sign-in."""
    op.create_table(
        "server",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("server_epoch", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_server_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_server"),
    )
    _accounts()
    _sessions()
    _handshakes()
    op.create_table(
        "failures",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("times", sa.LargeBinary(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("waits_until", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_failures"),
    )
    op.create_index("ix_failures_last_at", "failures", ["last_at"])
    op.create_table(
        "invites",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_invites"),
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("kv", sa.BigInteger(), nullable=False),
        sa.Column("kdf_v", sa.BigInteger(), nullable=False),
        sa.Column("kdf_alg", sa.String(), nullable=False),
        sa.Column("kdf_iters", sa.BigInteger(), nullable=False),
        sa.Column("kdf_salt", sa.LargeBinary(), nullable=False),
        sa.Column("srp_group", sa.String(), nullable=False),
        sa.Column("srp_hash", sa.String(), nullable=False),
        sa.Column("srp_salt", sa.LargeBinary(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("account_key_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("rsa_public", sa.LargeBinary(), nullable=False),
        sa.Column("rsa_private_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("ed25519_public", sa.LargeBinary(), nullable=False),
        sa.Column("ed25519_private_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("bundle_sig", sa.LargeBinary(), nullable=False),
        sa.Column("recovery_auth_hash", sa.LargeBinary(), nullable=True),
        sa.Column("recovery_wrap", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name="pk_accounts"),
        sa.UniqueConstraint("email", name="uq_accounts_email"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        sa.UniqueConstraint("account_id", "device_id", name="uq_sessions_account_id_device_id"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name="fk_sessions_account_id", ondelete="CASCADE"
        ),
    )


def _handshakes() -> None:
    # What lives for a minute need not survive a crash of PostgreSQL; SQLite has no such table.
    unlogged = ["UNLOGGED"] if op.get_context().dialect.name == "postgresql" else []
    op.create_table(
        "srp_handshakes",
        sa.Column("handshake_id", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("srp_salt", sa.LargeBinary(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("srp_a", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("transcript", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("handshake_id", name="pk_srp_handshakes"),
        prefixes=unlogged,
    )
    op.create_index("ix_srp_handshakes_email", "srp_handshakes", ["email"])
    op.create_index("ix_srp_handshakes_created_at", "srp_handshakes", ["created_at"])
