"""Words of accounts: the steps of a deed, the states in the footer, and which field an error belongs to."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.error_text import one_line

SERVER: Final = "server"
EMAIL: Final = "email"
PASSWORD: Final = "password"
PASSWORD_AGAIN: Final = "password_again"
RECOVERY_KEY: Final = "recovery_key"
INVITATION: Final = "invitation"
PLACE: Final = "place"

_FIELDS: Final = {
    "account.bad_address": SERVER,
    "account.server_unreachable": SERVER,
    "account.not_a_sync_server": SERVER,
    "account.server_not_authentic": SERVER,
    "account.newer_protocol": SERVER,
    "account.server_too_old": SERVER,
    "account.server_failed": SERVER,
    "account.certificate_changed": SERVER,
    "account.registration_closed": SERVER,
    "account.bad_email": EMAIL,
    "account.email_taken": EMAIL,
    "account.signed_in_already": EMAIL,
    "account.bad_password_length": PASSWORD,
    "account.wrong_credentials": PASSWORD,
    "account.too_many_tries": PASSWORD,
    "account.bad_recovery_key": RECOVERY_KEY,
    "account.invite_invalid": INVITATION,
    "account.port_taken": PLACE,
    "account.server_did_not_start": PLACE,
}


def field_of(code: str) -> str:
    """Return the name of the field that an error belongs to, or "" where it belongs to none."""
    return _FIELDS.get(code, "")


def step_words(step: str) -> str:
    """Return what is being done, for a step of `AccountProgress`."""
    words = {
        "starting_server": _tr("Starting the server…"),
        "connecting": _tr("Asking the server…"),
        "deriving": _tr("Making keys from your password…"),
        "making_keys": _tr("Making your keys…"),
        "checking": _tr("Checking every key…"),
        "proving": _tr("Proving the password without sending it…"),
        "storing": _tr("Keeping your keys on this computer…"),
    }
    return words.get(step, _tr("Working…"))


def signed_out_words() -> str:
    """Return why a session that the server ended may have ended, and what to do."""
    return one_line(KnownError("account.signed_out_elsewhere"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountWords", text)
