"""The words of `insomnia-sync-server`: commands and options."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from insomnia_desktop import __version__
from insomnia_desktop.server.config import (
    DATABASE_FILE,
    DEFAULT_HOST,
    DEFAULT_PORT,
    ServerConfig,
    ServerLimits,
    default_registration,
)

PROGRAM = "insomnia-sync-server"
FOLDER_NAME = "insomnia-sync-server"
_EPILOG = "Without a command the server runs, and prints `listening on http://HOST:PORT` when it is ready."
_PORTS = 65_535


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments; wrong use ends with status 2 (SystemExit)."""
    # Given here and not as defaults: a default of an option that a command shares would win over what stands before.
    fresh = argparse.Namespace(
        command="run",
        action=None,
        json=False,
        data_dir=None,
        database=None,
        host=DEFAULT_HOST,
        port=DEFAULT_PORT,
        tls_cert=None,
        tls_key=None,
        behind_proxy=False,
        registration=None,
        limit=[],
        parent_pipe=False,
    )
    kind = _JsonParser if "--json" in arguments else argparse.ArgumentParser
    parser = _parser(kind)
    parsed = parser.parse_args(list(arguments), fresh)
    if parsed.data_dir is not None and parsed.database is not None:
        parser.error("--data-dir and --database: one of both")
    if parsed.data_dir == "" or parsed.database == "":
        # A variable of a script that is not set must not lead to another database.
        parser.error("--data-dir and --database: an empty name")
    if (parsed.tls_key is not None) and parsed.tls_cert is None:
        parser.error("--tls-key goes with --tls-cert")
    try:
        parsed.limits = _limits(parsed.limit)
    except ValueError as error:
        parser.error(f"--limit: {error}")
    return parsed


def config_of(parsed: argparse.Namespace) -> ServerConfig:
    """Return the settings that were given, with the defaults of command-line.md for the rest."""
    return ServerConfig(
        database=_database(parsed),
        host=parsed.host,
        port=parsed.port,
        tls_cert=_path(parsed.tls_cert),
        tls_key=_path(parsed.tls_key),
        behind_proxy=parsed.behind_proxy,
        registration=parsed.registration or default_registration(parsed.host, behind_proxy=parsed.behind_proxy),
        limits=parsed.limits,
    )


def _parser(kind: type[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    where, serving = _where(), _serving()
    parser = kind(
        prog=PROGRAM,
        description="The end-to-end encrypted sync server of Insomnia Desktop.",
        epilog=_EPILOG,
        parents=[where, serving],
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add(commands, "run", "Run the server; what no command does too.", [where, serving])
    _add(commands, "invite", "Print an invitation: good for one account, for seven days.", [where])
    accounts = _add(commands, "accounts", "List and delete accounts.", [where])
    actions = accounts.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add(actions, "list", "List the accounts.", [where])
    delete = _add(actions, "delete", "Delete an account and all that the server has of it, for good.", [where])
    delete.add_argument("email", metavar="E", help="its e-mail address")
    for name, help_text in (
        ("backup", "Write everything into one new file; the server may run."),
        ("restore", "Put a backup in the place of everything; the server must not run."),
    ):
        _add(commands, name, help_text, [where]).add_argument("file", metavar="FILE")
    _add(commands, "check", "Read everything and say whether it holds together.", [where])
    return parser


def _add(commands: Any, name: str, help_text: str, parents: list[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text, description=help_text, parents=parents)
    return parser


def _where() -> argparse.ArgumentParser:
    # Left out where not given, so that what stands before the command is not taken back by what follows it.
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--data-dir", metavar="D", help="the folder of the database, instead of this user's own")
    shared.add_argument(
        "--database",
        metavar="URL",
        help="a database instead, as postgresql+asyncpg://USER@HOST/NAME (the password from ~/.pgpass)",
    )
    shared.add_argument("--json", action="store_true", help="write JSON to standard output")
    return shared


def _serving() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--host", metavar="H", help=f"the address to listen on (default {DEFAULT_HOST})")
    shared.add_argument(
        "--port", metavar="P", type=_port, help=f"the port (default {DEFAULT_PORT}); 0 takes a free one"
    )
    shared.add_argument("--tls-cert", metavar="F", help="the certificate chain, PEM")
    shared.add_argument("--tls-key", metavar="F", help="its private key, PEM, if not in the same file")
    shared.add_argument(
        "--behind-proxy", action="store_true", help="a proxy in front speaks TLS and writes X-Forwarded-For"
    )
    shared.add_argument(
        "--registration",
        choices=("open", "invite", "closed"),
        help="who may make an account; open where only this computer reaches the server, else invite",
    )
    shared.add_argument(
        "--limit",
        metavar="NAME=N",
        action="append",
        help=f"another limit; may be given several times: {', '.join(ServerLimits.names())}",
    )
    shared.add_argument("--parent-pipe", action="store_true", help="end when standard input is closed")
    return shared


class _JsonParser(argparse.ArgumentParser):
    """Tells wrong use in JSON on standard output, beside the words on standard error."""

    def error(self, message: str) -> NoReturn:
        wrong = {"code": "server.usage", "message": message, "hint": f"{self.prog} --help"}
        sys.stdout.write(json.dumps({"error": wrong}) + "\n")
        super().error(message)


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _PORTS:
        raise ValueError
    return number


def _limits(given: Sequence[str]) -> ServerLimits:
    limits = ServerLimits()
    for each in given:
        name, equals, number = each.partition("=")
        if not equals or not (number.isascii() and number.isdecimal()):
            raise ValueError(f"{each} is not NAME=N")
        limits = limits.changed(name, int(number))
    return limits


def _database(parsed: argparse.Namespace) -> Path | str:
    if parsed.database is not None:
        return str(parsed.database)
    if parsed.data_dir is not None:
        return Path(parsed.data_dir).expanduser().absolute() / DATABASE_FILE
    import platformdirs  # imported here: `--data-dir` makes it needless

    return Path(platformdirs.user_data_dir(FOLDER_NAME, appauthor=False)) / DATABASE_FILE


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text).expanduser().absolute()
