"""One command from its arguments to its exit status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.cli import environments, folders, requests, send, workspaces
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.output import Output
from insomnia_desktop.services.application import Services

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
_ROOMS: dict[str, Callable[[Context, argparse.Namespace], int]] = {
    "workspaces": workspaces.run,
    "folders": folders.run,
    "requests": requests.run,
    "environments": environments.run,
    "send": send.run,
}


def run(
    arguments: argparse.Namespace,
    build: Callable[[], Services],
    *,
    report: Callable[[BaseException, str], None],
) -> int:
    """Run a command and return the exit status; `report` gets what nobody knows by name."""
    output = Output(arguments.json)
    try:
        services = build()
        try:
            services.workspaces.ensure_one()
            return _ROOMS[arguments.room](Context(services, output, arguments.workspace), arguments)
        finally:
            services.close()
    except KnownError as error:
        output.failure(error)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; nothing more can be written, not even by the interpreter's last flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        # The edge of the program: what arrives here is a mistake of ours, and goes to the crash report.
        report(error, "command line")
        return FAILED
