"""Where template variables, tags and raw sections stand in a text; light enough for every key press."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

VariableKind = Literal["variable", "tag", "raw"]

# A template never spans lines and holds no braces but in quotes; the length is bounded, so that a line full
# of openers stays linear.
TEMPLATE_PATTERN = (
    r"""\{\{(?:[^{}"'\n]|"[^"\n]{0,100}+"|'[^'\n]{0,100}+'){0,300}?\}\}"""
    r"""|\{%(?:[^{}%"'\n]|"[^"\n]{0,100}+"|'[^'\n]{0,100}+'){0,300}?%\}"""
)
# Inside of a JSON string the quotes of a template must stand in pairs, or the string would end there.
_TEMPLATE = re.compile(TEMPLATE_PATTERN)
_RAW_END = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_NAME = re.compile(r"[^\W\d][\w.-]*")


class VariableSpan(NamedTuple):
    """One template in a text: characters `start` to `end`, and the name that is looked up.

    `kind` is "variable" for `{{ name }}`, "tag" for `{% name ... %}` and for an expression that is more than a
    name, "raw" for what `{% raw %}` keeps as it is (from the opening to the closing tag).
    """

    start: int
    end: int
    name: str
    kind: VariableKind


def variables(text: str) -> list[VariableSpan]:
    """Return the templates of `text` from left to right; text that only looks like one is left out."""
    if "{{" not in text and "{%" not in text:
        return []
    found: list[VariableSpan] = []
    position = 0
    while match := _TEMPLATE.search(text, position):
        start, position = match.span()
        inner = text[start + 2 : position - 2].strip().removeprefix("-").removesuffix("-").strip()
        if text.startswith("{%", start):
            name = inner.split(None, 1)[0] if inner else ""
            if name == "raw":
                end = _RAW_END.search(text, position)
                position = end.end() if end else len(text)
                found.append(VariableSpan(start, position, "raw", "raw"))
            elif name:
                found.append(VariableSpan(start, position, name, "tag"))
        elif inner:
            named = _NAME.match(inner)
            whole = named is not None and named.end() == len(inner)
            name = named.group() if named else inner
            found.append(VariableSpan(start, position, name, "variable" if whole else "tag"))
    return found


def open_name_before(text: str, caret: int) -> tuple[int, str] | None:
    """Return where the name being written at `caret` starts and what of it is there, if `{{` is open before it."""
    opener = text.rfind("{{", 0, caret)
    if opener < 0:
        return None
    inner = text[opener + 2 : caret]
    written = inner.lstrip(" \t")
    if "}" in inner or "\n" in inner or (written and not re.fullmatch(r"[\w.-]+", written)):
        return None
    return caret - len(written), written
