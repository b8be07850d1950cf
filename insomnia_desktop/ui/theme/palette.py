"""The tokens as a QPalette, so that everything not painted by us follows the theme too."""

from __future__ import annotations

from PySide6.QtGui import QPalette

from insomnia_desktop.ui.theme.tokens import Theme

Role = QPalette.ColorRole
Group = QPalette.ColorGroup

_ROLES: dict[QPalette.ColorRole, str] = {
    Role.Window: "window",
    Role.WindowText: "text",
    Role.Base: "window",
    Role.AlternateBase: "raised",
    Role.Text: "text",
    Role.PlaceholderText: "faint",
    Role.Button: "raised",
    Role.ButtonText: "text",
    Role.BrightText: "on_accent",
    Role.ToolTipBase: "floating",
    Role.ToolTipText: "text",
    Role.Highlight: "textsel",
    Role.HighlightedText: "text",
    Role.Accent: "accent",
    Role.Link: "accent_text",
    Role.LinkVisited: "accent_text",
    Role.Light: "border",
    Role.Midlight: "hairline",
    Role.Mid: "border",
    Role.Dark: "border",
    Role.Shadow: "shadow",
}


def palette_of(colors: Theme) -> QPalette:
    """Return the palette of a theme; disabled text is `faint`, and an inactive window keeps its selection."""
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, colors.color(token))
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.HighlightedText):
        palette.setColor(Group.Disabled, role, colors.color("faint"))
    palette.setColor(Group.Disabled, Role.Highlight, colors.color("pressed"))
    return palette
