"""Every setting of the application, declared once; the preferences dialog is made from this list."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from insomnia_desktop.base.errors import KnownError

Type = Literal["switch", "choice", "number", "text", "table"]
MILLISECONDS_A_DAY = 86_400_000


class Setting(msgspec.Struct, frozen=True):
    """One setting: its key for good, its type, default and limits, and how the dialog names it.

    `choices` are (value, label) pairs; `unit` is shown behind a number; numbers lie in `minimum`..`maximum`.
    A `table` holds a list of objects with the text fields named in `columns`.
    """

    key: str
    type: Type
    default: Any
    page: str
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    minimum: int = 0
    maximum: int = 0
    unit: str = ""
    columns: tuple[tuple[str, str], ...] = ()

    def fits(self, value: Any) -> bool:
        """Say whether a value is of the setting's type and within its limits."""
        return {
            "switch": lambda: isinstance(value, bool),
            "choice": lambda: value in [choice for choice, _ in self.choices],
            "number": lambda: type(value) is int and self.minimum <= value <= self.maximum,
            "text": lambda: isinstance(value, str),
            "table": lambda: _is_table(value, [name for name, _ in self.columns]),
        }[self.type]()

    def check(self, value: Any) -> Any:
        """Return the value if it fits; raises KnownError `setting.invalid`."""
        if not self.fits(value):
            raise KnownError("setting.invalid", key=self.key, label=self.label)
        return value


def _is_table(value: Any, columns: list[str]) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, dict) and set(row) <= set(columns) and all(isinstance(cell, str) for cell in row.values())
        for row in value
    )


_DECLARED = (
    Setting("appearance.theme", "choice", "system", "Appearance", "Theme",
            choices=(("system", "As the system"), ("light", "Light"), ("dark", "Dark"))),
    Setting("appearance.zoom", "number", 100, "Appearance", "Zoom", minimum=50, maximum=200, unit="%"),
    Setting("appearance.mono_font", "text", "", "Appearance", "Font of code",
            hint="Empty: the first fixed-width font found on this computer."),
    Setting("appearance.menu_bar", "choice", "auto", "Appearance", "Menu bar",
            choices=(("auto", "With Alt or F10"), ("always", "Always"))),
    Setting("appearance.layout", "choice", "auto", "Appearance", "Response",
            choices=(("auto", "Where there is room"), ("right", "Right of the request"),
                     ("below", "Under the request"))),
    Setting("editor.wrap", "switch", True, "Appearance", "Wrap long lines in editors"),
    Setting("response.wrap", "switch", True, "Appearance", "Wrap long lines in responses"),
    Setting("editor.indent", "number", 2, "Appearance", "Indent by", minimum=1, maximum=8, unit="spaces"),
    Setting("sending.total_timeout_ms", "number", 0, "Sending", "Give up after", minimum=0, maximum=86_400_000,
            unit="ms", hint="0: never."),
    Setting("sending.connect_timeout_ms", "number", 10_000, "Sending", "Give up connecting after", minimum=0,
            maximum=86_400_000, unit="ms", hint="0: never."),
    Setting("sending.follow_redirects", "switch", True, "Sending", "Follow redirects"),
    Setting("sending.max_redirects", "number", 20, "Sending", "At most", minimum=1, maximum=100, unit="redirects"),
    Setting("sending.http_version", "choice", "auto", "Sending", "HTTP version",
            choices=(("auto", "HTTP/2 where the server has it"), ("1.1", "HTTP/1.1"), ("2", "HTTP/2 only"))),
    Setting("sending.send_cookies", "switch", True, "Sending", "Send cookies from the cookie jar"),
    Setting("sending.store_cookies", "switch", True, "Sending", "Keep cookies that responses set"),
    Setting("proxy.mode", "choice", "system", "Proxy", "Proxy",
            choices=(("system", "As the system"), ("none", "None"), ("manual", "This one"))),
    Setting("proxy.address", "text", "", "Proxy", "Address",
            hint="http://, https:// or socks5://host:port; user:password@ before the host where it is asked for."),
    Setting("proxy.exceptions", "text", "localhost, 127.0.0.1, ::1", "Proxy", "Not for",
            hint="Hosts, separated by commas; .example.com stands for all below it."),
    Setting("tls.verify", "switch", True, "Certificates", "Check certificates of servers"),
    Setting("tls.client_certificates", "table", [], "Certificates", "Client certificates",
            hint="Named by path, on this device only.",
            columns=(("host", "Host"), ("certificate", "Certificate or PFX file"), ("key", "Key file"))),
    Setting("tls.authorities", "table", [], "Certificates", "Further certificate authorities",
            hint="Named by path, on this device only. An empty host stands for every host.",
            columns=(("host", "Host"), ("file", "PEM file"))),
    Setting("history.kept", "number", 20, "Storage", "Responses kept of each request", minimum=1, maximum=1000),
    Setting("history.cap_mib", "number", 4096, "Storage", "All response bodies together", minimum=16, maximum=1_048_576,
            unit="MiB", hint="The oldest go first, never the newest of a request."),
    Setting("trash.days", "number", 30, "Storage", "Deleted things are kept", minimum=1, maximum=3650, unit="days"),
)  # fmt: skip

SETTINGS: dict[str, Setting] = {setting.key: setting for setting in _DECLARED}
