"""The order in which Tab walks where pages are made when they are wanted."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


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


def order_as_laid_out(page: QWidget | None) -> None:
    """Let Tab walk through a page in the order of its layouts, though some of its rows were made later than others."""
    last: QWidget | None = None
    for each in _laid_out(None if page is None else page.layout()):
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus:
            if last is not None:
                QWidget.setTabOrder(last, each)
            last = each


def _laid_out(layout: QLayout | None) -> Iterable[QWidget]:
    for at in range(0 if layout is None else layout.count()):
        assert layout is not None
        item = layout.itemAt(at)
        assert item is not None
        widget = item.widget()
        if widget is None:
            yield from _laid_out(item.layout())
        else:
            yield widget
            yield from _laid_out(widget.layout())
