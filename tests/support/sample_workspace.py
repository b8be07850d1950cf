"""The content of the design pictures as real documents: the workspace "Shop API"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.base.json_value import JsonObject, JsonValue
from insomnia_desktop.model import Cookie
from insomnia_desktop.model.patch import Edit
from insomnia_desktop.services.application import Services

# 2026-11-23 14:02:11 UTC: when the order of the pictures was made.
MADE_MS = 1_795_442_531_000
BASE_URL = "https://staging.shop.example/v1"

ORDER_TEXT = """{
  "customer_id": "{{ customer_id }}",
  "currency": "EUR",
  "items": [
    {
      "sku": "{{ sku }}",
      "amount": 2,
      "unit_price": 2450
    },
    {
      "sku": "TEA-JASMINE-100",
      "amount": 1,
      "unit_price": 890
    }
  ],
  "shipping": {
    "method": "express",
    "address_id": "adr_19fc",
    "gift": false
  },
  "payment": {
    "method": "card",
    "token": "{{ card_token }}",
    "capture": true
  },
  "note": null
}"""
DOCS_TEXT = """# Create order

Makes an order for a customer. **Idempotent** with the header `Idempotency-Key`.

| Answer | Meaning |
|---|---|
| 201 | the order was made |
| 409 | the key was used for another order |
"""
QUERY_TEXT = """query Orders($state: State!) {
  orders(state: $state, first: 20) {
    id
    number
    customer { name }
  }
}"""


@dataclass(frozen=True, slots=True)
class SampleWorkspace:
    """The ids of what the pictures show."""

    workspace_id: str
    order_id: str
    search_id: str
    customer_id: str
    payment_id: str
    graphql_id: str
    upload_id: str
    file_id: str
    by_id: str
    list_id: str
    staging_id: str
    base_id: str


def fill(services: Services, *, base_url: str = BASE_URL) -> SampleWorkspace:
    """Make the sample workspace of a fresh store the active one, with Create order open."""
    workspace_id = services.workspaces.last_used()
    services.workspaces.rename(workspace_id, "Shop API").result()
    base_id, staging_id = _environments(services, workspace_id, base_url)
    ids = _tree(services, workspace_id)
    services.preferences.set_local(f"open_request:{workspace_id}", ids["Create order"]).result()
    _cookies(services, workspace_id)
    return SampleWorkspace(
        workspace_id=workspace_id,
        order_id=ids["Create order"],
        search_id=ids["Search customers"],
        customer_id=ids["Create customer"],
        payment_id=ids["Authorise payment"],
        graphql_id=ids["Orders by state"],
        upload_id=ids["Upload receipt"],
        file_id=ids["Replace catalogue"],
        by_id=ids["Order by id"],
        list_id=ids["List orders"],
        staging_id=staging_id,
        base_id=base_id,
    )


def add_export(services: Services, sample: SampleWorkspace) -> str:
    """Make the request whose answer is large, behind List orders, and return its id."""
    first = services.documents.get(sample.list_id)
    assert first is not None
    fields: JsonObject = {
        "method": "GET",
        "url": "{{ base_url }}/orders/export",
        "parameters": [
            _row("from", "2020-01-01"),
            _row("to", "{{ today }}"),
            _row("format", "json"),
            _row("limit", "1000", enabled=False),
        ],
        "headers": [_row("Accept", "application/json")],
        "authentication": {"type": "bearer", "token": "{{ card_token }}"},
    }
    export_id, future = services.documents.create_request(
        sample.workspace_id, first.parent_id, name="Export orders", after_id=sample.list_id, fields=fields
    )
    future.result()
    return export_id


def _tree(services: Services, workspace_id: str) -> dict[str, str]:
    ids: dict[str, str] = {}
    documents = services.documents

    def folder(name: str, parent_id: str | None = None) -> str:
        folder_id, future = documents.create_folder(workspace_id, parent_id, name=name)
        future.result()
        return folder_id

    def request(parent_id: str | None, name: str, method: str, **fields: JsonValue) -> None:
        known: JsonObject = {"name": name, "method": method, **fields}
        ids[name], future = documents.create_request(workspace_id, parent_id, name=name, fields=known)
        future.result()

    orders, customers, payments = folder("Orders"), folder("Customers"), folder("Payments")
    webhooks, reports = folder("Webhooks"), folder("Reports")
    _orders(request, orders)
    _customers(request, customers)
    addresses = folder("Addresses", customers)
    for name, method in (
        ("Authorise payment", "POST"),
        ("Capture payment", "POST"),
        ("Refund payment", "POST"),
        ("Allowed methods", "OPTIONS"),
    ):
        request(payments, name, method, url="{{ base_url }}/payments", body=_form() if method == "POST" else {})
    for number, name in enumerate(("List addresses", "Address by id", "Create address", "Delete address")):
        request(addresses, name, ("GET", "GET", "POST", "DELETE")[number], url="{{ base_url }}/addresses")
    for name in ("List hooks", "Create hook", "Test hook"):
        request(webhooks, name, "POST", url="{{ base_url }}/hooks")
    request(webhooks, "Orders by state", "POST", url="{{ base_url }}/graphql", body=_graphql())
    request(webhooks, "Upload receipt", "POST", url="{{ base_url }}/receipts", body=_multipart())
    request(webhooks, "Replace catalogue", "PUT", url="{{ base_url }}/catalogue", body=_file())
    request(None, "Health", "HEAD", url="{{ base_url }}/health")
    opened: list[JsonValue] = [orders, customers, payments, reports]
    services.preferences.set_local(f"expanded:{workspace_id}", opened).result()
    return ids


_Make = Callable[..., None]


def _orders(request: _Make, folder_id: str) -> None:
    request(folder_id, "List orders", "GET", url="{{ base_url }}/orders")
    request(
        folder_id,
        "Create order",
        "POST",
        url="{{ base_url }}/orders?notify={{ notify }}",
        description=DOCS_TEXT,
        parameters=[
            _row("expand", "items.product", description="Inline the products"),
            _row("dry_run", "true", description="Check only", enabled=False),
        ],
        headers=[
            _row("Content-Type", "application/json"),
            _row("Accept-Language", "de, en;q=0.8"),
            _row("Idempotency-Key", "{{ customer_id }}-4711"),
        ],
        body={"type": "text", "media_type": "application/json", "text": ORDER_TEXT},
        authentication={"type": "bearer", "token": "{{ card_token }}"},
    )
    request(
        folder_id,
        "Order by id",
        "GET",
        url="{{ base_url }}/orders/:order_id",
        path_parameters=[_row("order_id", "ord_4711")],
    )
    request(folder_id, "Replace order", "PUT", url="{{ base_url }}/orders/ord_4711")
    request(folder_id, "Change address", "PATCH", url="{{ base_url }}/orders/ord_4711/address")
    request(folder_id, "Cancel order", "DELETE", url="{{ base_url }}/orders/ord_4711")


def _customers(request: _Make, folder_id: str) -> None:
    request(
        folder_id,
        "Search customers",
        "GET",
        url="{{ base_url }}/customers",
        parameters=[
            _row("query", "{{ customer_id }}", description="Name, e-mail or id"),
            _row("expand", "orders", description="Inline the orders"),
            _row("region", "{{ regoin }}"),
            _row("dry_run", "true", description="Check only", enabled=False),
        ],
    )
    request(
        folder_id,
        "Create customer",
        "POST",
        url="{{ base_url }}/customers",
        body={"type": "text", "media_type": "application/xml", "text": "<customer>\n  <name>Ada</name>\n</customer>"},
        authentication={"type": "basic", "username": "ada", "password": "{{ card_token }}"},
    )


def _form() -> JsonObject:
    rows: list[JsonValue] = [_row("amount", "5790"), _row("currency", "EUR"), _row("token", "{{ card_token }}")]
    return {"type": "form", "rows": rows}


def _graphql() -> JsonObject:
    return {"type": "graphql", "query": QUERY_TEXT, "variables": '{\n  "state": "OPEN"\n}'}


def _multipart() -> JsonObject:
    return {
        "type": "multipart",
        "parts": [
            {"id": new_row_id(), "enabled": True, "name": "order", "kind": "text", "value": "ord_4711"},
            {"id": new_row_id(), "enabled": True, "name": "receipt", "kind": "file", "path": "receipts/4711.pdf"},
        ],
    }


def _file() -> JsonObject:
    return {"type": "file", "path": "exports/catalogue.csv", "media_type": "text/csv"}


def _row(name: str, value: JsonValue, *, description: str = "", enabled: bool = True) -> JsonObject:
    row: JsonObject = {"id": new_row_id(), "enabled": enabled, "name": name, "value": value}
    return {**row, "description": description} if description else row


def _environments(services: Services, workspace_id: str, base_url: str) -> tuple[str, str]:
    base_id = services.environments.base_id(workspace_id)
    common: list[JsonValue] = [
        _row("sku", "TEA-SENCHA-250"),
        _row("timeout_ms", 30_000),
        _row("trace_id", "studio-{{ customer_id }}"),
        _row("today", "2026-11-23"),
        _row("retries", {"count": 3, "wait": [1, 2, 4]}),
        _row("notify", "none"),
    ]
    _set_variables(services, base_id, common)
    ids = {}
    for name, color in (("Local", "#3fd0f5"), ("Staging", "#ffb347"), ("Production", "#ff7a82")):
        ids[name], future = services.environments.create(workspace_id, name, color)
        future.result()
        rows: list[JsonValue] = [
            _row("base_url", base_url if name == "Staging" else f"https://{name.lower()}.shop.example/v1"),
            _row("customer_id", "cus_8Hq2"),
            _row("notify", "mail"),
            _row("card_token", "tok_visa_4242"),
            _row("debug", True, enabled=False),
        ]
        _set_variables(services, ids[name], rows)
    services.environments.activate(workspace_id, ids["Staging"]).result()
    return base_id, ids["Staging"]


def _set_variables(services: Services, environment_id: str, rows: list[JsonValue]) -> None:
    services.editing.patch(environment_id, (Edit(("variables",), rows),)).result()


def _cookies(services: Services, workspace_id: str) -> None:
    day = 86_400_000
    cookies = [
        Cookie(id=new_row_id(), name=name, value=value, domain="staging.shop.example", created=MADE_MS, **more)
        for name, value, more in (
            ("session", "8f2b1c0e6d", {"secure": True, "http_only": True, "same_site": "lax"}),
            ("last_order", "ord_4711", {"http_only": True, "same_site": "lax"}),
            ("theme", "dark", {"expires": MADE_MS + 30 * day, "path": "/shop"}),
        )
    ]
    rows = [msgspec.to_builtins(cookie) for cookie in cookies]
    jar_id = services.cookie_jars.jar_id(workspace_id)
    services.editing.patch(jar_id, (Edit(("cookies",), rows),)).result()
