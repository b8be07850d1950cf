"""The one English sentence and next step for each error code, for window and command line alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from insomnia_desktop.base.errors import AppError, Bug
from insomnia_desktop.model import ErrorRecord
from insomnia_desktop.services import error_words, error_words_account, error_words_sending, error_words_sync


class ErrorText(msgspec.Struct, frozen=True):
    """What a person reads: a heading, what happened, and what to try (may be empty)."""

    title: str
    text: str
    hint: str


_LONGEST = 300
"""How many characters of one param a sentence shows: an address or the words of a server may be endless."""
_MOST_LISTED = 20
_WORDS = {**error_words.WORDS, **error_words_sending.WORDS, **error_words_account.WORDS, **error_words_sync.WORDS}

_OF_A_BUG = ErrorText(
    "Something went wrong",
    "Something went wrong inside the program; what was saved is safe.",
    "Try once more; if it comes again, report it with the newest file of the folder logs in the data folder.",
)


def sentence(error: AppError | ErrorRecord) -> ErrorText:
    """Return the words for an error; a code that is not listed gets an honest general sentence with the code in it.

    Every Bug is told alike: its code says something to developers alone, and stands in the log.

    Where the words of a code differ by its param `reason`, they are listed as `code/reason`.
    """
    if isinstance(error, Bug):
        return _OF_A_BUG
    reason = error.params.get("reason")
    words = _WORDS.get(f"{error.code}/{reason}") or _WORDS.get(error.code)
    if words is None:
        return ErrorText(
            "Something went wrong",
            f"The program met a problem that it has no words for ({error.code}).",
            "Try once more; if it comes again, report it with this code.",
        )
    params = _Params(_shown(error.params))
    title, text, hint = (part.format_map(params) for part in words)
    return ErrorText(title, text, hint)


def one_line(error: AppError | ErrorRecord) -> str:
    """Return what happened and what to try in one line."""
    words = sentence(error)
    return f"{words.text} {words.hint}".strip()


def codes() -> frozenset[str]:
    """Return the codes that have words."""
    return frozenset(key.partition("/")[0] for key in _WORDS)


class _Params(dict[str, str]):
    """The params as text; one that is missing leaves its place empty."""

    def __missing__(self, key: str) -> str:
        return ""


def visible(text: str) -> str:
    """Return a text in one line, with characters that are not to be seen written out (`\\x1b`).

    What a server, a file or another person wrote must not steer a terminal or break a list of lines.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def _shown(params: Mapping[str, Any]) -> dict[str, str]:
    shown = {name: _text(value) for name, value in params.items()}
    # Parts of sentences that are there only with their param.
    shown["at_address"] = f" ({params['address']})" if params.get("address") else ""
    shown["because"] = f": {_text(params['reason']).removesuffix('.')}" if params.get("reason") else ""
    shown["in_detail"] = f" ({params['detail']})" if params.get("detail") else ""
    shown["header"] = f"The header {params['name']}" if params.get("name") else "A header"
    shown["of_expected"] = f" of {_size(params['expected'])}" if params.get("expected") else ""
    shown["after"] = f" after {_seconds(params['seconds'])}" if params.get("seconds") else ""
    shown["arrived"] = f"{_size(params['received'])} had arrived." if params.get("received") else "Nothing had arrived."
    shown["the_data"] = f"The file {shown['file']}" if params.get("file") else "The file of the data"
    shown["the_file"] = f"The file {params['path']}" if params.get("path") else "The file"
    shown["reason"] = shown.get("reason", "").removesuffix(".")
    shown["through"] = f" in {params['variable']}," if params.get("variable") else ""
    for size in ("limit", "wire", "decoded", "bytes"):
        if isinstance(params.get(size), int):
            shown[f"{size}_size"] = _size(params[size])
    candidates = shown.get("candidates")
    shown["candidates_listed"] = f"There is: {candidates}." if candidates else "There is none at all yet."
    return shown


def _text(value: Any) -> str:
    if isinstance(value, dict):
        # One name that is not known, and where it stands.
        name = _text(value.get("name"))
        return f"{name} ({_text(value['where'])})" if value.get("where") else name
    if isinstance(value, list | tuple):
        more = f" and {len(value) - _MOST_LISTED} more" if len(value) > _MOST_LISTED else ""
        return ", ".join(_text(item) for item in value[:_MOST_LISTED]) + more
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else _shortened(visible(str(value)[: 4 * _LONGEST]), len(str(value)))


def _shortened(text: str, length: int) -> str:
    if len(text) <= _LONGEST and length <= 4 * _LONGEST:
        return text
    return f"{text[: _LONGEST - 60]}... ({length:,} characters)"


def _seconds(value: Any) -> str:
    return f"{value:g} s" if isinstance(value, int | float) else str(value)


def _size(value: Any) -> str:
    """Return a size in bytes for people, as the window writes it."""
    if not isinstance(value, int | float):
        return str(value)
    if value < 1000:
        return f"{value:g} B"
    for unit in ("KB", "MB", "GB"):
        value /= 1000
        if value < 1000 or unit == "GB":
            break
    return f"{value:.1f} {unit}"
