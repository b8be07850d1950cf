"""Text with variables to the text that is sent; the template engine is loaded for what is more than a name."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.templating import lexer
from insomnia_desktop.templating.scope import Scope

MOST_CHARACTERS: Final = 16 * 1024 * 1024
"""How long a rendered text, and the value of a variable, may be."""
MOST_EXPRESSION: Final = 10_000
_DEEPEST: Final = 100
_ABSENT: Final = object()
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d{1,9}\])*", re.ASCII)
_HYPHENATED = re.compile(r"[A-Za-z_][\w.]*(?:-[A-Za-z_][\w.]*)+")
_STEP = re.compile(r"\w+", re.ASCII)
# What the engine reads as a literal or as a part of its grammar is not a name.
_RESERVED: Final = frozenset(
    {"and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"}
)
Step = str | int


class Renderer:
    """Renders texts with the variables of a scope and collects the names that are not known.

    Variables may hold `{{ }}` themselves. `render` raises KnownError `template.syntax` (params: where, position, line,
    column, reason), `template.cycle` (where, names), `template.too_large` (where, limit) and `template.failed` (where,
    expression, reason); a name that is not known is kept as it stands and noted, until `raise_unknown` tells of all.
    Threads: one at a time.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._resolved: dict[str, Any] = {}
        self._stack: list[str] = []
        self._unknown: dict[tuple[str, str], None] = {}
        self._where = ""

    @property
    def unknown(self) -> list[dict[str, str]]:
        """The names that were not known so far, each with where it stands: `{"name": ..., "where": ...}`."""
        return [{"name": name, "where": where} for name, where in self._unknown]

    def render(self, text: str, where: str) -> str:
        """Return the text with its variables put in; `where` names the place for people ("header X-Id")."""
        if "{{" not in text and "{%" not in text:
            return text
        self._where = where
        self._stack.clear()
        try:
            return self._render(text)
        except RecursionError:
            name = self._stack[0] if self._stack else text
            raise KnownError(
                "template.failed", where=where, expression=name[:200], reason="it is nested too deeply"
            ) from None

    def raise_unknown(self) -> None:
        """Raise KnownError `template.unknown_names` (param: names) if any text held a name that is not known."""
        if self._unknown:
            raise KnownError("template.unknown_names", names=self.unknown)

    def lookup(self, path: tuple[Step, ...]) -> Any:
        """Return the value at a path of names and positions, its own variables put in; raises KeyError with its text.

        For the engine.
        """
        text = path_text(path)
        raw: Any = self._scope.values.get(str(path[0]), _ABSENT)
        for step in path[1:]:
            raw = _member(raw, step)
        if raw is _ABSENT:
            raise KeyError(text)
        return self._resolve(text, raw)

    def note_unknown(self, name: str) -> None:
        """Note a name that is not known; for the engine."""
        self._unknown.setdefault((name, self._where))

    def _render(self, text: str) -> str:
        pieces: list[str] = []
        size = 0
        trim = False
        found = lexer.tokens(text)
        for position, token in enumerate(found):
            piece = self._piece(text, token)
            if token.kind == "text":
                following = found[position + 1] if position + 1 < len(found) else None
                if trim:
                    piece = piece.lstrip()
                if following is not None and text.startswith("-", following.start + 2):
                    piece = piece.rstrip()
            trim = token.kind in ("variable", "raw") and text.startswith("-", token.end - 3)
            pieces.append(piece)
            size += len(piece)
            self._check_size(size)
        return "".join(pieces)

    def _piece(self, text: str, token: lexer.Token) -> str:
        match token.kind:
            case "text":
                return text[token.start : token.end]
            case "raw":
                return token.name
            case "variable":
                return self._variable(text, token)
            case "tag":
                raise self._syntax(text, token.start, "unknown_tag", tag=token.name)
            case "unclosed":
                raise self._syntax(text, token.start, "unclosed")

    def _variable(self, text: str, token: lexer.Token) -> str:
        name = token.name
        if not name:
            raise self._syntax(text, token.start, "empty")
        if name in self._scope.values:
            return as_text(self._resolve(name, self._scope.values[name]))
        path = plain_path(name)
        if path is not None:
            try:
                return as_text(self.lookup(path))
            except KeyError:
                self.note_unknown(name)
                return text[token.start : token.end]
        if len(name) > MOST_EXPRESSION:
            raise self._syntax(text, token.start, "too_long")
        value = self._evaluate(text, token)
        return text[token.start : token.end] if value is _ABSENT else as_text(value)

    def _evaluate(self, text: str, token: lexer.Token) -> Any:
        # Imported here: a plain name, and so the first send, does not wait for the engine.
        from insomnia_desktop.templating import engine

        try:
            return engine.evaluate(token.name, self)
        except engine.UnknownNames as error:
            # A name with a hyphen is a subtraction to the engine; people are told the name they wrote.
            hyphenated = _HYPHENATED.fullmatch(token.name) is not None
            for name in [token.name] if hyphenated else error.names:
                self.note_unknown(name)
            return _ABSENT
        except engine.SyntaxProblem as error:
            raise self._syntax(text, token.start, "expression", detail=error.reason) from None
        except engine.TooLarge:
            raise KnownError("template.too_large", where=self._where, limit=MOST_CHARACTERS) from None
        except engine.EvaluationFailed as error:
            raise KnownError(
                "template.failed", where=self._where, expression=token.name[:200], reason=error.reason
            ) from None

    def _resolve(self, name: str, raw: Any) -> Any:
        if isinstance(raw, str) and "{{" not in raw and "{%" not in raw:
            return raw
        if name in self._resolved:
            return self._resolved[name]
        if name in self._stack:
            start = self._stack.index(name)
            raise KnownError("template.cycle", where=self._where, names=[*self._stack[start:], name])
        if len(self._stack) >= _DEEPEST:
            raise KnownError("template.cycle", where=self._where, names=[*self._stack[-3:], name])
        self._stack.append(name)
        unknown_before = len(self._unknown)
        value = self._inside(name, raw, [0])
        self._stack.pop()
        if len(self._unknown) == unknown_before:
            self._resolved[name] = value
        return value

    def _inside(self, name: str, raw: Any, size: list[int]) -> Any:
        if isinstance(raw, str):
            text = self._render(raw)
            size[0] += len(text)
            self._check_size(size[0])
            return text
        if isinstance(raw, dict):
            return {key: self._member(f"{name}.{key}", value, size) for key, value in raw.items()}
        if isinstance(raw, list):
            return [self._member(f"{name}[{position}]", value, size) for position, value in enumerate(raw)]
        return raw

    def _member(self, name: str, raw: Any, size: list[int]) -> Any:
        if isinstance(raw, str):
            value = self._resolve(name, raw)
            size[0] += len(value)
            self._check_size(size[0])
            return value
        return self._inside(name, raw, size)

    def _check_size(self, size: int) -> None:
        if size > MOST_CHARACTERS:
            raise KnownError("template.too_large", where=self._where, limit=MOST_CHARACTERS)

    def _syntax(self, text: str, position: int, reason: str, **params: str) -> KnownError:
        line = text.count("\n", 0, position) + 1
        column = position - text.rfind("\n", 0, position)
        inside = {"variable": self._stack[-1]} if self._stack else {}
        return KnownError(
            "template.syntax",
            where=self._where,
            position=position,
            line=line,
            column=column,
            reason=reason,
            **params,
            **inside,
        )


def _member(value: Any, step: Step) -> Any:
    if isinstance(value, dict):
        return value.get(step, _ABSENT)
    if isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
        return value[step]
    return _ABSENT


def plain_path(expression: str) -> tuple[Step, ...] | None:
    """Return the steps of `name`, `user.name` or `items[0]`, or None where the expression is more than that."""
    if _PATH.fullmatch(expression) is None:
        return None
    first, *others = _STEP.findall(expression)
    if first in _RESERVED:
        return None
    return (first, *(int(step) if step[0].isdigit() else step for step in others))


def path_text(path: tuple[Step, ...]) -> str:
    """Return a path as it is written in a text."""
    first, *others = path
    return str(first) + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in others)


def as_text(value: Any) -> str:
    """Return text as it is and any other JSON value as compact JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
