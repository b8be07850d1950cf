"""What a command did, and who did it."""

from __future__ import annotations

from typing import Literal

import msgspec

OriginKind = Literal["window", "send", "command_line", "undo", "import", "sync", "other_process", "startup"]
Action = Literal["created", "updated", "deleted", "restored", "purged"]

NO_PARTS: frozenset[str] = frozenset()


class Origin(msgspec.Struct, frozen=True):
    """Who asked for a write; `token` is the caller's own mark, so that an editor knows its own edits."""

    kind: OriginKind
    token: int = 0


class Change(msgspec.Struct, frozen=True):
    """One thing that was changed.

    `kind` is a kind of document, `response`, `setting`, `account`, `undo` (then `id` is the workspace whose undo
    changed), or `sync` (then `id` is the workspace whose sync stands otherwise, or empty).
    `parts`, for an updated document, are its changed top-level fields, `parent` and `order`.
    The deletion of a folder is one change, for the folder; what it held went with it, and comes back with the one
    change `restored`. `purged` is gone for good.
    """

    action: Action
    kind: str
    id: str
    workspace_id: str | None
    parts: frozenset[str] = NO_PARTS


class ChangeSet(msgspec.Struct, frozen=True):
    """All changes of one commit, in order; `number` rises with every commit of any process.

    A command that changed nothing that others see gives an empty one, which subscribers do not get.
    """

    number: int
    origin: Origin
    changes: tuple[Change, ...]
