"""The words of the command line: rooms, actions and options."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from typing import Any, NoReturn

from insomnia_desktop import __version__
from insomnia_desktop.cli.sync_parser import add_sync

_PROGRAM = "insomnia-desktop"
_FOLDER_HELP = "the folder, of another workspace by its id; / is the workspace itself"
_PATHS = (
    "data_dir",
    "body_file",
    "output",
    "key_file",
    "password_file",
    "new_password_file",
    "recovery_key_file",
    "invite_file",
)
_REVOKE = "revoke"
_DEVICE_ID_CHARACTERS = 22
_EPILOG = "Without a command the window opens. A file named - is standard input. Objects are named by id, or by name."


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments; `room` is None where the window is meant. Wrong use ends with status 2 (SystemExit)."""
    # Given here and not as defaults: a default of an option that a command shares would win over what stands before.
    fresh = argparse.Namespace(
        data_dir=None, json=False, workspace=None, debug=False, key_file=None, room=None, action=None
    )
    parser = build_parser("--json" in arguments)
    parsed = parser.parse_args(_with_plain_ids(arguments), fresh)
    if parsed.data_dir == "":
        # A variable of a script that is not set must not lead to this person's own data.
        parser.error("argument --data-dir: names no folder")
    if parsed.key_file == "":
        parser.error("argument --key-file: names no file")
    for name, value in vars(parsed).items():
        if name not in _PATHS:
            setattr(parsed, name, _as_text(parser, value))
    if parsed.room == "send":
        _check_send(parser, parsed)
    if parsed.room == "account" and parsed.action == "devices" and (parsed.deed is None) != (parsed.id is None):
        parser.error("account devices: revoke goes with the id of a device")
    return parsed


def _with_plain_ids(arguments: Sequence[str]) -> list[str]:
    """Return the arguments, the id of a device with a space before it: one in 64 begins with `-`, as options do."""
    before = ["", *arguments]
    return [
        f" {word}" if word.startswith("-") and previous == _REVOKE and len(word) == _DEVICE_ID_CHARACTERS else word
        for previous, word in zip(before, arguments, strict=False)
    ]


def _as_text(parser: argparse.ArgumentParser, value: Any) -> Any:
    """Return what was typed as text; in another locale than UTF-8 its bytes come as half surrogate pairs."""
    if isinstance(value, list):
        return [_as_text(parser, item) for item in value]
    if not isinstance(value, str) or not any("\ud800" <= character <= "\udfff" for character in value):
        return value
    try:
        return os.fsencode(value).decode("utf-8")
    except UnicodeError:
        shown = value.encode("ascii", "backslashreplace").decode("ascii")[:80]
        parser.error(f"{shown} is no text in UTF-8; bytes of a body can be given with --body-file")


def build_parser(as_json: bool = False) -> argparse.ArgumentParser:
    """Return the parser; with `as_json` it tells wrong use on standard output too."""
    shared = _shared()
    kind = _JsonParser if as_json else argparse.ArgumentParser
    parser = kind(prog=_PROGRAM, description="A native API client.", epilog=_EPILOG, parents=[shared])
    parser.add_argument("--version", action="version", version=f"{_PROGRAM} {__version__}")
    rooms = parser.add_subparsers(dest="room", metavar="COMMAND")
    _add_workspaces(rooms, shared)
    _add_folders(rooms, shared)
    _add_requests(rooms, shared)
    _add_environments(rooms, shared)
    _add_send(rooms, shared)
    _add_account(rooms, shared)
    add_sync(rooms, shared)
    return parser


class _JsonParser(argparse.ArgumentParser):
    """Tells wrong use in JSON on standard output, beside the words on standard error."""

    def error(self, message: str) -> NoReturn:
        wrong = {"code": "cli.usage", "message": message, "hint": f"{self.prog} --help"}
        print(json.dumps({"error": wrong}, ensure_ascii=False))
        super().error(message)


def _shared() -> argparse.ArgumentParser:
    # Left out where not given, so that what stands before the command is not taken back by what follows it.
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--data-dir", metavar="D", help="the folder of all data, instead of this user's own")
    shared.add_argument("--json", action="store_true", help="write JSON to standard output")
    shared.add_argument("--workspace", metavar="W", help="the workspace, by id or name; else the last used one")
    shared.add_argument("--key-file", metavar="F", help="keep the key to the account's keys in a file, not the keyring")
    shared.add_argument("--debug", action="store_true", help="write more into the log")
    return shared


