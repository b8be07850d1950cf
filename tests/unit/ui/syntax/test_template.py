"""Where templates stand in a text: insomnia_desktop.ui.syntax.template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.ui.syntax.template import VariableSpan, open_name_before, variables


def test_variables_are_found_with_their_names() -> None:
    text = "{{ base_url }}/orders/{{id}}{{- a.b -}}"
    assert variables(text) == [
        VariableSpan(0, 14, "base_url", "variable"),
        VariableSpan(22, 28, "id", "variable"),
        VariableSpan(28, 39, "a.b", "variable"),
    ]


def test_tags_and_expressions_are_told_from_names() -> None:
    found = variables("{% uuid 'v4' %} {{ name | upper }} {{ 'text' }}")
    assert [(span.name, span.kind) for span in found] == [("uuid", "tag"), ("name", "tag"), ("'text'", "tag")]


def test_raw_sections_hold_no_variables() -> None:
    text = "{% raw %}{{ a }}{% endraw %}{{ b }}"
    assert variables(text) == [VariableSpan(0, 28, "raw", "raw"), VariableSpan(28, 35, "b", "variable")]
    assert variables("{% raw %}{{ a }}") == [VariableSpan(0, 16, "raw", "raw")]


@pytest.mark.parametrize("text", ["", "{}", "{{", "{{ }}", "{% %}", "{{ a", "a }}", "{{ a\n }}", "{ { a } }"])
def test_what_only_looks_like_a_template_is_left_out(text: str) -> None:
    assert variables(text) == []


def test_a_brace_in_quotes_does_not_end_a_template() -> None:
    assert [span.kind for span in variables('{{ f("}}") }}')] == ["tag"]


@given(st.text(alphabet="{}% \"'ab-\nraw", max_size=80))
def test_templates_are_ordered_and_inside_of_any_text(text: str) -> None:
    end = 0
    for span in variables(text):
        assert end <= span.start < span.end <= len(text)
        assert span.name
        assert text[span.start : span.start + 2] in ("{{", "{%")
        end = span.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{", (2, "")),
        ("{{ ", (3, "")),
        ("x {{ ba", (5, "ba")),
        ("{{ a }} {{ b.c", (11, "b.c")),
        ("{{ a }}", None),
        ("{{ a b", None),
        ("{", None),
        ("{{ a }", None),
    ],
)
def test_the_name_being_written_is_known(text: str, expected: tuple[int, str] | None) -> None:
    assert open_name_before(text, len(text)) == expected


def test_only_what_stands_before_the_caret_counts() -> None:
    assert open_name_before("{{ base }}", 5) == (3, "ba")
