"""All services of the program, as window and command line are given them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import msgspec

from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.services.accounts import Accounts
from insomnia_desktop.services.cookie_jars import CookieJars
from insomnia_desktop.services.documents import Documents
from insomnia_desktop.services.editing import Editing
from insomnia_desktop.services.environments import Environments
from insomnia_desktop.services.formatting import Formatting
from insomnia_desktop.services.hosting import Hosting
from insomnia_desktop.services.importing import Importing
from insomnia_desktop.services.preferences import Preferences
from insomnia_desktop.services.searching import Searching
from insomnia_desktop.services.sending import Sending
from insomnia_desktop.services.storage import Storage
from insomnia_desktop.services.syncing import Syncing
from insomnia_desktop.services.workspaces import Workspaces
from insomnia_desktop.store import Store
from insomnia_desktop.store.changes import ChangeSet

_LOOP_ENDS_WITHIN = 5.0


class Services(msgspec.Struct, frozen=True):
    """What the program can do; made once by `app.container.build`.

    Threads: the services may be called from any thread; `close` from the one that built them.
    """

    workspaces: Workspaces
    documents: Documents
    editing: Editing
    environments: Environments
    cookie_jars: CookieJars
    sending: Sending
    searching: Searching
    preferences: Preferences
    formatting: Formatting
    importing: Importing
    storage: Storage
    accounts: Accounts
    syncing: Syncing
    hosting: Hosting
    store: Store
    send_loop: LoopThread
    sync_loop: LoopThread

    def subscribe(self, callback: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Call back after each commit of this program, on the writer thread (only enqueue there); returns the end."""
        return self.store.subscribe(callback)

    def external_changes(self) -> ChangeSet | None:
        """Return what other processes wrote since the last call, or None; cheap, for a timer."""
        changes = self.store.external_changes()
        if changes is not None and any(change.kind == "account" for change in changes.changes):
            self.accounts.warm_up()
        if changes is not None:
            self.syncing.note_changes(changes)
        return changes

    def close(self) -> None:
        """Cancel running sends (2 s at most), send what waits (2 s) and cancel deeds on the account (5 s), end the sync
        server of this computer, commit what waits, close the store; each also where one before fails."""
        with contextlib.ExitStack() as steps:
            steps.callback(self.store.close)
            steps.callback(self.formatting.close)
            steps.callback(self.hosting.close)
            steps.callback(self.accounts.close)
            steps.callback(self.syncing.close)
            steps.callback(self.send_loop.stop, _LOOP_ENDS_WITHIN)
            steps.callback(self.sending.close)
