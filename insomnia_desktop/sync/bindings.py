"""Which workspaces are which groups: bound, made, found and let go of at the begin of a round (protocol v1, 3.10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_wire, to_base64url
from insomnia_desktop.crypto import digest as digests
from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.protocol.resource_groups import Group, GroupWrap, Head, Heads, NewGroup
from insomnia_desktop.store import Store
from insomnia_desktop.store.commands.bindings import (
    Bind,
    ChooseWorkspaces,
    KeepWraps,
    MakeLocal,
    Notify,
    RemoveUntouched,
)
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.sync_rows import BindingRow
from insomnia_desktop.sync.absent import group_absent
from insomnia_desktop.sync.cursor import GroupState
from insomnia_desktop.sync.endings import GroupChanged, MakesNoSense, refusal, told
from insomnia_desktop.sync.envelopes import GroupKeys
from insomnia_desktop.sync.group_store import submit
from insomnia_desktop.sync.session import SyncSession, require_known, state_of
from insomnia_desktop.sync.whole_group import whole_group
from insomnia_desktop.transport.refused import Refused

FIRST_NAME: Final = "My workspace"
"""The name of the workspace that the program makes by itself."""
_WRAPS = msgspec.json.Decoder(list[dict[str, object]])


@dataclass(frozen=True, slots=True)
class BoundGroup:
    """A group that this round works on; `told` is what heads said of it, None where it is new."""

    group_id: str
    workspace_id: str
    keys: GroupKeys
    told: GroupState | None


@dataclass(slots=True)
class Bindings:
    """Brings the bindings in line with what the server lists. Threads: one loop's."""

    store: Store
    session: SyncSession
    unreadable: list[str] = field(default_factory=list)
    """Groups whose keys or whose workspace could not be found out."""
    _marks: dict[str, tuple[int, GroupState]] = field(default_factory=dict)
    _found_here: bool = False

    async def settle(self, heads: Heads, *, choose_all: bool) -> list[BoundGroup]:
        """Return the groups to be worked on, after whatever had to be bound, made or let go of."""
        listed = {to_base64url(head.id): head for head in heads.groups}
        for head in heads.groups:
            require_known(head)
        self._marks = {each: (heads.account_rev, state_of(heads, head)) for each, head in listed.items()}
        chosen = await self._is_chosen(choose_all)
        await self._meet(listed, chosen=chosen)
        await self._look_for_absent(heads, listed)
        if chosen:
            await self._bind_unbound()
        bound = [
            found
            for binding in self._mine()
            if binding.state == "on" and (found := await self._bound(binding, heads, listed)) is not None
        ]
        self.session.unread = {each: mark for each, mark in self.session.unread.items() if each in self.unreadable}
        return bound

    def as_they_are(self, wanted: Collection[str]) -> list[BoundGroup] | None:
        """Return these groups without asking the server; None where they are not all that can be worked on."""
        account, reader = self.session.account, self.store.reader()
        found = []
        for binding in self._mine():
            if binding.state != "on" or binding.group_id is None:
                continue
            if binding.group_id in self.session.unread:
                continue
            keys = self.session.keys_of(binding.group_id, binding.workspace_id, read_wraps(binding.wraps))
            if keys is None or binding.group_id not in wanted:
                return None
            found.append(BoundGroup(binding.group_id, binding.workspace_id, keys, None))
        if len(found) != len(wanted) or not queries.is_chosen(reader, account) or proposable(self.store, account):
            return None
        return found

    async def finish(self) -> None:
        """Remove the workspace that nobody has touched, where this round brought another one."""
        if not self._found_here:
            return
        for workspace_id in queries.untouched(self.store.reader(), FIRST_NAME):
            await submit(self.store, RemoveUntouched(workspace_id, FIRST_NAME))

    async def _is_chosen(self, choose_all: bool) -> bool:
        account = self.session.account
        if queries.is_chosen(self.store.reader(), account):
            return True
        if choose_all or not proposable(self.store, account):
            await submit(self.store, ChooseWorkspaces(account, ()))
            return True
        return False

    async def _meet(self, listed: dict[str, Head], *, chosen: bool) -> None:
        """Bind groups that are met for the first time."""
        unknown = set(listed) - {binding.group_id for binding in self._mine()}
        if not unknown:
            return
        stored = {binding.workspace_id: binding for binding in queries.bindings(self.store.reader())}
        own = {
            self.session.group_of(workspace_id): workspace_id
            for workspace_id in queries.workspace_names(self.store.reader())
        }
        groups: dict[str, Group] | None = None
        # In the order of the server's list, so that two runs do the same.
        for group_id, head in listed.items():
            if group_id not in unknown:
                continue
            workspace_id = own.get(group_id)
            before = stored.get(workspace_id or "")
            if before is not None:
                if before.account_id != self.session.account:
                    await self._notify("other_account", before.workspace_id)
                continue
            if workspace_id is None and _holds_nothing(head):
                # Looked at once its head tells of something.
                continue
            if workspace_id is not None and not chosen:
                continue
            if self._is_unread_still(group_id):
                self.unreadable.append(group_id)
                continue
            groups = await self._groups() if groups is None else groups
            group = groups.get(group_id)
            if group is None:
                # Gone since it was listed, or somebody keeps it from us.
                if await self._is_listed_now(group_id):
                    self.unreadable.append(group_id)
                continue
            require_known(group)
            if workspace_id is None:
                try:
                    workspace_id = await self._find_workspace(group)
                except GroupChanged:
                    # Removed since it was listed.
                    continue
                self._found_here = self._found_here or workspace_id is not None
            if workspace_id is not None:
                await self._bind(workspace_id, group_id, wraps_text(group.wraps))

    async def _find_workspace(self, group: Group) -> str | None:
        """Return the local id of a group's workspace, which only its rows tell: by its own row, or as a parent.

        None where it cannot be found out, which is noted. Raises GroupChanged where the group is gone since it was
        listed.
        """
        group_id = to_base64url(group.id)
        # Ids of the wire are what is looked for: the workspace itself is not known yet.
        keys = self.session.keys_of(group_id, "wrk_" + bytes(16).hex(), group.wraps)
        self.session.forget_keys(group_id)
        if keys is None:
            self._note_unread(group_id)
            return None
        try:
            async for rows in whole_group(self.session.api, group_id, keys):
                for each in rows:
                    candidates = [each.row.id]
                    if not isinstance(each.read, str) and each.read.parent is not None:
                        candidates.append(each.read.parent)
                    for candidate in candidates:
                        if self.session.is_workspace_of(candidate, group_id):
                            return from_wire("workspace", candidate)
        except MakesNoSense:
            # The others go on without it. The next answer may be a sound one.
            self.unreadable.append(group_id)
            return None
        self._note_unread(group_id)
        return None

    def _is_unread_still(self, group_id: str) -> bool:
        """Say whether a group could not be read, and is as it was then: it is not asked for anew."""
        return group_id in self._marks and self.session.unread.get(group_id) == self._marks[group_id]

    def _note_unread(self, group_id: str) -> None:
        self.unreadable.append(group_id)
        if group_id in self._marks:
            self.session.unread[group_id] = self._marks[group_id]

    async def _look_for_absent(self, heads: Heads, listed: dict[str, Head]) -> None:
        for binding in self._mine():
            if binding.group_id is None or binding.group_id in listed:
                continue
            cursor = queries.cursor(self.store.reader(), binding.group_id)
            epoch = cursor.server_epoch if cursor is not None else None
            if group_absent(epoch, bytes(heads.server_epoch)) == "make_again_and_repair":
                await self._make_again(binding)
            else:
                self.session.forget_keys(binding.group_id)
                await submit(self.store, MakeLocal(binding.workspace_id, self.session.account, "removed_elsewhere"))

    async def _make_again(self, binding: BindingRow) -> None:
        """Make a group that a restored server has lost, with the key that it had."""
        wraps = read_wraps(binding.wraps)
        if not wraps or binding.group_id is None:
            return
        fresh = self.session.new_group(binding.group_id)
        await self._create(NewGroup(fresh.id, wraps[0].epoch, wraps[0].wrap))

    async def _bind_unbound(self) -> None:
        untouched = queries.untouched(self.store.reader(), FIRST_NAME)
        bound = {binding.workspace_id for binding in queries.bindings(self.store.reader())}
        for workspace_id, (_, deleted) in queries.workspace_names(self.store.reader()).items():
            if deleted or workspace_id in bound or workspace_id in untouched:
                continue
            group_id = self.session.group_of(workspace_id)
            # At the server first: a binding without a group there would look like one that was removed.
            wraps = await self._create(self.session.new_group(group_id))
            await self._bind(workspace_id, group_id, wraps_text(wraps))

    async def _create(self, group: NewGroup) -> list[GroupWrap]:
        """Make a group and return its wraps: those of another device where that one was faster."""
        try:
            return (await self.session.api.create_group(group)).wraps
        except Refused as refused:
            if refused.code != "group_exists":
                raise refusal(refused) from refused
        known = (await self._groups()).get(to_base64url(group.id))
        if known is not None:
            require_known(known)
            return known.wraps
        raise KnownError("account.server_failed", status="a group is there and is not")

    async def _bind(self, workspace_id: str, group_id: str, wraps: str) -> None:
        self.session.forget_keys(group_id)
        assert self.session.heads is not None
        epoch = bytes(self.session.heads.server_epoch)
        await submit(self.store, Bind(workspace_id, self.session.account, group_id, wraps, epoch))

    async def _bound(self, binding: BindingRow, heads: Heads, listed: dict[str, Head]) -> BoundGroup | None:
        group_id = binding.group_id
        assert group_id is not None
        keys = self.session.keys_of(group_id, binding.workspace_id, read_wraps(binding.wraps))
        if keys is None:
            if self._is_unread_still(group_id):
                self.unreadable.append(group_id)
                return None
            keys = await self._keys_anew(binding, group_id)
        if keys is None:
            self._note_unread(group_id)
            return None
        head = listed.get(group_id)
        return BoundGroup(group_id, binding.workspace_id, keys, state_of(heads, head) if head is not None else None)

    async def _keys_anew(self, binding: BindingRow, group_id: str) -> GroupKeys | None:
        group = (await self._groups()).get(group_id)
        if group is None:
            return None
        await submit(self.store, KeepWraps(group_id, wraps_text(group.wraps)))
        return self.session.keys_of(group_id, binding.workspace_id, group.wraps)

    async def _groups(self) -> dict[str, Group]:
        with told():
            return {to_base64url(group.id): group for group in (await self.session.api.groups()).groups}

    async def _is_listed_now(self, group_id: str) -> bool:
        with told():
            heads, _ = await self.session.api.heads("")
        return heads is not None and any(to_base64url(head.id) == group_id for head in heads.groups)

    async def _notify(self, code: str, workspace_id: str) -> None:
        await submit(self.store, Notify(self.session.account, code, workspace_id))

    def _mine(self) -> list[BindingRow]:
        return [
            binding
            for binding in queries.bindings(self.store.reader())
            if binding.account_id == self.session.account and binding.group_id is not None
        ]


