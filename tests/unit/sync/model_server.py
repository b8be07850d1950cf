"""A sync server as a few dictionaries, by the rules of protocol v1, 3.4 and 3.5, for the model of whole rounds."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field

from insomnia_desktop.sync.cursor import GroupState
from insomnia_desktop.sync.pulled_row import Listed
from insomnia_desktop.sync.push_results import Result
from insomnia_desktop.sync.values import OutboxRow, Row
from tests.unit.sync.documents import hash_of

DIGEST_MODULUS = 1 << 256


@dataclass(frozen=True)
class Change:
    """One change of a push; `blob` is the plaintext, `nonce` makes each sealing another one."""

    id: str
    version: int
    prev: bytes
    deleted: bool
    blob: bytes
    nonce: int

    @property
    def rev_hash(self) -> bytes:
        """The hash over everything."""
        return hash_of(self.id, self.version, self.prev, self.deleted, self.blob, self.nonce)


@dataclass(frozen=True)
class ServerRow:
    """The newest version of a resource."""

    seq: int
    change: Change

    def pulled(self) -> tuple[Row, bytes]:
        """Return the row as a page has it, and its blob."""
        change = self.change
        row = Row(change.id, change.version, self.seq, change.prev, change.deleted, change.rev_hash)
        return row, change.blob


@dataclass(frozen=True)
class Page:
    """A page of changes."""

    state: GroupState
    rows: tuple[tuple[Row, bytes], ...]
    resync: bool = False


def digest_of(heads: Sequence[tuple[str, int, bytes]]) -> bytes:
    """Return the sum over living rows: ids, versions, hashes."""
    total = sum(int.from_bytes(hash_of(*head), "big") for head in heads)
    return (total % DIGEST_MODULUS).to_bytes(32, "big")


@dataclass
class ModelServer:
    """One group at a server."""

    epoch: bytes = b"epoch-0"
    head_seq: int = 0
    floor_seq: int = 0
    rows: dict[str, ServerRow] = field(default_factory=dict)
    history: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    full: bool = False
    page_rows: int = 3

    def backup(self) -> ModelServer:
        """Return a copy that `restore` puts back."""
        return copy.deepcopy(self)

    def restore(self, backup: ModelServer, *, announced: int | None) -> None:
        """Go back in time; an announced restore has a new epoch."""
        self.head_seq, self.floor_seq = backup.head_seq, backup.floor_seq
        self.rows, self.history = dict(backup.rows), copy.deepcopy(backup.history)
        if announced is not None:
            self.epoch = b"epoch-%d" % announced

    def purge(self, seq: int) -> None:
        """Delete the tombstones up to a number, with their history."""
        gone = [name for name, row in self.rows.items() if row.change.deleted and row.seq <= seq]
        for name in gone:
            self.floor_seq = max(self.floor_seq, self.rows[name].seq)
            del self.rows[name], self.history[name]

    def heads(self) -> GroupState:
        """Return the group's entry in heads."""
        return GroupState(self.epoch, self.head_seq, self._digest())

    def changes(self, after: int, *, full: bool, without: frozenset[str] = frozenset()) -> Page:
        """Return the rows behind `after`."""
        if 0 < after < self.floor_seq and not full:
            return Page(GroupState(self.epoch, self.head_seq, self._digest()), (), resync=True)
        found = sorted((row for row in self.rows.values() if row.seq > after), key=lambda row: row.seq)
        found = [row for row in found if row.change.id not in without]
        shown = found[: self.page_rows]
        more = len(found) > len(shown)
        next_seq = shown[-1].seq if more else self.head_seq
        state = GroupState(self.epoch, self.head_seq, self._digest(), self.floor_seq, next_seq, more)
        return Page(state, tuple(row.pulled() for row in shown))

    def push(self, after: int, changes: Sequence[Change]) -> tuple[list[Result], Page]:
        """Store what follows the current versions; answer with what the client lacks."""
        results = [self._push_one(change) for change in changes]
        taken = frozenset(result.id for result in results if result.outcome == "ok")
        return results, self.changes(after, full=False, without=taken)

    def listed(self, name: str, before: int) -> Listed | None:
        """Return the newest revision before a version."""
        found = [revision for revision in self.history.get(name, []) if revision[0] < before]
        return Listed(*max(found)) if found else None

    def _push_one(self, change: Change) -> Result:
        current = self.rows.get(change.id)
        if current is not None and current.change.rev_hash == change.rev_hash:
            return Result(change.id, "ok", current.seq)
        if (change.version, change.rev_hash) in self.history.get(change.id, []):
            return Result(change.id, "superseded")
        if current is None and change.version > 1:
            return Result(change.id, "gone")
        version, prev = (current.change.version, current.change.rev_hash) if current else (0, bytes(32))
        if (change.version, change.prev) != (version + 1, prev):
            return Result(change.id, "conflict")
        if self.full:
            return Result(change.id, "rejected", code="quota")
        self.head_seq += 1
        self.rows[change.id] = ServerRow(self.head_seq, change)
        self.history.setdefault(change.id, []).append((change.version, change.rev_hash))
        return Result(change.id, "ok", self.head_seq)

    def _digest(self) -> bytes:
        living = [row.change for row in self.rows.values() if not row.change.deleted]
        return digest_of([(change.id, change.version, change.rev_hash) for change in living])


def as_change(row: OutboxRow, blob: bytes, nonce: int) -> Change:
    """Return an outbox row as it goes over the wire."""
    return Change(row.id, row.version, row.prev, row.deleted, blob, nonce)
