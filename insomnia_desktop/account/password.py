"""Another password, or more iterations for the same one: the account key is wrapped anew (protocol v1, 3.9)."""

from __future__ import annotations

from insomnia_desktop.account.refusals import told
from insomnia_desktop.account.repeating import asked_twice
from insomnia_desktop.account.sign_in import SignedIn
from insomnia_desktop.account.work import Work
from insomnia_desktop.crypto.credentials import NewCredentials, check_credentials, make_credentials
from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.accounts import Credentials
from insomnia_desktop.protocol.binary import Bytes32
from insomnia_desktop.transport.api import SyncApi


async def replace_credentials(api: SyncApi, signed_in: SignedIn, password: bytes, iterations: int, work: Work) -> None:
    """Put credentials of a normalised password in the place of those before; the session must be fresh.

    Nothing is encrypted again. The server signs all other devices out. Raises KnownError `account.changed_elsewhere`
    where another device was faster, `account.reauth_required`, and those of the connection: then it is not known
    whether the server took them.
    """
    account_id, account_key = signed_in.unlocked.account_id, signed_in.unlocked.account_key
    made = await new_credentials(account_id, signed_in.email, password, iterations, account_key, work)
    message = Credentials(
        old_wrap_hash=Bytes32(H(signed_in.account_key_wrap)),
        kdf=made.kdf,
        srp=made.srp,
        account_key_wrap=made.account_key_wrap,
    )
    with told():
        await asked_twice(lambda: api.put_credentials(signed_in.token, message))


async def new_credentials(
    account_id: bytes, email: str, password: bytes, iterations: int, account_key: bytes, work: Work
) -> NewCredentials:
    """Return credentials that were derived a second time and opened again."""
    work.tell("deriving")
    made = await work.run(make_credentials, account_id, email, password, iterations, account_key)
    work.tell("checking")
    await work.run(check_credentials, made, account_id, email, password, account_key)
    return made
