"""`sync`: a whole round now or whenever something changes, how it stands, and which workspaces take part."""

from __future__ import annotations

import argparse
import threading
from typing import Any

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.account import open_keys, wait_for
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.naming import pick
from insomnia_desktop.services.sync_views import AttentionItem, SyncReport, SyncState, SyncStatus

_WORDS = {
    SyncState.OFF: "Not signed in.",
    SyncState.UP_TO_DATE: "Up to date.",
    SyncState.SAVING: "Edits are waiting.",
    SyncState.OFFLINE: "Offline.",
    SyncState.NEEDS_ATTENTION: "Needs attention.",
    SyncState.SIGNED_OUT_ELSEWHERE: "Signed out elsewhere.",
    SyncState.LOCAL_ONLY: "Only on this device.",
    SyncState.PAUSED: "The keys are locked.",
}


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action of sync; without one, a round."""
    if arguments.action == "status":
        _status(context)
    elif arguments.action == "workspace":
        _workspace(context, arguments)
    else:
        _round(context, arguments)
    return 0


def _round(context: Context, arguments: argparse.Namespace) -> None:
    open_keys(context)
    syncing = context.services.syncing
    report = wait_for(syncing.sync_once())
    context.output.result(_report(report), text=_sentence(report))
    if arguments.watch:
        _watch(context)


def _watch(context: Context) -> None:
    """Sync in the background and write a line for each change of how it stands, until Ctrl+C or the session's end."""
    syncing = context.services.syncing
    changed = threading.Event()
    unsubscribe = syncing.subscribe(lambda _: changed.set())
    syncing.start()
    written: tuple[object, ...] = ()
    try:
        while True:
            status = syncing.status()
            shown = (status.state, status.pending, status.last_backup.items if status.last_backup else 0)
            if shown != written:
                written = shown
                context.output.result(_status_json(context, status), text=_status_words(status))
                context.output.flush()
            if status.state == SyncState.SIGNED_OUT_ELSEWHERE:
                raise KnownError("account.signed_out_elsewhere")
            # What another process writes is no event of this one: it is looked for twice a second.
            changed.wait(0.5)
            changed.clear()
            context.services.external_changes()
    finally:
        unsubscribe()


def _status(context: Context) -> None:
    context.services.accounts.warm_up().result()
    status = context.services.syncing.status()
    context.output.result(_status_json(context, status), text=_status_words(status))


def _workspace(context: Context, arguments: argparse.Namespace) -> None:
    target = pick(context.services.workspaces.all(), arguments.target, "workspace")
    syncing = context.services.syncing
    if arguments.deed == "remove":
        open_keys(context)
        wait_for(syncing.remove_from_server(target.id))
    else:
        context.services.accounts.warm_up().result()
        wait_for(syncing.set_mode(target.id, arguments.deed))
    (shown,) = [each for each in _workspaces(context) if each["id"] == target.id]
    context.output.result(shown, text=f"{target.name}: {shown['mode']}")


def _report(report: SyncReport) -> JsonObject:
    return {
        "pushed": report.pushed,
        "pulled": report.pulled,
        "conflicts": report.conflicts,
        "quarantined": report.quarantined,
        "verified": report.verified,
        "groups": [
            {
                "id": group.id,
                "workspace": group.workspace,
                "workspace_id": group.workspace_id,
                "head_seq": group.head_seq,
                "items": group.items,
                "verified": group.verified,
            }
            for group in report.groups
        ],
    }


def _sentence(report: SyncReport) -> str:
    items = sum(group.items for group in report.groups)
    said = f"Sent {report.pushed}, received {report.pulled}; {items} items at the server"
    return f"{said}, verified." if report.verified else f"{said}. Not verified: see `sync status`."


def _status_json(context: Context, status: SyncStatus) -> JsonObject:
    backup = status.last_backup
    shown: JsonObject = {
        "state": status.state.value,
        "pending": status.pending,
        "last_backup": None
        if backup is None
        else {"at": backup.at, "items": backup.items, "verified": backup.verified},
        "workspaces": _workspaces(context),
        "attention": [
            {
                "code": item.code,
                "id": item.id,
                "resource_id": item.resource_id,
                "name": item.name,
                "detail": item.detail,
            }
            for item in status.attention
        ],
    }
    if status.problem:
        shown["problem"] = status.problem
    return shown


def _attention(item: AttentionItem) -> JsonObject:
    return {
        "code": item.code,
        "id": item.id,
        "workspace_id": item.workspace_id,
        "resource_id": item.resource_id,
        "name": item.name,
        "detail": item.detail,
    }


def _workspaces(context: Context) -> list[Any]:
    return [
        {
            "id": each.workspace_id,
            "name": each.name,
            "mode": each.mode,
            "group_id": each.group_id,
            "head_seq": each.head_seq,
            "items": each.items,
            "pending": each.pending,
        }
        for each in context.services.syncing.workspaces()
    ]


def _status_words(status: SyncStatus) -> str:
    lines = [_WORDS[status.state]]
    if status.pending:
        lines.append(f"{status.pending} documents wait to be sent.")
    if status.last_backup is not None:
        verified = ", verified" if status.last_backup.verified else ""
        lines.append(f"Last backup: {status.last_backup.items} items{verified}.")
    lines += [" ".join(part for part in (item.code, item.name, item.detail) if part) for item in status.attention]
    return "\n".join(lines)
