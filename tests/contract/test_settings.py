"""Every declared setting is used by the program, and every used one is declared."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from insomnia_desktop.model.settings import SETTINGS
from tests.support.sources import PROGRAM_SOURCES, Source

DECLARATIONS = "insomnia_desktop/model/settings.py"
WORDS_OF_ERRORS = "insomnia_desktop/services/error_"
AREAS = sorted({key.partition(".")[0] for key in SETTINGS})
KEY = re.compile(rf"(?:{'|'.join(AREAS)})\.[a-z][a-z0-9_]*")


def used_keys() -> dict[str, str]:
    """Return the text literals of the program that look like a setting's key, and where each stands."""
    return {
        str(node.value): f"{source.name}:{node.lineno}"
        for source in PROGRAM_SOURCES
        if source.name != DECLARATIONS
        for node in _keys_in(source)
    }


def _keys_in(source: Source) -> Iterator[ast.Constant]:
    # The code of an error is spelled alike.
    codes = {
        id(argument)
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "KnownError"
        for argument in call.args
    }
    for node in source.strings():
        if KEY.fullmatch(str(node.value)) and id(node) not in codes and not source.name.startswith(WORDS_OF_ERRORS):
            yield node


def test_every_declared_setting_is_used() -> None:
    unused = sorted(set(SETTINGS) - set(used_keys()))
    assert not unused, f"shown in the preferences, but nothing reads it: {', '.join(unused)}"


def test_every_used_setting_is_declared() -> None:
    unknown = [f"{where} {key}" for key, where in used_keys().items() if key not in SETTINGS]
    assert not unknown, "\n".join(unknown)


def test_every_default_fits_its_own_limits() -> None:
    assert not [key for key, setting in SETTINGS.items() if not setting.fits(setting.default)]
