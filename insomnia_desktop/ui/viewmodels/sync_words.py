"""Words of sync: what a backup checked, what needs attention, and how a workspace is synced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from PySide6.QtCore import QCoreApplication

from insomnia_desktop.services.sync_views import AttentionItem, BackupReport, Check, SyncMode, VersionRow, WorkspaceSync
from insomnia_desktop.ui.i18n.words import clock_words, date_words, day_key, day_words, in_sentence

DISMISS: Final = "dismiss"
CHOOSE_WORKSPACES: Final = "choose_workspaces"
BACKUP: Final = "backup"
OPEN: Final = "open"
SHOW_BYTES: Final = "show_bytes"
NONE: Final = ""

_KINDS: Final = ("workspace", "folder", "request", "environment", "cookie_jar")


class CheckLine(msgspec.Struct, frozen=True):
    """One line of what was verified; `value` stands at the right, in the font of code where `mono`."""

    ok: bool
    words: str
    value: str = ""
    mono: bool = False


class AttentionLine(msgspec.Struct, frozen=True):
    """Something to look at: what it is, what it means, and the deed that fits ("" for none)."""

    title: str
    text: str
    deed: str = NONE
    deed_words: str = ""


def count_words(count: int, one: str, many: str) -> str:
    """Return a count with its noun, thousands apart: "1 item", "1,204 items"."""
    return f"{count:,} {one if count == 1 else many}"


def item_words(count: int) -> str:
    """Return how many items."""
    return count_words(count, _tr("item"), _tr("items"))


def workspace_words(count: int) -> str:
    """Return how many workspaces."""
    return count_words(count, _tr("workspace"), _tr("workspaces"))


def kind_words(kind: str) -> str:
    """Return the noun of a kind of document."""
    words = (_tr("workspace"), _tr("folder"), _tr("request"), _tr("environment"), _tr("cookie jar"))
    return dict(zip(_KINDS, words, strict=True)).get(kind, _tr("document"))


def one_of_kind(kind: str) -> str:
    """Return the name of something without a name: "A request", "An environment"."""
    return _tr("An environment") if kind == "environment" else _tr("A %s") % kind_words(kind)


def kinds_words(kind: str) -> str:
    """Return the noun of two documents of a kind."""
    words = (_tr("workspaces"), _tr("folders"), _tr("requests"), _tr("environments"), _tr("cookie jars"))
    return dict(zip(_KINDS, words, strict=True)).get(kind, _tr("documents"))


def moved_words(workspace: str) -> str:
    """Return where something was moved to, by the name of the workspace, empty for one that is here no more."""
    return _tr("Moved to “%s”") % workspace if workspace else _tr("Moved to another workspace")


def moment_of(at: int, now: int) -> str:
    """Return day and time of day: "Today, 14:02", "12 November, 09:30"."""
    return f"{day_words(at, now)}, {clock_words(at)}"


def version_clock(row: VersionRow, versions: Sequence[VersionRow]) -> str:
    """Return the time of day of a version: with its seconds where another of those shown is of the same minute."""
    minute = (day_key(row.at), clock_words(row.at))
    others = (each for each in versions if each.version != row.version)
    return clock_words(row.at, seconds=any((day_key(each.at), clock_words(each.at)) == minute for each in others))


def check_line(check: Check, at: int, checked_at: int = 0) -> CheckLine:
    """Return the words for one check; each says no more than what was checked.

    `at` and `checked_at` are those of the report: of all workspaces together some things are known as of the latter.
    """
    params = check.params
    ok = check.ok
    as_of = _as_of(at, checked_at)
    if check.code == "stored":
        words = _tr("Sent and stored by the server") if ok else _tr("Not everything is stored by the server")
        return CheckLine(ok, words, clock_words(at, seconds=True) if ok else "")
    if check.code == "readable":
        if ok:
            return CheckLine(ok, _tr("All that came could be opened with your keys"))
        return CheckLine(ok, _tr("Some could not be opened with your keys"), f"{int(params.get('count', 0)):,}")
    if check.code == "digest":
        words = _tr("Digest of the server equals ours") if ok else _tr("Digest of the server differs from ours")
        return CheckLine(ok, words, _in_fours(str(params.get("digest", ""))), mono=True)
    if check.code == "opened":
        return CheckLine(ok, unopened_words(int(params.get("workspaces", 1))))
    if check.code == "at_head":
        words = _tr("Nothing missing here") if ok else _tr("The server has more than is here")
        head = int(params.get("head_seq", 0))
        return CheckLine(ok, words, as_of or (_tr("revision %s") % f"{head:,}" if head else ""))
    words = _tr("Nothing older than before") if ok else _tr("The server has an older state than before")
    return CheckLine(ok, words, as_of)


def _as_of(at: int, checked_at: int) -> str:
    """Return as of when something holds, with the day where it is another one than that of the report."""
    if not 0 < checked_at < at:
        return ""
    clock = clock_words(checked_at)
    same_day = day_key(checked_at) == day_key(at)
    return _tr("as of %s") % (clock if same_day else f"{date_words(checked_at)}, {clock}")


def report_words(report: BackupReport) -> str:
    """Return the outcome of a backup in one sentence, or exactly what is wrong with it."""
    head = _tr("Backed up at %s: %s") % (clock_words(report.at), item_words(report.items))
    if report.verified:
        return _tr("%s, verified.") % head
    if report.unopened and report.rest_verified:
        unopened = in_sentence(unopened_words(report.unopened))
        return _tr("%s, verified; %s. %s") % (head, unopened, unopened_hint(report.unopened))
    wrong = next((check_line(check, report.at).words for check in report.checks if not check.ok), "")
    return _tr("%s, but not verified: %s.") % (head, in_sentence(wrong)) if wrong else f"{head}."


def unopened_words(count: int) -> str:
    """Return that so many workspaces at the server could not be opened, in a sentence without its point."""
    if count == 1:
        return _tr("One workspace at the server does not open here")
    return _tr("%s workspaces at the server do not open here") % f"{count:,}"


def unopened_hint(count: int) -> str:
    """Return what can be done about workspaces that could not be opened."""
    if count == 1:
        return _tr("On a device that has it, remove it from the server and sync it again.")
    return _tr("On a device that has them, remove them from the server and sync them again.")


def attention_line(item: AttentionItem) -> AttentionLine:
    """Return the words for something to look at."""
    name = item.name or one_of_kind(item.kind)
    quoted = _tr("“%s”") % name if item.name else in_sentence(name)
    if item.code == "conflict":
        return AttentionLine(name, _tr("Changed on two devices"))
    if item.code == "quarantined":
        text = _quarantined().get(item.detail, _tr("It cannot be used here."))
        return AttentionLine(name, text, SHOW_BYTES, _tr("Show the bytes"))
    if item.code == "blocked":
        text = _blocked().get(item.detail, _tr("The server refuses it; it stays on this device."))
        return AttentionLine(name, text, OPEN, _tr("Open"))
    if item.code == CHOOSE_WORKSPACES:
        text = _tr("Nothing is sent before you choose.")
        return AttentionLine(_tr("Which workspaces shall be backed up?"), text, CHOOSE_WORKSPACES, _tr("Choose…"))
    if item.code in ("digest", "row_missing"):
        text = _tr("The server's copy of %s could not be verified. Back up again to compare everything anew.") % quoted
        return AttentionLine(_tr("Not verified"), text, BACKUP, _tr("Backup now"))
    if item.code == "unopened":
        text = f"{unopened_words(item.count)}. {unopened_hint(item.count)}"
        return AttentionLine(_tr("Not opened"), text, BACKUP, _tr("Backup now"))
    title, text = _notices(quoted)[item.code]
    text = f"{text[:1].upper()}{text[1:]}"
    return AttentionLine(title, text, DISMISS, _tr("Dismiss"))


def never_sent_words() -> str:
    """Return what stays on a device whatever is synced."""
    return _tr("Responses, client certificates, private environments and, unless wanted, cookies stay here.")


def mode_words(workspace: WorkspaceSync) -> str:
    """Return how a workspace is synced, in a line."""
    if workspace.mode == "other_account":
        return _tr("Belongs to another account; it is not sent anywhere")
    if workspace.mode == "this_device":
        return _tr("Only on this device")
    words = item_words(workspace.items)
    if workspace.cookies:
        words = _tr("%s, with cookies") % words
    return _tr("%s, %s waiting") % (words, f"{workspace.pending:,}") if workspace.pending else words


def mode_key(mode: SyncMode) -> str:
    """Return the segment that stands for a mode: `on` or `off`."""
    return "on" if mode == "synced" else "off"


def quarantine_words(reason: str) -> str:
    """Return why something of the server cannot be used here; words of the service stay as they are."""
    return _quarantined().get(reason, reason)


def held_words(reason: str) -> str:
    """Return in words why a document cannot be changed, empty for no reason."""
    return _tr("Read only, as it was before. %s") % quarantine_words(reason) if reason else ""


def held_in_short(reason: str) -> str:
    """Return in a line of a menu why a document cannot be changed, empty for no reason."""
    words = {
        "undecryptable": _tr("Read only: it cannot be opened with your keys"),
        "malformed": _tr("Read only: what came is no sound document"),
        "newer_schema": _tr("Read only: a newer version of the program wrote it"),
        "type_changed": _tr("Read only: another device made another kind of it"),
    }
    return words.get(reason, _tr("Read only")) if reason else ""


def _quarantined() -> dict[str, str]:
    return {
        "undecryptable": _tr("It cannot be opened with your keys, and stays on the server as it is."),
        "malformed": _tr("It is not written as a document should be, and stays on the server as it is."),
        "newer_schema": _tr("A newer version of the program wrote it. Update to see and edit it."),
        "type_changed": _tr("Another device made another kind of document of it; yours is kept."),
    }


def _blocked() -> dict[str, str]:
    return {
        "invalid": _tr("The server does not accept it; it stays on this device."),
        "too_large": _tr("It is larger than the server takes; it stays on this device."),
        "stale_epoch": _tr("It was sealed with an older key; it is sealed anew and sent again."),
        "full": _tr("This workspace holds as many documents as the server takes."),
        "quota": _tr("Your space on the server is used up; it stays on this device."),
    }


def _notices(quoted: str) -> dict[str, tuple[str, str]]:
    return {
        "server_went_back": (
            _tr("The server went back in time"),
            _tr("It holds an older state of %s than before, as after a restore. What this device has was sent again.")
            % quoted,
        ),
        "edit_won": (
            _tr("An edit was kept"),
            _tr("%s was deleted on another device while it was edited here, so it stays.") % quoted,
        ),
        "moved_to_trash": (
            _tr("Moved to the trash"),
            _tr("The server holds some documents of %s no more: they were deleted while this device was away.")
            % quoted,
        ),
        "other_account": (
            _tr("Another account"),
            _tr("%s belongs to another account and is not sent anywhere.") % quoted,
        ),
        "removed_elsewhere": (
            _tr("Removed from the server"),
            _tr(
                "%s is not at the server any more: it was removed on another device, or the server was put back to an"
                " older state. It stays on this one."
            )
            % quoted,
        ),
        "recovery_key_replaced": (
            _tr("Another recovery key"),
            _tr("It was made on another device. The one made here, which nobody had kept yet, opens nothing any more."),
        ),
    }


def _in_fours(digits: str) -> str:
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def in_groups(digits: str) -> str:
    """Return hex digits in groups of four, to be read aloud and compared."""
    return _in_fours(digits.replace(" ", ""))


def _tr(text: str) -> str:
    return QCoreApplication.translate("SyncWords", text)
