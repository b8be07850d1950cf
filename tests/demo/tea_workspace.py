"""The demo's workspace: a few requests to the tea shop, with an environment that knows where it is."""

from __future__ import annotations

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.base.json_value import JsonObject, JsonValue
from insomnia_desktop.model.patch import Edit
from insomnia_desktop.services.application import Services

NAME = "Tea shop"
OPENED = "Create order"
_ORDER = """{
  "sku": "{{ sku }}",
  "amount": 2,
  "note": "Edit me here, and watch the other window"
}"""
_DOCS = """# Create order

Change anything here. A second and a half after the last key it is encrypted, sent to the server, and shown by the
other window, which is another device of the same account.
"""


def fill(services: Services, base_url: str) -> str:
    """Make the workspace the only one of a fresh store, and return its id."""
    workspace_id = services.workspaces.last_used()
    services.workspaces.rename(workspace_id, NAME).result()
    environment_id, made = services.environments.create(workspace_id, "Demo", "#8fce3a")
    made.result()
    variables: list[JsonValue] = [_row("base_url", base_url), _row("sku", "TEA-SENCHA-250"), _row("order_id", "1")]
    services.editing.patch(environment_id, (Edit(("variables",), variables),)).result()
    orders, tools = _folder(services, workspace_id, "Orders"), _folder(services, workspace_id, "Tools")
    _request(services, workspace_id, orders, "List teas", "GET", url="{{ base_url }}/teas")
    _request(services, workspace_id, orders, "List orders", "GET", url="{{ base_url }}/orders")
    _request(
        services,
        workspace_id,
        orders,
        OPENED,
        "POST",
        url="{{ base_url }}/orders",
        description=_DOCS,
        headers=[_row("Content-Type", "application/json")],
        body={"type": "text", "media_type": "application/json", "text": _ORDER},
    )
    by_id: list[JsonValue] = [_row("order_id", "{{ order_id }}")]
    for name, method in (("Order by id", "GET"), ("Cancel order", "DELETE")):
        url = "{{ base_url }}/orders/:order_id"
        _request(services, workspace_id, orders, name, method, url=url, path_parameters=by_id)
    parameters: list[JsonValue] = [_row("tea", "{{ sku }}")]
    _request(services, workspace_id, tools, "Echo", "PUT", url="{{ base_url }}/echo", parameters=parameters)
    return workspace_id


def open_on(services: Services, workspace_id: str) -> None:
    """Let a device begin with the order of the workspace, its folders open and its environment active."""
    services.workspaces.use(workspace_id).result()
    rows = services.documents.tree(workspace_id)
    opened = next(row.id for row in rows if row.name == OPENED)
    folders: list[JsonValue] = [row.id for row in rows if row.kind == "folder"]
    services.preferences.set_local(f"open_request:{workspace_id}", opened).result()
    services.preferences.set_local(f"expanded:{workspace_id}", folders).result()
    environment = next(row.id for row in services.environments.rows(workspace_id) if row.name == "Demo")
    services.environments.activate(workspace_id, environment).result()


def _folder(services: Services, workspace_id: str, name: str) -> str:
    folder_id, made = services.documents.create_folder(workspace_id, None, name=name)
    made.result()
    return folder_id


def _request(
    services: Services, workspace_id: str, folder_id: str, name: str, method: str, **fields: JsonValue
) -> None:
    _, made = services.documents.create_request(
        workspace_id, folder_id, name=name, fields={"name": name, "method": method, **fields}
    )
    made.result()


def _row(name: str, value: str) -> JsonObject:
    return {"id": new_row_id(), "enabled": True, "name": name, "value": value}
