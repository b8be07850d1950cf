"""Builds what the program consists of; no object is wired anywhere else."""

from __future__ import annotations

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.application import Services
from insomnia_desktop.services.cookie_jars import CookieJars
from insomnia_desktop.services.documents import Documents
from insomnia_desktop.services.editing import Editing
from insomnia_desktop.services.environments import Environments
from insomnia_desktop.services.formatting import Formatting
from insomnia_desktop.services.importing import Importing
from insomnia_desktop.services.local_state import LocalState
from insomnia_desktop.services.preferences import Preferences
from insomnia_desktop.services.searching import Searching
from insomnia_desktop.services.sending import Sending
from insomnia_desktop.services.storage import Storage
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.services.workspaces import Workspaces
from insomnia_desktop.store import Store
from insomnia_desktop.store.changes import Origin


def build(folder: DataFolder, clock: Clock, origin: Origin) -> Services:
    """Open the store of a folder, start the worker, and return the services; `origin` is who writes.

    Raises the KnownErrors of `Store.open`; nothing runs then.
    """
    store = Store.open(folder, clock=clock)
    send_loop = LoopThread("worker-send")
    access = StoreAccess(store, clock, origin)
    local = LocalState(access)
    preferences = Preferences(access, local)
    environments = Environments(access, local)
    cookie_jars = CookieJars(access)
    return Services(
        workspaces=Workspaces(access, local),
        documents=Documents(access),
        editing=Editing(access),
        environments=environments,
        cookie_jars=cookie_jars,
        sending=Sending(
            access,
            send_loop,
            bodies=store.bodies,
            environments=environments,
            cookie_jars=cookie_jars,
            preferences=preferences,
        ),
        searching=Searching(access),
        preferences=preferences,
        formatting=Formatting(folder, send_loop),
        importing=Importing(),
        storage=Storage(access, send_loop, preferences),
        store=store,
        send_loop=send_loop,
    )
