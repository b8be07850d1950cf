"""What an operator of the server is told: one sentence and a next step for each code.

The server knows nothing of the program's services, so its words stand here.
"""

from __future__ import annotations

from insomnia_desktop.base.errors import AppError

# Sentence, next step; the names in braces are the parameters of the error.
WORDS: dict[str, tuple[str, str]] = {
    "server.folder_unusable": (
        "The folder {folder} cannot be used: {reason}.",
        "Look at who may write there, or name another folder with --data-dir.",
    ),
    "server.already_runs": (
        "A server already uses this database.",
        "Stop it first, or name another database.",
    ),
    "server.address_in_use": (
        "Another program listens on port {port} of {host}.",
        "Choose another port with --port; 0 takes a free one.",
    ),
    "server.address_unusable": (
        "This computer cannot listen on {host}, port {port}: {reason}.",
        "Choose another address with --host and --port.",
    ),
    "server.needs_tls": (
        "{host} can be reached from other computers, and nothing there would be encrypted.",
        "Give --tls-cert and --tls-key, or --behind-proxy if a proxy in front of it speaks TLS.",
    ),
    "server.tls_unusable": (
        "The certificate {file} or its key cannot be used: {reason}.",
        "Give the certificate chain with --tls-cert and its key, without a passphrase, with --tls-key; both as PEM.",
    ),
    "database.bad_address": (
        "This is no address of a database that the server knows.",
        "Write postgresql+asyncpg://USER@HOST/NAME, or sqlite+aiosqlite:///FILE.",
    ),
    "database.unreachable": (
        "The database cannot be used: {reason}.",
        "Look whether it runs, and whether address, user and password are right.",
    ),
    "database.not_ours": (
        "The database holds tables of another program. Nothing was changed.",
        "Name an empty database.",
    ),
    "database.missing": (
        "There is no database {file}.",
        "Name the server's folder with --data-dir, or its database with --database.",
    ),
    "database.empty": (
        "The database is empty: no server has used it yet.",
        "Name the server's folder with --data-dir, or its database with --database.",
    ),
    "database.newer_version": (
        "The database was written by a newer version of this server. Nothing was changed.",
        "Update the server.",
    ),
    "database.damaged": (
        "The database is damaged: {reason}.",
        "Restore a backup with `insomnia-sync-server restore FILE`.",
    ),
    "database.sqlite_too_old": (
        "This computer's Python has SQLite {found}; {needed} or newer is needed.",
        "Install a newer Python, or use PostgreSQL.",
    ),
    "accounts.bad_email": ("This is no e-mail address.", "Write it as name@example.com."),
    "accounts.unknown": (
        "No account has this e-mail address.",
        "`insomnia-sync-server accounts list` shows all accounts.",
    ),
    "backup.file_exists": (
        "The file {file} is there already, and was left as it is.",
        "Choose another name for the backup.",
    ),
    "backup.unwritable": ("The backup {file} cannot be written: {reason}.", "Choose another place for it."),
    "backup.unreadable": (
        "The file {file} is no backup of this server, or it is damaged. Nothing was changed.",
        "Choose another backup.",
    ),
    "check.failed": (
        "The database does not hold together: {found}.",
        "Restore a backup with `insomnia-sync-server restore FILE`.",
    ),
    "server.bug": (
        "The server made a mistake of its own ({kind}).",
        "Tell the makers of the program what you did, with the lines of the log.",
    ),
}


class OperatorError(AppError):
    """Something in the world that keeps the server from running or a command from being done."""

    @property
    def sentence(self) -> str:
        """The sentence, with the parameters filled in."""
        return WORDS[self.code][0].format_map(self.params)

    @property
    def hint(self) -> str:
        """What to do about it."""
        return WORDS[self.code][1]
