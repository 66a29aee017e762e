"""What a file is and which instrument it belongs to, by its name or its first lines."""

import re
from dataclasses import dataclass

INSTRUMENT = "instrument.yaml"
LANGUAGES = ("bg", "lv", "en")
FILES = (INSTRUMENT, *(f"{language}.po" for language in LANGUAGES))
"""The names of a package's files, in their order in a zip."""

ID = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,23}"
LANGUAGE = r"(?:bg|lv|en)"


@dataclass(frozen=True)
class Place:
    """A file's name in a package. ``owner``: the instrument that its path names; ``folder``: what the
    folder it came in is called, which may be anything."""

    name: str
    owner: str | None = None
    folder: str | None = None


PLACES = (
    re.compile(rf"content/instruments/(?P<owner>{ID})/(?P<yaml>instrument\.yaml)"),
    re.compile(rf"locales/(?P<language>{LANGUAGE})/LC_MESSAGES/(?P<owner>{ID})\.po"),
    re.compile(r"(?:(?P<folder>[^/]+)/)?(?P<yaml>instrument\.yaml)"),
    re.compile(rf"(?:(?P<folder>[^/]+)/)?(?P<language>{LANGUAGE})\.po"),
)


def place_of(path: str) -> Place | None:
    """None for a file that no package has."""
    for pattern in PLACES:
        if found := pattern.fullmatch(path):
            parts = found.groupdict()
            name = parts.get("yaml") or f"{parts['language']}.po"
            return Place(name, parts.get("owner"), parts.get("folder"))
    return None


SINGLE = re.compile(
    rf"(?:(?P<owner>{ID})[.-])?(?P<language>{LANGUAGE})(?:[-_][A-Za-z]+)?(?: ?\(\d+\))?\.po",
    re.IGNORECASE,
)
"""``lv.po``, ``occay.lv.po``, ``occay-lv.po``, and as a browser names its second download."""

HEADER = 8 * 1024
"""Bytes at the beginning of a file that are looked at for what it is."""


def header_field(content: bytes, name: str) -> str:
    """A field of a catalogue's header."""
    beginning = content[:HEADER].decode("utf-8", "replace")
    found = re.search(rf'^"{name}: ?([^"\\\n]*)', beginning, re.MULTILINE)
    return found[1].strip() if found else ""


def id_in_header(content: bytes) -> str | None:
    """From ``Project-Id-Version: Merilo occay``, as exported catalogues have it."""
    found = re.fullmatch(rf"Merilo ({ID})", header_field(content, "Project-Id-Version"))
    return found[1] if found else None


def id_in_yaml(content: bytes) -> str | None:
    beginning = content[:HEADER].decode("utf-8", "replace")
    found = re.search(rf"""^id: *["']?({ID})["']? *$""", beginning, re.MULTILINE)
    return found[1] if found else None
