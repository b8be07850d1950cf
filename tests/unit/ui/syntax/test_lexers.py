"""What every lexer promises for any text, and the colours of each language.

Covers insomnia_desktop.ui.syntax.span, insomnia_desktop.ui.syntax.json_lexer,
insomnia_desktop.ui.syntax.markup_lexer, insomnia_desktop.ui.syntax.yaml_lexer,
insomnia_desktop.ui.syntax.graphql_lexer, insomnia_desktop.ui.syntax.script_lexer,
insomnia_desktop.ui.syntax.markdown_lexer and insomnia_desktop.ui.syntax.plain_lexer.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.ui.syntax import LANGUAGES, lexer

# Text of the characters that lexers look at is far more likely to break one than any text is.
_NASTY = st.text(alphabet="{}[]()<>/\\\"'`:,#%!-|&*=?@$. \tabtrue1 né😀\n\u2028", max_size=60)
_LINES = st.lists(st.one_of(_NASTY, st.text(max_size=30)), max_size=6)


def colours(language: str, text: str, *, templates: bool = True) -> list[tuple[str, str]]:
    """Return (piece of text, token) for a whole text."""
    line_lexer = lexer(language, templates=templates)
    state = 0
    found = []
    for line in text.split("\n"):
        spans, state = line_lexer.lex(line, state)
        found += [(line[span.start : span.start + span.length], span.token) for span in spans]
    return found


def pieces(language: str, text: str, token: str) -> list[str]:
    """Return the pieces of a text that have one colour."""
    return [piece for piece, found in colours(language, text) if found == token]


@pytest.mark.parametrize("language", LANGUAGES)
@given(lines=_LINES, state=st.integers(-2, 300))
def test_spans_are_ordered_and_inside_the_line_for_any_text_and_state(
    language: str, lines: list[str], state: int
) -> None:
    line_lexer = lexer(language)
    for line in lines:
        spans, state = line_lexer.lex(line, state)
        end = 0
        for span in spans:
            assert span.start >= end
            assert span.length > 0
            end = span.start + span.length
        assert end <= len(line)
        assert isinstance(state, int)


@pytest.mark.parametrize("language", LANGUAGES)
@given(lines=_LINES)
def test_a_lexer_remembers_nothing_but_the_state(language: str, lines: list[str]) -> None:
    first, second = lexer(language), lexer(language)
    state = 0
    for line in lines:
        expected = second.lex(line, state)
        first.lex('{{ <!-- """ /* | \' ```', 0)
        assert first.lex(line, state) == expected
        state = expected[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("piece", ["{", "{{", '"', "\\", "<", "{{'", '{{"', "a: ", "- ", "&", "*", "`", "[", "1", " "])
def test_a_line_of_one_piece_again_and_again_ends(language: str, piece: str) -> None:
    # Quadratic patterns would run into the time limit of the test run here.
    line = piece * (20_000 // len(piece))
    spans, _ = lexer(language).lex(line, 0)
    assert all(span.start + span.length <= len(line) for span in spans)


def test_json_tells_keys_from_string_values() -> None:
    assert colours("json", '{"a" : "b", "c":-1.5e+3}') == [
        ("{", "punctuation"),
        ('"a"', "key"),
        (":", "punctuation"),
        ('"b"', "string"),
        (",", "punctuation"),
        ('"c"', "key"),
        (":", "punctuation"),
        ("-1.5e+3", "number"),
        ("}", "punctuation"),
    ]


def test_json_knows_its_words_and_leaves_others() -> None:
    assert colours("json", "true falsey null nil") == [("true", "boolean"), ("null", "null")]


@pytest.mark.parametrize("text", ['"{{ name }}"', '"a {{ f("x") }} b"', '"{% response "body" %}"', r'"a \" {{ b }}"'])
def test_json_keeps_a_string_with_a_template_whole(text: str) -> None:
    assert colours("json", text) == [(text, "string")]


def test_json_leaves_templates_outside_of_strings_to_the_chips() -> None:
    assert colours("json", '{"a": {{ amount }}, {{ key }}: 1}') == [
        ("{", "punctuation"),
        ('"a"', "key"),
        (":", "punctuation"),
        (",", "punctuation"),
        (":", "punctuation"),
        ("1", "number"),
        ("}", "punctuation"),
    ]


def test_json_without_templates_ends_a_string_at_its_quote() -> None:
    text = '{"a":"{{","b":"}}"}'
    found = [piece for piece, token in colours("json", text, templates=False) if token != "punctuation"]
    assert found == ['"a"', '"{{"', '"b"', '"}}"']


def test_json_colours_an_open_string_to_the_end_of_its_line_only() -> None:
    assert colours("json", '"open\n1') == [('"open', "string"), ("1", "number")]


def test_json_comments_may_span_lines() -> None:
    assert colours("json", "1 // one\n/* a\nb */ 2 /*/\n*/") == [
        ("1", "number"),
        ("// one", "comment"),
        ("/* a", "comment"),
        ("b */", "comment"),
        ("2", "number"),
        ("/*/", "comment"),
        ("*/", "comment"),
    ]


