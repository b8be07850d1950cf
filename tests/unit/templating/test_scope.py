"""The names in force (insomnia_desktop.templating.scope)."""

from __future__ import annotations

from insomnia_desktop.model.environment import Environment, Variable
from insomnia_desktop.templating import scope_of


def environment(name: str, *variables: Variable) -> Environment:
    """An environment with that id."""
    return Environment(id=name, parent_id=None, sort_key="", variables=variables)


def test_the_sub_environment_stands_over_the_base() -> None:
    base = environment("base", Variable(id="1", name="a", value=1), Variable(id="2", name="b", value="base"))
    sub = environment("sub", Variable(id="3", name="b", value={"x": 1}), Variable(id="4", name="c", value=None))
    scope = scope_of(base, sub)
    assert scope.values == {"a": 1, "b": {"x": 1}, "c": None}
    assert scope.origins == {"a": "base", "b": "sub", "c": "sub"}


def test_disabled_and_nameless_rows_do_not_count_and_the_later_of_two_does() -> None:
    rows = (
        Variable(id="1", name="a", value="first"),
        Variable(id="2", name="a", value="second"),
        Variable(id="3", enabled=False, name="a", value="off"),
        Variable(id="4", name="", value="nobody"),
    )
    assert scope_of(environment("e", *rows), None).values == {"a": "second"}
    assert scope_of(None, None).values == {}
