"""The languages that are known: by media type, with their lexer and what typing needs to know of them."""

from __future__ import annotations

from dataclasses import dataclass

from insomnia_desktop.ui.syntax.plain_lexer import PlainLexer
from insomnia_desktop.ui.syntax.span import LineLexer

LANGUAGES = ("json", "xml", "html", "yaml", "graphql", "javascript", "css", "markdown", "text")


@dataclass(frozen=True, slots=True)
class LanguageTraits:
    """What an editor needs to know of a language: how comments are written, what pairs, how deep one indents.

    `indent_after` are the last characters of a line after which the next line goes one step deeper.
    """

    comment_start: str = ""
    comment_end: str = ""
    pairs: str = "()[]{}"
    quotes: str = '"'
    indent: int = 2
    indent_after: str = "([{"


_TRAITS = {
    "json": LanguageTraits(),
    "xml": LanguageTraits(comment_start="<!-- ", comment_end=" -->", quotes="\"'", indent_after=""),
    "html": LanguageTraits(comment_start="<!-- ", comment_end=" -->", quotes="\"'", indent_after=""),
    "yaml": LanguageTraits(comment_start="# ", quotes="\"'", indent_after="([{:"),
    "graphql": LanguageTraits(comment_start="# "),
    "javascript": LanguageTraits(comment_start="// ", quotes="\"'`"),
    "css": LanguageTraits(comment_start="/* ", comment_end=" */", quotes="\"'"),
    # Prose has apostrophes and lone brackets: closing them would only be in the way.
    "markdown": LanguageTraits(comment_start="<!-- ", comment_end=" -->", pairs="()[]{}", quotes="`", indent_after=""),
    "text": LanguageTraits(pairs="{}", quotes="", indent_after=""),
}
_BY_MEDIA_TYPE = {
    "application/json": "json",
    "application/x-ndjson": "json",
    "application/jsonl": "json",
    "application/json5": "json",
    "text/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "image/svg+xml": "xml",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
    "text/x-yaml": "yaml",
    "application/graphql": "graphql",
    "application/javascript": "javascript",
    "application/x-javascript": "javascript",
    "application/ecmascript": "javascript",
    "text/javascript": "javascript",
    "text/css": "css",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
}


def language_for(media_type: str) -> str:
    """Return the language of a Content-Type value; parameters and letter case do not matter, unknown is "text"."""
    essence = media_type.partition(";")[0].strip().lower()
    known = _BY_MEDIA_TYPE.get(essence)
    if known is not None:
        return known
    # Structured syntax suffixes, RFC 6839 and RFC 9512.
    for suffix, language in (("+json", "json"), ("+xml", "xml"), ("+yaml", "yaml")):
        if essence.endswith(suffix):
            return language
    return "text"


def traits(language: str) -> LanguageTraits:
    """Return how one types in `language`; an unknown one is typed as plain text."""
    return _TRAITS.get(language, _TRAITS["text"])


def lexer(language: str, *, templates: bool = True) -> LineLexer:
    """Return the lexer of `language`; an unknown one gets no colours.

    `templates` says that template variables may stand anywhere: so in what a person writes, not in what a
    server answered. A lexer holds nothing of the text: one may serve many documents.
    """
    if language == "json":
        from insomnia_desktop.ui.syntax.json_lexer import JsonLexer

        return JsonLexer(templates=templates)
    if language in ("xml", "html"):
        from insomnia_desktop.ui.syntax.markup_lexer import MarkupLexer

        return MarkupLexer(html=language == "html")
    if language == "yaml":
        from insomnia_desktop.ui.syntax.yaml_lexer import YamlLexer

        return YamlLexer()
    if language == "graphql":
        from insomnia_desktop.ui.syntax.graphql_lexer import GraphqlLexer

        return GraphqlLexer()
    if language in ("javascript", "css"):
        from insomnia_desktop.ui.syntax.script_lexer import ScriptLexer

        return ScriptLexer(css=language == "css")
    if language == "markdown":
        from insomnia_desktop.ui.syntax.markdown_lexer import MarkdownLexer

        return MarkdownLexer()
    return PlainLexer()
