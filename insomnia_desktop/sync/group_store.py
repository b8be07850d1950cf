"""One group in the store: reads as values of sync, writes that are awaited. Threads: one loop's."""

from __future__ import annotations

from asyncio import wrap_future
from collections.abc import Iterable, Sequence

import msgspec

from insomnia_desktop.store import Store
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.queries import sending
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.reader import Reader
from insomnia_desktop.store.sync_rows import CursorRow, HeldRow, LocalRow, OutboxRow
from insomnia_desktop.sync.endings import GroupChanged
from insomnia_desktop.sync.push_batch import Dirty
from insomnia_desktop.sync.round_plan import Stored
from insomnia_desktop.sync.stored import as_cursor, as_dirty, as_resource
from insomnia_desktop.sync.tree_rules import Node, parents_to_restore
from insomnia_desktop.sync.values import Resource

ORIGIN = Origin("sync")
# With more than so many the whole workspace is read at once.
_FEW = 200


async def submit(store: Store, command: Command) -> ChangeSet:
    """Run a command of sync, which lets a person's commands go first."""
    return await wrap_future(store.submit(command, origin=ORIGIN, urgent=False))


class GroupStore:
    """What is stored of a group. Ids are those of the store's resources."""

    def __init__(self, store: Store, group_id: str, workspace_id: str) -> None:
        self._store = store
        self.group_id = group_id
        self.workspace_id = workspace_id

    async def submit(self, command: Command) -> ChangeSet:
        """Run a command; raises `sync_writes.OutOfDate` where it does not hold any more."""
        return await submit(self._store, command)

    def cursor(self) -> CursorRow:
        """Return the cursor; raises GroupChanged where the group is bound no more, or is switched off."""
        return self._standing()[0]

    def stored(self) -> Stored:
        """Return what the next step is decided by; what only counts at head is read only there.

        Raises GroupChanged as `cursor` does.
        """
        row, sealed = self._standing()
        if sealed or row.full is not None:
            # Whatever else there is, the outbox goes first, and a full pull before what comes then.
            return Stored(cursor=as_cursor(row), digest=row.digest, outbox=sealed)
        counts = queries.pending(self._reader, self.group_id, self.workspace_id)
        return Stored(
            cursor=as_cursor(row),
            digest=row.digest,
            live=counts.live,
            tombstones=counts.tombstones,
            held=counts.held,
            to_restore=0 if counts.live else len(self.to_restore()),
        )

    def to_restore(self) -> tuple[str, ...]:
        """Return the deleted parents of something living, parents first."""
        if not queries.has_living_under_deleted(self._reader, self.workspace_id):
            return ()
        nodes = {
            resource: Node(parent, deleted)
            for resource, parent, deleted in queries.parents(self._reader, self.workspace_id)
        }
        held = {each.resource for each in self.held()}
        return parents_to_restore(nodes, read_only=held)

    def resources(self, wanted: Iterable[str]) -> dict[str, tuple[Resource, bool]]:
        """Return what is kept of resources, and whether another workspace has a document of that id."""
        rows = queries.resources(self._reader, self.group_id, self.workspace_id, wanted)
        return {resource: (as_resource(row), row.foreign) for resource, row in rows.items()}

    def newest_edit(self) -> int:
        """Return the number of the newest change of any document; another one says that something was edited."""
        return sending.newest_edit(self._reader)

    def dirty(self) -> list[Dirty]:
        """Return all dirty documents."""
        return [as_dirty(row) for row in queries.dirty(self._reader, self.group_id, self.workspace_id)]

    def parents(self, dirty: Sequence[Dirty]) -> dict[str, str | None]:
        """Return the parents of documents and of all above them, here and where the server has them."""
        if len(dirty) <= _FEW:
            wanted = {each.id for each in dirty}
            wanted |= {each.agreed_parent for each in dirty if each.agreed_parent is not None}
            return sending.ancestry(self._reader, wanted)
        rows = queries.parents(self._reader, self.workspace_id)
        return {resource: parent for resource, parent, _ in rows}

    def texts(self, wanted: Sequence[str]) -> dict[str, LocalRow]:
        """Return documents."""
        return queries.texts(self._reader, wanted)

    def outbox(self, most: int = 500, sealed: Sequence[OutboxRow] = ()) -> list[OutboxRow]:
        """Return sealed changes in the order of sending; those of them that were `sealed` here are not read again."""
        return self.just_sealed(sealed, 0, most) or queries.outbox(self._reader, self.group_id, most)

    def just_sealed(self, sealed: Sequence[OutboxRow], behind: int, most: int = 500) -> list[OutboxRow]:
        """Return what was `sealed` here with its numbers, if it is what lies behind a number of the outbox; else none.

        Nothing else of it is read again.
        """
        if not sealed:
            return []
        places = sending.outbox_places(self._reader, self.group_id, behind, most)
        if [place[1:] for place in places] != [(row.rev_hash.hex(), row.local_rev) for row in sealed]:
            return []
        return [msgspec.structs.replace(row, number=place[0]) for row, place in zip(sealed, places, strict=True)]

    def held(self) -> list[HeldRow]:
        """Return what is in quarantine."""
        return queries.held(self._reader, self.group_id)

    def unseen(self, generation: int, most: int) -> list[str]:
        """Return heads that a full pull did not see."""
        return queries.unseen(self._reader, self.group_id, generation, most)

    def _standing(self) -> tuple[CursorRow, int]:
        # Whoever writes demands the same (sync_writes.GroupWriter), so that nobody tries for ever what is refused.
        found = queries.cursor_and_outbox(self._reader, self.group_id)
        if found is None:
            raise GroupChanged
        return found

    @property
    def _reader(self) -> Reader:
        # That of the calling thread: some of this is read beside the loop.
        return self._store.reader()
