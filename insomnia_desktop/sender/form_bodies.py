"""The texts of form-urlencoded and GraphQL bodies; pure."""

from __future__ import annotations

import json
from urllib.parse import quote_plus

from insomnia_desktop.base.errors import KnownError


def form_text(pairs: list[tuple[str, str]]) -> str:
    """Return `application/x-www-form-urlencoded` as the URL Standard (5.2) writes it: blanks are `+`, UTF-8."""
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)


def graphql_text(*, query: str, variables: str, operation: str) -> str:
    """Return the JSON body of a GraphQL operation (GraphQL over HTTP, 5.3).

    `variables` is the text of a JSON object, or empty, and goes into the body as it is written, so that its numbers
    stay as they are. Raises KnownError `send.bad_variables` (params: reason, line, column).
    """
    members = [f'"query":{json.dumps(query, ensure_ascii=False)}']
    if variables.strip():
        try:
            value = json.loads(variables)
        except json.JSONDecodeError as error:
            raise KnownError("send.bad_variables", reason=error.msg, line=error.lineno, column=error.colno) from None
        except RecursionError:
            raise KnownError("send.bad_variables", reason="It is nested too deeply", line=1, column=1) from None
        if not isinstance(value, dict):
            raise KnownError("send.bad_variables", reason="It is not an object", line=1, column=1)
        members.append(f'"variables":{variables.strip()}')
    if operation.strip():
        members.append(f'"operationName":{json.dumps(operation.strip(), ensure_ascii=False)}')
    return "{" + ",".join(members) + "}"


def _encoded(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"), safe="*-._").replace("~", "%7E")
