"""Every code of a known error has its words, a next step, and a test that names it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services import error_text
from tests.support.sources import PROGRAM_SOURCES, TEST_SOURCES, Source

CODE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
HERE = "tests/contract/test_error_codes.py"
# The words themselves, and the class, are no use of a code.
WORDS = re.compile(r"insomnia_desktop/services/error_(?:text|words\w*)\.py")
# What a person cancelled needs no next step.
DONE_ON_PURPOSE = frozenset({"send.cancelled"})


def raised_codes() -> dict[str, str]:
    """Return the codes of known errors that the program makes, and where each is made."""
    return {
        code: f"{source.name}:{line}"
        for source in PROGRAM_SOURCES
        if not WORDS.fullmatch(source.name)
        for code, line in _codes_of(source)
    }


def _codes_of(source: Source) -> Iterator[tuple[str, int]]:
    listed_elsewhere = False
    for call in _calls(source, "KnownError"):
        first = call.args[0] if call.args else None
        found = [node for node in ast.walk(first) if _is_code(node)] if first is not None else []
        yield from ((str(node.value), call.lineno) for node in found if isinstance(node, ast.Constant))
        listed_elsewhere = listed_elsewhere or not found
    if listed_elsewhere:
        # The code comes from a table: every literal of the file that looks like a code may be made.
        areas = {code.partition(".")[0] for code in error_text.codes()}
        for node in source.strings():
            if _is_code(node) and str(node.value).partition(".")[0] in areas:
                yield str(node.value), node.lineno


def _calls(source: Source, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _is_code(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CODE.fullmatch(node.value))


def _general_title() -> str:
    return error_text.sentence(KnownError("nothing.known")).title


def test_the_rule_sees_the_codes() -> None:
    assert len(raised_codes()) > 30


def test_every_code_has_words() -> None:
    missing = [f"{where} {code}" for code, where in sorted(raised_codes().items()) if code not in error_text.codes()]
    assert not missing, "\n".join(missing)


def test_every_text_belongs_to_a_code_that_is_made() -> None:
    dead = sorted(error_text.codes() - set(raised_codes()))
    assert not dead, f"words for what never happens: {', '.join(dead)}"


def test_the_words_are_a_sentence_and_a_next_step() -> None:
    bad = []
    for code in sorted(error_text.codes()):
        words = error_text.sentence(KnownError(code))
        wanted = [words.text] if code in DONE_ON_PURPOSE else [words.text, words.hint]
        if words.title == _general_title() or words.title.endswith("."):
            bad.append(f"{code}: title {words.title!r}")
        bad += [f"{code}: {text!r}" for text in wanted if not re.search(r"\w.*[.?]$", text, re.DOTALL)]
    assert not bad, "\n".join(bad)


def test_every_code_is_named_by_a_test() -> None:
    tests = "\n".join(source.text for source in TEST_SOURCES if source.name != HERE)
    unnamed = [code for code in sorted(raised_codes()) if not re.search(rf"[\"'`]{re.escape(code)}[\"'`/]", tests)]
    assert not unnamed, "\n".join(unnamed)