async def remove_group(session: SyncSession, group_id: str) -> None:
    """Remove the server's copy of a group; one that is gone already is no error: an answer may have been lost."""
    try:
        await session.api.delete_group(group_id)
    except Refused as refused:
        if refused.code != "not_found":
            raise refusal(refused) from refused
    session.forget_keys(group_id)
    session.etag = ""


def proposable(store: Store, account: str) -> list[str]:
    """Return the living workspaces of this device that could be added to an account, in no promised order."""
    reader = store.reader()
    unbound = queries.unbound(reader)
    if not unbound:
        return []
    untouched = queries.untouched(reader, FIRST_NAME)
    return [workspace_id for workspace_id in unbound if workspace_id not in untouched]


def _holds_nothing(head: Head) -> bool:
    """Say whether nothing lives in a group: just made, or all of it deleted, whether or not that is remembered."""
    return bytes(head.digest) == digests.EMPTY


def wraps_text(wraps: list[GroupWrap]) -> str:
    """Return a group's wraps as they are stored."""
    return encode_body(wraps).decode("ascii")


def read_wraps(text: str) -> list[GroupWrap]:
    """Return stored wraps; none where they make no sense, so that the server is asked."""
    from insomnia_desktop.protocol.binary import Bytes61, decode

    try:
        return [GroupWrap(int(str(each["epoch"])), Bytes61(decode(str(each["wrap"])))) for each in _WRAPS.decode(text)]
    except (msgspec.MsgspecError, KeyError, ValueError):
        return []
