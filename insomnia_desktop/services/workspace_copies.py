"""A whole workspace as it was at a moment, as new documents, and what of it is not of that moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_id, new_seed, singleton_id, to_wire
from insomnia_desktop.model import Document
from insomnia_desktop.services.sync_views import CopyGap, WorkspaceCopy
from insomnia_desktop.sync.values import Plaintext

if TYPE_CHECKING:
    from insomnia_desktop.sync.envelopes import Opened
    from insomnia_desktop.sync.history import History, OpenedVersion


# As a moment is written where it is asked for.
_MOMENT: Final = "%Y-%m-%d %H:%M"


async def gathered(kept: History, workspace_id: str, at: int, now: int) -> tuple[list[Document], WorkspaceCopy]:
    """Return the documents of a copy of a workspace as of a moment (ms since 1970), the workspace first.

    Raises what `History` raises, `sync.version_gone` where nothing of the workspace itself can be read, and KnownError
    `sync.not_kept_then` where it did not live then: `since` is when the server got its first version.
    """
    root = to_wire(workspace_id)
    whole = await kept.as_of(root, at)
    if whole is None:
        raise await _not_kept(kept, root, at)
    if whole.opened is None:
        raise KnownError("sync.version_gone")
    found: dict[str, OpenedVersion] = {}
    moved: list[CopyGap] = []
    left_out: list[CopyGap] = []
    for row in await kept.rows():
        then = whole if row.row.id == root else await kept.as_of(row.row.id, at)
        if then is None:
            continue
        if then.opened is None:
            left_out.append(_gap(row))
            continue
        found[row.row.id] = then.opened
        if not then.exact:
            plaintext = then.opened.plaintext
            moved.append(CopyGap(plaintext.kind, str(plaintext.fields.get("name", "")), then.opened.at))
    if root not in found:
        raise KnownError("sync.version_gone")
    documents = _copies(root, found, at, now)
    return documents, WorkspaceCopy(documents[0].id, tuple(moved), tuple(left_out))


async def _not_kept(kept: History, root: str, at: int) -> KnownError:
    before: int | None = None
    since = 0
    while found := await kept.versions(root, before):
        since, before = found[-1].at, found[-1].version
        if before == 1:
            break
    if since <= at:
        return KnownError("sync.not_kept_then", reason="deleted")
    return KnownError("sync.not_kept_then", since=since)


def _gap(row: Opened) -> CopyGap:
    content = row.content
    if not isinstance(content, Plaintext):
        return CopyGap("", "")
    return CopyGap(content.kind, str(content.fields.get("name", "")))


def _copies(root: str, found: dict[str, OpenedVersion], at: int, now: int) -> list[Document]:
    """Return documents with new ids; what hung under something that is not kept hangs under the workspace."""
    seed, workspace = new_seed(), found[root].plaintext
    old_seed = workspace.fields.get("seed")
    ids = {wire_id: new_id(version.plaintext.kind) for wire_id, version in found.items()}
    if isinstance(old_seed, str):
        for kind in ("base_environment", "cookie_jar"):
            # The copy has its own singletons, as every workspace has.
            old = to_wire(singleton_id(old_seed, kind))
            if old in ids:
                ids[old] = singleton_id(seed, kind)
    parents = _parents(root, found)
    copies = []
    for wire_id, version in found.items():
        plaintext = version.plaintext
        fields = dict(plaintext.fields)
        if wire_id == root:
            moment = datetime.fromtimestamp(at / 1000).astimezone().strftime(_MOMENT)
            fields |= {"seed": seed, "name": f"{fields.get('name', '')}, as of {moment}".lstrip(", ")}
        copies.append(
            Document(
                id=ids[wire_id],
                kind=plaintext.kind,
                workspace_id=ids[root],
                parent_id=None if wire_id == root else ids[parents[wire_id]],
                sort_key=plaintext.order,
                schema=plaintext.schema,
                fields=fields,
                created=now,
                modified=now,
            )
        )
    copies.sort(key=lambda each: each.parent_id is not None)
    return copies


def _parents(root: str, found: dict[str, OpenedVersion]) -> dict[str, str]:
    """Return where each document but the workspace hangs, by ids of the wire."""
    parents: dict[str, str] = {}
    for wire_id, version in found.items():
        if wire_id != root:
            parent = version.plaintext.parent or root
            parents[wire_id] = parent if parent in found else root
    for wire_id in parents:
        # Versions of different moments can have two folders in each other.
        climbed = wire_id
        seen = {wire_id}
        while climbed != root:
            climbed = parents[climbed]
            if climbed in seen:
                parents[wire_id] = root
                break
            seen.add(climbed)
    return parents
