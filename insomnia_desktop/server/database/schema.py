"""The tables, one definition for SQLite and PostgreSQL (protocol v1, section 5).

Times are milliseconds since 1970 UTC. The migrations make these tables step by step; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect


class Bytes(LargeBinary):
    """Bytes as Python has them: both drivers take them so, and wrapping each costs more than sending it."""

    def bind_processor(self, dialect: Dialect) -> None:
        """Return nothing that would change a value on its way to the database."""
        return


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# One row. `secret` makes the answers for unknown e-mails; `server_epoch` is new after every restore.
server = Table(
    "server",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("secret", Bytes, nullable=False),
    Column("server_epoch", Bytes, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Bytes, primary_key=True),
    Column("email", String, nullable=False),
    Column("name", String, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("kv", BigInteger, nullable=False),
    Column("kdf_v", BigInteger, nullable=False),
    Column("kdf_alg", String, nullable=False),
    Column("kdf_iters", BigInteger, nullable=False),
    Column("kdf_salt", Bytes, nullable=False),
    Column("srp_group", String, nullable=False),
    Column("srp_hash", String, nullable=False),
    Column("srp_salt", Bytes, nullable=False),
    Column("verifier", Bytes, nullable=False),
    Column("account_key_wrap", Bytes, nullable=False),
    Column("rsa_public", Bytes, nullable=False),
    Column("rsa_private_wrap", Bytes, nullable=False),
    Column("ed25519_public", Bytes, nullable=False),
    Column("ed25519_private_wrap", Bytes, nullable=False),
    Column("bundle_sig", Bytes, nullable=False),
    Column("recovery_auth_hash", Bytes),
    Column("recovery_wrap", Bytes),
    UniqueConstraint("email"),
)

# A device has one session; the token itself is nowhere.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Bytes, primary_key=True),
    Column("account_id", Bytes, ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False),
    Column("device_id", Bytes, nullable=False),
    Column("name", String, nullable=False),
    Column("platform", String, nullable=False),
    Column("client", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    UniqueConstraint("account_id", "device_id"),
)

# Lives for a minute; a row and not a sealed cookie, because a cookie cannot be burned.
srp_handshakes = Table(
    "srp_handshakes",
    metadata,
    Column("handshake_id", Bytes, primary_key=True),
    Column("email", String, nullable=False),
    Column("srp_salt", Bytes, nullable=False),
    Column("verifier", Bytes, nullable=False),
    Column("srp_a", Bytes, nullable=False),
    Column("secret", Bytes, nullable=False),
    Column("transcript", Bytes, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "email"),
    Index(None, "created_at"),
)

# Counted tries of an e-mail that may have no account; `times` are the last ones, eight bytes each.
failures = Table(
    "failures",
    metadata,
    Column("key_hash", Bytes, primary_key=True),
    Column("times", Bytes, nullable=False),
    Column("waits", Integer, nullable=False),
    Column("waits_until", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Index(None, "last_at"),
)

invites = Table(
    "invites",
    metadata,
    Column("key_hash", Bytes, primary_key=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

# The only row of a group that every push writes. `bytes` are those of all blobs that are kept, `live` counts the rows
# that are no tombstones, `empty_since` is when there were none any more.
groups = Table(
    "groups",
    metadata,
    Column("group_id", Bytes, primary_key=True),
    Column("created_at", BigInteger, nullable=False),
    Column("head_seq", BigInteger, nullable=False),
    Column("digest", Bytes, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("log_n", BigInteger, nullable=False),
    Column("floor_seq", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("live", BigInteger, nullable=False),
    Column("empty_since", BigInteger),
)

members = Table(
    "members",
    metadata,
    Column("account_id", Bytes, ForeignKey("accounts.account_id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", Bytes, ForeignKey("groups.group_id", ondelete="CASCADE"), primary_key=True),
    Column("role", String, nullable=False),
    Index(None, "group_id"),
)

wraps = Table(
    "wraps",
    metadata,
    Column("group_id", Bytes, ForeignKey("groups.group_id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("account_id", Bytes, ForeignKey("accounts.account_id", ondelete="CASCADE"), primary_key=True),
    Column("wrap", Bytes, nullable=False),
    Index(None, "account_id"),
)

# The newest version of each resource, live or a tombstone. The blob comes last: what is read without it stays short.
resources = Table(
    "resources",
    metadata,
    Column("group_id", Bytes, ForeignKey("groups.group_id", ondelete="CASCADE"), primary_key=True),
    Column("resource_id", Bytes, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("rev_hash", Bytes, nullable=False),
    Column("prev", Bytes, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("author", Bytes, nullable=False),
    Column("device", Bytes, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("blob", Bytes, nullable=False),
    UniqueConstraint("group_id", "seq"),
)

# The versions before the newest; without a blob only the fact that there was one.
revisions = Table(
    "revisions",
    metadata,
    Column("group_id", Bytes, ForeignKey("groups.group_id", ondelete="CASCADE"), primary_key=True),
    Column("resource_id", Bytes, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("rev_hash", Bytes, nullable=False),
    Column("prev", Bytes, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("author", Bytes, nullable=False),
    Column("device", Bytes, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("blob", Bytes),
)

# When something that is done once a day was begun last, by whichever server process.
chores = Table(
    "chores",
    metadata,
    Column("name", String, primary_key=True),
    Column("begun_at", BigInteger, nullable=False),
)
