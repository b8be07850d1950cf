"""What the program was started with."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from insomnia_desktop.base.paths import DataFolder, default_data_folder

KEY_FILE_VARIABLE = "INSOMNIA_DESKTOP_KEY_FILE"


class Arguments(msgspec.Struct, frozen=True):
    """The data folder, the command (None: the window), and the file of the key to an account's keys (None: keyring)."""

    folder: DataFolder
    debug: bool = False
    command: argparse.Namespace | None = None
    key_file: Path | None = None


def read(arguments: Sequence[str]) -> Arguments:
    """Read the arguments; wrong use ends the program with status 2, `--help` with 0 (SystemExit)."""
    if not arguments:
        return Arguments(default_data_folder(), key_file=_key_file(None))
    # Imported here: the window alone needs no parser of commands.
    from insomnia_desktop.cli.parser import parse

    parsed = parse(arguments)
    folder = DataFolder(_full_path(parsed.data_dir)) if parsed.data_dir else default_data_folder()
    command = parsed if parsed.room else None
    return Arguments(folder, debug=parsed.debug, command=command, key_file=_key_file(parsed.key_file))


def _key_file(given: str | None) -> Path | None:
    named = given or os.environ.get(KEY_FILE_VARIABLE)
    return _full_path(named) if named else None


def _full_path(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        # Nobody has the name behind ~, so it is the name of a folder.
        return Path(text).absolute()
    except OSError:
        # The folder that we were started in is gone; making the data folder will say so.
        return Path(text)
