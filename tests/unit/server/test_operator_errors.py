"""Every code that an operator may get has its words: server.operator_errors."""

from __future__ import annotations

import ast
import re

import pytest

from insomnia_desktop.server.operator_errors import WORDS, OperatorError
from tests.support.sources import PROGRAM_SOURCES, TEST_SOURCES

HERE = "tests/unit/server/test_operator_errors.py"


def raised() -> dict[str, str]:
    """Return the codes that the server makes, and where."""
    found = {}
    for source in PROGRAM_SOURCES:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "OperatorError":
                code = node.args[0]
                assert isinstance(code, ast.Constant), f"{source.name}:{node.lineno}"
                found[str(code.value)] = f"{source.name}:{node.lineno}"
    return found


def test_every_code_has_words_and_all_words_are_used() -> None:
    assert set(raised()) == set(WORDS)


def test_every_code_is_named_by_a_test() -> None:
    tests = "\n".join(source.text for source in TEST_SOURCES if source.name != HERE)
    assert [code for code in sorted(WORDS) if f'"{code}"' not in tests] == []


@pytest.mark.parametrize("code", sorted(WORDS))
def test_the_words_are_a_sentence_and_a_next_step(code: str) -> None:
    names = set(re.findall(r"{(\w+)}", WORDS[code][0]))
    error = OperatorError(code, **dict.fromkeys(names, "x"))
    assert re.fullmatch(r"[A-Zx].*\.", error.sentence)
    assert re.fullmatch(r"[A-Z`].*\.", error.hint)
