"""Rendering of texts: names, expressions, bounds.

Tests insomnia_desktop.templating.render, insomnia_desktop.templating.engine, insomnia_desktop.templating.bounded.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.templating import Renderer, Scope, engine
from insomnia_desktop.templating import render as render_module

VALUES: dict[str, Any] = {
    "name": "Ada",
    "n": 3,
    "pi": 1.5,
    "yes": True,
    "nothing": None,
    "list": ["a", "b", {"c": "{{ name }}"}],
    "user": {"first": "{{ name }}", "loud": "{{ user.first | upper }}", "items": [1, 2]},
    "base-url": "https://x/{{ name }}",
    "user.name": "with a dot",
    "if": "reserved",
}


def rendered(text: str, values: dict[str, Any] | None = None) -> str:
    """Render a text and insist on known names."""
    renderer = Renderer(Scope(VALUES if values is None else values))
    result = renderer.render(text, "body")
    renderer.raise_unknown()
    return result


def failure(text: str, values: dict[str, Any] | None = None) -> KnownError:
    """Render a text and return the error that it must give."""
    with pytest.raises(KnownError) as caught:
        rendered(text, values)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain { text } %}", "plain { text } %}"),
        ("{{ name }}", "Ada"),
        ("a {{name}}, {{ n }} {{ pi }} {{ yes }} {{ nothing }}", "a Ada, 3 1.5 true null"),
        ("{{ list }}", '["a","b",{"c":"Ada"}]'),
        ("{{ list[2].c }}{{ user.items[1] }}", "Ada2"),
        ("{{ user.loud }}", "ADA"),
        ("{{ base-url }}", "https://x/Ada"),
        ("{{ user.name }}", "with a dot"),
        ("{{ if }}", "reserved"),
        ("x  {{- name -}}  y {{ name }}", "xAday Ada"),
        ("{% raw %}{{ name }}{% endraw %}!", "{{ name }}!"),
        ("{# {{ name }} #}", "{# Ada #}"),
        ("{{ n + 1 }} {{ n * 2 }} {{ 7 % n }} {{ 2 ** n }}", "4 6 1 8"),
        ("{{ name ~ '-' ~ n }}", "Ada-3"),
        ("{{ name === 'Ada' && n !== 4 || missing }}", "true"),
        ("{{ '&& === ||' }}", "&& === ||"),
        ("{{ missing | default('d') }}{{ missing is defined }}", "dfalse"),
        ("{{ list | first | upper }}{{ name.lower() }}", "Aada"),
        ("{{ user | tojson }}", '{"first":"Ada","loud":"ADA","items":[1,2]}'),
        ("{{ [1, 2] | join('-') }}{{ 'a.b' | replace('.', '/') }}", "1-2a/b"),
        ("{{ {'a': {'b': 1}} }}", '{"a":{"b":1}}'),
        ("{{ 'yes' if n > 2 else 'no' }}", "yes"),
        ("{{ true }} {{ none }}", "true null"),
        ("{{ 'größe' }}", "größe"),
    ],
)
def test_what_comes_out(text: str, expected: str) -> None:
    assert rendered(text) == expected


def test_unknown_names_are_collected_over_the_whole_request() -> None:
    renderer = Renderer(Scope({"known": "{{ inside }}"}))
    assert renderer.render("{{ a }}/{{ known }}/{{ a }}", "address") == "{{ a }}/{{ inside }}/{{ a }}"
    renderer.render("{{ a }} {{ b | upper }} {{ base-url }} {{ known.deep }} {{ x ~ y }}", "header X-Id")
    with pytest.raises(KnownError) as caught:
        renderer.raise_unknown()
    assert caught.value.code == "template.unknown_names"
    assert [(found["name"], found["where"]) for found in caught.value.params["names"]] == [  # type: ignore[attr-defined]
        ("a", "address"),
        ("inside", "address"),
        ("a", "header X-Id"),
        ("b", "header X-Id"),
        ("base-url", "header X-Id"),
        ("known.deep", "header X-Id"),
        ("x", "header X-Id"),
        ("y", "header X-Id"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ a", "unclosed"),
        ("{{ }}", "empty"),
        ("{% if a %}", "unknown_tag"),
        ("{{ a b }}", "expression"),
        ("{{ a | nofilter }}", "expression"),
        ("{{ f() }}", "expression"),
        ("{{ " + "x" * 10_001 + "+ }}", "too_long"),
        ("{{ " + "(" * 4000 + "1" + ")" * 4000 + " }}", "expression"),
        ("{{ " + "+".join(["1"] * 4000) + " }}", "expression"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, reason: str) -> None:
    error = failure("line\n  " + text)
    assert (error.code, error.params["reason"]) == ("template.syntax", reason)
    assert (error.params["where"], error.params["line"], error.params["column"]) == ("body", 2, 3)


def test_a_syntax_error_in_a_variable_names_the_variable() -> None:
    assert failure("{{ a }}", {"a": "{{ b"}).params["variable"] == "a"


@pytest.mark.parametrize(
    "values",
    [
        {"a": "{{ a }}"},
        {"a": "{{ b }}", "b": "{{ c | upper }}", "c": "{{ a }}"},
        {"a": {"x": "{{ a.x }}"}},
        {"a": ["{{ a }}"]},
    ],
)
def test_variables_that_need_each_other_are_named(values: dict[str, Any]) -> None:
    error = failure("{{ a }}", values)
    assert error.code == "template.cycle"
    names = error.params["names"]
    assert isinstance(names, list)
    assert names[0] == names[-1]


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 100000000 }}",
        "{{ [1] * 100000000 }}",
        "{{ 10 ** 100000 }}",
        "{{ 9 ** 9 ** 9 ** 9 ** 9 }}",
        "{{ range(100000000) | list }}",
        "{{ " + " ~ ".join(["big"] * 20) + " }}",
        "{{ " + " + ".join(["big"] * 20) + " }}",
        "{{ [" + ",".join(["big"] * 20) + "] | join(big) }}",
        "{{ [" + ",".join(["big"] * 20) + "] | tojson }}",
        "{{ big | replace('x', big) }}",
        "{{ big }}" * 20,
        "{{ laughs9 }}",
    ],
)
def test_nothing_grows_beyond_its_bound(text: str) -> None:
    values: dict[str, Any] = {"big": "x" * 1_000_000, "laughs0": "ha" * 10}
    for number in range(1, 10):
        values[f"laughs{number}"] = f"{{{{ laughs{number - 1} }}}}" * 10
    assert failure(text, values).code == "template.too_large"


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__.__mro__",
        "name.__class__",
        "().__class__.__base__.__subclasses__()",
        "range.__globals__",
        "name.format(1)",
        "'{0.__class__}'.format(name)",
        "'%s' % name",
        "list.append(1)",
        "user.clear()",
        "self.__init__",
        "name['__class__']",
        "name | attr('__class__')",
        "list | map(attribute='__class__') | list",
        "cycler.__init__.__globals__",
        "lipsum()",
        "1 / 0",
        "name.center(99999999)",
        "name | center(99999999)",
    ],
)
def test_nothing_escapes_or_changes(expression: str) -> None:
    before = json.dumps(VALUES)
    error = failure("{{ " + expression + " }}")
    assert error.code in ("template.unknown_names", "template.failed", "template.syntax")
    assert json.dumps(VALUES) == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z_]{1,4}", fullmatch=True), inner),
    max_leaves=8,
)
PATHS = st.from_regex(r"[a-z_]{1,3}(\.[a-z_]{1,3}|\[[0-2]\]){0,3}", fullmatch=True)


@given(
    values=st.dictionaries(st.from_regex(r"[a-z_]{1,3}", fullmatch=True), JSON, max_size=5),
    path=PATHS,
    before=st.text(max_size=5),
)
def test_a_plain_name_means_the_same_with_and_without_the_engine(
    values: dict[str, Any], path: str, before: str
) -> None:
    text = before.replace("{", "") + "{{ " + path + " }}"

    def outcome(renderer: Renderer) -> tuple[str, list[dict[str, str]]] | str:
        try:
            return renderer.render(text, "body"), renderer.unknown
        except KnownError as error:
            return error.code

    def nothing_is_plain(expression: str) -> None:
        return None

    fast = outcome(Renderer(Scope(values)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render_module, "plain_path", nothing_is_plain)
        if render_module._RESERVED & {path.partition(".")[0].partition("[")[0]}:
            return
        slow = outcome(Renderer(Scope({key: value for key, value in values.items() if key != path} | values)))
    assert slow == fast


@given(st.text(alphabet="{}% |.'\"()[]ab~+*-1", max_size=30))
def test_any_text_renders_or_fails_with_a_known_error(text: str) -> None:
    code = "template.none"
    try:
        rendered("{{" + text + "}}", {"a": "x", "b": [1]})
    except KnownError as error:
        code = error.code
    assert code.startswith("template.")


@given(st.text(alphabet="abc \n{}%#", max_size=40))
def test_raw_keeps_any_text(text: str) -> None:
    if "endraw" not in text:
        assert rendered("{% raw %}" + text + "{% endraw %}") == text


def test_the_engine_names_what_is_unknown_in_an_expression() -> None:
    with pytest.raises(engine.UnknownNames) as caught:
        engine.evaluate("a ~ b.c", Renderer(Scope({"b": {}})))
    assert caught.value.names == ["a", "b.c"]


@pytest.mark.parametrize(
    "expression",
    [
        "[range(10000)] * 10000",
        "[[1] * 10000] * 10000",
        "['a' * 16000000] * 1000",
        "['a' * 9000000, 'a' * 9000000]",
        "([range(10000)] * 99 + [range(10000)] * 2) | map('list') | list",
        "([[[1] * 100] * 100] * 100) | string",
        "('9' * 4300) | int + 1",
    ],
)
def test_what_only_seems_small_is_too_large(expression: str) -> None:
    assert failure("{{ " + expression + " }}").code == "template.too_large"


@pytest.mark.parametrize(
    "expression",
    ["1e999", "[1e999]", "1e308 * 10", "'abc' | truncate(-1)", "([[1]] * 500000) | sum(start=[])", "(-8) ** 0.5"],
)
def test_what_python_or_a_filter_stumbles_over_is_told(expression: str) -> None:
    error = failure("{{ " + expression + " }}")
    assert error.code == "template.failed"
    assert error.params["reason"]


def test_numbers_are_added_up() -> None:
    assert rendered("{{ [1, 2, 0.5] | sum }} {{ [{'n': 2}, {'n': 3}] | sum('n') }}") == "3.5 5"


def test_a_value_with_hundreds_of_levels_is_told() -> None:
    deep: Any = "{{ name }}"
    for _ in range(900):
        deep = [deep]
    assert failure("{{ deep }}", {"deep": deep, "name": "x"}).code == "template.failed"
