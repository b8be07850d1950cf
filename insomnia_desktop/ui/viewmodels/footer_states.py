"""What the sync footer shows: the account's state and that of sync in one word, and the deed that fits."""

from __future__ import annotations

from typing import Final

import msgspec
from PySide6.QtCore import QCoreApplication

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.account_views import AccountState, AccountStatus
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.services.sync_views import SyncState, SyncStatus
from insomnia_desktop.ui.i18n.words import short_when_words
from insomnia_desktop.ui.viewmodels.account_view_model import SIGN_IN, Footer, footer_of
from insomnia_desktop.ui.viewmodels.account_words import signed_out_words
from insomnia_desktop.ui.viewmodels.sync_words import moment_of, unopened_words

BACKUP: Final = "backup"
CANCEL: Final = "cancel"
SYNC_IT: Final = "sync_it"
_TOKENS: Final = {
    SyncState.UP_TO_DATE: "dot_success",
    SyncState.SAVING: "accent",
    SyncState.OFFLINE: "faint",
    SyncState.NEEDS_ATTENTION: "dot_warning",
    SyncState.SIGNED_OUT_ELSEWHERE: "dot_danger",
    SyncState.LOCAL_ONLY: "faint",
}


def sync_footer(account: AccountStatus, status: SyncStatus, now: int, *, may_cancel: bool = False) -> Footer:
    """Return what the footer shows; `may_cancel` where a backup asked for here is running."""
    if account.state != AccountState.SIGNED_IN or status.state not in _TOKENS:
        return footer_of(account)
    backup = _tr("Backup now")
    if status.backing_up is not None or may_cancel:
        deed, deed_words = (CANCEL, _tr("Cancel")) if may_cancel else (BACKUP, backup)
        short = _counted(status, _tr("%s of %s"))
        return Footer("accent", progress_words(status), tip_of(status, now), deed, deed_words, short_words=short)
    words = state_words(status, now)
    if status.state == SyncState.SIGNED_OUT_ELSEWHERE:
        short = _tr("Signed out")
        return Footer("dot_danger", words, tip_of(status, now), SIGN_IN, _tr("Sign in"), short_words=short)
    if status.state == SyncState.LOCAL_ONLY:
        return Footer("faint", words, tip_of(status, now), SYNC_IT, _tr("Sync it…"))
    short = _offline(status, now, _tr("Offline, %s"))
    return Footer(_TOKENS[status.state], words, tip_of(status, now), BACKUP, backup, short_words=short)


def state_words(status: SyncStatus, now: int) -> str:
    """Return the state of sync in one word; `Offline` with the time of the last backup."""
    if saved := _offline(status, now, _tr("Offline, saved %s")):
        return saved
    words = {
        SyncState.UP_TO_DATE: _tr("Up to date"),
        SyncState.SAVING: _tr("Saving…"),
        SyncState.OFFLINE: _tr("Offline"),
        SyncState.NEEDS_ATTENTION: _tr("Needs attention"),
        SyncState.SIGNED_OUT_ELSEWHERE: _tr("Signed out elsewhere"),
        SyncState.LOCAL_ONLY: _tr("Local only"),
    }
    return words.get(status.state, _tr("On this device"))


def state_token(status: SyncStatus) -> str:
    """Return the colour of the dot that stands before the word."""
    return "accent" if status.backing_up is not None else _TOKENS.get(status.state, "faint")


def progress_words(status: SyncStatus) -> str:
    """Return how far a backup is: "Saving 12 of 40"."""
    return _counted(status, _tr("Saving %s of %s")) or _tr("Saving…")


def problem_words(status: SyncStatus) -> str:
    """Return why the last round failed, or there are no more rounds, in a sentence with what to try, or ""."""
    if status.state == SyncState.SIGNED_OUT_ELSEWHERE:
        return signed_out_words()
    if not status.problem:
        return ""
    words = sentence(KnownError(status.problem, **status.problem_params))
    return f"{words.text} {words.hint}".strip()


def tip_of(status: SyncStatus, now: int) -> str:
    """Return what a state means, with the time of the last backup where there was one."""
    last = status.last_backup
    backed_up = _tr("Last backup: %s.") % moment_of(last.at, now) if last is not None else _tr("No backup yet.")
    meaning = {
        SyncState.UP_TO_DATE: _tr("Everything is backed up."),
        SyncState.SAVING: _tr("Edits are on their way to your server."),
        SyncState.OFFLINE: problem_words(status) or _tr("Your server cannot be reached. Edits are kept here."),
        SyncState.NEEDS_ATTENTION: _attention(status),
        SyncState.SIGNED_OUT_ELSEWHERE: problem_words(status),
        SyncState.LOCAL_ONLY: _tr("This workspace is kept on this computer alone."),
    }.get(status.state, "")
    if status.state in (SyncState.LOCAL_ONLY, SyncState.SIGNED_OUT_ELSEWHERE):
        return meaning
    return f"{meaning} {backed_up}".strip()


def fraction_of(status: SyncStatus) -> float | None:
    """Return how much of a backup is done, 0 to 1, or None where nobody knows yet."""
    progress = status.backing_up
    return progress.done / progress.total if progress is not None and progress.total else None


def without_progress(status: SyncStatus) -> SyncStatus:
    """Return the status as it is apart from the backup that is running."""
    return msgspec.structs.replace(status, backing_up=None)


def _counted(status: SyncStatus, pattern: str) -> str:
    progress = status.backing_up
    return pattern % (f"{progress.done:,}", f"{progress.total:,}") if progress is not None and progress.total else ""


def _offline(status: SyncStatus, now: int, pattern: str) -> str:
    if status.state != SyncState.OFFLINE or status.last_backup is None:
        return ""
    return pattern % short_when_words(status.last_backup.at, now)


def _attention(status: SyncStatus) -> str:
    """Return why sync needs somebody: the problem in its own words, and how much else there is to look at."""
    problem, count = problem_words(status), len(status.attention)
    if not count:
        return problem
    things = _tr("One thing needs you.") if count == 1 else _tr("%d things need you.") % count
    if count == 1 and status.attention[0].code == "unopened":
        things = f"{unopened_words(status.attention[0].count)}."
    return f"{problem} {things}".strip()


def _tr(text: str) -> str:
    return QCoreApplication.translate("FooterStates", text)
