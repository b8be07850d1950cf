"""One signed-in session as a round sees it: the server, the keys, and what is remembered between two rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.group_keys import group_id, group_id_key, new_group_key, unwrap_group_key, wrap_group_key
from insomnia_desktop.protocol.binary import Bytes16, Bytes61
from insomnia_desktop.protocol.limits import FIRST_EPOCH, ID_BYTES
from insomnia_desktop.protocol.resource_groups import OWNER, Group, GroupWrap, Head, Heads, NewGroup
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.sync.cursor import GroupState
from insomnia_desktop.sync.envelopes import GroupKeys
from insomnia_desktop.sync.stored import resource_of
from insomnia_desktop.transport.connection import Connection
from insomnia_desktop.transport.connection import Exchange as Exchange
from insomnia_desktop.transport.resource_api import ResourceApi
from insomnia_desktop.transport.server_address import read_server_address


@dataclass(slots=True)
class SyncSession:
    """A session, from sign-in or start to its end. Threads: one loop's.

    `account_id` and `account_key` are raw bytes; `heads` is what the server said last, with its mark. `unread` are the
    groups that could not be read, with what heads told of the account and of them then.
    """

    api: ResourceApi
    account_id: bytes
    account_key: bytes = field(repr=False)
    limits: Limits | None = None
    heads: Heads | None = None
    etag: str = ""
    tried_again: set[str] = field(default_factory=set)
    unread: dict[str, tuple[int, GroupState]] = field(default_factory=dict)
    _keys: dict[str, GroupKeys] = field(default_factory=dict, repr=False)

    @property
    def account(self) -> str:
        """The account's id on the wire."""
        return to_base64url(self.account_id)

    def knows_unread(self, groups: Iterable[str]) -> bool:
        """Say whether all these are groups that could not be read, and stay so until heads tell something else."""
        return self.unread.keys() >= set(groups)

    def group_of(self, workspace_id: str) -> str:
        """Return the id on the wire of the group that belongs to a workspace, which is given by its local id."""
        raw = bytes.fromhex(workspace_id[4:])
        return to_base64url(group_id(group_id_key(self.account_key), raw))

    def is_workspace_of(self, candidate: str, group: str) -> bool:
        """Say whether a resource is the workspace that a group belongs to; both on the wire."""
        raw = bytes.fromhex(resource_of(candidate))
        return len(raw) == ID_BYTES and to_base64url(group_id(group_id_key(self.account_key), raw)) == group

    def new_group(self, group: str) -> NewGroup:
        """Return a group with a fresh key, to be made at the server."""
        raw = bytes.fromhex(resource_of(group))
        wrap = wrap_group_key(self.account_key, self.account_id, raw, FIRST_EPOCH, new_group_key())
        return NewGroup(Bytes16(raw), FIRST_EPOCH, Bytes61(wrap))

    def keys_of(self, group: str, workspace_id: str, wraps: list[GroupWrap]) -> GroupKeys | None:
        """Return the keys of a group, None where none of its wraps opens."""
        known = self._keys.get(group)
        if known is not None:
            return known
        raw = bytes.fromhex(resource_of(group))
        keys: dict[int, bytes] = {}
        for each in wraps:
            try:
                keys[each.epoch] = unwrap_group_key(self.account_key, self.account_id, raw, each.epoch, each.wrap)
            except Undecryptable:
                continue
        if FIRST_EPOCH not in keys:
            return None
        made = GroupKeys(raw, self.account_id, workspace_id[4:], keys, FIRST_EPOCH)
        self._keys[group] = made
        return made

    def forget_keys(self, group: str) -> None:
        """Read the keys of a group anew the next time."""
        self._keys.pop(group, None)


def open_session(
    address: str, token: bytes, account_id: bytes, account_key: bytes, on_exchange: Callable[[Exchange], None]
) -> SyncSession:
    """Return a session with a server; `on_exchange` is told of every request, for the person's log."""
    connection = Connection(read_server_address(address), on_exchange=on_exchange)
    return SyncSession(ResourceApi(connection, token), account_id, account_key)


def state_of(heads: Heads, head: Head) -> GroupState:
    """Return what heads says of one group."""
    return GroupState(bytes(heads.server_epoch), head.head_seq, bytes(head.digest))


def require_known(group: Group | Head) -> None:
    """Raise KnownError `account.newer_protocol` for a group of a kind that this version does not know."""
    log_n = group.log_n if isinstance(group, Head) else 0
    if group.role != OWNER or group.epoch != FIRST_EPOCH or log_n != 0:
        raise KnownError("account.newer_protocol")
