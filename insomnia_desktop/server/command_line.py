"""`insomnia-sync-server`: one command from its arguments to its exit status."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from insomnia_desktop.base.clock import Clock, SystemClock
from insomnia_desktop.server.arguments import config_of, parse
from insomnia_desktop.server.operator_errors import OperatorError

DONE, FAILED, INTERRUPTED = 0, 1, 130
# How long one thread runs before another gets its turn: the loop, which answers everybody, does not wait for long
# behind the one that writes or the one that calculates.
TURN = 0.001
# What `check` counts of the tables that say something to a person, one of it and several.
_ROWS: dict[str, tuple[str, ...]] = {
    "accounts": ("account",),
    "sessions": ("signed-in device",),
    "invites": ("invitation",),
    "groups": ("workspace",),
    "resources": ("document",),
    "revisions": ("older version",),
    "failures": ("e-mail address with failed sign-ins", "e-mail addresses with failed sign-ins"),
}
_logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None, clock: Clock | None = None) -> int:
    """Run the command and return 0, or 1 for a known failure; wrong use ends with 2 (SystemExit)."""
    from insomnia_desktop.server import log_lines

    parsed = parse(sys.argv[1:] if arguments is None else arguments)
    handler = log_lines.configure()
    try:
        asyncio.run(_carry_out(parsed, clock or SystemClock()))
    except OperatorError as error:
        _tell(error, as_json=parsed.json)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _give_up()
        return FAILED
    except Exception as error:
        # The edge of the program: what arrives here is a mistake of ours, and goes to the log.
        _logger.error("bug", exc_info=error, extra={"event_fields": {}})
        _tell(OperatorError("server.bug", kind=type(error).__name__), as_json=parsed.json)
        return FAILED
    finally:
        log_lines.release(handler)
    return DONE


async def _carry_out(parsed: argparse.Namespace, clock: Clock) -> None:
    config = config_of(parsed)
    if parsed.command == "run":
        from insomnia_desktop.server import serving

        sys.setswitchinterval(TURN)
        stopping = serving.Stopping()
        if parsed.parent_pipe:
            serving.watch_parent(stopping)
        with serving.signals(stopping):
            await serving.serve(config, stopping, lambda address: _write(f"listening on {address}"), clock)
        return
    from insomnia_desktop.server import operations

    if parsed.command == "invite":
        invitation = await operations.invite(config.database, clock)
        _result(parsed, {"invite": invitation.invite, "expires_at": invitation.expires_at}, invitation.invite)
    elif parsed.command == "accounts":
        await _accounts(parsed, config.database)
    elif parsed.command == "backup":
        file = _full_path(parsed.file)
        await operations.back_up(config.database, file)
        _result(parsed, {"file": str(file)}, f"Everything is in {file}. Keep it as safe as the server itself.")
    elif parsed.command == "restore":
        restored = await operations.restore(config.database, _full_path(parsed.file))
        aside = None if restored.set_aside is None else str(restored.set_aside)
        text = f"Restored, with {_counted(restored.accounts, 'account')}. Devices will upload what the backup lacks."
        if aside is not None:
            text += f"\nThe damaged database is {aside} now."
        _result(parsed, {"accounts": restored.accounts, "set_aside": aside}, text)
    else:
        found = await operations.check(config.database)
        lines = [_counted(count, *_ROWS[name]) for name, count in found.items() if name in _ROWS]
        _result(parsed, {"ok": True, "rows": found}, "\n".join(["Everything holds together:", *lines]))


async def _accounts(parsed: argparse.Namespace, database: Path | str) -> None:
    from insomnia_desktop.protocol.binary import encode
    from insomnia_desktop.server import operations

    if parsed.action == "delete":
        await operations.delete_account(database, parsed.email)
        _result(parsed, {"deleted": True}, "Deleted.")
        return
    rows = await operations.list_accounts(database)
    told = [
        {
            "account_id": encode(row.account_id),
            "email": row.email,
            "created_at": row.created_at,
            "devices": row.devices,
            "last_seen_at": row.last_seen_at,
        }
        for row in rows
    ]
    columns = [
        (
            row.email,
            f"since {_day(row.created_at)}",
            _counted(row.devices, "device"),
            f"last seen {_day(row.last_seen_at)}",
        )
        for row in rows
    ]
    lines = ["  ".join(each) for each in columns]
    _result(parsed, told, "\n".join(lines) or "There are no accounts.")


def _result(parsed: argparse.Namespace, value: Any, text: str) -> None:
    _write(json.dumps(value, indent=2) if parsed.json else text)


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _tell(error: OperatorError, *, as_json: bool) -> None:
    with contextlib.suppress(OSError):
        if as_json:
            _write(json.dumps({"error": {"code": error.code, "message": error.sentence, "hint": error.hint}}))
        else:
            sys.stderr.write(f"{error.sentence} {error.hint}\n")


def _give_up() -> None:
    """Let nothing more be written, not even by the interpreter's last flush: nobody reads it."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _full_path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _counted(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or one + 's'}"


def _day(moment: int | None) -> str:
    return "never" if moment is None else datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()
