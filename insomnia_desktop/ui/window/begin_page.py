"""The page that is shown while no request is open: ways to begin, and the keys worth knowing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import LinkButton
from insomnia_desktop.ui.widgets.card import Card
from insomnia_desktop.ui.widgets.keycap import KeycapRow
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel

WIDTH = 680
ROW = 32
COLUMN_GAP = 40


class BeginPage(QWidget):
    """Equal ways to begin, and a small table of shortcuts: the whole manual.

    Signals:
        new_request_requested(), paste_requested(), create_account_requested(), sign_in_requested(): the deeds of the
            cards, and of the line under them.
    """

    new_request_requested = Signal()
    paste_requested = Signal()
    create_account_requested = Signal()
    sign_in_requested = Signal()

    def __init__(self, shortcuts: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("beginPage")
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._heading = Label("", size=20, weight=600)
        column.addWidget(self._heading)
        column.addSpacing(px(8))
        self._promise = WrappedLabel()
        column.addWidget(self._promise)
        column.addSpacing(px(24))
        column.addLayout(self._cards())
        column.addSpacing(px(40))
        column.addLayout(self._shortcuts(shortcuts))
        self._sign_in_line = self._sign_in()
        column.addWidget(self._sign_in_line)
        self.offer_account(True)
        frame = QWidget()
        frame.setLayout(column)
        frame.setMaximumWidth(px(WIDTH))
        across = QHBoxLayout()
        across.setContentsMargins(px(16), 0, px(16), 0)
        across.addStretch(1)
        across.addWidget(frame, 100)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(across)
        outer.addStretch(1)

    def offer_account(self, offered: bool) -> None:
        """Offer the account as a way to begin, or not: somebody is signed in already."""
        self._heading.setText(self.tr("Three ways to begin") if offered else self.tr("Two ways to begin"))
        without = self.tr("Everything works without an account. Nothing leaves this computer unless you send it.")
        # Said to somebody whose workspaces are synced, that would not be true.
        signed_in = self.tr("What you sync is encrypted before it leaves this computer.")
        self._promise.set_plain_text(without if offered else signed_in)
        self._account_card.setVisible(offered)
        self._sign_in_line.setVisible(offered)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color("window"))

    def _cards(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(16))
        new = Card("send", self.tr("New request"), self.tr("Type an address and send it"))
        new.setObjectName("newRequestCard")
        new.clicked.connect(self.new_request_requested)
        paste = Card("code", self.tr("Paste a curl line"), self.tr("From a terminal, a manual or a browser"))
        paste.setObjectName("pasteCurlCard")
        paste.clicked.connect(self.paste_requested)
        self._account_card = Card(
            "cloud", self.tr("Create account"), self.tr("Encrypted backup here or on a server, for all your computers")
        )
        self._account_card.setObjectName("createAccountCard")
        self._account_card.clicked.connect(self.create_account_requested)
        for card in (new, paste, self._account_card):
            # All three are as high as the highest.
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            row.addWidget(card, 1)
        return row

    def _sign_in(self) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, px(24), 0, 0)
        row.setSpacing(px(4))
        link = LinkButton(self.tr("Sign in"))
        link.setObjectName("signInLink")
        link.clicked.connect(self.sign_in_requested)
        row.addWidget(Label(self.tr("Already have an account?"), rank="dim"))
        row.addWidget(link)
        row.addStretch(1)
        return line

    def _shortcuts(self, shortcuts: list[tuple[str, str]]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(COLUMN_GAP))
        half = (len(shortcuts) + 1) // 2
        for column in (shortcuts[:half], shortcuts[half:]):
            table = QWidget()
            # Both are half as wide as the page, whatever their words are.
            table.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            lines = QVBoxLayout(table)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(0)
            for words, keys in column:
                # Each line shares its room out by itself: in a grid the longest words and the most keys would add up.
                line = QHBoxLayout()
                line.setSpacing(px(8))
                line.addWidget(Label(words, rank="dim", elide=Qt.TextElideMode.ElideRight), 1)
                line.addWidget(KeycapRow(keys))
                line.addStrut(px(ROW))
                lines.addLayout(line)
            row.addWidget(table, 1)
        return row
