"""Fusion without its focus frames, and with our own menus and tips."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionMenuItem,
    QWidget,
)

from insomnia_desktop.ui.theme.fonts import px

Primitive = QStyle.PrimitiveElement
Control = QStyle.ControlElement

# The tree draws itself where dragged rows would go.
_NOT_DRAWN = (Primitive.PE_FrameFocusRect, Primitive.PE_FrameMenu, Primitive.PE_IndicatorItemViewItemDrop)
_PANELS = (Primitive.PE_PanelMenu, Primitive.PE_PanelTipLabel)
MENU_MARGIN = 4
TIP_MARGINS = (4, 2, 4, 2)
_ROUND_POPUPS = ("QTipLabel", "QComboBoxPrivateContainer")


class AppStyle(QProxyStyle):
    """The one style of the program; everything else seen is painted by its widget or dressed by the sheet.

    It overrides no `pixelMetric` and no `styleHint`: Qt asks those thousands of times before a window is shown.
    """

    def __init__(self) -> None:
        super().__init__("Fusion")

    def polish(self, arg: object) -> object:  # type: ignore[override]
        """Give menus and tips a window whose corners can be round."""
        made: object = super().polish(arg)  # type: ignore[call-overload]
        if isinstance(arg, QMenu) or (isinstance(arg, QWidget) and arg.metaObject().className() in _ROUND_POPUPS):
            arg.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
            if isinstance(arg, QMenu):
                arg.setContentsMargins(QMargins() + px(MENU_MARGIN))
            elif isinstance(arg, QLabel):
                arg.setContentsMargins(*(px(margin) for margin in TIP_MARGINS))
            no_frame = Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
            if arg.windowFlags() & no_frame != no_frame:
                arg.setWindowFlags(arg.windowFlags() | no_frame)
        return made

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw a part, but never the style's own focus frame or place to drop: we paint these ourselves."""
        if element in _PANELS:
            from insomnia_desktop.ui.theme.menu_painting import paint_panel  # no menu is drawn at the start

            paint_panel(painter, QRectF(option.rect))
        elif element not in _NOT_DRAWN:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Draw the entries of menus our way."""
        if element == Control.CE_MenuItem and isinstance(option, QStyleOptionMenuItem):
            from insomnia_desktop.ui.theme.menu_painting import paint_item

            paint_item(painter, option)
        elif element != Control.CE_MenuEmptyArea:
            super().drawControl(element, option, painter, widget)

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        """Measure the entries of menus our way."""
        if kind == QStyle.ContentsType.CT_MenuItem and isinstance(option, QStyleOptionMenuItem):
            from insomnia_desktop.ui.theme.menu_painting import item_size

            return item_size(option, size)
        # The stubs want a widget here; Qt takes none too.
        return super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]
