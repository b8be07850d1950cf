"""What sync last agreed on, out of a damaged store: where a document stands whose own row is lost, and a lost seed.

A base is never taken for a base again (store.salvage_sync); here it only says what nothing else says any more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import PREFIXES, from_wire, is_id, kind_of, singleton_id
from insomnia_desktop.model.sort_key import is_sort_key
from insomnia_desktop.store.broken_file import BrokenFile
from insomnia_desktop.store.codec import NO_JSON


class _Plaintext(msgspec.Struct):
    """What is asked of the JSON inside an envelope (protocol v1, 3.2)."""

    t: str
    p: str | None
    o: str
    d: dict[str, Any]


_PLAINTEXT = msgspec.json.Decoder(_Plaintext)


@dataclass(frozen=True, slots=True)
class AgreedPlace:
    """Where a document stood when server and device had the same of it, and whether it was deleted there."""

    workspace_id: str
    parent_id: str | None
    sort_key: str
    deleted: bool


@dataclass(slots=True)
class Agreed:
    """What is known of synced workspaces; those in `pulled` come from the server with the next round."""

    pulled: set[str] = field(default_factory=set)
    _workspaces: dict[str, dict[str, Any]] = field(default_factory=dict)
    _places: dict[str, list[AgreedPlace]] = field(default_factory=lambda: defaultdict(list))

    def place(self, document_id: str) -> AgreedPlace | None:
        """Return where a document stood; None where no group has it, or more than one."""
        known = self._places.get(document_id, [])
        return known[0] if len(known) == 1 else None

    def name(self, workspace_id: str) -> str | None:
        """Return what a workspace was called."""
        name = self._workspaces.get(workspace_id, {}).get("name")
        return name if isinstance(name, str) else None

    def seed(self, workspace_id: str) -> str | None:
        """Return the seed of a workspace, which never changes."""
        seed = self._workspaces.get(workspace_id, {}).get("seed")
        return seed if is_seed(seed) else None

    def add(self, workspace_id: str, resource: Any, text: Any, *, deleted: bool) -> None:
        """Take in a base of a workspace; one that makes no sense is left out."""
        try:
            base = _PLAINTEXT.decode(text)
            document_id = f"{PREFIXES[base.t]}_{resource}"
            parent_id = None if base.p is None else from_wire("folder", base.p)
        except (*NO_JSON, KnownError, KeyError):
            return
        if not (is_id(document_id) and is_sort_key(base.o)) or (base.t == "workspace") != (document_id == workspace_id):
            return
        if parent_id is not None and parent_id[4:] == workspace_id[4:]:
            parent_id = workspace_id
        if base.t == "workspace":
            self._workspaces[workspace_id] = base.d
        self._places[document_id].append(AgreedPlace(workspace_id, parent_id, base.o, deleted))


def read_agreed(broken: BrokenFile) -> Agreed:
    """Read bindings and bases, as far as they can be read."""
    agreed = Agreed()
    groups: dict[str, str] = {}
    for _, workspace_id, group_id, state in broken.rows("number, workspace_id, group_id, state", "binding"):
        if not isinstance(group_id, str) or not isinstance(workspace_id, str) or state not in ("on", "off"):
            continue
        if is_id(workspace_id) and kind_of(workspace_id) == "workspace":
            groups.setdefault(group_id, workspace_id)
            if state == "on":
                agreed.pulled.add(workspace_id)
    for _, group_id, resource, text, deleted in broken.rows("number, group_id, resource, plaintext, deleted", "base"):
        if group_id in groups:
            agreed.add(groups[group_id], resource, text, deleted=bool(deleted))
    return agreed


def is_seed(value: object) -> TypeGuard[str]:
    """Say whether a value is the seed of a workspace."""
    try:
        return isinstance(value, str) and bool(singleton_id(value, "cookie_jar"))
    except KnownError:
        return False
