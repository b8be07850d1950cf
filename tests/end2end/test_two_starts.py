"""A second start with the folder of an open window raises that window and ends; of two at once one becomes it."""

from __future__ import annotations

import contextlib
import select

from insomnia_desktop.base.paths import DataFolder
from tests.end2end.process import SECONDS, Program, command_line


def test_a_second_start_raises_the_first_window_and_ends_with_0(data_folder: DataFolder) -> None:
    with Program(data_folder) as program:
        program.wait("windows", has="mainWindow")
        program.do("minimize")
        program.wait("is_minimized", equals=True)
        second = command_line(data_folder)
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
        program.wait("is_minimized", equals=False)
        program.close()


def test_the_folder_of_a_closed_window_is_free_again(data_folder: DataFolder) -> None:
    for _ in range(2):
        with Program(data_folder) as program:
            program.wait("windows", has="mainWindow")
            program.close()


def test_of_two_starts_at_once_one_becomes_the_window(data_folder: DataFolder) -> None:
    with contextlib.ExitStack() as programs:
        starts = [programs.enter_context(Program(data_folder)) for _ in range(2)]
        outputs = {start.process.stdout: start for start in starts}
        ended, _, _ = select.select(list(outputs), [], [], SECONDS)
        assert len(ended) == 1
        loser = outputs[ended[0]]
        (winner,) = (start for start in starts if start is not loser)
        loser.end(0)
        winner.wait("windows", has="mainWindow")
        winner.keys("Ctrl+N")
        winner.wait("rows", name="requestTree", equals=["New request"])
        winner.close()


def test_windows_of_two_folders_stand_beside_each_other(data_folder: DataFolder) -> None:
    other = DataFolder(data_folder.root.parent / "other")
    with Program(data_folder) as one, Program(other) as two:
        for program in (one, two):
            program.wait("windows", has="mainWindow")
        two.keys("Ctrl+N")
        two.wait("rows", name="requestTree", equals=["New request"])
        assert one.look("rows", name="requestTree") == ["Add a request"]
        one.close()
        two.close()
