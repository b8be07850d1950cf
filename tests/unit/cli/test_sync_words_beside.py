"""What the rooms of sync say beside their lists, and in their help: cli.sync_words, cli.sync_parser, cli.conflicts."""

from __future__ import annotations

import argparse

import pytest

from insomnia_desktop.cli.sync_parser import add_sync
from tests.unit.cli.conftest import Program


def test_an_empty_list_says_so_beside_the_list(program: Program) -> None:
    for words, said in ((("conflicts", "list"), "There is no conflict."), (("sync", "notices"), "There is no notice.")):
        ended = program(*words)
        assert (ended.status, ended.output, ended.errors) == (0, b"", f"{said}\n")
        ended = program(*words, "--json")
        assert (ended.json, ended.errors) == ([], "")


@pytest.mark.parametrize("room", ["sync", "history", "conflicts"])
def test_each_placeholder_has_a_line_of_help(room: str) -> None:
    parser = argparse.ArgumentParser()
    rooms = parser.add_subparsers()
    add_sync(rooms, argparse.ArgumentParser(add_help=False))
    (actions,) = [each for each in rooms.choices[room]._actions if isinstance(each, argparse._SubParsersAction)]
    for name, action in actions.choices.items():
        without = [each.dest for each in action._actions if not each.help]
        assert without == [], f"{room} {name}"
