"""Title, text and next step of the errors of store, documents, formats, window and command line."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str]] = {
    "store.folder_unusable": (
        "The data folder cannot be used",
        "The folder {folder} cannot be written to{because}.",
        "Look at who may write there, or start with --data-dir and another folder.",
    ),
    "store.folder_read_only": (
        "The data folder cannot be written to",
        "Nothing can be written into the folder {folder}.",
        "Look at who may write there, or start with --data-dir and another folder.",
    ),
    "store.read_only": (
        "The data cannot be written",
        "The file of the data may only be read. Nothing that was saved is lost.",
        "Look at who may write into the data folder, and try again.",
    ),
    "store.disk_full": (
        "The disk is full",
        "There is no room to save. Nothing that was saved is lost.",
        "Make room on the disk, and try again.",
    ),
    "store.io_error": (
        "The disk does not work",
        "The disk failed while it was read or written. What was saved before is not touched.",
        "Look whether the disk is there and well; copy the data folder elsewhere.",
    ),
    "store.busy": (
        "The data is in use",
        "Another program holds the data and does not let go.",
        "Close the other program, and try again.",
    ),
    "store.corrupt": (
        "The data is damaged",
        "{the_data} is damaged and cannot be used as it is.",
        "Start the window: it offers the last backup, and saves what can still be read.",
    ),
    "store.corrupt/empty": (
        "The data is gone",
        "{the_data} is empty, although there are backups of it.",
        "Start the window: it offers the last backup. To begin anew, move the folder backups away.",
    ),
    "store.corrupt/documents": (
        "Some of the data is damaged",
        "{the_data} holds requests or settings of yours that cannot be read. Everything else works.",
        "Start the window: it offers the last backup, and saves what can still be read.",
    ),
    "store.not_a_store": (
        "This is another program's file",
        "The file {file} was not made by this program. It was left as it is.",
        "Move it away, or start with --data-dir and another folder.",
    ),
    "store.newer_version": (
        "The data is of a newer version",
        "The data was written by a newer version of this program. It was left as it is.",
        "Update the program.",
    ),
    "store.sqlite_too_old": (
        "SQLite is too old",
        "This computer's Python has SQLite {found}; {needed} or newer is needed. Nothing was changed.",
        "Install a newer Python.",
    ),
    "store.backup_missing": ("No such backup", "The backup {name} is not there.", "Choose another one."),
    "store.nothing_to_salvage": (
        "Nothing could be read",
        "Nothing can be read from the damaged file. It was left as it is.",
        "Restore a backup, or start with --data-dir and another folder.",
    ),
    "logs.unwritable": ("No log", "The log {path} cannot be written{because}.", "The program works without it."),
    "document.not_found": (
        "It is not there any more",
        "What you meant ({id}) was deleted or never was.",
        "Look into the trash.",
    ),
    "document.parent_not_found": (
        "The folder is not there any more",
        "The folder that this should go into was deleted or never was.",
        "Choose another folder, or restore it from the trash.",
    ),
    "document.other_workspace": (
        "This is another workspace",
        "The folder belongs to another workspace.",
        "Choose a folder of the same workspace, or choose that workspace first.",
    ),
    "document.cycle": (
        "A folder cannot go into itself",
        "A folder cannot be moved into itself or into what it holds.",
        "Choose another folder.",
    ),
    "document.exists": ("It is there already", "There is something with the id {id} already.", "Make it anew."),
    "document.invalid": (
        "This cannot be shown",
        "The field {field} of {id} is not what this program can read{because}.",
        "Update the program; the content is kept as it is.",
    ),
    "document.invalid/unreadable": (
        "This cannot be read",
        "What is stored of {id} is damaged and cannot be read. Everything else works.",
        "Delete it, or close the program and put a copy from the folder backups in the place of store.sqlite.",
    ),
    "document.quarantined": (
        "It has to stay here",
        "“{name}” stays as and where it is: another device changed it in a way that cannot be read here.",
        "Update the program, or see in Sync what is wrong with it.",
    ),
    "document.too_deep": (
        "This is nested too deeply",
        "A value has lists or objects in each other over more than 200 levels, which cannot be kept.",
        "Use fewer levels, or keep it as text.",
    ),
    "document.unknown_kind": (
        "This is of a newer kind",
        "This program does not know things of the kind {kind}.",
        "Update the program; the content is kept as it is.",
    ),
    "environment.base_stays": (
        "The base environment stays",
        "The base environment of a workspace cannot be deleted.",
        "Delete its variables instead.",
    ),
    "environment.base_is_synced": (
        "The base environment is for all devices",
        "The base environment of a workspace cannot be private: every device has it.",
        "Put what is private into an environment of its own.",
    ),
    "ids.not_canonical": ("This is no id", "{text} is not an id.", "Copy it once more, whole."),
    "setting.invalid": (
        "This does not fit",
        "{label} cannot have this value.",
        "Choose a value within the limits that are shown.",
    ),
    "format.invalid": (
        "This cannot be beautified",
        "Line {line}, column {column}: {reason}.",
        "Correct the text there; it was left as it is.",
    ),
    "format.unsupported": (
        "This is left as it is",
        "Texts of the type {media_type} cannot be beautified.",
        "JSON, XML and GraphQL can.",
    ),
    "response.save_failed": (
        "The response could not be saved",
        "The file {path} could not be written{because}.",
        "Choose another place, or make room there.",
    ),
    "viewer.body_missing": (
        "The body is not there any more",
        "The file of this response was removed, to keep all bodies together within their limit.",
        "Send again to get it anew.",
    ),
    "viewer.body_unreadable": (
        "The body cannot be read",
        "The file of this response cannot be read{because}.",
        "Look at the data folder, or send again.",
    ),
    "viewer.pattern_invalid": (
        "This pattern cannot be searched for",
        "The pattern is wrong at character {place}{because}.",
        "Correct it, or search for plain text.",
    ),
    "viewer.pattern_too_slow": (
        "This pattern takes too long",
        "The pattern has too many ways to match a line.",
        "Write it in a simpler way, or search for plain text.",
    ),
    "window.already_open": (
        "It is open already",
        "Another window has the data folder {folder} open and does not answer.",
        "Close that window, or wait until it has ended, and start again.",
    ),
    "cli.unknown_name": (
        "No such name",
        'There is no {kind} "{name}".',
        "{candidates_listed}",
    ),
    "cli.ambiguous_name": (
        "Not clear which",
        '"{name}" is the name of more than one {kind}: {candidates}.',
        "Use the id.",
    ),
    "cli.bad_header": ("This is no header", '"{text}" is not a header.', "Write it as 'Name: value'."),
    "cli.file_in_use": (
        "There is something in the file",
        "There is something in the file {path} already, and it may be the key of another account.",
        "Name another file.",
    ),
    "cli.file_unreadable": (
        "The file cannot be read",
        "The file {path} cannot be read{because}.",
        "Look at the path and at who may read it.",
    ),
    "cli.file_unwritable": (
        "The file cannot be written",
        "The file {path} cannot be written{because}.",
        "Look at the path.",
    ),
    "cli.no_standard_input": (
        "Nothing to read",
        "Standard input cannot be read{because}.",
        "Give the body by a pipe, or name a file.",
    ),
    "cli.no_standard_output": (
        "The answer cannot be written",
        "Standard output cannot be written to{because}. What was to be done is done.",
        "Make room there, or write somewhere else.",
    ),
    "cli.body_not_text": (
        "This is no text",
        "What came on standard input is not UTF-8 text, so it cannot be kept in a request.",
        "Write it to a file and name the file.",
    ),
    "cli.binary_output": (
        "Not shown",
        "The body ({bytes_size}) is binary and would upset the terminal.",
        "Write it to a file with --output FILE, or use --output - to see it all the same.",
    ),
    "cli.no_password": (
        "The password is needed",
        "The password is needed, and there is nobody to ask for it.",
        "Name a file that holds it with {option}; - is standard input.",
    ),
    "cli.passwords_differ": (
        "Two passwords",
        "The two passwords are not the same. Nothing was changed.",
        "Type it once more.",
    ),
    "cli.status": ("Refused", "The server answered {status} {reason}.", "Leave out --fail to take that as an answer."),
}
