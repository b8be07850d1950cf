"""Expressions that are more than a name, by a sandboxed Jinja2; loaded on the first of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol, cast

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from insomnia_desktop.templating import bounded

Step = str | int
_SPELLINGS = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|===|!==|&&|\|\|""", re.DOTALL)
_WORDS = {"===": "==", "!==": "!=", "&&": " and ", "||": " or "}
_LOOKUP = "__lookup__"
_CONCAT = "__concat__"
_METHODS: dict[type, frozenset[str]] = {
    str: frozenset({"upper", "lower", "strip", "lstrip", "rstrip", "split", "startswith", "endswith", "capitalize",
                    "title", "find", "count", "removeprefix", "removesuffix"}),
    dict: frozenset({"keys", "values", "items", "get"}),
    list: frozenset({"index", "count"}),
}  # fmt: skip

# What operators and filters raise about values that they cannot work on; some filters assert what they need.
_OF_VALUES = (
    jinja2.TemplateError, ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, TypeError,
    ValueError,
)  # fmt: skip


class Lookups(Protocol):
    """Where the engine finds variables."""

    def lookup(self, path: tuple[Step, ...]) -> Any:
        """Return the value at a path; raises KeyError with the path's text."""
        ...


class UnknownNames(Exception):
    """The expression needs names that are not known."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


class SyntaxProblem(Exception):
    """The expression cannot be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EvaluationFailed(Exception):
    """The expression was read, and stopped at a value that does not fit."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


TooLarge = bounded.TooLarge


def evaluate(expression: str, lookups: Lookups) -> Any:
    """Return the JSON value of an expression; raises the exceptions above, and KnownErrors of `lookups`."""
    compiled = _compiled(expression)
    missed: list[str] = []

    def lookup(*path: Step) -> Any:
        try:
            return lookups.lookup(path)
        except KeyError as error:
            name = str(error.args[0])
            missed.append(name)
            return jinja2.StrictUndefined(name=name)

    bounded.begin()
    try:
        value = compiled(**{_LOOKUP: lookup})
        if isinstance(value, jinja2.Undefined):
            raise UnknownNames(list(dict.fromkeys(missed)) or [expression])
        return bounded.plain(value)
    except jinja2.UndefinedError:
        raise UnknownNames(list(dict.fromkeys(missed)) or [expression]) from None
    except NameError:
        # The engine writes a literal beyond the largest number as `inf`, which is a name to Python.
        raise EvaluationFailed("A number in it is too large.") from None
    except _OF_VALUES as error:
        raise EvaluationFailed(str(error) or type(error).__name__) from None
    except RecursionError:
        raise EvaluationFailed("It is nested too deeply.") from None


@lru_cache(maxsize=512)
def _compiled(expression: str) -> Callable[..., Any]:
    translated = _SPELLINGS.sub(lambda match: match.group(1) or _WORDS[match.group()], expression)
    try:
        return cast(Callable[..., Any], _environment().compile_expression(translated, undefined_to_none=False))
    except jinja2.TemplateSyntaxError as error:
        raise SyntaxProblem(error.message or "") from None
    except jinja2.TemplateError as error:
        raise SyntaxProblem(str(error)) from None
    except (RecursionError, MemoryError):
        raise SyntaxProblem("It is nested too deeply.") from None


@lru_cache(maxsize=1)
def _environment() -> _Sandbox:
    return _Sandbox()


class _Sandbox(ImmutableSandboxedEnvironment):
    """No statements, bounded operators and filters, and of Python's methods only harmless ones."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=jinja2.StrictUndefined, autoescape=False, cache_size=0)
        self.filters = {name: self.filters[name] for name in bounded.FILTERS} | bounded.OWN_FILTERS
        self.globals = {"range": bounded.bounded_range, _CONCAT: bounded.concatenated}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Compute an operator within bounds."""
        bounded.check_operation(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow the listed methods of text, objects and lists, nothing else."""
        return attr in _METHODS.get(type(obj), ()) and super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the member of an object before a method of it: `{{ user.items }}` is the key."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, jinja2.Undefined) or attribute in _METHODS.get(type(obj), ()):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return the member of an object or list, never an attribute of Python."""
        if isinstance(obj, jinja2.Undefined):
            return super().getitem(obj, argument)
        try:
            return obj[argument]
        except (LookupError, TypeError, AttributeError):
            return self.undefined(obj=obj, name=argument)

    def compile_expression(self, source: str, undefined_to_none: bool = True) -> Any:
        """Compile one expression, with its names looked up as paths."""
        from jinja2.environment import TemplateExpression
        from jinja2.parser import Parser

        parser = Parser(self, source, state="variable")
        expression = parser.parse_expression()
        if not parser.stream.eos:
            raise jinja2.TemplateSyntaxError(
                "something stands after the expression", parser.stream.current.lineno, None, None
            )
        body: list[nodes.Node] = [
            nodes.Assign(nodes.Name("result", "store"), _Names().visit(expression.set_environment(self)), lineno=1)
        ]
        template = self.from_string(nodes.Template(body, lineno=1))
        return TemplateExpression(template, undefined_to_none)


class _Names(NodeTransformer):
    """Turns `a.b[0]` into one lookup of the whole path, and `~` into a bounded call."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        callee = node.node
        if isinstance(callee, nodes.Getattr):
            callee.node = self.visit(callee.node)
        elif not (isinstance(callee, nodes.Name) and callee.name == "range"):
            raise jinja2.TemplateSyntaxError("only filters and methods can be called", node.lineno)
        node.args = [self.visit(argument) for argument in node.args]
        node.kwargs = [self.visit(argument) for argument in node.kwargs]
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise jinja2.TemplateSyntaxError("arguments cannot be unpacked", node.lineno)
        return node

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        return _lookup((node.name,), node)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        return self._chain(node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        return self._chain(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        called = nodes.Name(_CONCAT, "load", lineno=node.lineno)
        arguments = [self.visit(part) for part in node.nodes]
        return _placed(nodes.Call(called, arguments, [], None, None), node)

    def _chain(self, node: nodes.Getattr | nodes.Getitem) -> nodes.Node:
        path = _path(node)
        return _lookup(path, node) if path is not None else self.generic_visit(node)


def _path(node: nodes.Expr) -> tuple[Step, ...] | None:
    if isinstance(node, nodes.Name):
        return (node.name,)
    step: Any = None
    if isinstance(node, nodes.Getattr):
        step = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        step = node.arg.value
    if not isinstance(step, str | int) or isinstance(step, bool):
        return None
    before = _path(cast(nodes.Getattr, node).node)
    return None if before is None else (*before, step)


def _lookup(path: tuple[Step, ...], node: nodes.Node) -> nodes.Node:
    called = nodes.Name(_LOOKUP, "load", lineno=node.lineno)
    return _placed(nodes.Call(called, [nodes.Const(step) for step in path], [], None, None), node)


def _placed(node: nodes.Node, like: nodes.Node) -> nodes.Node:
    return node.set_lineno(like.lineno, override=True).set_environment(cast(jinja2.Environment, like.environment))
