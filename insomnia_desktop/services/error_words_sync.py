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
    "sync.notice_not_found": (
        "There is no such notice",
        "There is no notice {id} any more.",
        "List them with `sync notices`.",
    ),
}
