"""The last bar of the sidebar: in one word where the data is, and the deed that fits."""

from __future__ import annotations

import math
from textwrap import fill

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Signal, Slot
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from insomnia_desktop.services.account_views import AccountState, AccountStatus
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.painting import text_width
from insomnia_desktop.ui.viewmodels.account_view_model import SIGN_IN, UNLOCK, Footer, footer_of
from insomnia_desktop.ui.viewmodels.footer_states import BACKUP, CANCEL, SYNC_IT
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import ICON_SIZE, DefaultButton, QuietButton
from insomnia_desktop.ui.widgets.progress_line import ProgressLine

DOT = 8
_TIP_WIDTH = 72
_PADDING, _TIGHT_PADDING, _ICON_PADDING = 10, 5, 6
_ICONS = {SIGN_IN: "account", UNLOCK: "lock", BACKUP: "cloud", CANCEL: "close", SYNC_IT: "cloud"}
# Both edges, and the gaps beside what pushes word and button apart.
_ROUND_ABOUT = 20


class StatusButton(QuietButton):
    """A dot and a word; it looks pressed while the page that it opens is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._token = "faint"
        self.setObjectName("syncStatus")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_status(self, token: str, words: str, tip: str) -> None:
        """Show another state; where the words have no room, `show_words` shows others."""
        self._token = token
        self.show_words(words)
        # What is plain text is not wrapped by itself.
        self.setToolTip(fill(tip, _TIP_WIDTH))
        self.setAccessibleName(self.tr("Where the data is: %s") % words)
        self.setAccessibleDescription(tip)
        self.update()

    def show_words(self, words: str) -> None:
        """Show the same state in other words."""
        if words != self.text():
            self.setText(words)
            self.updateGeometry()

    def width_of(self, words: str) -> int:
        """Return how wide it is with such words."""
        return _whole(text_width(self._text_font(), words) + px(DOT) + px(8) + 2 * px(self._padding))

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
    """Word and deed. Where nobody is signed in, the word offers both ways in; else it opens the sync panel.

    Signals:
        sign_in_requested(), create_account_requested(), unlock_requested(): a page of the sign-in dialog is wanted.
        panel_requested(): the sync panel is wanted, or no longer.
        backup_requested(), cancel_requested(), sync_requested(): the deeds of sync: back up now, stop that, sync the
            active workspace.
    """

    sign_in_requested = Signal()
    create_account_requested = Signal()
    unlock_requested = Signal()
    panel_requested = Signal()
    backup_requested = Signal()
    cancel_requested = Signal()
    sync_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(40, parent, hairline="top", left=8)
        self._footer = footer_of(AccountStatus(AccountState.SIGNED_OUT))
        self.status = StatusButton()
        self.deed = DefaultButton("", small=True)
        self.deed.setObjectName("footerDeedButton")
        self.backup = DefaultButton("", small=True)
        self.backup.setObjectName("backupNowButton")
        self._menu: QMenu | None = None
        self._page_shown = False
        self.status.setCheckable(True)
        self.set_spacing(2)
        self.add(self.status)
        self.add_stretch()
        self.add(self.deed)
        self.add(self.backup)
        self._progress = ProgressLine(self, edge="top")
        self.status.clicked.connect(self._on_status)
        self.deed.clicked.connect(self._on_deed)
        self.backup.clicked.connect(self._on_deed)
        self.show_footer(self._footer)

    def show_footer(self, footer: Footer) -> None:
        """Show another state of the account, or of sync."""
        self._footer = footer
        self.status.set_status(footer.token, footer.words, footer.tip)
        of_backup = footer.deed in (BACKUP, CANCEL)
        # Backup now and Cancel are one button: the focus stays on it.
        shown, hidden = (self.backup, self.deed) if of_backup else (self.deed, self.backup)
        hidden.hide()
        shown.setAccessibleName(footer.deed_words)
        shown.setVisible(bool(footer.deed))
        self._fit()

    def least_width(self) -> int:
        """Return how wide it must be for the longest states not to be cut: it decides the width of the sidebar."""
        pairs = (
            (self.tr("Signed out elsewhere"), self.tr("Sign in")),
            (self.tr("Needs attention"), self.tr("Backup now")),
        )
        beside = 2 * px(8) + px(DOT) + px(8) + 2 * px(_TIGHT_PADDING) + px(_ROUND_ABOUT)
        widths = (text_width(ui_font(), words) + text_width(ui_font(12, 500), deed) for words, deed in pairs)
        return math.ceil(max(widths)) + beside

    def show_progress(self, running: bool, fraction: float | None = None) -> None:
        """Draw how much of a backup is done, 0 to 1, on the hairline; None where nobody knows yet."""
        if running:
            self._progress.start(fraction)
        else:
            self._progress.stop()

    def set_page_shown(self, shown: bool) -> None:
        """Look pressed while the page is there that the word opens."""
        self._page_shown = shown
        self.status.setChecked(shown)

    @property
    def menu(self) -> QMenu | None:
        """The menu that a click on the word opened, while nobody is signed in."""
        return self._menu

    @property
    def progress(self) -> ProgressLine:
        """The line of the backup that is running."""
        return self._progress

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the button give up some of its room, and its words, before the word is cut."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        footer = self._footer
        short = footer.short_words or footer.words
        for words, deed_words, padding in (
            (footer.words, footer.deed_words, _PADDING),
            (footer.words, footer.deed_words, _TIGHT_PADDING),
            (short, footer.deed_words, _TIGHT_PADDING),
            (footer.words, "", _ICON_PADDING),
            (short, "", _ICON_PADDING),
        ):
            content = text_width(ui_font(12, 500), deed_words) if deed_words else px(ICON_SIZE)
            beside = _whole(content + 2 * px(padding)) if footer.deed else 0
            if self.status.width_of(words) + beside + px(_ROUND_ABOUT) <= self.width():
                break
        self.status.show_words(words)
        button = self.backup if footer.deed in (BACKUP, CANCEL) else self.deed
        button.setText(deed_words)
        button.set_icon("" if deed_words else _ICONS.get(footer.deed, ""))
        button.set_measures(padding=padding)
        usual = self.tr("Backup now (Ctrl+Shift+S)") if footer.deed == BACKUP else ""
        button.setToolTip(usual if deed_words else usual or footer.deed_words)

    @Slot()
    def _on_status(self) -> None:
        self.status.setChecked(self._page_shown)
        if self._footer.deed in ("", BACKUP, CANCEL, SYNC_IT):
            self.panel_requested.emit()
        elif self._footer.deed == UNLOCK:
            self.unlock_requested.emit()
        elif self._footer.may_create:
            self._open_menu()
        else:
            self.sign_in_requested.emit()

    @Slot()
    def _on_deed(self) -> None:
        signals = {
            SIGN_IN: self.sign_in_requested,
            UNLOCK: self.unlock_requested,
            BACKUP: self.backup_requested,
            CANCEL: self.cancel_requested,
            SYNC_IT: self.sync_requested,
        }
        signals[self._footer.deed].emit()

    def _open_menu(self) -> None:
        if self._menu is None:
            self._menu = QMenu(self)
            self._menu.setObjectName("accountMenu")
            self._menu.addAction(self.tr("Create account…")).triggered.connect(self.create_account_requested)
            self._menu.addAction(self.tr("Sign in…")).triggered.connect(self.sign_in_requested)
        top = self.status.mapToGlobal(QPoint(0, 0))
        self._menu.popup(top - QPoint(0, self._menu.sizeHint().height() + px(4)))


def _whole(width: float) -> int:
    return round(width + 0.49)
