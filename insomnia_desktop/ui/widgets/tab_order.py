"""The order in which Tab walks where pages are made when they are wanted."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def order_behind_page(page: QWidget | None, bar: QWidget, followers: Iterable[QWidget]) -> None:
    """Let Tab walk from `bar` through the page into what follows it, though the page was made last."""
    # WORKAROUND(PYSIDE, until a release without it): walking by nextInFocusChain() ends the lives of Python's
    # wrappers of other widgets ("Internal C++ object already deleted"), so the children are asked instead.
    last = bar
    if page is not None:
        for each in [page, *page.findChildren(QWidget)]:
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.window() is bar.window():
                last = each
    for follower in followers:
        QWidget.setTabOrder(last, follower)
        last = follower
