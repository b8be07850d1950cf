"""What the program was started with."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import msgspec

from insomnia_desktop.base.paths import DataFolder, default_data_folder


class Arguments(msgspec.Struct, frozen=True):
    """The data folder, and the command; None stands for the window."""

    folder: DataFolder
    debug: bool = False
    command: argparse.Namespace | None = None


def read(arguments: Sequence[str]) -> Arguments:
    """Read the arguments; wrong use ends the program with status 2, `--help` with 0 (SystemExit)."""
    if not arguments:
        return Arguments(default_data_folder())
    # Imported here: the window alone needs no parser of commands.
    from insomnia_desktop.cli.parser import parse

    parsed = parse(arguments)
    folder = DataFolder(_full_path(parsed.data_dir)) if parsed.data_dir else default_data_folder()
    return Arguments(folder, debug=parsed.debug, command=parsed if parsed.room else None)


def _full_path(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        # Nobody has the name behind ~, so it is the name of a folder.
        return Path(text).absolute()
    except OSError:
        # The folder that we were started in is gone; making the data folder will say so.
        return Path(text)
