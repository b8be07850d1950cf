"""Builds what the program consists of; no object is wired anywhere else."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from insomnia_desktop.app.local_server import ChildServer
from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.accounts import Accounts
from insomnia_desktop.services.application import Services
from insomnia_desktop.services.cookie_jars import CookieJars
from insomnia_desktop.services.documents import Documents
from insomnia_desktop.services.editing import Editing
from insomnia_desktop.services.environments import Environments
from insomnia_desktop.services.formatting import Formatting
from insomnia_desktop.services.hosting import Hosting
from insomnia_desktop.services.importing import Importing
from insomnia_desktop.services.local_state import LocalState
from insomnia_desktop.services.preferences import Preferences
from insomnia_desktop.services.searching import Searching
from insomnia_desktop.services.sending import Sending
from insomnia_desktop.services.storage import Storage
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.services.syncing import Syncing
from insomnia_desktop.services.workspaces import Workspaces
from insomnia_desktop.store import Store
from insomnia_desktop.store.changes import Origin

if TYPE_CHECKING:
    from insomnia_desktop.account.secrets import SecretStore


def build(folder: DataFolder, clock: Clock, origin: Origin, *, key_file: Path | None = None) -> Services:
    """Open the store of a folder and return the services; `origin` is who writes.

    With a `key_file` the key to the account's keys is in that file, else in the keyring of the system.

    Raises the KnownErrors of `Store.open`; nothing runs then.
    """
    store = Store.open(folder, clock=clock)
    send_loop = LoopThread("worker-send")
    sync_loop = LoopThread("worker-sync")
    access = StoreAccess(store, clock, origin)
    local = LocalState(access)
    preferences = Preferences(access, local)
    environments = Environments(access, local)
    cookie_jars = CookieJars(access)
    hosting = Hosting(sync_loop, ChildServer(folder.server))
    accounts = Accounts(
        access,
        sync_loop,
        hosting,
        make_secrets=partial(_secrets, folder, key_file),
        keeping="keyring" if key_file is None else "file",
    )
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
        accounts=accounts,
        syncing=Syncing(access, sync_loop, accounts, folder.sync_lock),
        hosting=hosting,
        store=store,
        send_loop=send_loop,
        sync_loop=sync_loop,
    )


def _secrets(folder: DataFolder, key_file: Path | None, device_id: str) -> SecretStore:
    from insomnia_desktop.account.secrets import secret_store  # loads the libraries of keys: on the worker

    return secret_store(folder.keys_file, device_id, key_file)
