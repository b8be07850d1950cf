"""insomnia_desktop.services.formatting, json_layout, xml_layout, graphql_layout and placeholders: nothing is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from graphql.language import Lexer, Source, TokenKind
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Response
from insomnia_desktop.services import graphql_layout, json_layout, placeholders, xml_layout
from insomnia_desktop.services.formatting import Formatting


@pytest.fixture
def formatting(tmp_path: Path) -> Iterator[Formatting]:
    folder = DataFolder(tmp_path)
    folder.prepare()
    loop = LoopThread("worker-test")
    loop.start()
    formatting = Formatting(folder, loop)
    yield formatting
    formatting.close()
    loop.stop(5)


def test_json_keeps_numbers_duplicates_and_order(formatting: Formatting) -> None:
    text = '{"b":1.10,"a":12345678901234567890123,"b":1e3,"e":[],"o":{}}'
    laid_out = formatting.beautify(text, "application/json; charset=utf-8")
    assert laid_out == ('{\n  "b": 1.10,\n  "a": 12345678901234567890123,\n  "b": 1e3,\n  "e": [],\n  "o": {}\n}')
    assert formatting.beautify('{"a":1}', "application/problem+json", indent=4) == '{\n    "a": 1\n}'


def test_json_with_variables_anywhere_is_laid_out_and_they_stay() -> None:
    text = '{"id":{{ order["id"] }},"t":"{{ x }}, [y]","l":[{{a}},{{ b }}],"e":{}, "n": [ ] }'
    laid_out = json_layout.beautify(text, 2)
    assert laid_out.splitlines() == [
        "{",
        '  "id": {{ order["id"] }},',
        '  "t": "{{ x }}, [y]",',
        '  "l": [',
        "    {{a}},",
        "    {{ b }}",
        "  ],",
        '  "e": {},',
        '  "n": []',
        "}",
    ]


def test_json_that_is_wrong_is_told_with_its_place() -> None:
    with pytest.raises(KnownError) as caught:
        json_layout.beautify('{"ä": 1,\n  "b" 2}', 2)
    assert caught.value.code == "format.invalid"
    assert (caught.value.params["line"], caught.value.params["column"]) == (2, 7)
    with pytest.raises(KnownError, match="ends too early"):
        json_layout.beautify('{"a": [1', 2)
    with pytest.raises(KnownError, match="nested too deeply"):
        json_layout.beautify("[" * 100_000, 2)


def test_blank_text_stays_blank(formatting: Formatting) -> None:
    for media_type in ("application/json", "application/xml", "application/graphql"):
        assert formatting.beautify(" \n", media_type) == " \n"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_JSON)
def test_laid_out_json_means_the_same_also_by_the_templated_way(value: object) -> None:
    text = json.dumps(value)
    assert json.loads(json_layout.beautify(text, 2)) == value
    templated = json_layout.beautify(f'["{{{{ v }}}}", {{{{ v }}}}, {text}]', 2)
    assert json.loads(templated.replace("{{ v }}", "0"))[2] == value


def test_large_json_in_pieces_is_the_same_as_in_one_go() -> None:
    record = {"id": 1, "text": 'a "quoted" [bracket] {brace}, comma', "list": [1, [2, {"x": None}]], "none": {}}
    for value in (
        [record] * 1000,
        {"head": record, "items": [record] * 800, "deep": {"x": {"y": [record] * 300}}, "long": "q" * 50_000},
        [[record] * 500, [], [record] * 500],
        ["r" * 100_000],
        "s" * 200_000,
    ):
        source = json.dumps(value).encode()
        out: list[bytes] = []
        assert json_layout.write_pretty(source, out.append, piece=5000)
        assert len(out) > 3 or isinstance(value, str)
        assert b"".join(out) == msgspec.json.format(source, indent=2)


@given(_JSON, st.integers(1, 40))
def test_json_in_pieces_of_any_size_is_the_same_as_in_one_go(value: object, piece: int) -> None:
    source = json.dumps(value).encode()
    out: list[bytes] = []
    assert json_layout.write_pretty(source, out.append, piece=piece)
    assert b"".join(out) == msgspec.json.format(source, indent=2)


@pytest.mark.parametrize("broken", ["x", "", "}", "]]", '"a', '{"a" 1}', "[1,]"])
def test_large_json_that_is_broken_is_refused(broken: str) -> None:
    for source in (f'[{{"a": 1}},{"[1, 2]," * 1000}{broken}]', f"[[{'1, ' * 1000}2], {broken}, [{'1, ' * 1000}2]]"):
        assert not json_layout.write_pretty(source.encode(), lambda piece: None, piece=500)


def test_xml_is_laid_out_and_mixed_content_stays() -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><!-- c --><a x="1>2"><b>t <i>x</i> u</b><c/><d><e></e><f/></d>'
        '<g xml:space="preserve"> <h/> </g><k><![CDATA[ <x> ]]></k></a>'
    )
    assert xml_layout.beautify(text, 2).splitlines() == [
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        "<!-- c -->",
        '<a x="1>2">',
        "  <b>t <i>x</i> u</b>",
        "  <c/>",
        "  <d>",
        "    <e></e>",
        "    <f/>",
        "  </d>",
        '  <g xml:space="preserve"> <h/> </g>',
        "  <k><![CDATA[ <x> ]]></k>",
        "</a>",
    ]


def test_xml_with_a_document_type_keeps_it_and_opens_no_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    text = f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{secret}"><!ENTITY f "x">]><a><b>&e;&f;</b></a>'
    laid_out = xml_layout.beautify(text, 2)
    assert "secret words" not in laid_out
    assert re.sub(r"\s", "", laid_out) == re.sub(r"\s", "", text)


def test_xml_with_variables_is_read_without_them() -> None:
    assert xml_layout.beautify("<a><b>{{ x < 1 }}</b><c d='{{ y }}'/></a>", 2) == (
        "<a>\n  <b>{{ x < 1 }}</b>\n  <c d='{{ y }}'/>\n</a>"
    )
    assert xml_layout.beautify("{{ document }}", 2) == "{{ document }}"


def test_xml_that_is_wrong_is_told_with_its_line() -> None:
    with pytest.raises(KnownError) as caught:
        xml_layout.beautify("<a>\n<b></a>", 2)
    assert (caught.value.code, caught.value.params["line"]) == ("format.invalid", 2)


def test_graphql_is_laid_out_with_comments_and_variables() -> None:
    text = """# top
