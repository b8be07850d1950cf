"""From the name or id that a person typed to the object that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from insomnia_desktop.base.errors import KnownError

_MOST_CANDIDATES = 5


class Named(Protocol):
    """Something with an id and a name."""

    @property
    def id(self) -> str:
        """The id."""
        ...

    @property
    def name(self) -> str:
        """The name."""
        ...


_N = TypeVar("_N", bound=Named)


def pick(candidates: Sequence[_N], text: str, kind: str) -> _N:
    """Return the one with this id, else the only one with this name, else the only one with it in another case.

    Raises KnownError `cli.unknown_name` and `cli.ambiguous_name` (params: kind, name, candidates).
    """
    for candidate in candidates:
        if candidate.id == text:
            return candidate
    named = [candidate for candidate in candidates if candidate.name == text]
    named = named or [candidate for candidate in candidates if candidate.name.casefold() == text.casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        listed = [f"{candidate.name} ({candidate.id})" for candidate in named]
        raise KnownError("cli.ambiguous_name", kind=kind, name=text, candidates=listed[:_MOST_CANDIDATES])
    listed = _closest(candidates, text)
    raise KnownError("cli.unknown_name", kind=kind, name=text, candidates=listed)


def _closest(candidates: Sequence[_N], text: str) -> list[str]:
    """Return the names most like a text, or the first ones where none is like it."""
    import difflib  # only needed to explain a mistake

    names = list(dict.fromkeys(candidate.name for candidate in candidates if candidate.name))
    return difflib.get_close_matches(text, names, n=_MOST_CANDIDATES, cutoff=0.4) or names[:_MOST_CANDIDATES]
