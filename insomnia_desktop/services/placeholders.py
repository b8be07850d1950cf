"""Texts with their variables taken out for a while, so that what is left can be read as its language."""

from __future__ import annotations

import re

from insomnia_desktop.templating import tokens

_NAME = re.compile(r"zq\d+qz")


def take_out(text: str) -> tuple[str, dict[str, str]]:
    """Return the text with a plain name in place of each variable, and the variables by those names."""
    replaced: dict[str, str] = {}
    parts: list[str] = []
    for token in tokens(text):
        part = text[token.start : token.end]
        # An opener that nothing closes is text of the language itself, like the two braces of a nested selection.
        if token.kind in ("variable", "tag", "raw"):
            name = f"zq{len(replaced)}qz"
            replaced[name] = part
            part = name
        parts.append(part)
    return "".join(parts), replaced


def put_back(text: str, replaced: dict[str, str]) -> str:
    """Return the text with its variables in their places again."""
    return _NAME.sub(lambda match: replaced.get(match.group(), match.group()), text) if replaced else text