def _room(rooms: Any, name: str, help_text: str, shared: argparse.ArgumentParser) -> Any:
    room = rooms.add_parser(name, help=help_text, description=help_text, parents=[shared])
    return room.add_subparsers(dest="action", metavar="ACTION", required=True)


def _action(actions: Any, name: str, help_text: str, shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=help_text, description=help_text, parents=[shared], argument_default=None
    )
    return parser


def _add_workspaces(rooms: Any, shared: argparse.ArgumentParser) -> None:
    actions = _room(rooms, "workspaces", "Make, rename and delete workspaces.", shared)
    _action(actions, "list", "List the workspaces.", shared)
    _action(actions, "create", "Make a workspace.", shared).add_argument("name", metavar="NAME")
    rename = _action(actions, "rename", "Give a workspace another name.", shared)
    rename.add_argument("target", metavar="W")
    rename.add_argument("name", metavar="NAME")
    _action(actions, "delete", "Move a workspace to the trash.", shared).add_argument("target", metavar="W")


def _add_folders(rooms: Any, shared: argparse.ArgumentParser) -> None:
    actions = _room(rooms, "folders", "Make and delete folders.", shared)
    _action(actions, "list", "List the folders of a workspace.", shared)
    create = _action(actions, "create", "Make a folder.", shared)
    create.add_argument("name", metavar="NAME")
    create.add_argument("--in", dest="into", metavar="FOLDER", help="the folder to make it in")
    _action(actions, "delete", "Move a folder and all in it to the trash.", shared).add_argument("target", metavar="F")


def _add_requests(rooms: Any, shared: argparse.ArgumentParser) -> None:
    actions = _room(rooms, "requests", "Make, show, change, move, delete and restore requests.", shared)
    _action(actions, "list", "List the requests of a workspace.", shared)
    _action(actions, "show", "Show a request.", shared).add_argument("target", metavar="R")
    create = _action(actions, "create", "Make a request.", shared)
    create.add_argument("name", metavar="NAME")
    _add_content(create, address_required=True)
    change = _action(actions, "set", "Change a request; what is not named stays.", shared)
    change.add_argument("target", metavar="R")
    change.add_argument("--name", metavar="NAME", help="another name")
    _add_content(change, address_required=False)
    move = _action(actions, "move", "Move a request to another folder, or by its id to another workspace.", shared)
    move.add_argument("target", metavar="R")
    move.add_argument("--in", dest="into", metavar="FOLDER", required=True, help=_FOLDER_HELP)
    _action(actions, "delete", "Move a request to the trash.", shared).add_argument("target", metavar="R")
    _action(actions, "restore", "Take a request back out of the trash.", shared).add_argument("target", metavar="R")


def _add_content(parser: argparse.ArgumentParser, *, address_required: bool) -> None:
    parser.add_argument("--url", metavar="U", required=address_required, help="the address; may hold {{ variables }}")
    parser.add_argument("--in", dest="into", metavar="FOLDER", help=_FOLDER_HELP)
    _add_message(parser)


