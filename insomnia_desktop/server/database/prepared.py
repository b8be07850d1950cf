"""Statements of what is asked for all the time, whose text is made once.

What SQLAlchemy does for every execution of a statement takes several times as long as SQLite takes to carry it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Column, Connection, CursorResult, Dialect, TextClause, bindparam, text
from sqlalchemy.sql import Delete, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler

# Of how many lengths of a list the texts are kept, for all engines: a push has one change, or as many as fit.
_MOST_TEXTS = 32
Statement: TypeAlias = "Select[Any] | Insert | Update | Delete"
Build: TypeAlias = Callable[[str, int], Statement]


class Prepared:
    """A statement that `build` makes for the name of a database and a number of items; values are given by name.

    No type of SQLAlchemy stands in between: what goes in and comes out is the driver's own, so that SQLite tells what
    is true as 1. Threads: any.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._text = lru_cache(_MOST_TEXTS)(self._compiled)

    def run(
        self, connection: Connection, values: Mapping[str, Any], items: Sequence[Any] = ()
    ) -> CursorResult[*tuple[Any, ...]]:
        """Carry it out; `items` are those of `items_of` or, in pairs, of `is_pair`. Raises what `execute` raises."""
        words, names, fixed = self._text(connection.dialect, len(items))
        known = {**fixed, **values, **_named(items)}
        return connection.exec_driver_sql(words, tuple(known[name] for name in names))

    def run_many(self, connection: Connection, rows: Iterable[tuple[Any, ...]], order: Sequence[str]) -> None:
        """Carry it out for each of some rows, whose values stand in the `order` of its parameters."""
        words, names, _ = self._text(connection.dialect, 0)
        assert names == tuple(order)
        connection.exec_driver_sql(words, list(rows))

    def _compiled(self, dialect: Dialect, count: int) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        compiled = self._build(dialect.name, count).compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        fixed = {name: bind.effective_value for bind, name in compiled.bind_names.items() if not bind.required}
        return str(compiled), tuple(compiled.positiontup or ()), fixed


def items_of(column: Column[Any], count: int) -> list[BindParameter[Any]]:
    """Return the parameters for so many items that are compared with a column."""
    return [bindparam(f"item_{number}", type_=column.type) for number in range(count)]


def is_pair(first: Column[Any], second: Column[Any], count: int) -> TextClause:
    """Return that two columns are one of so many pairs."""
    # In words that both databases understand; what SQLAlchemy has for it is not said before the values are known.
    pairs = ", ".join(f"(:item_{number}_0, :item_{number}_1)" for number in range(count))
    parameters = [
        bindparam(f"item_{number}_{place}", type_=column.type)
        for number in range(count)
        for place, column in enumerate((first, second))
    ]
    return text(f"({first}, {second}) IN (VALUES {pairs})").bindparams(*parameters)


def _named(items: Sequence[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for number, item in enumerate(items):
        if isinstance(item, tuple):
            named |= {f"item_{number}_{place}": each for place, each in enumerate(item)}
        else:
            named[f"item_{number}"] = item
    return named
