"""Tokens of a text (insomnia_desktop.templating.lexer)."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.templating.lexer import Token, tokens

NOISE = st.text(alphabet="{}%-'\"\\ rawend\n()x[]", max_size=80)


def found(text: str) -> list[tuple[str, str]]:
    """Return kind and name of what is not plain text."""
    return [(token.kind, token.name) for token in tokens(text) if token.kind != "text"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ a }}", [("variable", "a")]),
        ("{{a}}{{- b.c[0] -}}", [("variable", "a"), ("variable", "b.c[0]")]),
        ("{{ '}}' }}", [("variable", "'}}'")]),
        ("{{ {'a': {'b': 1}} }}", [("variable", "{'a': {'b': 1}}")]),
        ("{{ it's }} and {{ that }}", [("variable", "it's"), ("variable", "that")]),
        ('{"a":{"b":{}}}', []),
        ("{# not a comment #}", []),
        ("{{ open", [("unclosed", "")]),
        ("{{ open {{ x }}", [("unclosed", ""), ("variable", "x")]),
        ("{% raw %}{{ a }}{% endraw %}", [("raw", "{{ a }}")]),
        ("{%- raw -%} {{ a }} {%- endraw -%}", [("raw", "{{ a }}")]),
        ("{% raw %}{{ a }}", [("unclosed", ""), ("variable", "a")]),
        ("{% uuid 'v4' %}", [("tag", "uuid")]),
        ("{{}}", [("variable", "")]),
        ("{{ a\n}}", [("variable", "a")]),
    ],
)
def test_kinds_and_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text)[: len(expected)] == expected


@given(NOISE)
def test_tokens_cover_any_text_without_gaps(text: str) -> None:
    position = 0
    for token in tokens(text):
        assert token.start == position
        assert token.end > token.start
        position = token.end
    assert position == len(text)


@given(st.text(alphabet="abc }%\n'\"", max_size=40))
def test_text_without_openers_is_one_token(text: str) -> None:
    assert tokens(text) == ([Token(0, len(text), "text", "")] if text else [])


def test_a_text_full_of_openers_stays_linear() -> None:
    for piece in ("{{", "{{'", "{{\"{{'", "{%raw%}", "{{ '\\' "):
        assert len(tokens(piece * 50_000)) >= 1


def test_nothing_loads_the_template_engine() -> None:
    script = (
        "import sys; from insomnia_desktop.templating import Renderer, Scope, tokens; tokens('{{ a }}');"
        "assert Renderer(Scope({'a': 'x', 'b': '{{ a }}', 'c': {'d': [1]}})).render("
        "'{{ a }} {{ b }} {{ c.d[0] }}', 'body') == 'x x 1'; assert 'jinja2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
