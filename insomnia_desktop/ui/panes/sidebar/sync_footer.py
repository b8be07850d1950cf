"""The last bar of the sidebar: in one word where the data is, and the deed that fits."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from insomnia_desktop.services.account_views import AccountState, AccountStatus
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.viewmodels.account_view_model import SIGN_IN, UNLOCK, Footer, footer_of
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import DefaultButton, QuietButton

DOT = 8


class StatusButton(QuietButton):
    """A dot and a word; it looks pressed while the page that it opens is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._token = "faint"
        self.setObjectName("syncStatus")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_status(self, token: str, words: str, tip: str) -> None:
        """Show another state."""
        self._token = token
        self.setText(words)
        self.setToolTip(tip)
        self.setAccessibleName(self.tr("Where the data is: %s") % words)
        self.setAccessibleDescription(tip)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """The word may be elided."""
        return QSize(px(64), super().sizeHint().height())

    def _content_width(self) -> float:
        return super()._content_width() + px(DOT) + px(8)

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        left = rect.x() + px(8)
        center = QPointF(left + px(DOT) / 2, rect.height() / 2)
        painting.fill_dot(painter, center, px(DOT), theme().color(self._token))
        x = left + px(DOT) + px(8)
        painting.draw_text(
            painter,
            self.text(),
            x=x,
            top=0,
            height=rect.height(),
            font=ui_font(),
            token="text",
            width=max(0.0, rect.right() - px(8) - x + 1),
        )


class SyncFooter(Bar):
    """Word and deed. Where nobody is signed in, the word offers both ways in.

    Signals:
        sign_in_requested(), create_account_requested(), unlock_requested(): a page of the sign-in dialog is wanted.
        account_requested(): the account page is wanted, or no longer.
    """

    sign_in_requested = Signal()
    create_account_requested = Signal()
    unlock_requested = Signal()
    account_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(40, parent, hairline="top", left=8)
        self._footer = footer_of(AccountStatus(AccountState.SIGNED_OUT))
        self.status = StatusButton()
        self.deed = DefaultButton("", small=True)
        self.deed.setObjectName("footerDeedButton")
        self._menu: QMenu | None = None
        self._page_shown = False
        self.status.setCheckable(True)
        self.set_spacing(2)
        self.add(self.status)
        self.add_stretch()
        self.add(self.deed)
        self.status.clicked.connect(self._on_status)
        self.deed.clicked.connect(self._on_deed)
        self.show_footer(self._footer)

    def show_footer(self, footer: Footer) -> None:
        """Show another state of the account."""
        self._footer = footer
        self.status.set_status(footer.token, footer.words, footer.tip)
        self.deed.setText(footer.deed_words)
        self.deed.setVisible(bool(footer.deed))
        self.deed.updateGeometry()

    def set_page_shown(self, shown: bool) -> None:
        """Look pressed while the page is there that the word opens."""
        self._page_shown = shown
        self.status.setChecked(shown)

    @property
    def menu(self) -> QMenu | None:
        """The menu that a click on the word opened, while nobody is signed in."""
        return self._menu

    @Slot()
    def _on_status(self) -> None:
        self.status.setChecked(self._page_shown)
        if not self._footer.deed:
            self.account_requested.emit()
        elif self._footer.deed == UNLOCK:
            self.unlock_requested.emit()
        elif self._footer.may_create:
            self._open_menu()
        else:
            self.sign_in_requested.emit()

    @Slot()
    def _on_deed(self) -> None:
        if self._footer.deed == SIGN_IN:
            self.sign_in_requested.emit()
        else:
            self.unlock_requested.emit()

    def _open_menu(self) -> None:
        if self._menu is None:
            self._menu = QMenu(self)
            self._menu.setObjectName("accountMenu")
            self._menu.addAction(self.tr("Create account…")).triggered.connect(self.create_account_requested)
            self._menu.addAction(self.tr("Sign in…")).triggered.connect(self.sign_in_requested)
        top = self.status.mapToGlobal(QPoint(0, 0))
        self._menu.popup(top - QPoint(0, self._menu.sizeHint().height() + px(4)))
