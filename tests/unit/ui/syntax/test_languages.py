"""Which language a media type means, and how each is typed: insomnia_desktop.ui.syntax.languages."""

from __future__ import annotations

import pytest

from insomnia_desktop.ui.syntax import LANGUAGES, language_for, traits


@pytest.mark.parametrize(
    ("media_type", "language"),
    [
        ("application/json", "json"),
        ("Application/JSON; charset=utf-8", "json"),
        ("application/problem+json", "json"),
        ("application/atom+xml", "xml"),
        ("image/svg+xml", "xml"),
        ("application/xhtml+xml", "html"),
        ("text/html;charset=utf-8", "html"),
        ("application/yaml", "yaml"),
        ("application/vnd.oai.openapi+yaml", "yaml"),
        ("application/graphql", "graphql"),
        ("text/javascript", "javascript"),
        ("text/css", "css"),
        ("text/markdown", "markdown"),
        ("text/plain", "text"),
        ("image/png", "text"),
        ("", "text"),
        (";;", "text"),
    ],
)
def test_a_media_type_names_its_language(media_type: str, language: str) -> None:
    assert language_for(media_type) == language
    assert language in LANGUAGES


def test_an_unknown_language_is_typed_as_plain_text() -> None:
    assert traits("cobol") == traits("text")


def test_json_has_no_comment_to_toggle() -> None:
    assert traits("json").comment_start == ""
    assert traits("yaml").comment_start == "# "
