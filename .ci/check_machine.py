"""Looks, before Qt starts, for what Qt would abort the process without; says what is missing in one sentence."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

# Name of the library: packages of Debian (and Ubuntu) and of Fedora. Found by readelf over the wheel of PySide6 6.11.
PACKAGES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd-opengl"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libdrm.so.2": ("libdrm2", "libdrm"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libstdc++.so.6": ("libstdc++6", "libstdc++"),
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libz.so.1": ("zlib1g", "zlib-ng-compat"),
    "libzstd.so.1": ("libzstd1", "libzstd"),
}
FONT = ("fonts-dejavu-core", "dejavu-sans-fonts")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
NO_DISPLAY = (
    "There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set):"
    " start it in a desktop session, or through `ssh -X`."
)


def main(arguments: list[str]) -> int:
    """`window` checks for `make run`, `offscreen` for the tests, `packages` prints Debian packages the tests lack."""
    if sys.platform != "linux":
        return 0
    mode = arguments[0]
    environment = os.environ if mode == "window" else {"QT_QPA_PLATFORM": "offscreen"}
    platforms = platforms_of(environment)
    if not platforms:
        print(NO_DISPLAY, file=sys.stderr)
        return 1
    libraries = missing_for(platforms)
    font = None if has_font() else FONT
    if mode == "packages":
        print(" ".join(packages_of(libraries, font)[0]))
        return 0
    if libraries or font:
        print(sentence(libraries, font), file=sys.stderr)
        return 1
    return 0


def platforms_of(environment: Mapping[str, str]) -> list[str]:
    """Return the names of the platforms that Qt tries, in its order; none without a display."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen:
        return [name.partition(":")[0] for name in chosen.split(";") if name]
    platforms = []
    if environment.get("WAYLAND_DISPLAY"):
        platforms.append("wayland")
    if environment.get("DISPLAY"):
        platforms.append("xcb")
    return platforms


def missing_for(platforms: list[str]) -> list[str]:
    """Return the libraries that keep Qt from starting on the first platform, none if another one works."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations or shutil.which("ldd") is None:
        return []
    qt = Path(next(iter(spec.submodule_search_locations)), "Qt")
    every = missing_in([qt / "lib" / f"libQt6{name}.so.6" for name in ("Gui", "Widgets", "Network", "Svg")])
    of_platforms = [missing_in(sorted((qt / "plugins" / "platforms").glob(f"libq{name}*.so"))) for name in platforms]
    if not all(of_platforms):
        return every
    return sorted({*every, *of_platforms[0]})


def missing_in(files: Iterable[Path]) -> list[str]:
    """Return the libraries that the loader does not find for any of the files."""
    found = [path for path in files if path.exists()]
    if not found:
        return []
    run = subprocess.run(["ldd", *map(str, found)], capture_output=True, text=True, check=False)
    return not_found(run.stdout)


def not_found(output: str) -> list[str]:
    """Return the libraries that the output of ldd calls not found."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found", output, re.MULTILINE)))


def has_font() -> bool:
    """Say whether any font is installed; without one Qt draws no text."""
    folders = [Path(name).expanduser() for name in FONT_FOLDERS]
    return any(
        path.suffix.lower() in (".ttf", ".otf", ".ttc", ".pfb") for folder in folders for path in folder.rglob("*")
    )


def packages_of(libraries: Iterable[str], font: tuple[str, str] | None) -> tuple[list[str], list[str]]:
    """Return the packages to install: Debian's and Fedora's."""
    pairs = [PACKAGES[name] for name in libraries if name in PACKAGES] + ([font] if font else [])
    return sorted({debian for debian, _ in pairs}), sorted({fedora for _, fedora in pairs})


def sentence(libraries: list[str], font: tuple[str, str] | None) -> str:
    """Say in one sentence what is missing and how to install it."""
    things = [*libraries, *(["a font"] if font else [])]
    debian, fedora = packages_of(libraries, font)
    unknown = [name for name in libraries if name not in PACKAGES]
    what = f"Qt needs {_listed(things)}, which this machine lacks"
    if not debian:
        return f"{what}: install what your system calls {_listed(unknown)}."
    return (
        f"{what}: install with `sudo apt-get install {' '.join(debian)}` (Debian, Ubuntu)"
        f" or `sudo dnf install {' '.join(fedora)}` (Fedora)."
    )


def _listed(things: list[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
