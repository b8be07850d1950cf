"""The base environment and the cookie jar that every workspace has (protocol v1, 3.2)."""

from __future__ import annotations

from insomnia_desktop.base.ids import kind_of, singleton_id
from insomnia_desktop.model import CookieJar, Document, Environment, fields_of
from insomnia_desktop.model.sort_key import between

BASE_ENVIRONMENT_NAME = "Base environment"
COOKIE_JAR_NAME = "Cookies"


def singletons(workspace_id: str, seed: str) -> list[Document]:
    """Return the base environment and the cookie jar that belong to a workspace's seed."""
    environment = Environment(
        id=singleton_id(seed, "base_environment"),
        parent_id=workspace_id,
        sort_key=between(None, None),
        name=BASE_ENVIRONMENT_NAME,
    )
    jar = CookieJar(
        id=singleton_id(seed, "cookie_jar"), parent_id=workspace_id, sort_key=between(None, None), name=COOKIE_JAR_NAME
    )
    return [
        Document(
            id=each.id,
            kind=kind_of(each.id),
            workspace_id=workspace_id,
            parent_id=workspace_id,
            sort_key=each.sort_key,
            fields=fields_of(each),
        )
        for each in (environment, jar)
    ]
