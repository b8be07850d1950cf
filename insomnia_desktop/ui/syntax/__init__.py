"""Syntax of the languages that bodies are written in: colours, folds and template variables; pure, without Qt.

Shared by the editor and the viewer. All positions are counted in Python characters (code points); a widget
that paints with Qt converts them to UTF-16 itself.
"""

from __future__ import annotations

from insomnia_desktop.ui.syntax.languages import (
    LANGUAGES,
    LanguageTraits,
    language_for,
    lexer,
    traits,
)
from insomnia_desktop.ui.syntax.span import LineLexer, Span

__all__ = ["LANGUAGES", "LanguageTraits", "LineLexer", "Span", "language_for", "lexer", "traits"]
