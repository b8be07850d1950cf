"""The first lines that run: the window, or a command."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from insomnia_desktop import __version__

if TYPE_CHECKING:
    import logging

    from insomnia_desktop.app.arguments import Arguments
    from insomnia_desktop.base.errors import KnownError

# How long one thread runs before another gets its turn: a short turn keeps the window alive beside the workers.
TURN = 0.001


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status: 0 done, 1 a known failure, 2 wrong use, 130 ended by Ctrl+C."""
    _make_streams_safe()
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given == ["--version"]:
        try:
            sys.stdout.write(f"insomnia-desktop {__version__}\n")
            sys.stdout.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        return 0
    if given[:1] == ["--sync-server"]:
        # The frozen program is its own sync server: there is no other Python to start it with.
        from insomnia_desktop.server.command_line import main as serve

        return serve(given[1:])
    try:
        return _started(given)
    except KeyboardInterrupt:
        # Before the command itself can answer: while the program is being loaded, or while it is stopping.
        return 130


def _started(given: Sequence[str]) -> int:
    from insomnia_desktop.app.arguments import read

    read_arguments = read(given)
    sys.setswitchinterval(TURN)
    if read_arguments.command is None:
        return _window(read_arguments)
    return _command(read_arguments)


def _make_streams_safe() -> None:
    """Let no output fail for want of a stream or of a character.

    Started with a closed stream (from a menu on Windows, by a service), Python has None in its place.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - it stays to the end
        elif isinstance(stream, io.TextIOWrapper) and stream.errors != "backslashreplace":
            stream.reconfigure(errors="backslashreplace")


def _command(arguments: Arguments) -> int:
    import logging
    from functools import partial

    from insomnia_desktop.app import container
    from insomnia_desktop.app.crash_hooks import CrashHooks
    from insomnia_desktop.base.clock import SystemClock
    from insomnia_desktop.cli.run import run
    from insomnia_desktop.store.changes import Origin

    assert arguments.command is not None
    hooks = CrashHooks(arguments.folder.logs, _say)
    origin = Origin("command_line")
    build = partial(container.build, arguments.folder, SystemClock(), origin, key_file=arguments.key_file)
    handler = _log_to_standard_error(arguments.debug)
    try:
        return run(arguments.command, build, report=hooks.report)
    finally:
        logging.getLogger().removeHandler(handler)


def _window(arguments: Arguments) -> int:
    import gc

    from insomnia_desktop.app.crash_hooks import CrashHooks
    from insomnia_desktop.app.lifecycle import WindowLock
    from insomnia_desktop.base import logs
    from insomnia_desktop.base.errors import KnownError

    folder = arguments.folder
    try:
        folder.prepare()
        lock = WindowLock(folder.window_lock)
        if not lock.acquire():
            if lock.raise_first():
                return 0
            raise KnownError("window.already_open", folder=str(folder.root))
        logs.configure(folder.logs, debug=arguments.debug)
    except KnownError as error:
        return _explain(error)
    hooks = CrashHooks(folder.logs, _say)
    hooks.install()
    load_qt()
    # What is made before the first picture stays: to look through it again and again for garbage is in vain.
    gc.disable()
    try:
        # The window's rooms are imported only once it is sure that a window will open.
        from insomnia_desktop.app import window_start

        return window_start.run(
            folder, lock=lock, crash_hooks=hooks, debug=arguments.debug, key_file=arguments.key_file
        )
    finally:
        gc.enable()
        lock.release()
        hooks.uninstall()
        logs.release()


def load_qt() -> None:
    """Import the binding of Qt, and give Python its own `import` back.

    The binding puts another in its place, which reads the source of every module imported from then on and looks for a
    switch that we do not use: a tenth of the start, and 7 MB.
    """
    import builtins

    own_import = builtins.__import__
    import PySide6  # noqa: F401 - for its side effect

    builtins.__import__ = own_import


def _log_to_standard_error(debug: bool) -> logging.Handler:
    """Send the log of a command to standard error with --debug, else nowhere: the log file is the window's."""
    import logging

    from insomnia_desktop.base.logs import RedactingFormatter

    handler: logging.Handler = logging.StreamHandler() if debug else logging.NullHandler()
    handler.setFormatter(RedactingFormatter("%(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    if debug:
        logging.getLogger().setLevel(logging.DEBUG)
    return handler


def _explain(error: KnownError) -> int:
    """Say why no window opens: on standard error, and in a dialog for those who started it from a menu."""
    from insomnia_desktop.app import window_start
    from insomnia_desktop.services.error_text import one_line

    _say(one_line(error))
    window_start.explain(error)
    return 1


def _say(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{text}\n")
