"""How sync stands, and what a round did, in the words of the command line."""

from __future__ import annotations

import contextlib
import sys

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.cli.output import Output, moment
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.services.sync_views import AttentionItem, SyncReport, SyncState, SyncStatus

_STATES = {
    SyncState.OFF: "Not signed in.",
    SyncState.UP_TO_DATE: "Up to date.",
    SyncState.SAVING: "Edits are waiting.",
    SyncState.OFFLINE: "Offline.",
    SyncState.NEEDS_ATTENTION: "Needs attention.",
    SyncState.SIGNED_OUT_ELSEWHERE: "Signed out elsewhere.",
    SyncState.LOCAL_ONLY: "Only on this device.",
    SyncState.PAUSED: "Working offline: the keys stay locked.",
}
KEYS_LOCKED = (
    "The keys are not open in this command, so it tells what is stored here; a window that has them open syncs all the"
    " same."
)
_ATTENTION = {
    "conflict": "{name} was changed here and on another device in the same place: see `conflicts list`.",
    "quarantined": "{name} cannot be read here ({detail}); it is left alone.",
    "blocked": "{name} is not taken by the server as it is ({detail}).",
    "server_went_back": "The server went back in time; what this device has of {name} was sent again.",
    "edit_won": "{name} was edited on one device and deleted on another: it stays.",
    "moved_to_trash": "Documents of {name} that the server holds no more are in the trash here.",
    "other_account": "{name} is of another account on this device, and left alone.",
    "removed_elsewhere": (
        "{name} is not at the server any more: it was removed on another device, or the server was put back to an older"
        " state. It is only on this device now."
    ),
    "recovery_key_replaced": "Another recovery key was made on another device: the one of this device opens nothing.",
    "digest": "{name} could not be verified: the server has something else.",
    "row_missing": "{name} could not be verified: the server does not give what it has.",
    "choose_workspaces": "There are workspaces that are not in the account yet: `sync` adds them all.",
}


def say(output: Output, text: str) -> None:
    """Write a sentence beside the result to standard error; nothing with --json."""
    if not output.as_json:
        with contextlib.suppress(OSError):
            print(text, file=sys.stderr)


def status_words(status: SyncStatus) -> list[str]:
    """Return how sync stands, in sentences."""
    lines = [_STATES[status.state]]
    if status.problem:
        lines.append(one_line(KnownError(status.problem, **status.problem_params)))
    if status.pending:
        lines.append(f"{_counted(status.pending, 'document waits', 'documents wait')} to be sent.")
    if status.last_backup is not None:
        backup = status.last_backup
        verified = "verified" if backup.verified or (backup.unopened and backup.rest_verified) else "not verified"
        unopened = f"; {_lower(unopened_words(backup.unopened))}" if backup.unopened else ""
        items = _counted(backup.items, "item", "items")
        lines.append(f"Last backup at {moment(backup.at)}: {items}, {verified}{unopened}.")
        if backup.is_partial:
            lines.append(f"Every workspace was compared with the server at {moment(backup.checked_at)} or later.")
    return lines


def attention_words(item: AttentionItem, workspace: str) -> str:
    """Return what a person should look at, in a sentence."""
    if item.code == "unopened":
        return f"{unopened_words(item.count)}. {_unopened_hint(item.count)}"
    return _ATTENTION[item.code].format(name=item.name or workspace or "Something", detail=item.detail)


def report_words(report: SyncReport) -> str:
    """Return what a round did, in a line."""
    items = sum(group.items for group in report.groups)
    said = f"Sent {report.pushed}, received {report.pulled}; {_counted(items, 'item', 'items')} at the server"
    if report.unopened and report.rest_verified:
        unopened = f"{_lower(unopened_words(report.unopened))}. {_unopened_hint(report.unopened)}"
        lines = [f"{said}, verified; {unopened}"]
    else:
        lines = [f"{said}, verified." if report.verified else f"{said}. Not verified: see `sync status`."]
    if report.conflicts:
        lines.append(f"{_counted(report.conflicts, 'conflict', 'conflicts')}: see `conflicts list`.")
    if report.quarantined:
        lines.append(f"{_counted(report.quarantined, 'item', 'items')} cannot be read here: see `sync status`.")
    return " ".join(lines)


def unopened_words(count: int) -> str:
    """Return that so many workspaces at the server could not be opened, in a sentence without its point."""
    named = "One workspace at the server does" if count == 1 else f"{count} workspaces at the server do"
    return f"{named} not open here"


def _unopened_hint(count: int) -> str:
    it = "it" if count == 1 else "them"
    return f"On a device that has {it}, remove {it} from the server and sync {it} again."


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
