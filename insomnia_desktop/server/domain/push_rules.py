"""What becomes of one pushed change: the rules of protocol v1, 3.4, in their order. Nothing here waits for anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from insomnia_desktop.crypto import digest
from insomnia_desktop.crypto.envelope import FIRST_BYTE, HEADER_BYTES, NO_PREV, Revision
from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.limits import BLOB_BYTES, ENVELOPE_MIN
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.protocol.sync import Change, Result
from insomnia_desktop.server.database.groups import GroupRow
from insomnia_desktop.server.database.resources import Current

FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Offer:
    """A change with its hash; both `rev_hash` and `epoch` are None for an envelope too short to name an epoch."""

    change: Change
    rev_hash: bytes | None
    epoch: int | None

    @property
    def size(self) -> int:
        """The envelope's length in bytes."""
        return len(self.change.blob)

    @property
    def version(self) -> tuple[bytes, int]:
        """The resource's id and the version that the change claims."""
        return bytes(self.change.id), self.change.version


@dataclass(slots=True)
class Tally:
    """The group's counters while a push is judged, one change after the other."""

    group: GroupRow
    used_elsewhere: int
    limits: Limits
    head_seq: int = field(init=False)
    digest: bytes = field(init=False)
    bytes: int = field(init=False)
    live: int = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the group as it is stored."""
        self.head_seq, self.digest = self.group.head_seq, self.group.digest
        self.bytes, self.live = self.group.bytes, self.group.live

    def result(self, now: int) -> GroupRow:
        """Return the group as it is to be stored; `now` is when it became empty, if it did."""
        empty_since = None if self.live else (self.group.empty_since if not self.group.live else now)
        return replace(
            self.group,
            head_seq=self.head_seq,
            digest=self.digest,
            bytes=self.bytes,
            live=self.live,
            empty_since=empty_since,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one change, and whether it is to be stored under the answer's seq."""

    result: Result
    stored: bool = False


def offer(group_id: bytes, author: bytes, change: Change) -> Offer:
    """Return a change with its hash, computed as of the session's account."""
    blob = bytes(change.blob)
    if len(blob) < HEADER_BYTES:
        return Offer(change, None, None)
    epoch = int.from_bytes(blob[1:HEADER_BYTES], "big")
    revision = Revision(group_id, change.id, change.version, change.prev, change.deleted, author)
    return Offer(change, H(revision.aad(epoch) + blob), epoch)


def judge(made: Offer, current: Current | None, history: Mapping[tuple[bytes, int], bytes], tally: Tally) -> Verdict:
    """Return the first rule that applies; what is stored is counted in `tally`.

    `history` has the hashes of replaced versions, as far as the push names them.
    """
    change = made.change
    if current is not None and (current.version, current.rev_hash) == (change.version, made.rev_hash):
        return Verdict(Result(change.id, "ok", seq=current.seq))
    if history and made.rev_hash is not None and history.get(made.version) == made.rev_hash:
        return Verdict(Result(change.id, "superseded"))
    code = _refusal(made, tally)
    if code:
        return Verdict(Result(change.id, "rejected", code=code))
    if current is None and change.version > FIRST_VERSION:
        return Verdict(Result(change.id, "gone"))
    version, prev = (current.version, current.rev_hash) if current else (0, NO_PREV)
    if (change.version, change.prev) != (version + 1, prev):
        return Verdict(Result(change.id, "conflict"))
    code = _shortage(made, current, tally)
    if code:
        return Verdict(Result(change.id, "rejected", code=code))
    _count(made, current, tally)
    return Verdict(Result(change.id, "ok", seq=tally.head_seq), stored=True)


def _refusal(made: Offer, tally: Tally) -> str:
    """Return why an envelope is refused whatever is stored, "" if it is not."""
    blob = made.change.blob
    if blob[:1] != FIRST_BYTE or len(blob) < ENVELOPE_MIN or made.change.version < FIRST_VERSION:
        return "invalid"
    if len(blob) > min(tally.limits.blob, BLOB_BYTES):
        return "too_large"
    return "" if made.epoch == tally.group.epoch else "stale_epoch"


def _shortage(made: Offer, current: Current | None, tally: Tally) -> str:
    """Return what there is too much of already, "" if nothing."""
    becomes_live = not made.change.deleted and (current is None or current.deleted)
    if becomes_live and tally.live >= tally.limits.resources:
        return "full"
    return "quota" if tally.used_elsewhere + tally.bytes + made.size > tally.limits.quota else ""


def _count(made: Offer, current: Current | None, tally: Tally) -> None:
    change = made.change
    assert made.rev_hash is not None
    tally.head_seq += 1
    tally.bytes += made.size
    if current is not None and not current.deleted:
        tally.live -= 1
        tally.digest = digest.remove(tally.digest, digest.term(current.resource_id, current.version, current.rev_hash))
    if not change.deleted:
        tally.live += 1
        tally.digest = digest.add(tally.digest, digest.term(change.id, change.version, made.rev_hash))
