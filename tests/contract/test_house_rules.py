"""House rules that no other tool knows: each a pattern, where it holds, and why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.sources import CHECKOUT, PROGRAM_SOURCES, TEST_SOURCES, Source

# This file and the patterns in it.
HERE = "tests/contract/test_house_rules.py"


@dataclass(frozen=True)
class Rule:
    """A pattern that must not stand in the files below `where`; files that begin with one of `but` are free."""

    name: str
    pattern: str
    reason: str
    where: tuple[str, ...] = ("insomnia_desktop/",)
    but: tuple[str, ...] = ()
    comments_too: bool = False


RULES = (
    Rule(
        "colour literal",
        r"""["']#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})["']|\brgba?\(\s*\d"""
        r"""|QColor\(\s*(?!0, 0, 0, 0\))(?:\d|["'](?!#)\w)|\b(?:GlobalColor|Qt)\.(?!transparent)(?:dark|light)?"""
        r"""(?:black|white|red|green|blue|cyan|magenta|yellow|gray)\b""",
        "colours are tokens of resources/themes",
        where=("insomnia_desktop/ui/", "insomnia_desktop/app/"),
    ),
    Rule("tr() outside ui", r"(?<![\w.])tr\(", "the core raises codes; ui has words", but=("insomnia_desktop/ui/",)),
    Rule(
        "another dash in words",
        r"""—|\b_?(?:tr|translate|mark)\((?:"[^"]*", )?"[^"]* - """,
        "between the parts of a title stands –, as in that of the window",
    ),
    Rule("print() outside cli", r"(?<![\w.])print\(", "a library is silent", but=("insomnia_desktop/cli/",)),
    Rule("exec() of a dialog or menu", r"(?<!application)\.exec_?\(", "a nested event loop: use open() or popup()"),
    Rule("QMessageBox", r"\bQMessageBox\b", "errors are shown where they are; a choice is a dialog of ours"),
    Rule("processEvents()", r"\bprocessEvents\(", "a nested event loop in disguise"),
    Rule("QThread", r"\bQThread\b", "threads are made in base.loop_thread and store.writer"),
    Rule("asyncio.create_task", r"\basyncio\.(?:create_task|ensure_future)\(", "asyncio.TaskGroup owns its tasks"),
    Rule("time.sleep", r"\btime\.sleep\(|(?<![\w.])sleep\(\s*[1-9]", "wait for the fact, not for a while", ("tests/",)),
    Rule("note for later", r"\b(?:TODO|FIXME|XXX)\b", "do it, or write an issue", ("",), (HERE,), comments_too=True),
    Rule(
        "path of a machine",
        r"""(?<![\w./])/(?:work|root|home|Users|tmp)/\w""",
        "the program runs on other computers",
        ("",),
        (HERE,),
        comments_too=True,
    ),
    Rule(
        "host of a package registry",
        r"pypi\.org|pythonhosted\.org|registry\.npmjs|crates\.io",
        "where packages come from is the machine's business",
        ("",),
        (HERE,),
        comments_too=True,
    ),
    Rule("mock of our module", r"\bmock\.patch\b|\bMagicMock\b", "doubles stand at Protocol seams only", ("tests/",)),
    Rule(
        "skipped test",
        r"\bpytest\.(?:skip|xfail)\(|mark\.(?:skip|xfail)\b",
        "it runs, or is not there",
        ("tests/",),
    ),
)

# Where any exception may be caught, and why; elsewhere a handler of everything must raise it again.
EDGES = {
    "insomnia_desktop/account/vault.py": "a back end of the keyring raises whatever its system gives it",
    "insomnia_desktop/app/crash_hooks.py": "the hooks themselves",
    "insomnia_desktop/app/lifecycle.py": "each step of stopping runs, whatever the one before it did",
    "insomnia_desktop/base/loop_thread.py": "what runs detached raises to who waits for it",
    "insomnia_desktop/cli/run.py": "the edge of the command line: it goes to the crash report",
    "insomnia_desktop/server/command_line.py": "the edge of the server's command line: it goes to the log",
    "insomnia_desktop/server/edge.py": "a request is answered with a 500, and the log gets it",
    "insomnia_desktop/services/sending.py": "a bug while sending is handed to who waits, and raised on",
    "insomnia_desktop/store/feed.py": "no subscriber stops the writer",
    "insomnia_desktop/store/writer.py": "what a command raises is handed to who submitted it",
    "insomnia_desktop/server/database/sqlite_threads.py": "what a work raises is handed to who waits for it",
    "insomnia_desktop/sync/pages.py": "what asking ahead raises is handed to who wants the page",
    "insomnia_desktop/sync/engine.py": "the background goes on; the mistake goes to the crash report all the same",
    "insomnia_desktop/sync/outbox_ahead.py": "what storing ahead raises is handed to who sends",
    "insomnia_desktop/ui/bridge/tasks.py": "a bug is raised on the GUI thread",
}
VAGUE = re.compile(r"(?:Manager|Helper|Utils?|Handler|Info)$|(?<!\w)Data$")
LOGGING_HANDLER = "logging.Handler"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_holds(rule: Rule) -> None:
    pattern = re.compile(rule.pattern)
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, lines in _files_of(rule)
        for number, line in enumerate(lines, 1)
        if pattern.search(line)
    ]
    assert not found, "\n".join((rule.reason, *found))


