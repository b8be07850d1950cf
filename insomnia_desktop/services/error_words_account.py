"""Title, text and next step of the errors of accounts and of the server on this computer."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "account.bad_address": (
        "This is no address of a server",
        "{address} is not the address of a sync server.",
        "Write it as https://sync.example.com, with a port if it has one.",
    ),
    "account.bad_address/cleartext": (
        "This address is not safe",
        "{address} would be asked without encryption.",
        "Write https://; http:// is for a server on this computer alone.",
    ),
    "account.bad_address/pin": (
        "The address is not whole",
        "What stands behind # in {address} does not name a certificate.",
        "Copy the address once more, whole.",
    ),
    "account.bad_email": (
        "This is no e-mail address",
        "This is not an e-mail address.",
        "Write it as name@example.com; a name of a domain in another script as xn--...",
    ),
    "account.bad_password_length": (
        "The password does not fit",
        "A password has {least} to {most} characters.",
        "Choose a longer one: four words that have nothing to do with each other are good.",
    ),
    "account.wrong_credentials": (
        "E-mail or password is wrong",
        "The e-mail or the password is wrong.",
        "Look at both, and at the address of the server.",
    ),
    "account.wrong_credentials/password": (
        "The password is wrong",
        "The password is wrong.",
        "Try again; if it is lost, the recovery key sets another one.",
    ),
    "account.signed_in_already": (
        "Somebody is signed in",
        "{email} is signed in on this computer.",
        "Sign out first; everything here is kept.",
    ),
    "account.server_unreachable": (
        "The server cannot be reached",
        "The server {address} cannot be reached{because}.",
        "Look at the network and at the address, and try again.",
    ),
    "account.server_unreachable/tls": (
        "The server answers in TLS",
        "The server {address} answers in TLS alone: it has another address now, which begins with https://.",
        "Sign in again with that address. Where the server runs in this program on some computer, the account page"
        " there shows it.",
    ),
    "account.not_a_sync_server": (
        "No sync server answers",
        "What answers at {address} is not a sync server.",
        "Look at the address; in a network that wants a sign-in first, open its page in a browser.",
    ),
    "account.server_not_authentic": (
        "The server is not to be trusted",
        "The server does not hold what it should for this account. The password never left this computer, and nothing"
        " here was changed.",
        "Ask whoever runs the server. If the account was deleted and made anew there, sign out and remove its data here"
        " first.",
    ),
    "account.server_not_authentic/certificate": (
        "The server is not to be trusted",
        "Nobody vouches for the certificate of {address}. Nothing was told to it.",
        "Look at the address; ask whoever runs the server.",
    ),
    "account.certificate_changed": (
        "This is another server",
        "{address} does not show the certificate that its address names. Nothing was told to it.",
        "Ask whoever runs the server for its address as it is now, whole.",
    ),
    "account.newer_protocol": (
        "The server is newer",
        "The server speaks a newer language than this program.",
        "Update the program.",
    ),
    "account.server_too_old": (
        "The server is too old",
        "The server (version {version}) is too old for this program.",
        "Ask whoever runs it to update it.",
    ),
    "account.too_many_tries": (
        "Too many tries",
        "There were too many tries. The server takes the next one in {minutes} min.",
        "Wait that long; if it was not you, somebody is guessing, and a long password keeps them out.",
    ),
    "account.email_taken": (
        "There is an account already",
        "There is an account with this e-mail already.",
        "Sign in, or take another e-mail.",
    ),
    "account.registration_closed": (
        "No new accounts",
        "This server takes no new accounts.",
        "Ask whoever runs it, or keep the data on this computer.",
    ),
    "account.invite_invalid": (
        "The invitation is not good",
        "The server does not take this invitation: it was used, is older than seven days, or is not whole.",
        "Ask whoever runs the server for a new one.",
    ),
    "account.invite_invalid/missing": (
        "An invitation is needed",
        "This server takes new accounts by invitation alone.",
        "Ask whoever runs the server for an invitation, and try again with it.",
    ),
    "account.signed_out_elsewhere": (
        "Signed out elsewhere",
        # The server says no more than that the session is over, for all of these.
        "The server ended the session of this device: another device signed it out, the password was changed, the"
        " account was deleted, or it expired (30 days without use, 180 days in all).",
        "Sign in again; everything here is kept.",
    ),
    "account.not_signed_in": ("Not signed in", "Nobody is signed in here.", "Sign in first."),
    "account.not_signed_in/locked": (
        "The keys are locked",
        "The keys of the account are not open on this computer.",
        "Give the password first.",
    ),
    "account.keyring_unavailable": (
        "The password is needed",
        "This computer keeps no keys of the account, and there is nobody to ask for the password.",
        "Sign in with --key-file FILE to keep them in a file, or start in a terminal.",
    ),
    "account.keys_unreadable": (
        "The keys cannot be read",
        "{the_file} with the keys cannot be used{because}.",
        "Give the password to make it anew.",
    ),
    "account.keys_unwritable": (
        "The keys cannot be kept",
        "{the_file} with the keys cannot be written{because}.",
        "Make room there, or look at who may write there, and try again.",
    ),
    "account.bad_recovery_key": (
        "The recovery key is wrong",
        "The recovery key is not the one of this account.",
        "Look at the e-mail too; a recovery key that was used once is worth nothing any more.",
    ),
    "account.bad_recovery_key/typed": (
        "The recovery key is not whole",
        "This is not a recovery key: it has 36 letters and digits, and one of them is wrong or missing.",
        "Compare it once more with what you kept.",
    ),
    "account.changed_elsewhere": (
        "The account was just changed",
        "Another device changed the account at the same moment. Nothing was changed from here.",
        "Try again.",
    ),
    "account.reauth_required": (
        "This took too long",
        "The server wants the password once more for this. Nothing was changed.",
        "Try again.",
    ),
    "account.limit": (
        "The server's limit is reached",
        "The server takes no more of this for this account.",
        "Remove what is not needed, or ask whoever runs the server.",
    ),
    "account.server_failed": (
        "The server failed",
        "The server failed ({status}).",
        "Try again later; ask whoever runs it if that stays so.",
    ),
    "account.port_taken": (
        "The port is taken",
        "Another program uses port {port}, which the sync server on this computer had before.",
        "Close that program, and try again: other devices know this port.",
    ),
    "account.server_did_not_start": (
        "The sync server did not start",
        "The sync server on this computer did not start{because}.",
        "Try again; the file server.log in the folder server of the data folder says more.",
    ),
    "account.not_shared": (
        "Other devices cannot connect",
        "The sync server on this computer is for this computer alone.",
        "Let other devices connect first.",
    ),
    "account.file_unwritable": (
        "The file cannot be written",
        "The file {path} cannot be written{because}.",
        "Choose another place.",
    ),
}
