"""`sync`: a whole round now or whenever something changes, how it stands, notices, and which workspaces take part."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Sequence
from typing import Any

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.account import open_keys, wait_for
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.naming import pick
from insomnia_desktop.cli.output import moment
from insomnia_desktop.cli.sync_words import KEYS_LOCKED, attention_words, report_words, say, status_words
from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.services.sync_reports import unopened_item
from insomnia_desktop.services.sync_views import AttentionItem, SyncReport, SyncState, SyncStatus, WorkspaceSync
from insomnia_desktop.services.syncing import Syncing

# What ends a round and not the watch: it is tried again.
_TRIED_AGAIN = frozenset(
    {
        "account.server_unreachable",
        "account.not_a_sync_server",
        "account.server_failed",
        "sync.server_busy",
        "sync.busy",
    }
)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action of sync; without one, a round."""
    if arguments.action == "status":
        _status(context)
    elif arguments.action == "notices":
        _notices(context, arguments.dismiss or ())
    elif arguments.action == "workspace":
        _workspace(context, arguments)
    elif arguments.watch:
        _watch(context)
    else:
        open_keys(context)
        _write_report(context, wait_for(context.services.syncing.sync_once()))
    return 0


def _watch(context: Context) -> None:
    """Run a round, then sync in the background until Ctrl+C or the session's end; a line for each change of state."""
    try:
        open_keys(context)
        syncing = context.services.syncing
        try:
            _write_report(context, wait_for(syncing.sync_once()))
        except KnownError as error:
            if error.code not in _TRIED_AGAIN:
                raise
            # Every workspace takes part, as in a round; the rounds themselves come by and by.
            wait_for(syncing.choose_first([each.workspace_id for each in syncing.proposed_workspaces()]))
        _write_changes(context)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        raise


def _write_changes(context: Context) -> None:
    syncing = context.services.syncing
    changed = threading.Event()
    unsubscribe = syncing.subscribe(lambda _: changed.set())
    syncing.start()
    written: tuple[object, ...] = ()
    try:
        while True:
            status = syncing.status()
            backup = status.last_backup
            shown = (status.state, status.pending, status.problem, backup and (backup.items, backup.verified))
            if shown != written:
                written = shown
                line = f"{moment(SystemClock().now_ms())}  {' '.join(status_words(status))}"
                context.output.result(_status_json(context, status), text=line)
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
    is_locked = context.services.accounts.warm_up().result().state == AccountState.LOCKED
    syncing = context.services.syncing
    status = _stored_status(syncing) if is_locked else syncing.status()
    lines = status_words(status)
    if is_locked:
        lines.append(KEYS_LOCKED)
    if status.state == SyncState.SIGNED_OUT_ELSEWHERE:
        lines.insert(1, one_line(KnownError("account.signed_out_elsewhere")))
    names = {each.workspace_id: each.name for each in syncing.workspaces()}
    lines += [attention_words(item, names.get(item.workspace_id, "")) for item in status.attention]
    if any(item.id for item in status.attention):
        lines.append("Dismiss what you have read with `sync notices --dismiss`.")
    shown = {**_status_json(context, status), "keys_locked": is_locked}
    context.output.result(shown, text="\n".join(lines))


def _stored_status(syncing: Syncing) -> SyncStatus:
    """Return how sync stands by what is stored, which takes no keys: another program may well have them open."""
    pending, backup = syncing.count_pending(), syncing.last_backup()
    attention = (*syncing.attention(), *unopened_item(backup))
    state = SyncState.SAVING if pending else SyncState.UP_TO_DATE
    return SyncStatus(
        state=SyncState.NEEDS_ATTENTION if attention else state,
        pending=pending,
        last_backup=backup,
        attention=attention,
    )


def _notices(context: Context, dismissed: Sequence[int | str]) -> None:
    """Write what sync told and the person has yet to dismiss; of what is dismissed first, what is left."""
    syncing = context.services.syncing
    # As the window does: the account may have been another process's to change.
    context.services.accounts.warm_up().result()
    known = [item.id for item in syncing.attention() if item.id]
    for number in dismissed:
        if number != "all" and number not in known:
            raise KnownError("sync.notice_not_found", id=number)
    for number in known if "all" in dismissed else dict.fromkeys(dismissed):
        context.wait(syncing.dismiss(int(number)))
    names = {each.workspace_id: each.name for each in syncing.workspaces()}
    rows: list[JsonObject] = []
    for item in syncing.attention():
        if item.id:
            said = attention_words(item, names.get(item.workspace_id, ""))
            row = {**_attention_json(item), "at": item.at, "message": said}
            rows.append(row if context.output.as_json else {**row, "when": moment(item.at)})
    context.output.table(rows, ("id", "when", "message"))
    if not rows:
        say(context.output, "There is no notice.")


def _workspace(context: Context, arguments: argparse.Namespace) -> None:
    target = pick(context.services.workspaces.all(), arguments.target, "workspace")
    syncing = context.services.syncing
    if arguments.deed == "remove":
        open_keys(context)
        wait_for(syncing.remove_from_server(target.id))
    else:
        context.services.accounts.warm_up().result()
        wait_for(syncing.set_mode(target.id, arguments.deed))
    (shown,) = [each for each in syncing.workspaces() if each.workspace_id == target.id]
    words = {"synced": "synced", "this_device": "only on this device", "other_account": "of another account"}
    context.output.result(_workspace_json(shown), text=f"{target.name}: {words[shown.mode]}")


def _write_report(context: Context, report: SyncReport) -> None:
    shown: JsonObject = {
        "pushed": report.pushed,
        "pulled": report.pulled,
        "conflicts": report.conflicts,
        "quarantined": report.quarantined,
        "verified": report.verified,
        "unopened": report.unopened,
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
    context.output.result(shown, text=report_words(report))


def _status_json(context: Context, status: SyncStatus) -> JsonObject:
    backup = status.last_backup
    workspaces: list[Any] = [_workspace_json(each) for each in context.services.syncing.workspaces()]
    shown: JsonObject = {
        "state": status.state.value,
        "pending": status.pending,
        "last_backup": None
        if backup is None
        else {
            "at": backup.at,
            "items": backup.items,
            "verified": backup.verified,
            "checked_at": backup.checked_at or backup.at,
            "unopened": backup.unopened,
        },
        "workspaces": workspaces,
        "attention": [_attention_json(item) for item in status.attention],
    }
    if status.problem:
        error = KnownError(status.problem, **status.problem_params)
        shown |= {"problem": status.problem, "message": one_line(error)}
    return shown


def _attention_json(item: AttentionItem) -> JsonObject:
    return {
        "code": item.code,
        "id": item.id,
        "workspace_id": item.workspace_id,
        "resource_id": item.resource_id,
        "name": item.name,
        "detail": item.detail,
        **({"count": item.count} if item.code == "unopened" else {}),
    }


def _workspace_json(each: WorkspaceSync) -> JsonObject:
    return {
        "id": each.workspace_id,
        "name": each.name,
        "mode": each.mode,
        "group_id": each.group_id,
        "head_seq": each.head_seq,
        "items": each.items,
        "pending": each.pending,
        "cookies": each.cookies,
    }