@pytest.mark.parametrize(
    ("rule", "text", "broken"),
    [
        ("colour literal", 'QColor("#ff0000")', True),
        ("colour literal", "QColor(255, 0, 0)", True),
        ("colour literal", "QColor(Qt.GlobalColor.red)", True),
        ("colour literal", "Qt.GlobalColor.transparent", False),
        ("colour literal", "QColor(0, 0, 0, 0)", False),
        ("colour literal", "color.startswith('#')", False),
        ("tr() outside ui", 'tr("Send")', True),
        ("tr() outside ui", "attr(x)", False),
        ("exec() of a dialog or menu", "menu.exec(position)", True),
        ("exec() of a dialog or menu", "connection.execute(sql)", False),
        ("exec() of a dialog or menu", "application.exec()", False),
        ("path of a machine", '"/home/somebody/x"', True),
        ("path of a machine", '"https://example.com/home/x"', False),
        ("another dash in words", 'self.tr("Sync — Insomnia Desktop")', True),
        ("another dash in words", 'translate("Window", "%s - Insomnia Desktop")', True),
        ("another dash in words", 'self.tr("%s – Insomnia Desktop")', False),
        ("another dash in words", 'self.tr("Sync") if a - b else ""', False),
        ("print() outside cli", "fingerprint(x)", False),
        ("print() outside cli", "print(x)", True),
    ],
)
def test_the_pattern_finds_what_it_means(rule: str, text: str, broken: bool) -> None:
    (pattern,) = (each.pattern for each in RULES if each.name == rule)
    assert bool(re.search(pattern, text)) is broken


def test_everything_is_caught_only_at_the_edges() -> None:
    found = [
        f"{source.name}:{handler.lineno}"
        for source in PROGRAM_SOURCES
        if source.name not in EDGES
        for handler in _handlers_of_everything(source)
        if not _raises_again(handler)
    ]
    reason = "name the errors you expect; the rest is a bug and belongs in the crash report"
    assert not found, "\n".join((reason, *found))


def test_no_class_has_a_vague_name() -> None:
    found = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in PROGRAM_SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        and VAGUE.search(node.name)
        and LOGGING_HANDLER not in [ast.unparse(base) for base in node.bases]
    ]
    assert not found, "name it by what it is in the domain"


def test_future_annotations_come_first_in_every_file() -> None:
    line = "from __future__ import annotations"
    assert not [
        source.name
        for source in PROGRAM_SOURCES + TEST_SOURCES
        if len(source.tree.body) > 1 and line not in source.text and source.path.name != "__init__.py"
    ]


def test_every_ignored_type_error_says_its_code() -> None:
    bare = re.compile(r"type: ignore(?!\[)|noqa(?!: [A-Z])")
    found = [f"{source.name}:{number}" for source in PROGRAM_SOURCES for number in _matching(source.text, bare)]
    assert not found


def _files_of(rule: Rule) -> Iterator[tuple[str, list[str]]]:
    for source in PROGRAM_SOURCES + TEST_SOURCES:
        if source.name.startswith(rule.where) and not source.name.startswith(rule.but or ("\0",)):
            yield source.name, source.text.splitlines() if rule.comments_too else _code_lines(source)
    if "" in rule.where:
        for path in _other_files():
            yield path.relative_to(CHECKOUT).as_posix(), path.read_text(encoding="utf-8").splitlines()


def _other_files() -> Iterator[Path]:
    roots = ["Makefile", "build.spec", "constraints.txt", "pyproject.toml", *(p.name for p in CHECKOUT.glob("*.md"))]
    yield from (CHECKOUT / name for name in roots if (CHECKOUT / name).exists())
    for folder in (".ci", "resources"):
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.is_file() and path.suffix not in (".png", ".ico", ".icns", ".pyc"):
                yield path


def _code_lines(source: Source) -> list[str]:
    """Return the lines with docstrings and comments blanked, so that words about a thing are not the thing."""
    lines = source.text.splitlines()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return [re.sub(r"(?:^|\s)#\s.*$", "", line) for line in lines]


def _matching(text: str, pattern: re.Pattern[str]) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def _handlers_of_everything(source: Source) -> Iterator[ast.ExceptHandler]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "BaseException"
            if re.search(r"\b(?:Base)?Exception\b", caught):
                yield node


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None
