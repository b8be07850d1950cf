"""Variables in text: `{{ name }}` and `{% raw %}`; importing this loads no template engine."""

from __future__ import annotations

from insomnia_desktop.templating.lexer import Token, tokens
from insomnia_desktop.templating.render import Renderer
from insomnia_desktop.templating.scope import Scope, scope_of

__all__ = ["Renderer", "Scope", "Token", "scope_of", "tokens"]
