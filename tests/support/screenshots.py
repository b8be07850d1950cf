"""Draws every state of the window, dark and light, large and small: `python -m tests.support.screenshots [NAME ...]`.

All go into build/screenshots/, to be looked at beside the pictures of the design; those of the README into
resources/screenshots/.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "UTC"

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from insomnia_desktop.ui.theme import fonts
from tests.support import (
    sample_responses,
    screenshot_states,
    screenshot_states_accounts,
    screenshot_states_sync,
    screenshot_states_tree,
)
from tests.support.sample_server import SampleServer
from tests.support.sample_workspace import BASE_URL, MADE_MS
from tests.support.stage import Stage, choose_theme

CHECKOUT = Path(__file__).resolve().parents[2]
DRAWN = CHECKOUT / "build" / "screenshots"
README = CHECKOUT / "resources" / "screenshots"
THEMES = ("dark", "light")
IN_README = (
    "main-dark", "main-light", "sync-panel-dark", "history-light", "sync-panel-server-light", "conflict-dark",
)  # fmt: skip
LARGE, SMALL = (1280, 800), (900, 600)
# The fonts of the pictures; where they are not installed the system's own are used.
FONT, PLAIN_FONT, PLAIN_MONO = "Inter", "DejaVu Sans", "DejaVu Sans Mono"


def draw_states(theme: str, size: tuple[int, int], wanted: Sequence[str]) -> None:
    """Draw all states of a filled window, or those that are wanted."""
    suffix = "" if size == LARGE else f"-{size[0]}x{size[1]}"
    for states in (
        screenshot_states, screenshot_states_accounts, screenshot_states_sync, screenshot_states_tree,
    ):  # fmt: skip
        with Stage(theme, size) as stage:
            for state in states.STATES:
                state(stage)
                name = f"{state.__name__.replace('_', '-')}{suffix}"
                if state not in states.NOT_DRAWN and (not wanted or name in wanted):
                    stage.draw(DRAWN / f"{name}-{theme}.png")
                if state not in states.STAY_OPEN:
                    stage.clear()


def draw_first_run(theme: str, size: tuple[int, int]) -> None:
    """Draw the window as it is the first time."""
    suffix = "" if size == LARGE else f"-{size[0]}x{size[1]}"
    with Stage(theme, size, empty=True) as stage:
        screenshot_states.first_run(stage)
        stage.draw(DRAWN / f"first-run{suffix}-{theme}.png")


def draw_sending(theme: str) -> None:
    """Draw a send on its way to a server that hangs, and the cancelled send."""
    with SampleServer() as server, Stage(theme, LARGE, base_url=server.url) as stage:
        sample_responses.store_order(stage.session.services, stage.sample, started=MADE_MS - 220_000)
        stage.open()
        response = stage.window.bench.response_pane
        stage.until(lambda: response.view_model.response is not None)
        pane = stage.window.bench.request_pane
        stage.show_request(stage.sample.order_id, tab="body")
        pane.view_model.set_url("{{ base_url }}/slow?notify={{ notify }}")
        stage.window.commands.send()
        stage.until(server.arrived.is_set)
        stage.until(response.status.is_running)
        stage.clock.advance(2_400)
        stage.settle()
        stage.draw(DRAWN / f"sending-{theme}.png")
        response.cancel()
        stage.until(lambda: not response.is_sending())
        stage.settle()
        stage.draw(DRAWN / f"cancelled-{theme}.png")


def draw_default_fonts(theme: str) -> None:
    """Draw the window with a wide system font that has no medium weight."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before = application.font()
    application.setFont(QFont(PLAIN_FONT))
    with Stage(theme, LARGE) as stage:
        stage.session.services.preferences.set("appearance.mono_font", PLAIN_MONO).result()
        screenshot_states.main(stage)
        stage.draw(DRAWN / f"main-default-fonts-{theme}.png")
    application.setFont(before)
    fonts.set_mono_family("")


def main(arguments: Sequence[str]) -> int:
    """Draw everything, or the named states only."""
    application = QApplication([])
    application.setCursorFlashTime(0)
    if QFontDatabase.hasFamily(FONT):
        application.setFont(QFont(FONT))
    if not arguments:
        shutil.rmtree(DRAWN, ignore_errors=True)
    for theme in THEMES:
        choose_theme(theme)
        for size in (LARGE, SMALL):
            draw_states(theme, size, arguments)
            draw_first_run(theme, size)
        draw_sending(theme)
        draw_default_fonts(theme)
    README.mkdir(parents=True, exist_ok=True)
    for name in IN_README:
        if (DRAWN / f"{name}.png").exists():
            shutil.copyfile(DRAWN / f"{name}.png", README / f"{name}.png")
    print(f"{len(list(DRAWN.glob('*.png')))} pictures are in {DRAWN.relative_to(CHECKOUT)} (base: {BASE_URL}).")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
