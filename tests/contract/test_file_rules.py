"""Sizes, names and docstrings of files, and a test file for each module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from tests.support.sources import PROGRAM_SOURCES, TEST_SOURCES, Source

LINES_A_FILE = 400
LINES_OF = {"insomnia_desktop/ui/window/main_window.py": 200}
LINES_A_FUNCTION = 60
METHODS_A_CLASS = 15
# A room named like this takes in everything.
BANNED_NAMES = re.compile(r"(^|_)(common|helpers?|managers?|misc|utils?)$")
# A dotted name, and what follows it in a list: the package with its last dot, the name, the other names.
LIST_OF_MODULES = re.compile(r"(?<![\w.])((?:\w+\.)+)(\w+)((?:`?(?:,| and|, and)\s+`?\.?\w+\b(?!\.\w))*)")
EVERY_SOURCE = PROGRAM_SOURCES + TEST_SOURCES


def test_the_rules_see_the_program() -> None:
    assert len(PROGRAM_SOURCES) > 100
    assert len(TEST_SOURCES) > 20


def test_no_file_is_longer_than_400_lines() -> None:
    sizes = {source.name: source.text.count("\n") for source in EVERY_SOURCE}
    _none(f"{name}: {size}" for name, size in sizes.items() if size > LINES_OF.get(name, LINES_A_FILE))


def test_no_function_is_much_longer_than_50_lines() -> None:
    long = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in EVERY_SOURCE
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LINES_A_FUNCTION
    ]
    _none(long)


def test_no_class_has_more_than_15_public_methods() -> None:
    large = [
        f"{source.name}:{node.lineno} {node.name} has {len(_own_methods(node))}"
        for source in PROGRAM_SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and len(_own_methods(node)) > METHODS_A_CLASS
    ]
    _none(large)


def test_every_file_begins_with_one_sentence() -> None:
    _none(
        source.name
        for source in EVERY_SOURCE
        if not source.docstring.partition("\n\n")[0].endswith(".")
        and not (source.path.name == "__init__.py" and not source.text.strip())
    )


def test_no_file_has_a_name_that_takes_in_everything() -> None:
    _none(source.name for source in EVERY_SOURCE if BANNED_NAMES.search(source.path.stem))
    folders = {parent for source in EVERY_SOURCE for parent in PurePosixPath(source.name).parents}
    _none(str(folder) for folder in folders if BANNED_NAMES.search(folder.name))


def test_every_module_has_a_test_file() -> None:
    tests = [source for source in TEST_SOURCES if source.path.name.startswith("test_")]
    _none(source.module for source in PROGRAM_SOURCES if _does_something(source) and not _tested(source, tests))


def test_a_module_is_found_by_the_name_of_its_test_or_by_its_docstring() -> None:
    assert _mirrors("insomnia_desktop.store.writer", PurePosixPath("tests/unit/store/test_writer.py"))
    assert not _mirrors("insomnia_desktop.store.writer", PurePosixPath("tests/unit/sender/test_writer.py"))
    assert _names("About insomnia_desktop.store.writer.", "insomnia_desktop.store.writer")
    assert _names("About `viewer.hits` and more.", "insomnia_desktop.ui.widgets.viewer.hits")
    assert _names("About `viewer.scans`, `hits` and `finder`.", "insomnia_desktop.ui.widgets.viewer.finder")
    assert _names("store.writer, store.reader and more.", "insomnia_desktop.store.reader")
    assert _names("Covers insomnia_desktop.store.writer.", "insomnia_desktop.store.writer")
    assert not _names("About viewer.scans. It hits.", "insomnia_desktop.ui.widgets.viewer.hits")
    assert not _names("sender.writer, reader.", "insomnia_desktop.store.reader")
    assert not _names("About the writer.", "insomnia_desktop.store.writer")
    assert not _names("About store.writers.", "insomnia_desktop.store.writer")


def _none(found: Iterable[str]) -> None:
    lines = list(found)
    assert not lines, "\n".join(lines)


def _own_methods(node: ast.ClassDef) -> list[str]:
    # What overrides Qt is camelCase and no choice of ours.
    names = [child.name for child in node.body if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [name for name in names if not name.startswith("_") and name == name.lower()]


def _does_something(source: Source) -> bool:
    """Say whether there is anything to test: names passed on, constants and docstrings are not."""
    silent = ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign | ast.Expr
    return not (source.path.name == "__init__.py" and all(isinstance(node, silent) for node in source.tree.body))


def _tested(source: Source, tests: list[Source]) -> bool:
    return any(
        _mirrors(source.module, PurePosixPath(test.name)) or _names(test.docstring, source.module) for test in tests
    )


def _mirrors(module: str, test: PurePosixPath) -> bool:
    """Say whether a test file is named after the module and lies in a folder named after one of its packages."""
    *packages, name = module.split(".")[1:]
    return test.name == f"test_{name}.py" and bool({*packages} & {*test.parent.parts})


def _names(docstring: str, module: str) -> bool:
    """Say whether a docstring names the module: by its package and name at least.

    In a list the siblings of a named module may stand without their package: `viewer.scans`, `hits` and `finder`.
    """
    *packages, name = module.split(".")
    listed: set[str] = set()
    for package, first, others in LIST_OF_MODULES.findall(docstring):
        if f".{'.'.join(packages)}.".endswith(f".{package}"):
            listed |= {first, *re.findall(r"\w+", others)}
    return name in listed
