"""What the server keeps of documents: their versions, and exactly the rows that it holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, kind_of, new_id, to_base64url, to_wire
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.model import Document
from insomnia_desktop.model.patch import diff
from insomnia_desktop.services import deeds
from insomnia_desktop.services.account_views import AccountDeed
from insomnia_desktop.services.conflict_sides import holds, newest_sides
from insomnia_desktop.services.history_views import Against, VersionChange, VersionRow, VersionView
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.services.sync_views import (
    ConflictOrigin,
    ServerRevision,
    ServerRow,
    SpaceUsed,
    WorkspaceCopy,
)
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.queries import account as account_queries
from insomnia_desktop.store.queries import documents, kept_heads
from insomnia_desktop.store.queries import sync as queries

if TYPE_CHECKING:
    from insomnia_desktop.protocol.resources import Revision
    from insomnia_desktop.sync.engine import SyncEngine
    from insomnia_desktop.sync.envelopes import GroupKeys, Opened
    from insomnia_desktop.sync.history import History, OpenedVersion
    from insomnia_desktop.sync.values import Plaintext

T = TypeVar("T")
# A conflict is of yesterday, mostly: what is far back is not looked for.
_LOOKED_THROUGH: Final = 20


class SyncHistory:
    """Asks the server of the open account. Threads: any; what is asked comes as a deed.

    Deeds raise the KnownErrors of the connection, `account.signed_out_elsewhere`, `account.not_signed_in`,
    `sync.not_synced`, `sync.version_gone`, `sync.version_unreadable`. `told_of` says what an error means to the person;
    None: that it is to be asked once more.
    """

    def __init__(
        self,
        access: StoreAccess,
        loop: LoopThread,
        engine: Callable[[], Awaitable[SyncEngine]],
        told_of: Callable[[KnownError], Awaitable[KnownError | None]],
    ) -> None:
        self._access = access
        self._loop = loop
        self._engine = engine
        self._told_of = told_of

    def history(self, document_id: str, before: int | None = None) -> AccountDeed[tuple[VersionRow, ...]]:
        """Return at most 100 versions of a document, newest first; `before` is the last one of the page before."""

        async def history() -> tuple[VersionRow, ...]:
            kept = await self._history_of(self._workspace_of(document_id))
            names = await kept.device_names()
            found = await kept.versions(to_wire(document_id), before)
            return tuple(
                _version_row(revision, names, current=before is None and number == 0)
                for number, revision in enumerate(found)
            )

        return self._deed(history)

    def version(self, document_id: str, version: int, against: Against = "current") -> AccountDeed[VersionView]:
        """Return a version of a document, opened, and where it differs from the current one or the one before it."""

        async def version_view() -> VersionView:
            from insomnia_desktop.services.version_comparison import against_current, against_previous

            kept = await self._history_of(self._workspace_of(document_id))
            names = await kept.device_names()
            resource = to_wire(document_id)
            listed = await self._listed(kept, resource, version)
            opened = await kept.open(resource, listed[0])
            row = _version_row(listed[0], names, current=False)
            if against == "current":
                return against_current(row, opened, documents.document(self._access.reader(), document_id))
            before = next((each for each in listed[1:] if each.kept), None)
            return against_previous(
                row,
                opened,
                None if before is None else _version_row(before, names, current=False),
                None if before is None else await kept.open_or_none(resource, before),
            )

        return self._deed(version_view)

    def changes(self, document_id: str, versions: Sequence[int]) -> AccountDeed[tuple[VersionChange, ...]]:
        """Return what some versions changed, each against the one before it.

        Left out is what is no longer kept, and what comes after such a one. Takes a request a version.
        """

        async def changes() -> tuple[VersionChange, ...]:
            from insomnia_desktop.services.version_words import change_words

            kept = await self._history_of(self._workspace_of(document_id))
            pairs = await kept.with_predecessors(to_wire(document_id), versions)
            return tuple(
                VersionChange(after.version, change_words(before, after, self._folder_name)) for after, before in pairs
            )

        return self._deed(changes)

    def conflict_origin(self, document_id: str) -> AccountDeed[ConflictOrigin]:
        """Return which versions hold the values of a document that are in conflict, looked for among the newest 20."""

        async def conflict_origin() -> ConflictOrigin:
            kept = await self._history_of(self._workspace_of(document_id))
            names = await kept.device_names()
            own = account_queries.device_id(self._access.reader())
            sides = newest_sides(queries.conflicts(self._access.reader()), document_id)
            theirs, base = await kept.newest_that(
                to_wire(document_id),
                # What both had before is older than what one of them made of it.
                (lambda opened: holds(opened, sides, "theirs"), lambda opened: holds(opened, sides, "base")),
                most=_LOOKED_THROUGH if sides else 0,
            )
            return ConflictOrigin(
                mine=names.get(from_base64url(own), "") if own else "",
                base=None if base is None else _version_row(base, names, current=False),
                theirs=None if theirs is None else _version_row(theirs, names, current=False),
            )

        return self._deed(conflict_origin)

    def restore(self, document_id: str, version: int) -> AccountDeed[None]:
        """Give a document the fields that it had, by an ordinary edit; a deleted one comes back."""

        async def restore() -> None:
            opened = await self._opened(document_id, version)
            await self._restore(document_id, opened.plaintext)

        return self._deed(restore)

    def restore_as_copy(self, document_id: str, version: int) -> AccountDeed[str]:
        """Make a new document of a version, beside the current one; gives its id."""

        async def restore_as_copy() -> str:
            opened = await self._opened(document_id, version)
            return await self._create(document_id, new_id(kind_of(document_id)), opened.plaintext.fields)

        return self._deed(restore_as_copy)

    def workspace_as_of(self, workspace_id: str, at: int) -> AccountDeed[WorkspaceCopy]:
        """Make a new workspace of what one was at a moment (ms since 1970), as near to that as is kept.

        Takes two requests a document, and waits where the server asks for that.
        """

        async def workspace_as_of() -> WorkspaceCopy:
            from insomnia_desktop.services.workspace_copies import gathered
            from insomnia_desktop.store.commands.copies import InsertCopies

            kept = await self._history_of(workspace_id)
            documents, told = await gathered(kept, workspace_id, at, self._access.clock.now_ms())
            await self._submit(InsertCopies(tuple(documents)))
            return told

        return self._deed(workspace_as_of)

    def server_rows(self, workspace_id: str) -> AccountDeed[tuple[ServerRow, ...]]:
        """Return exactly the rows that the server holds of a workspace, asked for now, beside what each means."""

        async def server_rows() -> tuple[ServerRow, ...]:
            kept = await self._history_of(workspace_id)
            group_id = self._group_of(workspace_id)
            return tuple(_server_row(group_id, opened) for opened in await kept.rows())

        return self._deed(server_rows)

    def server_revision(self, workspace_id: str, row: ServerRow) -> AccountDeed[ServerRevision]:
        """Return what the server's list of versions says of a row: by which device, when, and its hash."""

        async def server_revision() -> ServerRevision:
            kept = await self._history_of(workspace_id)
            names = await kept.device_names()
            listed = (await self._listed(kept, row.resource_id, row.version))[0]
            return ServerRevision(
                rev_hash=to_base64url(bytes(listed.rev_hash)),
                device=to_base64url(bytes(listed.device)),
                device_name=names.get(bytes(listed.device), ""),
                at=listed.at,
                kept=listed.kept,
            )

        return self._deed(server_revision)

    def fingerprint(self, workspace_id: str) -> AccountDeed[str]:
        """Return the fingerprint of a workspace's key: the same on every device that can read it."""

        async def fingerprint() -> str:
            from insomnia_desktop.crypto.expand import expand

            keys = await self._keys_of(workspace_id)
            digits = expand(keys.keys[keys.epoch], b"app/1/key-fingerprint")[:16].hex()
            return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))

        return self._deed(fingerprint)

    def space(self) -> AccountDeed[SpaceUsed]:
        """Ask the server how many bytes it counts for the account; one small request, and nothing is counted here."""

        async def space() -> SpaceUsed:
            from insomnia_desktop.sync.history import space_of

            return SpaceUsed(*await space_of((await self._engine()).session))

        return self._deed(space)

    async def _opened(self, document_id: str, version: int) -> OpenedVersion:
        kept = await self._history_of(self._workspace_of(document_id))
        return await kept.open_number(to_wire(document_id), version)

    async def _listed(self, kept: History, resource_id: str, version: int) -> list[Revision]:
        """Return a version as the server lists it, and up to 99 before it, newest first."""
        found = await kept.versions(resource_id, version + 1)
        if not found or found[0].version != version:
            raise KnownError("sync.version_gone", version=version)
        return found

    async def _history_of(self, workspace_id: str) -> History:
        from insomnia_desktop.sync.history import History

        keys = await self._keys_of(workspace_id)
        return History((await self._engine()).session, self._group_of(workspace_id), keys)

    async def _keys_of(self, workspace_id: str) -> GroupKeys:
        from insomnia_desktop.sync.bindings import read_wraps

        session = (await self._engine()).session
        for binding in queries.bindings(self._access.reader()):
            if binding.workspace_id == workspace_id and binding.account_id == session.account and binding.group_id:
                keys = session.keys_of(binding.group_id, workspace_id, read_wraps(binding.wraps))
                if keys is not None:
                    return keys
        raise KnownError("sync.not_synced")

    def _group_of(self, workspace_id: str) -> str:
        for binding in queries.bindings(self._access.reader()):
            if binding.workspace_id == workspace_id and binding.group_id is not None:
                return binding.group_id
        raise KnownError("sync.not_synced")

    def _workspace_of(self, document_id: str) -> str:
        reader = self._access.reader()
        found = queries.workspace_of(reader, document_id) or kept_heads.workspace_of(reader, document_id)
        if found is None:
            raise KnownError("document.not_found", id=document_id)
        return found

    def _folder_name(self, wire_id: str) -> str | None:
        try:
            found = documents.document(self._access.reader(), f"fld_{from_base64url(wire_id).hex()}")
        except KnownError:
            return None
        return found.name if found is not None else None

    async def _restore(self, document_id: str, opened: Plaintext) -> None:
        from insomnia_desktop.store.commands.documents import PatchDocument, RestoreDocuments
        from insomnia_desktop.store.commands.kept_heads import BringBack
        from insomnia_desktop.sync.stored import text_row

        reader = self._access.reader()
        if queries.workspace_of(reader, document_id) is None:
            # The trash let go of it: all of it comes from the version, also where it stood.
            if opened.kind != kind_of(document_id):
                raise KnownError("document.not_found", id=document_id)
            await self._submit(BringBack(document_id, self._workspace_of(document_id), text_row(opened)))
            return
        if documents.document(reader, document_id) is None:
            await self._submit(RestoreDocuments((document_id,)))
        present = documents.document(self._access.reader(), document_id)
        if present is None:
            raise KnownError("document.not_found", id=document_id)
        await self._submit(PatchDocument(document_id, diff(present.fields, opened.fields)))

    async def _create(self, beside: str, document_id: str, fields: JsonObject) -> str:
        from insomnia_desktop.store.commands.documents import CreateDocument

        workspace_id = self._workspace_of(beside)
        present = documents.document(self._access.reader(), beside)
        document = Document(
            id=document_id,
            kind=kind_of(document_id),
            workspace_id=workspace_id,
            parent_id=present.parent_id if present is not None else workspace_id,
            sort_key="",
            fields={**fields, "name": f"{fields.get('name', '')} (restored)".lstrip()},
        )
        await self._submit(CreateDocument(document))
        return document_id

    async def _submit(self, command: Command) -> None:
        from asyncio import wrap_future

        await wrap_future(self._access.submit(command))

    def _deed(self, make: Callable[[], Coroutine[Any, Any, T]]) -> AccountDeed[T]:
        return deeds.start(self._loop, lambda: self._told(make))

    async def _told(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Tell a person, who asked for this, in words what a round in the background takes as its end."""
        from insomnia_desktop.sync.endings import GroupChanged

        for last in (False, True):
            try:
                return await make()
            except GroupChanged:
                raise KnownError("sync.not_synced") from None
            except KnownError as error:
                told = await self._told_of(error)
                if told is not None and told is not error:
                    raise told from None
                if told is error or last:
                    raise
        raise AssertionError("the second turn is the last")


def _version_row(revision: Revision, names: dict[bytes, str], *, current: bool) -> VersionRow:
    return VersionRow(
        version=revision.version,
        at=revision.at,
        device=names.get(bytes(revision.device), ""),
        deleted=revision.deleted,
        size=revision.size,
        kept=revision.kept,
        current=current,
    )


def _server_row(group_id: str, opened: Opened) -> ServerRow:
    from insomnia_desktop.store import codec
    from insomnia_desktop.sync.plaintext import as_json
    from insomnia_desktop.sync.values import Plaintext

    held, content = opened.held, opened.content
    return ServerRow(
        resource_id=opened.row.id,
        group_id=group_id,
        version=held.version,
        seq=held.seq,
        prev=to_base64url(held.prev),
        deleted=held.deleted,
        author=to_base64url(held.author),
        size=len(held.blob),
        envelope=held.blob,
        document=codec.encode(as_json(content)) if isinstance(content, Plaintext) else None,
        problem="" if isinstance(content, Plaintext) else content,
    )