def _add_message(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--method", metavar="M", help="the method; else GET, or POST with a body")
    parser.add_argument("--header", action="append", metavar="'K: V'", help="a header; may be given several times")
    body = parser.add_mutually_exclusive_group()
    body.add_argument("--body", metavar="TEXT", help="the body; may hold {{ variables }}")
    body.add_argument("--body-file", metavar="F", help="the file that holds the body; - is standard input")
    parser.add_argument("--type", metavar="MIME", help="the media type of the body; else JSON or plain text")


def _add_environments(rooms: Any, shared: argparse.ArgumentParser) -> None:
    actions = _room(rooms, "environments", "Make, show, change, choose and delete environments.", shared)
    _action(actions, "list", "List the environments of a workspace, the base environment first.", shared)
    _action(actions, "show", "Show an environment.", shared).add_argument("target", metavar="E")
    change = _action(actions, "set", "Set a variable of an environment.", shared)
    change.add_argument("target", metavar="E")
    change.add_argument("name", metavar="NAME")
    change.add_argument("value", metavar="VALUE", help="text, or a JSON number, true, false, null, object or list")
    create = _action(actions, "create", "Make an environment.", shared)
    create.add_argument("name", metavar="NAME")
    create.add_argument("--private", action="store_true", help="keep it on this device; it is never synced")
    activate = _action(actions, "activate", "Choose the environment of this device; the base one chooses none.", shared)
    activate.add_argument("target", metavar="E")
    private = _action(actions, "private", "Keep an environment on this device alone, or sync it again.", shared)
    private.add_argument("target", metavar="E")
    private.add_argument(
        "wanted",
        metavar="on|off",
        choices=("on", "off"),
        help="on: a private copy takes its place, and the environment itself is deleted, on other devices too",
    )
    _action(actions, "delete", "Move an environment to the trash.", shared).add_argument("target", metavar="E")


def _add_send(rooms: Any, shared: argparse.ArgumentParser) -> None:
    help_text = "Send a request and write the body of the answer to standard output."
    parser = rooms.add_parser("send", help=help_text, description=help_text, parents=[shared], argument_default=None)
    parser.add_argument("target", metavar="R", nargs="?", help="a request of the workspace")
    parser.add_argument("--url", metavar="U", help="an address, instead of a request of the workspace")
    _add_message(parser)
    parser.add_argument("--env", metavar="E", help="the environment, instead of the active one")
    parser.add_argument("--output", metavar="F", help="write the body to a file; - is standard output, also a terminal")
    parser.add_argument("--fail", action="store_true", help="end with status 1 from HTTP status 400 on")


def _add_account(rooms: Any, shared: argparse.ArgumentParser) -> None:
    actions = _room(rooms, "account", "Create an account, sign in and out, and look after it.", shared)
    create = _action(actions, "create", "Create an account on a server.", shared)
    _add_place(create)
    create.add_argument("--name", metavar="N", help="the name that others are shown")
    _add_password(create)
    create.add_argument(
        "--recovery-key-file", metavar="F", help="write the recovery key to a file, instead of showing it"
    )
    create.add_argument("--invite-file", metavar="F", help="the file that holds an invitation to the server")
    sign_in = _action(actions, "sign-in", "Sign in to an account.", shared)
    _add_place(sign_in)
    _add_password(sign_in)
    _action(actions, "status", "Say who is signed in.", shared)
    sign_out = _action(actions, "sign-out", "Sign out; everything here is kept.", shared)
    sign_out.add_argument(
        "--remove-data", action="store_true", help="forget the account, and remove what the server has all of from here"
    )
    devices = _action(actions, "devices", "List the devices of the account, or sign one out.", shared)
    devices.add_argument("deed", metavar=_REVOKE, nargs="?", choices=(_REVOKE,), help="sign a device out")
    devices.add_argument("id", metavar="ID", nargs="?", type=str.strip, help="the device")
    change = _action(actions, "change-password", "Set another password; all other devices are signed out.", shared)
    _add_password(change)
    change.add_argument("--new-password-file", metavar="F", help="the file that holds the new one; else it is asked")
    recover = _action(actions, "recover", "Set a password by the recovery key, which is used up.", shared)
    _add_place(recover)
    recover.add_argument("--recovery-key-file", metavar="F", required=True, help="the file whose last line is the key")
    recover.add_argument(
        "--new-password-file", metavar="F", help="the file that holds the new password; else it is asked"
    )
    _add_password(_action(actions, "delete", "Delete the account on the server; everything here is kept.", shared))


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", metavar="URL", required=True, help="the address of the server")
    parser.add_argument("--email", metavar="E", required=True, help="the e-mail of the account")


def _add_password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-file", metavar="F", help="the file that holds the password; else it is asked")


def _check_send(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> None:
    if (parsed.target is None) == (parsed.url is None):
        parser.error("send: name a request or give --url, one of both")
    for option in ("method", "header", "body", "body_file", "type"):
        if parsed.target is not None and getattr(parsed, option) is not None:
            spelled = option.replace("_", "-")
            parser.error(f"send: --{spelled} goes with --url; a request is changed with `requests set`")
