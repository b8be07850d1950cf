"""What a person can do when the store does not open."""

from __future__ import annotations

from datetime import UTC, datetime

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import AppError, Bug
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import backup

_RESTORE = "restore:"
_SALVAGE = "salvage"
_AGAIN = "again"
_WORTH_ANOTHER_TRY = (
    "store.busy",
    "store.disk_full",
    "store.folder_read_only",
    "store.folder_unusable",
    "store.io_error",
)


def offers(error: AppError, folder: DataFolder) -> list[tuple[str, str]]:
    """Return what can be done about an error of the start: the name for `carry_out`, and the words of its button.

    A corrupt store: its newest backup, and saving what can be read, where anything is. What the person may have mended
    meanwhile (room on the disk, rights): another try. Nothing else: a store of a newer version needs a newer program.
    """
    if error.code == "store.corrupt":
        newest = backup.names(folder)[:1]
        restore = [(_RESTORE + name, f"Restore the backup of {moment_of(name)}") for name in newest]
        if error.params.get("reason") == "empty":
            return restore
        return [*restore, (_SALVAGE, "Save what can still be read")]
    return [(_AGAIN, "Try again")] if error.code in _WORTH_ANOTHER_TRY else []


def carry_out(name: str, folder: DataFolder, clock: Clock) -> None:
    """Do what was offered; the damaged file stays beside the new one as `store.broken-<time>.sqlite`.

    Raises KnownError `store.backup_missing`, `store.disk_full`, `store.unreadable`; Bug `repair.unknown`.
    """
    if name == _AGAIN:
        return
    if name == _SALVAGE:
        from insomnia_desktop.store.salvage import salvage  # only needed once in the life of a store, if ever

        salvage(folder, clock=clock)
    elif name.startswith(_RESTORE):
        backup.restore(folder, name.removeprefix(_RESTORE), clock=clock)
    else:
        raise Bug("repair.unknown", name=name)


def moment_of(backup_name: str) -> str:
    """Return when a backup was made, in words of this computer's time."""
    made = datetime.strptime(backup_name[6:21], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return made.astimezone().strftime("%d %B %Y, %H:%M").lstrip("0")
