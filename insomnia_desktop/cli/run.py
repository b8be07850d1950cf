"""One command from its arguments to its exit status."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.cli import account, conflicts, environments, folders, history, requests, send, sync, workspaces
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.output import Output, OutputLost
from insomnia_desktop.services.application import Services

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
_ROOMS: dict[str, Callable[[Context, argparse.Namespace], int]] = {
    "workspaces": workspaces.run,
    "folders": folders.run,
    "requests": requests.run,
    "environments": environments.run,
    "send": send.run,
    "account": account.run,
    "sync": sync.run,
    "history": history.run,
    "conflicts": conflicts.run,
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
        status = _carry_out(arguments, build, output, report)
        output.flush()
    except BrokenPipeError:
        output.give_up()
        return FAILED
    except OutputLost as error:
        output.give_up()
        Output(as_json=False).failure(KnownError("cli.no_standard_output", reason=str(error)))
        return FAILED
    return status


def _carry_out(
    arguments: argparse.Namespace,
    build: Callable[[], Services],
    output: Output,
    report: Callable[[BaseException, str], None],
) -> int:
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
    except (BrokenPipeError, OutputLost):
        raise
    except Exception as error:
        # The edge of the program: what arrives here is a mistake of ours, and goes to the crash report.
        report(error, "command line")
        if output.as_json:
            output.failure(Bug("program.bug"))
        return FAILED
