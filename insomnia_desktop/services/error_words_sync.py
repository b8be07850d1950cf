"""Title, text and next step of the errors of sync."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "sync.busy": (
        "Sync is running already",
        "Another window or command syncs this data folder at this moment.",
        "Wait until it is done, and try again.",
    ),
    "sync.server_busy": (
        "The server asks to wait",
        "The server takes the next request in {seconds} s.",
        "It goes on by itself after that.",
    ),
    "sync.round_broke": (
        "Sync met a fault",
        "A round of sync ended by a fault inside the program; what you edit is kept here.",
        "It is tried again by itself; if this stays, report it with the newest file of the folder logs in the data"
        " folder.",
    ),
    "sync.not_synced": (
        "This workspace is not synced",
        "The server holds nothing of this workspace.",
        "Switch its sync on first.",
    ),
    "sync.version_gone": (
        "This version is gone",
        "The server keeps nothing of this version any more.",
        "Choose a newer one: the last 50 versions stay, and for 90 days the last one of each day.",
    ),
    "sync.no_such_version": (
        "There is no such version",
        "There is no version {version} of it: the newest one is {newest}.",
        "List the versions once more.",
    ),
    "sync.no_such_version/none": (
        "There is no version yet",
        "The server has no version of it yet.",
        "The first one goes out with the next `sync`.",
    ),
    "sync.not_kept_then": (
        "It was not kept yet",
        "The server had nothing of this workspace at that moment yet.",
        "Choose a later moment.",
    ),
    "sync.not_kept_then/deleted": (
        "It was deleted",
        "This workspace was deleted at that moment.",
        "Choose a moment before it was deleted, or after it came back.",
    ),
    "sync.version_unreadable": (
        "This version cannot be read",
        "What the server gave is not the version that it had listed, or does not open with the keys of this account.",
        "Choose another version; ask whoever runs the server if that stays so.",
    ),
    "sync.conflict_not_found": (
        "This conflict is over",
        "There is no such conflict any more.",
        "List the conflicts once more.",
    ),
    "sync.conflict_unreadable": (
        "This conflict cannot be read",
        "What is kept of it on this device is damaged, so there are no sides: nothing was changed, and it stays.",
        "Keep mine to end it with the document as it is; theirs is in the history of the document.",
    ),
    "sync.cannot_keep_both/workspace": (
        "Both cannot be kept here",
        "A workspace is not doubled for values that two devices changed: nothing was changed, and the conflict stays.",
        "Choose mine or theirs.",
    ),
    "sync.cannot_keep_both/cookie_jar": (
        "Both cannot be kept here",
        "A workspace has one cookie jar, so theirs cannot stand beside mine: the conflict stays.",
        "Choose mine or theirs.",
    ),
    "sync.cannot_keep_both": (
        "Both cannot be kept here",
        '"{name}" can stand in one place only, and nothing else of it is in conflict: the conflict stays.',
        "Choose mine or theirs.",
    ),
    "sync.cannot_use_side/trash": (
        "It is in the trash",
        '"{name}" is in the trash: nothing was changed, and the conflict stays.',
        "Take it out of the trash first, or keep mine.",
    ),
    "sync.cannot_use_side": (
        "It is gone",
        "What this conflict is about is not on this device any more; the conflict stays.",
        "Keep mine to end the conflict.",
    ),
    "sync.cannot_use_side/folder": (
        "The folder is gone",
        '"{name}" cannot go there: that folder is in the trash, or inside of what would be moved. The conflict stays.',
        "Take the folder out of the trash first, or choose the other side.",
    ),
    "sync.cannot_use_side/type": (
        "It is of another type now",
        'The body or authentication of "{name}" is of another type now and has no such value: the conflict stays.',
        "Choose that type once more first, or keep mine.",
    ),
    "sync.notice_not_found": (
        "There is no such notice",
        "There is no notice {id} any more.",
        "List them with `sync notices`.",
    ),
}
