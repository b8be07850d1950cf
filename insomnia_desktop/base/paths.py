"""Where the program keeps its files and finds its resources."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import msgspec

from insomnia_desktop.base.errors import KnownError

APPLICATION_NAME = "insomnia-desktop"


class DataFolder(msgspec.Struct, frozen=True):
    """The one folder under which everything of a person lies."""

    root: Path

    @property
    def store_file(self) -> Path:
        """The SQLite file of documents."""
        return self.root / "store.sqlite"

    @property
    def backups(self) -> Path:
        """Copies of the store made before migrations and repairs."""
        return self.root / "backups"

    @property
    def responses(self) -> Path:
        """Bodies of responses, one file each."""
        return self.root / "responses"

    @property
    def logs(self) -> Path:
        """Log files and crash reports."""
        return self.root / "logs"

    @property
    def keys_file(self) -> Path:
        """The sealed token and keys of the account; the key to them lies elsewhere."""
        return self.root / "keys.bin"

    @property
    def server(self) -> Path:
        """Everything of the sync server on this computer, if there is one."""
        return self.root / "server"

    @property
    def window_lock(self) -> Path:
        """The lock file that keeps a second window away."""
        return self.root / "window.lock"

    @property
    def sync_lock(self) -> Path:
        """The lock file that lets one process at a time run a round of sync."""
        return self.root / "sync.lock"

    def prepare(self) -> None:
        """Make the folder and its sub-folders; raises KnownError `store.folder_unusable`."""
        try:
            str(self.root).encode("utf-8")
        except UnicodeEncodeError:
            # SQLite takes the names of files in UTF-8 alone.
            raise KnownError(
                "store.folder_unusable", folder=str(self.root), reason="its name is no text in UTF-8"
            ) from None
        for folder in (self.root, self.backups, self.responses, self.logs):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise KnownError(
                    "store.folder_unusable", folder=str(folder), reason=os.strerror(error.errno or 0)
                ) from error


def default_data_folder() -> DataFolder:
    """Return the folder of the operating system for this person's data of this program."""
    import platformdirs  # imported here: `--data-dir` makes it needless

    return DataFolder(Path(platformdirs.user_data_dir(APPLICATION_NAME, appauthor=False)))


def resource_path(*parts: str) -> Path:
    """Return the path of a file under `resources/`, in a wheel, a built program or a checkout."""
    return _resources().joinpath(*parts)


@cache
def _resources() -> Path:
    package = Path(__file__).resolve().parent.parent
    packed = package / "resources"
    return packed if packed.is_dir() else package.parent / "resources"