query Q($a:Int=1,$b:[Int!]!) @live{me:user(id:$a,o:{k:1,l:[1,2]}){...F @include(if:$b) ... on User{id,name # trail
 } x(v: {{ base.x }}, w: "{{ q }}")}}
fragment F on User{id}"""
    assert graphql_layout.beautify(text, 2).splitlines() == [
        "# top",
        "query Q($a: Int = 1, $b: [Int!]!) @live {",
        "  me: user(id: $a, o: {k: 1, l: [1, 2]}) {",
        "    ...F @include(if: $b)",
        "    ... on User {",
        "      id",
        "      name  # trail",
        "    }",
        '    x(v: {{ base.x }}, w: "{{ q }}")',
        "  }",
        "}",
        "",
        "fragment F on User {",
        "  id",
        "}",
    ]


def test_graphql_that_is_wrong_is_told_with_its_place() -> None:
    with pytest.raises(KnownError) as caught:
        graphql_layout.beautify('{\n  a(b: "x)\n}', 2)
    assert (caught.value.code, caught.value.params["line"]) == ("format.invalid", 2)


_GRAPHQL_WORDS = st.sampled_from(
    ["{", "}", "(", ")", "[", "]", ":", "=", "!", "@", "$", "...", "|", "&", "a", "on", "query", "1", "2.5", '"s"',
     '"""b\n c"""', "# c\n", ",", "\n", "\n\n", " "]
)  # fmt: skip


@given(st.lists(_GRAPHQL_WORDS))
def test_laid_out_graphql_has_the_same_tokens_and_comments(words: list[str]) -> None:
    text = " ".join(words)
    assert _graphql_tokens(graphql_layout.beautify(text, 2)) == _graphql_tokens(text)


def _graphql_tokens(text: str) -> list[tuple[str, str | None]]:
    lexer = Lexer(Source(text))
    token = lexer.token
    while lexer.advance().kind is not TokenKind.EOF:
        pass
    found = []
    while token is not None:
        found.append((token.kind.value, token.value))
        token = token.next
    return found


@given(st.text(st.sampled_from("{}% az09\n\"'")))
def test_variables_taken_out_and_put_back_make_the_same_text(text: str) -> None:
    assert placeholders.put_back(*placeholders.take_out(text)) == text


def test_other_types_are_left_alone_politely(formatting: Formatting) -> None:
    assert not formatting.can_beautify("application/yaml")
    assert formatting.can_beautify("image/svg+xml")
    with pytest.raises(KnownError) as caught:
        formatting.beautify("a: 1", "application/yaml")
    assert caught.value.code == "format.unsupported"


def test_a_pretty_copy_of_a_response_is_made_on_the_worker_and_removed_at_the_end(
    formatting: Formatting, tmp_path: Path
) -> None:
    name = "res_" + "0" * 32 + ".body"
    (tmp_path / "responses" / name).write_bytes(b'\n{"a":[1]}')
    response = Response(
        id="res_" + "0" * 32, request_id="r", workspace_id="w", started=0, state="ok", body_file=name,
        content_type="application/json; charset=utf-8",
    )  # fmt: skip
    path = formatting.pretty(response).result(10)
    assert path is not None
    assert path.read_bytes() == b'{\n  "a": [\n    1\n  ]\n}'
    assert path.stat().st_mode & 0o777 == 0o600
    other = formatting.pretty(response).result(10)
    assert other not in (None, path)
    formatting.discard(path)
    assert not path.exists()
    formatting.close()
    assert not (tmp_path / "pretty").exists()


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("application/json", b'{"a": NaN}'),
        ("application/json", b""),
        ("application/xml", b"<a>"),
        ("text/plain", b"{}"),
        ("application/xml", b'<?xml version="1.0" encoding="klingon"?><a/>'),
    ],
)
def test_what_cannot_be_made_pretty_is_shown_as_it_came(
    formatting: Formatting, tmp_path: Path, media_type: str, content: bytes
) -> None:
    path = tmp_path / "body"
    path.write_bytes(content)
    assert formatting.pretty_file(path, media_type) is None
    assert formatting.pretty_file(tmp_path / "missing", media_type) is None
    assert list((tmp_path / "pretty").glob("*")) == []


def test_xml_of_another_encoding_keeps_it(formatting: Formatting, tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes('<?xml version="1.0" encoding="ISO-8859-1"?><a><b>é</b></a>'.encode("latin-1"))
    pretty = formatting.pretty_file(path, "text/xml")
    assert pretty is not None
    assert pretty.read_bytes().decode("latin-1").splitlines()[1:] == ["<a>", "  <b>é</b>", "</a>"]
