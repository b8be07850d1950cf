"""Environments while they are edited: autosave, undo steps, other writers, JSON texts.

Also insomnia_desktop.ui.viewmodels.variables_json and insomnia_desktop.ui.viewmodels.valid_variables.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Environment, Variable, patch_between
from insomnia_desktop.ui.viewmodels.environment_view_model import EnvironmentViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.valid_variables import inherited, states
from insomnia_desktop.ui.viewmodels.variables_json import (
    JsonMistake,
    VariablesText,
    variables_from_json,
    variables_to_json,
)
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel


def row(name: str, value: object = "", *, enabled: bool = True) -> Variable:
    return Variable(id=f"r{name:_<11}", name=name, value=value, enabled=enabled)


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    view_model = WorkspaceViewModel(session)
    for name in ("Local", "Staging"):
        session.services.environments.create(view_model.workspace_id, name, "#112233")[1].result()
    return view_model


@pytest.fixture
def draft(session: UiSession, workspace: WorkspaceViewModel) -> Iterator[EnvironmentViewModel]:
    view_model = EnvironmentViewModel(session, workspace)
    yield view_model
    view_model.deleteLater()


def stored(session: UiSession, environment_id: str) -> Environment:
    typed = session.services.documents.view(environment_id)
    assert isinstance(typed, Environment)
    return typed


def write(session: UiSession, environment_id: str, *variables: Variable) -> None:
    """Write as another window or process does: without this window's token."""
    before = stored(session, environment_id)
    patch = patch_between(before, msgspec.structs.replace(before, variables=variables))
    session.services.editing.patch(environment_id, patch, token=99).result()


def test_the_active_environment_is_shown_first(session: UiSession, workspace: WorkspaceViewModel) -> None:
    staging = workspace.environments()[2].id
    workspace.activate_environment(staging)
    assert EnvironmentViewModel(session, workspace).shown.id == staging


def test_typing_is_written_by_itself(draft: EnvironmentViewModel, session: UiSession, qtbot: QtBot) -> None:
    draft.set_variables((row("a", 1),))
    assert stored(session, draft.shown.id).variables == ()
    qtbot.waitUntil(lambda: stored(session, draft.shown.id).variables == (row("a", 1),))


