"""What a version differs in, by the parts of the document, compared beside the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insomnia_desktop.services import deeds
from insomnia_desktop.ui.models.difference_sections import DifferencePart, DifferenceSection, compared
from insomnia_desktop.ui.viewmodels.document_parts import language_of, part_of, part_words, shown_text

if TYPE_CHECKING:
    from insomnia_desktop.base.loop_thread import LoopThread
    from insomnia_desktop.services.account_views import AccountDeed
    from insomnia_desktop.services.sync_views import Difference, VersionView
    from insomnia_desktop.ui.models.difference_sections import ComparedSection


def sections_of(view: VersionView) -> list[DifferenceSection]:
    """Return what differs, by the parts of the document in their order."""
    parts: dict[str, list[Difference]] = {}
    for difference in view.differences:
        parts.setdefault(part_of(difference.path), []).append(difference)
    return [_section(part, differences, view) for part, differences in parts.items()]


def compare(loop: LoopThread, view: VersionView) -> AccountDeed[tuple[ComparedSection, ...]]:
    """Compare a version line by line on a thread of the worker's; a cancel ends it within milliseconds."""
    return deeds.start_work(loop, lambda is_wanted: compared(sections_of(view), is_wanted))


def _section(part: str, differences: list[Difference], view: VersionView) -> DifferenceSection:
    heading = part_words(part)
    shown = []
    for each in differences:
        before, after = shown_text(each.before, each.path), shown_text(each.after, each.path)
        # A row says by itself which it is.
        is_row = each.path[-1].startswith("@")
        alone = is_row or (len(differences) == 1 and (len(each.path) == 1 or part == "body"))
        shown.append(DifferencePart(before, after, "" if alone else each.field))
    texts = (differences[0].before.text, differences[0].after.text)
    return DifferenceSection(heading, tuple(shown), language_of(differences[0].path, view.fields, *texts))
