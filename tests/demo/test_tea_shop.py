"""The demo's API really answers: orders are kept, wrong ones are told what is wrong, an echo says what it was asked."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from tests.demo.tea_shop import TEAS, TeaShop


def ask(shop: TeaShop, method: str, path: str, body: str = "") -> tuple[int, Any]:
    request = urllib.request.Request(f"{shop.url}{path}", data=body.encode() or None, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_an_order_that_was_made_is_there_and_can_be_cancelled() -> None:
    with TeaShop() as shop:
        status, made = ask(shop, "POST", "/orders", json.dumps({"sku": TEAS[0]["sku"], "amount": 3}))
        assert (status, made["id"], made["state"], made["total"]) == (201, 2, "open", 7350)
        assert [order["id"] for order in ask(shop, "GET", "/orders")[1]["orders"]] == [1, 2]
        assert ask(shop, "DELETE", "/orders/2")[1]["state"] == "cancelled"
        assert ask(shop, "GET", "/orders/2") == (200, {**made, "state": "cancelled"})
        assert ask(shop, "GET", "/teas")[1]["teas"] == list(TEAS)


def test_what_cannot_be_ordered_is_told_why() -> None:
    with TeaShop() as shop:
        assert ask(shop, "POST", "/orders", "no json")[0] == 400
        assert ask(shop, "POST", "/orders", "[]")[0] == 400
        assert ask(shop, "POST", "/orders", '{"sku": "COFFEE", "amount": 1}')[0] == 422
        assert ask(shop, "POST", "/orders", json.dumps({"sku": TEAS[0]["sku"], "amount": "2"}))[0] == 422
        assert ask(shop, "GET", "/orders/99") == (
            404,
            {"title": "No such order", "status": 404, "detail": "There is no order 99 in this shop."},
        )
        assert ask(shop, "DELETE", "/teas")[0] == 404


def test_the_echo_says_what_it_was_asked() -> None:
    with TeaShop() as shop:
        status, said = ask(shop, "PUT", "/echo?tea=green", "hello")
        assert (status, said["method"], said["query"], said["body"]) == (200, "PUT", "tea=green", "hello")
        assert said["headers"]["Content-Length"] == "5"
