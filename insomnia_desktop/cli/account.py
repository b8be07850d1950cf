"""`account`: create, sign in and out, status, devices, password, recovery, delete."""

from __future__ import annotations

import argparse
import getpass
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TypeVar

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.message import copy_standard_input, full_path, readable_file, unreadable
from insomnia_desktop.cli.naming import pick
from insomnia_desktop.cli.output import moment
from insomnia_desktop.services.account_views import AccountDeed, AccountState, AccountStatus, DeviceView, ServerPlace
from insomnia_desktop.services.error_text import one_line

T = TypeVar("T")
_LARGEST_SECRET = 65_536
_NEW = "New password: "
_SIGNED_IN = (AccountState.SIGNED_IN, AccountState.LOCKED, AccountState.WORK_OFFLINE)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on the account."""
    _ACTIONS[arguments.action](context, arguments)
    return 0


def _create(context: Context, arguments: argparse.Namespace) -> None:
    place = ServerPlace(
        kind="there",
        address=arguments.server,
        invitation=_text_of(arguments.invite_file) if arguments.invite_file else "",
    )
    key_file = full_path(arguments.recovery_key_file) if arguments.recovery_key_file else None
    # Before there is an account: a key that can be kept nowhere is lost.
    with nullcontext() if key_file is None else _reserved(key_file):
        created = wait_for(
            context.services.accounts.create(
                place=place,
                email=arguments.email,
                name=arguments.name or "",
                password=_new_password(arguments.password_file, "Password: "),
            )
        )
    shown: JsonObject = _account(created.status)
    if key_file is None:
        shown["recovery_key"] = created.recovery_key
    else:
        _write_key(key_file, created.recovery_key)
    lines = [f"Signed in as {created.status.email}."]
    if key_file is None:
        lines += ["The recovery key, shown this once; keep it safe:", created.recovery_key]
    _show_key(context, shown, "\n".join(lines))


def _sign_in(context: Context, arguments: argparse.Namespace) -> None:
    status = wait_for(
        context.services.accounts.sign_in(
            server=arguments.server, email=arguments.email, password=_password(arguments.password_file, "Password: ")
        )
    )
    shown: JsonObject = _account(status)
    text = f"Signed in as {status.email}."
    key = wait_for(context.services.accounts.recovery_keys.unkept()) if status.unkept_recovery else ""
    if not key:
        context.output.result(shown, text=text)
        return
    shown["recovery_key"] = key
    _show_key(context, shown, f"{text}\nThe recovery key, which was not shown before; keep it safe:\n{key}")


def _show_key(context: Context, shown: JsonObject, text: str) -> None:
    """Write what holds a recovery key, and forget the key here only once that is out."""
    context.output.result(shown, text=text)
    context.output.flush()
    wait_for(context.services.accounts.recovery_keys.note_kept())


def _status(context: Context, arguments: argparse.Namespace) -> None:
    status = context.services.accounts.status()
    signed_in = status.state in _SIGNED_IN
    shown: JsonObject = {
        "signed_in": signed_in,
        "state": status.state.value,
        "email": status.email,
        "server": status.server,
        "device_id": status.device_id,
    }
    words = f"Signed in as {status.email} at {status.server}." if signed_in else "Not signed in."
    if status.state == AccountState.SIGNED_OUT_ELSEWHERE:
        why = one_line(KnownError("account.signed_out_elsewhere"))
        words = f"Signed out elsewhere: {status.email} at {status.server}. {why}"
    context.output.result(shown, text=words)


def _sign_out(context: Context, arguments: argparse.Namespace) -> None:
    syncing, workspaces = context.services.syncing, context.services.workspaces
    bound = {each.workspace_id for each in syncing.workspaces() if each.group_id and each.mode != "other_account"}
    wait_for(context.services.accounts.sign_out(remove_data=arguments.remove_data))
    shown: JsonObject = {"signed_in": False}
    text = "Signed out."
    if arguments.remove_data:
        kept = [each for each in workspaces.all() if each.id in bound]
        shown["kept"] = [{"id": each.id, "name": each.name} for each in kept]
        if kept:
            names = ", ".join(each.name for each in kept)
            text += f"\nKept, since they hold something that the server does not have: {names}."
    context.output.result(shown, text=text)


def _devices(context: Context, arguments: argparse.Namespace) -> None:
    accounts = context.services.accounts
    open_keys(context)
    devices = wait_for(accounts.devices())
    if arguments.deed is not None:
        devices = wait_for(accounts.revoke(pick(devices, arguments.id, "device").id))
    rows = [_device(each) for each in devices]
    if not context.output.as_json:
        # Two on one computer have its name both.
        marks = ["this computer" if each.current else f"last seen {moment(each.last_seen_at)}" for each in devices]
        rows = [{**row, "mark": mark} for row, mark in zip(rows, marks, strict=True)]
    context.output.table(rows, ("id", "name", "platform", "mark"))


def _change_password(context: Context, arguments: argparse.Namespace) -> None:
    status = wait_for(
        context.services.accounts.change_password(
            password=_password(arguments.password_file, "Password: "),
            new_password=_new_password(arguments.new_password_file, _NEW),
        )
    )
    context.output.result(_account(status), text="The password is changed; all other devices are signed out.")


def _recover(context: Context, arguments: argparse.Namespace) -> None:
    """Use up the key in F: the next one is in F.new before the server is asked, and takes its place afterwards."""
    file = full_path(arguments.recovery_key_file)
    lines = _text_of(arguments.recovery_key_file).strip().splitlines()
    fresh = None if arguments.recovery_key_file == "-" else file.with_name(f"{file.name}.new")
    kept = "".join(f"{line}\n" for line in lines[:-1])

    def keep(key: str) -> None:
        if fresh is not None:
            _write_key(fresh, key, before=kept)

    key = wait_for(
        context.services.accounts.recover(
            server=arguments.server,
            email=arguments.email,
            recovery_key=lines[-1] if lines else "",
            new_password=_new_password(arguments.new_password_file, _NEW),
            before_sending=keep,
        )
    )
    shown: JsonObject = {"email": arguments.email, "server": arguments.server}
    text = "The password is set. Sign in with it."
    if fresh is None:
        shown["recovery_key"] = key
        text += f"\nThe new recovery key, shown this once; keep it safe:\n{key}"
    else:
        try:
            os.replace(fresh, file)
        except OSError as error:
            raise KnownError("cli.file_unwritable", path=str(file), reason=os.strerror(error.errno or 0)) from error
    context.output.result(shown, text=text)


def _delete(context: Context, arguments: argparse.Namespace) -> None:
    wait_for(context.services.accounts.delete(password=_password(arguments.password_file, "Password: ")))
    context.output.result({"deleted": True}, text="The account is deleted. Everything here is kept.")


_ACTIONS: dict[str, Callable[[Context, argparse.Namespace], None]] = {
    "create": _create,
    "sign-in": _sign_in,
    "status": _status,
    "sign-out": _sign_out,
    "devices": _devices,
    "change-password": _change_password,
    "recover": _recover,
    "delete": _delete,
}


def wait_for(deed: AccountDeed[T]) -> T:
    """Wait for a deed; Ctrl+C cancels it, and is raised on once it has stopped."""
    try:
        return deed.future.result()
    except KeyboardInterrupt:
        deed.cancel()
        with suppress(BaseException):
            deed.future.exception(timeout=5)
        raise


def open_keys(context: Context) -> None:
    """Let the keys be open: where this computer keeps none, the password is asked."""
    accounts = context.services.accounts
    if accounts.warm_up().result().state not in (AccountState.LOCKED, AccountState.WORK_OFFLINE):
        return
    if not _can_ask():
        raise KnownError("account.keyring_unavailable")
    wait_for(accounts.unlock(password=_asked("Password: ")))


def _password(file: str | None, prompt: str) -> str:
    """Return the password in a file, whose last line break is none of it, or what a person types."""
    if file is not None:
        return _text_of(file).removesuffix("\n").removesuffix("\r")
    return _asked(prompt)


def _new_password(file: str | None, prompt: str) -> str:
    """Return a password that is to be: a person types it twice."""
    password = _password(file, prompt)
    if file is None and _asked("Once more: ") != password:
        raise KnownError("cli.passwords_differ")
    return password


def _asked(prompt: str) -> str:
    if not _can_ask():
        option = "--new-password-file" if prompt == _NEW else "--password-file"
        raise KnownError("cli.no_password", option=option)
    # To standard error: standard output is the result.
    return getpass.getpass(prompt, stream=sys.stderr)


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _text_of(file: str) -> str:
    """Return what is in a small file of text, or in standard input; raises KnownError `cli.file_unreadable`."""
    if file == "-":
        whole = io.BytesIO()
        copy_standard_input(whole)
        content = whole.getvalue()
    else:
        path, size = readable_file(file)
        if size > _LARGEST_SECRET:
            raise KnownError("cli.file_unreadable", path=str(path), reason="it is too long for a secret")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise unreadable(path, error) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KnownError("cli.file_unreadable", path=file, reason="it is no text in UTF-8") from None


@contextmanager
def _reserved(file: Path) -> Iterator[None]:
    """Keep a place for a recovery key while an account is made; raises KnownError `cli.file_in_use`.

    What is in the file already may be the only key of another account, so it is never written over; a file made here
    goes again when no account comes of it.
    """
    with suppress(OSError):
        if file.stat().st_size:
            raise KnownError("cli.file_in_use", path=str(file))
    fresh = not file.exists()
    _write_key(file, "")
    try:
        yield
    except BaseException:
        if fresh:
            file.unlink(missing_ok=True)
        raise


def _write_key(file: Path, key: str, *, before: str = "") -> None:
    """Write a recovery key as the last line of a file of this person alone; raises KnownError `cli.file_unwritable`."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as target:
            target.write(before + (f"{key}\n" if key else ""))
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        raise KnownError("cli.file_unwritable", path=str(file), reason=os.strerror(error.errno or 0)) from error


def _account(status: AccountStatus) -> JsonObject:
    return {"account_id": status.account_id, "email": status.email, "server": status.server}


def _device(device: DeviceView) -> JsonObject:
    return {
        "id": device.id,
        "name": device.name,
        "platform": device.platform,
        "client": device.client,
        "created_at": device.created_at,
        "last_seen_at": device.last_seen_at,
        "current": device.current,
    }
