"""`history`: the versions of a request, folder or environment, one of them, and back to it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeVar

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import is_id
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.account import open_keys, wait_for
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.output import moment
from insomnia_desktop.cli.sync_words import say
from insomnia_desktop.services.account_views import AccountDeed
from insomnia_desktop.services.sync_views import ShownValue, VersionRow

_Answer = TypeVar("_Answer")


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on a history."""
    target = _target(context, arguments.target)
    open_keys(context)
    syncing = context.services.syncing
    if arguments.action == "list":
        _list(context, target)
    elif arguments.action == "show":
        _show(context, target, arguments.version)
    else:
        version = arguments.version
        _of_version(context, target, version, lambda: syncing.restore(target, version))
        context.write_document(target)
        say(context.output, f"Version {version} stands here again, and goes out with the next `sync`.")
    return 0


def _list(context: Context, target: str) -> None:
    syncing = context.services.syncing
    versions = page = _newest(context, target)
    while page and page[-1].version > 1:
        page = wait_for(syncing.history(target, page[-1].version))
        versions += page
    rows: list[JsonObject] = [_row(row) for row in versions]
    moved_to = context.services.documents.moved_away(target).get(target)
    note = ""
    if moved_to is not None and rows and versions[0].deleted:
        rows[0]["moved_to"] = moved_to
        note = f"moved to {moved_to}" if moved_to else "moved to another workspace"
    if not context.output.as_json:
        rows = [{**row, "at": moment(each.at), "note": ""} for row, each in zip(rows, versions, strict=True)]
        if note:
            rows[0] |= {"deleted": False, "note": note}
    context.output.table(rows, ("version", "at", "device", "deleted", "size", "note"))
    if not rows:
        say(context.output, "There is no version yet: the first one goes out with the next `sync`.")


def _newest(context: Context, target: str) -> tuple[VersionRow, ...]:
    try:
        return wait_for(context.services.syncing.history(target))
    except KnownError as error:
        if error.code != "sync.version_gone":
            raise
        # What the server was never sent has no versions.
        return ()


def _show(context: Context, target: str, version: int) -> None:
    view = _of_version(context, target, version, lambda: context.services.syncing.version(target, version))
    shown = {**_row(view.row), "id": target, "kind": view.kind, "name": view.name, "fields": view.fields}
    shown["differences"] = [
        {
            "field": each.field,
            "path": list(each.path),
            "before": each.before.value if each.before.present else None,
            "after": each.after.value if each.after.present else None,
        }
        for each in view.differences
    ]
    lines = [f"Version {view.row.version} of {view.name}, {moment(view.row.at)}, {view.row.device}".rstrip(", ")]
    lines += [f"{each.field}: {_text(each.before)} is now {_text(each.after)}" for each in view.differences]
    if not view.differences:
        lines.append(_now(context, target))
    context.output.result(shown, text="\n".join(lines))


def _of_version(context: Context, target: str, version: int, begin: Callable[[], AccountDeed[_Answer]]) -> _Answer:
    """Wait for what is asked of a version; of one that never was it is said that there is no such version."""
    try:
        if version > 0:
            return wait_for(begin())
    except KnownError as error:
        if error.code != "sync.version_gone":
            raise
        gone: KnownError | None = error
    else:
        gone = None
    rows = _newest(context, target)
    if not rows:
        raise KnownError("sync.no_such_version", version=version, reason="none")
    newest = rows[0].version
    if gone is not None and version <= newest:
        raise gone
    raise KnownError("sync.no_such_version", version=version, newest=newest)


def _now(context: Context, target: str) -> str:
    if context.services.documents.row(target) is not None:
        return "It is as it is now."
    syncing = context.services.syncing
    gone = {each.document_id for workspace_id in syncing.modes() for each in syncing.let_go(workspace_id)}
    return "It is deleted now, and no longer in the trash." if target in gone else "It is in the trash now."


def _text(value: ShownValue) -> str:
    return repr(value.text) if value.present else "nothing"


def _target(context: Context, text: str) -> str:
    """Return the id of what is named; an id may be that of something deleted."""
    if is_id(text):
        return text
    workspace_id = context.workspace_id()
    documents = {row.id: row.name for row in context.services.documents.tree(workspace_id)}
    documents |= {each.id: each.name for each in context.services.environments.rows(workspace_id)}
    named = [document_id for document_id, name in documents.items() if name == text]
    if not named:
        named = [each.document_id for each in context.services.syncing.deleted(workspace_id) if each.name == text]
    if not named:
        named = [each.document_id for each in context.services.syncing.let_go(workspace_id) if each.name == text]
    if not named:
        named = [each.id for each in context.services.workspaces.all() if each.name == text]
    if not named:
        raise KnownError("cli.unknown_name", kind="document", name=text, candidates=sorted(set(documents.values())))
    if len(named) > 1:
        raise KnownError("cli.ambiguous_name", kind="document", name=text, candidates=named)
    return named[0]


def _row(row: VersionRow) -> JsonObject:
    return {
        "version": row.version,
        "at": row.at,
        "device": row.device,
        "deleted": row.deleted,
        "size": row.size,
        "kept": row.kept,
    }
