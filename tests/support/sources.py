"""The program's and the tests' source files, read and parsed once for the rules about them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PACKAGE = CHECKOUT / "insomnia_desktop"
TESTS = CHECKOUT / "tests"


@dataclass(frozen=True)
class Source:
    """One Python file; `name` is its path in the checkout, with slashes."""

    path: Path

    @property
    def name(self) -> str:
        """Return the path as rules and messages write it."""
        return self.path.relative_to(CHECKOUT).as_posix()

    @property
    def module(self) -> str:
        """Return the dotted name that an import writes."""
        parts = self.path.relative_to(CHECKOUT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        """Return the source text."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Return the parsed source."""
        return ast.parse(self.text, self.name)

    @cached_property
    def docstring(self) -> str:
        """Return the docstring of the module, "" without one."""
        return ast.get_docstring(self.tree) or ""

    def strings(self) -> Iterator[ast.Constant]:
        """Return the text literals that are values: docstrings and the pieces of f-strings are not."""
        no_values = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for joined in ast.walk(self.tree):
            if isinstance(joined, ast.JoinedStr):
                no_values.update(id(part) for part in joined.values)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in no_values:
                yield node


def _sources(folder: Path) -> list[Source]:
    return [Source(path) for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts]


PROGRAM_SOURCES = _sources(PACKAGE)
TEST_SOURCES = _sources(TESTS)
