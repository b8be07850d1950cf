"""The versions of a resource as the server keeps them, each opened and checked (protocol v1, 3.10)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Final, TypeVar

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.binary import Binary
from insomnia_desktop.protocol.resources import Revision, RevisionRow
from insomnia_desktop.protocol.resources import Row as WireRow
from insomnia_desktop.sync.endings import GroupChanged, MakesNoSense, refusal, retry_after
from insomnia_desktop.sync.envelopes import GroupKeys, Opened, open_row
from insomnia_desktop.sync.session import SyncSession
from insomnia_desktop.sync.stored import resource_of
from insomnia_desktop.sync.values import Plaintext
from insomnia_desktop.sync.whole_group import whole_group
from insomnia_desktop.transport.refused import Refused

T = TypeVar("T")
_VERSIONS_AT_ONCE: Final = 100
_LONGEST_WAIT: Final = 120.0
_MOST_WAITS: Final = 10
_FIRST_VERSION: Final = 1
# So many versions that do not open, on either side of a moment, are enough.
_TRIED: Final = 3


@dataclass(frozen=True, slots=True)
class OpenedVersion:
    """A version with its plaintext; `at` in ms since 1970."""

    version: int
    at: int
    deleted: bool
    plaintext: Plaintext


@dataclass(frozen=True, slots=True)
class AsOf:
    """What is kept of a resource as it was at a moment.

    Not `exact`: that version is no longer kept, and `opened` is the nearest one that is; None where none can be opened.
    """

    opened: OpenedVersion | None
    exact: bool


class History:
    """The history of one group. Threads: one loop's.

    Methods raise what the connection raises, KnownError `sync.version_gone` where the server keeps nothing of it, and
    MakesNoSense for a list that no honest server gives.
    """

    def __init__(self, session: SyncSession, group_id: str, keys: GroupKeys) -> None:
        self._session = session
        self._group_id = group_id
        self._keys = keys

    async def versions(self, resource: str, before: int | None = None) -> list[Revision]:
        """Return at most 100 versions of a resource (on the wire), newest first."""
        try:
            answer = await self._session.api.revisions(self._group_id, resource, before=before, limit=_VERSIONS_AT_ONCE)
        except Refused as refused:
            raise self._refusal(refused) from refused
        versions = [revision.version for revision in answer.revisions]
        # What does not go down would be asked for without end.
        if any(newer <= older for newer, older in pairwise(versions if before is None else (before, *versions))):
            raise MakesNoSense
        return answer.revisions

    async def device_names(self) -> dict[bytes, str]:
        """Return the names of the devices that are still signed in, by id."""
        try:
            return {bytes(device.id): device.name for device in (await self._session.api.devices()).devices}
        except Refused as refused:
            raise refusal(refused) from refused

    async def open(self, resource: str, revision: Revision) -> OpenedVersion:
        """Fetch a listed version; its hash must be the one listed. Raises KnownError `sync.version_unreadable` too."""
        try:
            row = await self._session.api.revision(self._group_id, resource, revision.version)
        except Refused as refused:
            raise self._refusal(refused) from refused
        opened = self._opened(resource, revision.version, row)
        if opened.row.rev_hash != bytes(revision.rev_hash) or not isinstance(opened.content, Plaintext):
            raise KnownError("sync.version_unreadable", version=revision.version)
        return OpenedVersion(row.version, row.at, row.deleted, opened.content)

    async def open_or_none(self, resource: str, revision: Revision | None) -> OpenedVersion | None:
        """Do as `open`, with None for what is not kept or does not open. Waits where the server asks for that."""
        if revision is None or not revision.kept:
            return None
        try:
            return await self._patiently_opened(resource, revision)
        except KnownError as error:
            if error.code not in ("sync.version_unreadable", "sync.version_gone"):
                raise
            return None

    async def open_number(self, resource: str, version: int) -> OpenedVersion:
        """Fetch a version by its number, after a look at what the server lists of it."""
        try:
            listed = await self._session.api.revisions(self._group_id, resource, before=version + 1, limit=1)
        except Refused as refused:
            raise self._refusal(refused) from refused
        if not listed.revisions or listed.revisions[0].version != version:
            raise KnownError("sync.version_gone", version=version)
        return await self.open(resource, listed.revisions[0])

    async def as_of(self, resource: str, at: int) -> AsOf | None:
        """Return a resource as it was at a moment, or as near to that as is kept; None where it did not live then.

        The newest kept version before that moment's comes first, then the oldest one after it.
        """
        then: Revision | None = None
        earlier: list[Revision] = []
        later: list[Revision] = []
        before: int | None = None
        while not earlier and before != _FIRST_VERSION:
            found = await self._patiently_listed(resource, before)
            if not found:
                break
            before = found[-1].version
            for revision in found:
                if then is None and revision.at <= at:
                    if revision.deleted:
                        return None
                    then = revision
                if revision.kept:
                    (later if then is None else earlier).append(revision)
        if then is None:
            return None
        # The text of a deletion is what was deleted.
        for revision in (*earlier[:_TRIED], *reversed(later[-_TRIED:])):
            opened = await self.open_or_none(resource, revision)
            if opened is not None:
                return AsOf(opened, revision is then)
        return AsOf(None, exact=False)

    async def with_predecessors(
        self, resource: str, versions: Sequence[int]
    ) -> list[tuple[OpenedVersion, OpenedVersion | None]]:
        """Return some versions, each with the one before it, None before the first.

        What the server no longer keeps, or what cannot be opened, is left out. Waits where the server asks for that.
        """
        wanted = sorted(set(versions), reverse=True)
        listed = await self._patiently_listed(resource, wanted[0] + 1) if wanted else []
        revisions = {revision.version: revision for revision in listed}
        opened: dict[int, OpenedVersion | None] = {}
        pairs: list[tuple[OpenedVersion, OpenedVersion | None]] = []
        for version in wanted:
            for each in (version, version - 1):
                if each not in opened:
                    opened[each] = await self.open_or_none(resource, revisions.get(each))
            after, before = opened[version], opened[version - 1]
            if after is not None and (before is not None or version == _FIRST_VERSION):
                pairs.append((after, before))
        return pairs

    async def newest_that(
        self, resource: str, hold: Sequence[Callable[[Plaintext], bool]], *, most: int
    ) -> list[Revision | None]:
        """Return the newest version for which the first of `hold` is true, an older one for the second, and so on.

        Looks at no more than `most` versions; None stands for what was not found. Waits as `with_predecessors` does.
        """
        found: list[Revision] = []
        for revision in (await self._patiently_listed(resource, None))[:most]:
            opened = await self.open_or_none(resource, revision)
            if opened is not None and hold[len(found)](opened.plaintext):
                found.append(revision)
            if len(found) == len(hold):
                break
        return [*found, *[None] * (len(hold) - len(found))]

    async def rows(self) -> list[Opened]:
        """Return exactly what the server holds of the group, row by row; nothing is stored."""
        rows: list[Opened] = []
        try:
            async for opened in whole_group(self._session.api, self._group_id, self._keys):
                rows += opened
                await asyncio.sleep(0)
        except GroupChanged:
            raise KnownError("sync.not_synced") from None
        return rows

    async def _patiently_listed(self, resource: str, before: int | None) -> list[Revision]:
        """List versions, and wait where the server asks for that: a whole workspace takes many requests."""
        return await _patiently(lambda: self.versions(resource, before))

    async def _patiently_opened(self, resource: str, revision: Revision) -> OpenedVersion:
        return await _patiently(lambda: self.open(resource, revision))

    def _opened(self, resource: str, version: int, row: RevisionRow) -> Opened:
        if row.version != version or bytes(row.id).hex() != resource_of(resource):
            raise KnownError("sync.version_unreadable", version=version)
        wire_row = WireRow(row.id, row.version, 0, row.prev, row.deleted, row.author, Binary(row.blob))
        return open_row(self._keys, wire_row)

    def _refusal(self, refused: Refused) -> Exception:
        return KnownError("sync.version_gone") if refused.code == "not_found" else refusal(refused)


async def space_of(session: SyncSession) -> tuple[int, int]:
    """Return the bytes that the server counts for an account, history with them, and how many it gives."""
    try:
        account = await session.api.account()
    except Refused as refused:
        raise refusal(refused) from refused
    return account.used, account.quota


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again where the server wants to be asked later; raises what was raised where it wants that too often."""
    for number in count(1):
        try:
            return await ask()
        except KnownError as error:
            seconds = retry_after(error)
            if error.code != "sync.server_busy" or seconds is None or seconds > _LONGEST_WAIT or number == _MOST_WAITS:
                raise
        await asyncio.sleep(seconds)
    raise AssertionError
