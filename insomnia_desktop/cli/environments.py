"""`environments`: list, show, set, create, activate, private, delete."""

from __future__ import annotations

import argparse
import json
from typing import Any

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.output import error_object, to_json
from insomnia_desktop.model import Environment, Variable, patch_between


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on environments."""
    environments = context.services.environments
    if arguments.action == "list":
        _list(context)
    elif arguments.action == "create":
        environment_id, created = environments.create(context.workspace_id(), arguments.name, private=arguments.private)
        context.wait(created)
        context.write_document(environment_id)
    else:
        _one(context, arguments, context.environment_id(arguments.target))
    return 0


def value_of(text: str) -> Any:
    """Return the JSON value that a text stands for, or the text itself where its spelling would be lost.

    Raises KnownError `document.too_deep`.
    """
    try:
        value = json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text
    except RecursionError:
        raise KnownError("document.too_deep") from None
    if isinstance(value, dict | list):
        return value
    # `1.10` or `1e3` as a number would be sent in another spelling than it was typed.
    return value if not isinstance(value, str) and json.dumps(value) == text else text


def _refuse(constant: str) -> Any:
    # Python reads NaN and Infinity, which are no JSON.
    raise ValueError(constant)


def _list(context: Context) -> None:
    workspace_id = context.workspace_id()
    environments = context.services.environments
    active, base = environments.active(workspace_id), environments.base_id(workspace_id)
    colors = {each.id: each.color for each in environments.all(workspace_id)}
    unreadable, private = environments.unreadable(workspace_id), environments.private.ids(workspace_id)
    rows: list[JsonObject] = []
    for each in environments.rows(workspace_id):
        row: JsonObject = {
            "id": each.id,
            "name": each.name,
            "base": each.id == base,
            "active": each.id == active,
            "color": colors.get(each.id, ""),
            "private": each.id in private,
            "workspace_id": workspace_id,
        }
        if context.output.as_json:
            problem = {"error": error_object(unreadable[each.id])} if each.id in unreadable else {}
            rows.append({**row, **problem})
        else:
            mark = "*" if each.id == active else ""
            rows.append({**row, "mark": mark, "problem": "(cannot be read)" if each.id in unreadable else ""})
    context.output.table(rows, ("id", "name", "mark", "private", "problem"))


def _one(context: Context, arguments: argparse.Namespace, environment_id: str) -> None:
    services = context.services
    if arguments.action == "show":
        environment = services.environments.get(environment_id)
        variables = {each.name: each.value for each in environment.variables if each.enabled and each.name}
        context.output.result(context.document_json(context.document(environment_id)), text=to_json(variables))
    elif arguments.action == "set":
        environment = services.environments.get(environment_id)
        changed = _with_value(environment, arguments.name, value_of(arguments.value))
        context.wait(services.editing.patch(environment_id, patch_between(environment, changed)))
        context.write_document(environment_id)
    elif arguments.action == "activate":
        workspace_id = context.workspace_id()
        is_base = environment_id == services.environments.base_id(workspace_id)
        context.wait(services.environments.activate(workspace_id, None if is_base else environment_id))
        context.output.result({"id": environment_id, "active": not is_base})
    elif arguments.action == "private":
        if arguments.wanted == "on":
            environment_id, made = services.environments.private.make(environment_id)
            context.wait(made)
        else:
            context.wait(services.environments.private.share(environment_id))
        context.write_document(environment_id)
    else:
        context.wait(services.environments.delete(environment_id))
        context.output.result({"id": environment_id, "deleted": True})


def _with_value(environment: Environment, name: str, value: Any) -> Environment:
    """Return the environment with a variable set: the row that counts for the name, else a new one."""
    variables = list(environment.variables)
    rows = [at for at, each in enumerate(variables) if each.name == name]
    enabled = [at for at in rows if variables[at].enabled]
    if rows:
        at = (enabled or rows)[-1]
        variables[at] = msgspec.structs.replace(variables[at], value=value, enabled=True)
    else:
        variables.append(Variable(id=new_row_id(), name=name, value=value))
    return msgspec.structs.replace(environment, variables=tuple(variables))