def test_xml_colours_names_attributes_values_and_entities() -> None:
    assert colours("xml", '<a:b id="1">x &amp; y</a:b>') == [
        ("<", "punctuation"),
        ("a:b", "key"),
        ("id", "number"),
        ("=", "punctuation"),
        ('"1"', "string"),
        (">", "punctuation"),
        ("&amp;", "boolean"),
        ("</", "punctuation"),
        ("a:b", "key"),
        (">", "punctuation"),
    ]


def test_xml_carries_tags_values_comments_and_cdata_over_lines() -> None:
    text = "<a\nb='1\n2'/><!-- c\nd --><![CDATA[ <e>\n]]>"
    assert colours("xml", text) == [
        ("<", "punctuation"),
        ("a", "key"),
        ("b", "number"),
        ("=", "punctuation"),
        ("'1", "string"),
        ("2'", "string"),
        ("/>", "punctuation"),
        ("<!--", "comment"),
        (" c", "comment"),
        ("d -->", "comment"),
        ("<![CDATA[", "punctuation"),
        (" <e>", "string"),
        ("]]>", "punctuation"),
    ]


def test_xml_leaves_a_lone_less_than_sign() -> None:
    assert colours("xml", "1 < 2") == []


def test_html_colours_the_text_of_scripts_and_styles() -> None:
    text = "<script>let a = 'x';\n/* b\n</script><style>p { color: red }</style><p>let"
    assert pieces("html", text, "key") == ["script", "let", "script", "style", "color", "style", "p"]
    assert pieces("html", text, "comment") == ["/* b"]
    assert pieces("html", text, "string") == ["'x'"]


def test_yaml_colours_keys_and_scalars() -> None:
    text = "- name: Ada Lindqvist # who\n  age: 36\n  vip: true\n  note: ~\n  'q u': \"a: b\""
    assert pieces("yaml", text, "key") == ["name", "age", "vip", "note", "'q u'"]
    assert pieces("yaml", text, "string") == ["Ada Lindqvist", '"a: b"']
    assert pieces("yaml", text, "number") == ["36"]
    assert pieces("yaml", text, "boolean") == ["true"]
    assert pieces("yaml", text, "null") == ["~"]
    assert pieces("yaml", text, "comment") == ["# who"]


def test_yaml_block_scalars_end_where_the_indentation_does() -> None:
    text = "- text: |-\n    a: 1\n\n    # no comment\n  next: 2\nlast: >\n  x"
    assert pieces("yaml", text, "key") == ["text", "next", "last"]
    assert pieces("yaml", text, "string") == ["    a: 1", "    # no comment", "  x"]


def test_yaml_quoted_scalars_span_lines() -> None:
    text = "a: \"one\n  b: two\\\"\n  three\" # end\nc: 'd\n  it''s'\ne: 1"
    assert pieces("yaml", text, "key") == ["a", "c", "e"]
    assert pieces("yaml", text, "comment") == ["# end"]


def test_yaml_addresses_are_one_string() -> None:
    assert pieces("yaml", "url: http://a.b/c#d", "string") == ["http://a.b/c#d"]


def test_yaml_flow_collections_and_anchors() -> None:
    text = "a: {b: [1, two]} \nc: &x !!str y\nd: *x"
    assert pieces("yaml", text, "key") == ["a", "b", "c", "d"]
    assert pieces("yaml", text, "number") == ["1"]
    assert pieces("yaml", text, "boolean") == ["&x", "!!str", "*x"]


def test_graphql_colours_words_arguments_and_variables() -> None:
    text = 'query Q($n: Int!) { orders(first: $n, q: "x") @skip(if: true) { id } } # end'
    assert pieces("graphql", text, "null") == ["query"]
    assert pieces("graphql", text, "number") == ["$n", "$n"]
    assert pieces("graphql", text, "key") == ["first", "q", "if"]
    assert pieces("graphql", text, "string") == ['"x"']
    assert pieces("graphql", text, "boolean") == ["@skip", "true"]
    assert pieces("graphql", text, "comment") == ["# end"]


def test_graphql_block_strings_span_lines() -> None:
    text = '"""a\nb \\""" "c"\n""" type T'
    assert colours("graphql", text) == [
        ('"""a', "string"),
        ('b \\""" "c"', "string"),
        ('"""', "string"),
        ("type", "null"),
    ]


def test_script_strings_comments_and_words() -> None:
    text = "const a = `x\ny`; // b\nreturn null"
    assert pieces("javascript", text, "key") == ["const", "return"]
    assert pieces("javascript", text, "string") == ["`x", "y`"]
    assert pieces("javascript", text, "comment") == ["// b"]
    assert pieces("javascript", text, "null") == ["null"]


def test_style_sheet_properties_and_values() -> None:
    text = "/* a\n*/ a:hover { margin: 0 4px; color: #fff }"
    assert pieces("css", text, "comment") == ["/* a", "*/"]
    assert pieces("css", text, "number") == ["0", "4px", "#fff"]
    assert "margin" in pieces("css", text, "key")


def test_markdown_headings_code_and_links() -> None:
    text = "# Title\n- a `code` [link](http://x)\n```\nfence\n```\nafter"
    assert pieces("markdown", text, "key") == ["# Title"]
    assert pieces("markdown", text, "string") == ["`code`", "```", "fence", "```"]
    assert pieces("markdown", text, "boolean") == ["[link](http://x)"]


def test_plain_text_has_no_colours() -> None:
    assert colours("text", '{"a": 1}') == []
