"""The words of `sync`, `history` and `conflicts`."""

from __future__ import annotations

import argparse
from typing import Any, Final

_DOCUMENT: Final = "a request, folder, environment or workspace, by id or name; also a deleted one"
_CONFLICT: Final = "the number that `conflicts list` shows first"


def add_sync(rooms: Any, shared: argparse.ArgumentParser) -> None:
    """Add the three rooms of sync to the parser."""
    _add_sync(rooms, shared)
    _add_history(rooms, shared)
    _add_conflicts(rooms, shared)


def _add_sync(rooms: Any, shared: argparse.ArgumentParser) -> None:
    help_text = "Send and receive everything now, or say how sync stands."
    parser = rooms.add_parser("sync", help=help_text, description=help_text, parents=[shared], argument_default=None)
    parser.add_argument("--watch", action="store_true", help="go on whenever something changes, until Ctrl+C")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=False)
    _action(actions, "status", "Say how sync stands.", shared)
    notices = _action(actions, "notices", "List what sync told and nobody has dismissed, or dismiss it.", shared)
    notices.add_argument(
        "--dismiss",
        metavar="N",
        type=_number_or_all,
        action="append",
        help="forget the notice N; may be repeated; or all",
    )
    workspace = _action(actions, "workspace", "Say whether a workspace takes part.", shared)
    workspace.add_argument("target", metavar="W", help="the workspace, by id or name")
    workspace.add_argument(
        "deed",
        metavar="on|off|remove",
        choices=("on", "off", "remove"),
        help="on and off are for this device; remove deletes the server's copy, documents stay",
    )


def _add_history(rooms: Any, shared: argparse.ArgumentParser) -> None:
    actions = _room(rooms, "history", "List, show and restore what documents were.", shared)
    listed = _action(actions, "list", "List the versions of a document.", shared)
    listed.add_argument("target", metavar="X", help=_DOCUMENT)
    for name, help_text in (("show", "Show a version."), ("restore", "Give a document the fields that it had.")):
        action = _action(actions, name, help_text, shared)
        action.add_argument("target", metavar="X", help=_DOCUMENT)
        action.add_argument("version", metavar="VERSION", type=int, help="the number that `history list` shows first")


def _add_conflicts(rooms: Any, shared: argparse.ArgumentParser) -> None:
    actions = _room(rooms, "conflicts", "List, show and resolve what two devices changed in one place.", shared)
    _action(actions, "list", "List the conflicts.", shared)
    show = _action(actions, "show", "Show a conflict.", shared)
    show.add_argument("id", metavar="C", type=int, help=_CONFLICT)
    resolve = _action(actions, "resolve", "Say which of both stands.", shared)
    resolve.add_argument("id", metavar="C", type=int, help=_CONFLICT)
    resolve.add_argument(
        "--keep",
        choices=("mine", "theirs", "both"),
        required=True,
        help="both: theirs in a copy; ends all conflicts of it",
    )


def _number_or_all(text: str) -> int | str:
    if text != "all" and not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is neither the number of a notice nor all")
    return text if text == "all" else int(text)


def _room(rooms: Any, name: str, help_text: str, shared: argparse.ArgumentParser) -> Any:
    room = rooms.add_parser(name, help=help_text, description=help_text, parents=[shared])
    return room.add_subparsers(dest="action", metavar="ACTION", required=True)


def _action(actions: Any, name: str, help_text: str, shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=help_text, description=help_text, parents=[shared], argument_default=None
    )
    return parser
