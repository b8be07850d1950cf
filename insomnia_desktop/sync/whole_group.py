"""Everything that the server holds of a group, page by page, with nothing stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from insomnia_desktop.protocol.limits import PAGE_ROWS
from insomnia_desktop.protocol.resources import Row
from insomnia_desktop.protocol.sync import Page
from insomnia_desktop.sync.cursor import GroupState, is_page
from insomnia_desktop.sync.endings import MakesNoSense, told_of_group
from insomnia_desktop.sync.envelopes import GroupKeys, Opened, open_some
from insomnia_desktop.sync.pull_progress import PullProgress
from insomnia_desktop.transport.resource_api import ResourceApi


async def whole_group(api: ResourceApi, group_id: str, keys: GroupKeys) -> AsyncIterator[list[Opened]]:
    """Give the rows of a group as its pages come, some at a time.

    Raises what the connection raises, GroupChanged where the group is not there, MakesNoSense for pages that lead
    nowhere.
    """
    after, progress = 0, PullProgress()
    while True:
        with told_of_group():
            page = await api.changes(group_id, after, full=True, limit=PAGE_ROWS)
        if not is_sound(page, after):
            raise MakesNoSense
        rows: Sequence[Row] = page.rows
        while rows:
            opened = open_some(keys, rows)
            yield opened
            progress.rows(opened)
            rows = rows[len(opened) :]
        progress.page_ends(more=page.more)
        if not page.more:
            return
        after = page.next


def page_state(page: Page) -> GroupState:
    """Return what a page says of its group."""
    return GroupState(bytes(page.server_epoch), page.head_seq, bytes(page.digest), page.floor_seq, page.next, page.more)


def is_sound(page: Page, after: int) -> bool:
    """Say whether a page that was asked for behind `after` leads on, and names every resource once."""
    return is_page(page_state(page), [row.seq for row in page.rows], after) and not names_twice(page)


def names_twice(page: Page) -> bool:
    """Say whether a resource comes more than once: of each there is one newest version."""
    return len({bytes(row.id) for row in page.rows}) < len(page.rows)