def test_typing_in_one_cell_is_one_step_of_undo_and_all_else_one_each(
    draft: EnvironmentViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    steps = (
        ((row("a"),),),
        ((row("a", "x"),), (row("a", "xy"),), (row("a", "xyz"),)),
        ((row("a", "xyz", enabled=False),),),
        ((),),
    )
    for step in steps:
        for variables in step:
            draft.set_variables(variables)
            draft.flush()
    for step in reversed(((), *(step[-1] for step in steps[:-1]))):
        session.services.editing.undo(workspace.workspace_id).result()
        qtbot.waitUntil(lambda step=step: draft.shown.variables == step)


def test_typing_json_is_one_step_of_undo(
    draft: EnvironmentViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    text = VariablesText(draft)
    for typed in ('{"a": 1}', '{"ab": 1}', '{"ab": 1, "c": [2]}'):
        text.take(typed)
        draft.flush()
    session.services.editing.undo(workspace.workspace_id).result()
    qtbot.waitUntil(lambda: draft.shown.variables == ())


def test_what_others_write_joins_what_was_typed(draft: EnvironmentViewModel, session: UiSession, qtbot: QtBot) -> None:
    draft.set_variables((row("mine", 1),))
    with qtbot.waitSignal(draft.reloaded):
        write(session, draft.shown.id, row("theirs", 2))
    assert {each.name for each in draft.shown.variables} == {"mine", "theirs"}
    draft.flush()
    session.services.editing.patch(draft.shown.id, ()).result()
    assert {each.name for each in stored(session, draft.shown.id).variables} == {"mine", "theirs"}


def test_fast_typing_never_falls_back_to_what_was_stored_before(
    draft: EnvironmentViewModel, session: UiSession, qtbot: QtBot
) -> None:
    for number in range(30):
        draft.set_variables((row("a", number),))
        draft.flush()
        qtbot.wait(1)
        assert draft.shown.variables == (row("a", number),)
    qtbot.waitUntil(lambda: stored(session, draft.shown.id).variables == (row("a", 29),))
    assert draft.shown.variables == (row("a", 29),)


def test_switching_writes_and_shows_the_other(draft: EnvironmentViewModel, session: UiSession, qtbot: QtBot) -> None:
    base, local = draft.shown.id, draft.environments[1].id
    draft.set_variables((row("a"),))
    with qtbot.waitSignal(draft.shown_changed):
        draft.show(local)
    session.services.editing.patch(base, ()).result()
    assert stored(session, base).variables == (row("a"),)
    assert draft.shown.name == "Local"
    assert not draft.shows_base


def test_made_and_copied_environments_are_shown(draft: EnvironmentViewModel, qtbot: QtBot) -> None:
    draft.create("New", "#abcdef")
    qtbot.waitUntil(lambda: draft.shown.name == "New")
    draft.set_variables((row("a", 5),))
    draft.duplicate()
    qtbot.waitUntil(lambda: len(draft.environments) == 5)
    assert draft.shown.variables == (row("a", 5),)
    assert draft.shown.id == draft.environments[-1].id


def test_a_deleted_environment_gives_way_and_comes_back(draft: EnvironmentViewModel, qtbot: QtBot) -> None:
    local = draft.environments[1].id
    draft.show(local)
    draft.set_variables((row("kept"),))
    with qtbot.waitSignal(draft.vanished) as blocker:
        draft.delete()
    assert blocker.args == [local, "Local"]
    assert draft.shows_base
    draft.restore(local)
    qtbot.waitUntil(lambda: draft.shown.id == local)
    assert draft.shown.variables == (row("kept"),)


def test_the_base_environment_stays(draft: EnvironmentViewModel, session: UiSession) -> None:
    draft.delete()
    session.services.editing.patch(draft.shown.id, ()).result()
    assert len(draft.environments) == 3


def test_names_and_colours(draft: EnvironmentViewModel, session: UiSession, qtbot: QtBot) -> None:
    draft.show(draft.environments[1].id)
    draft.rename("  Here ")
    draft.rename("   ")
    draft.recolor("#010203")
    draft.activate(draft.shown.id)
    qtbot.waitUntil(lambda: stored(session, draft.shown.id).color == "#010203")
    assert stored(session, draft.shown.id).name == "Here"
    assert draft.active_id == draft.shown.id


def test_a_json_text_with_a_mistake_is_kept_beside_the_variables(draft: EnvironmentViewModel) -> None:
    text = VariablesText(draft)
    text.take('{"a": 1}')
    good = draft.shown.variables
    text.take('{"a": 1,\n "b": }')
    mistake = text.mistake()
    assert mistake is not None
    assert (mistake.line, mistake.column) == (2, 7)
    assert draft.shown.variables == good
    base = draft.shown.id
    draft.show(draft.environments[1].id)
    assert text.text() == "{}"
    assert text.mistake() is None
    draft.show(base)
    assert text.text() == '{"a": 1,\n "b": }'
    assert text.kept() == [base]
    text.take('{"a": 1, "b": 2}')
    assert text.kept() == []
    assert [each.name for each in draft.shown.variables] == ["a", "b"]


def test_a_kept_text_can_be_dropped(draft: EnvironmentViewModel) -> None:
    text = VariablesText(draft)
    text.take("{")
    text.drop()
    assert text.text() == "{}"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[1]", 1, 1),
        ("\n  12", 2, 3),
        ('{"a": NaN}', 1, 7),
        ('{"a": 1,\n"a": 2}', 2, 1),
        ('{"a": 1} x', 1, 10),
        ("{" * 3, 1, 2),
        ("[" * 100_000, 1, 1),
    ],
)
def test_a_mistake_says_where_it_is(text: str, line: int, column: int) -> None:
    with pytest.raises(JsonMistake) as caught:
        variables_from_json(text, ())
    assert (caught.value.line, caught.value.column) == (line, column)


def test_json_keeps_ids_descriptions_and_rows_that_are_off() -> None:
    before = (
        msgspec.structs.replace(row("a", 1), description="first"),
        row("off", 2, enabled=False),
        row("b", 3),
    )
    after = variables_from_json('{"b": 4, "a": 1, "c": null}', before)
    assert [(each.name, each.value, each.enabled) for each in after] == [
        ("b", 4, True), ("a", 1, True), ("off", 2, False), ("c", None, True),
    ]  # fmt: skip
    assert (after[1].id, after[1].description) == (before[0].id, "first")
    assert variables_from_json("  ", before) == (before[1],)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=5,
        ),
        max_size=5,
    )
)
def test_json_and_rows_say_the_same(values: dict[str, object]) -> None:
    rows = tuple(Variable(id=f"{at:012}", name=name, value=value) for at, (name, value) in enumerate(values.items()))
    assert variables_from_json(variables_to_json(rows), rows) == rows


def test_what_is_valid_in_an_environment() -> None:
    base = Environment(
        id="b", parent_id=None, sort_key="", name="Base", variables=(row("a", 1), row("b", {"x": 1}), row("c"))
    )
    shown = Environment(
        id="s", parent_id=None, sort_key="", name="Staging", color="#112233",
        variables=(row("a", 2), row("c", enabled=False), row("d", "x" * 5000)),
    )  # fmt: skip
    assert [each.name for each in inherited(base, shown)] == ["b", "c"]
    assert inherited(base, base) == []
    found = states(base, shown)
    assert (found["a"].value, found["a"].source) == ("2", "from Staging, overrides Base")
    assert (found["b"].value, found["b"].source) == ('{"x": 1}', "from Base")
    assert found["c"].known
    assert len(found["d"].value) < 5000
    assert "zz" not in found
