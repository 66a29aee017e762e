"""A content package: the files of one instrument as people send, keep and export them.

``instrument.yaml`` holds structure and English; ``bg.po`` and ``lv.po`` the translations; ``en.po``,
which may be left out, English wording that goes before that of ``instrument.yaml``. They come as a
zip, as a folder, or singly: what is missing is taken from the sources of the current edition.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from content.problems import PackageRefused
from content.unpacking import PACKED_LIMIT, is_zip, unpacked

__all__ = [
    "FILES",
    "INSTRUMENT",
    "Package",
    "PackageRefused",
    "Parts",
    "chosen_base",
    "read_folder",
    "read_parts",
    "to_zip",
]

INSTRUMENT = "instrument.yaml"
LANGUAGES = ("bg", "lv", "en")
FILES = (INSTRUMENT, *(f"{language}.po" for language in LANGUAGES))
"""The names of a package's files, in their order in a zip."""

WHOLE = frozenset({INSTRUMENT, "bg.po", "lv.po"})

ID = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,23}"
LANGUAGE = r"(?:bg|lv|en)"


@dataclass(frozen=True)
class Package:
    """``files``: bytes by the names in FILES; all of them but ``en.po`` are there."""

    instrument: str
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Parts:
    """What was sent: some of a package's files, and the instrument where names or texts say it.
    ``maybe``: what a catalogue is called, which often is its instrument."""

    files: Mapping[str, bytes]
    instrument: str | None = None
    maybe: str | None = None

    def over(self, base: Package | None, instrument: str | None = None) -> Package:
        """These files, with those that are missing from ``base``, the current sources.

        An ``instrument.yaml`` brings its own English: no earlier ``en.po`` is laid under it. Raises
        PackageRefused where a file is missing that no base has, or it belongs to another instrument.
        """
        kept = {
            name: written
            for name, written in (base.files if base else {}).items()
            if not (name == "en.po" and INSTRUMENT in self.files)
        }
        files = {**kept, **self.files}
        if missing := [name for name in FILES if name in WHOLE - files.keys()]:
            raise PackageRefused(
                f"{missing[0]} is missing, and no edition is there to take it from: add it."
            )
        known = self.named(instrument) or _id_in_yaml(files[INSTRUMENT])
        if known is None:
            raise PackageRefused(UNNAMED)
        return Package(known, {name: files[name] for name in FILES if name in files})

    def named(self, instrument: str | None = None) -> str | None:
        """The instrument that was asked for, or else that the files name. Raises PackageRefused where
        these are two."""
        if instrument and self.instrument and instrument != self.instrument:
            raise PackageRefused(
                f"This belongs to “{self.instrument}”, not to “{instrument}”: send it there."
            )
        return instrument or self.instrument or self.maybe


UNNAMED = (
    "Nothing here says which instrument it belongs to: name the file like occay.lv.po, or say it "
    "beside the file."
)


def chosen_base(
    parts: Parts, bases: Mapping[str, Package], instrument: str | None = None
) -> Package | None:
    """The current sources of the instrument that the parts belong to; None for a new and whole one.

    Raises PackageRefused where nothing says which one, or a part of an unknown one was sent.
    """
    known = parts.named(instrument)
    if known is None and not parts.files.keys() >= WHOLE:
        raise PackageRefused(UNNAMED)
    if known not in bases and not parts.files.keys() >= WHOLE:
        there = ", ".join(sorted(bases))
        raise PackageRefused(f"There is no instrument “{known}”: it is one of {there}.")
    return bases.get(known or "")


def read_parts(name: str, content: bytes) -> Parts:
    """A zip, a catalogue or an ``instrument.yaml``, by its file name and bytes.

    Raises PackageRefused for everything else, before looking at what it says.
    """
    if len(content) > PACKED_LIMIT:
        raise PackageRefused("The file is larger than 2 MB: send the instrument's own files only.")
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if suffix == ".zip" or is_zip(content):
        return _parts(unpacked(content))
    if suffix not in (".po", ".yaml", ".yml"):
        raise PackageRefused(
            "This is not a content package: send a .zip, one .po catalogue, or instrument.yaml."
        )
    if suffix == ".po":
        return _single_catalogue(name, content)
    return Parts({INSTRUMENT: content}, _id_in_yaml(content))


def read_folder(folder: Path, instrument: str | None = None) -> Parts:
    """A folder with a package's files, or one laid out as Merilo's own repository.

    ``instrument`` chooses one where there are several. Raises PackageRefused.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in _listed(folder)}
    if instrument:
        paths = {
            name: path for name, path in paths.items() if _place(name)[1] in (None, instrument)
        }
    for name, path in paths.items():
        if path.is_symlink() or path.stat().st_size > PACKED_LIMIT:
            raise PackageRefused(
                f"“{name}” is a link, or larger than 2 MB: put the file itself there."
            )
    return _parts({name: path.read_bytes() for name, path in paths.items()}, instrument)


def _listed(folder: Path) -> Iterator[Path]:
    """A package's files in a folder, and what belongs to instruments in a repository."""
    patterns = ("content/instruments/*/instrument.yaml", "locales/*/LC_MESSAGES/*.po")
    own = [folder / name for name in FILES if (folder / name).exists()]
    instruments = sorted(path for pattern in patterns for path in folder.glob(pattern))
    named = {path.parent.name for path in instruments if path.name == INSTRUMENT}
    catalogues = (path for path in instruments if path.suffix == ".po" and path.stem in named)
    yield from own or [p for p in instruments if p.name == INSTRUMENT]
    yield from () if own else catalogues


def to_zip(package: Package) -> bytes:
    """The same bytes for the same content, whenever and wherever it is packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in FILES:
            if name in package.files:
                folder = f"{package.instrument}/" if package.instrument else ""
                entry = zipfile.ZipInfo(folder + name, BEGINNING)
                entry.create_system, entry.external_attr = UNIX, 0o644 << 16
                # Stored: how deflate packs may differ from one zlib to another.
                archive.writestr(entry, package.files[name], zipfile.ZIP_STORED)
    return packed.getvalue()


BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip knows: when a file was changed is no part of its content."""

UNIX = 3


# --- What a file is, and whose -----------------------------------------------------------------


def _parts(written: Mapping[str, bytes], instrument: str | None = None) -> Parts:
    """The files under their names in a package. Raises PackageRefused for any other file, and where
    they belong to several instruments."""
    files: dict[str, bytes] = {}
    owners: set[str] = {instrument} if instrument else set()
    for path, content in written.items():
        name, owner = _place(path)
        if not name:
            raise PackageRefused(f"“{path[:100]}” is no file of a package: it holds {NAMES}.")
        if name in files:
            raise PackageRefused(f"{name} is there twice: keep one of them.")
        files[name] = content
        owners |= {owner} if owner else set()
    if not files:
        raise PackageRefused(f"There is nothing to read: a package holds {NAMES}.")
    if len(owners) > 1:
        raise PackageRefused(
            f"There are several instruments ({', '.join(sorted(owners))}): send one."
        )
    return Parts(files, owners.pop() if owners else _told(files))


NAMES = "instrument.yaml, bg.po, lv.po and perhaps en.po"

PLACES = (
    re.compile(rf"content/instruments/(?P<owner>{ID})/(?P<yaml>instrument\.yaml)"),
    re.compile(rf"locales/(?P<language>{LANGUAGE})/LC_MESSAGES/(?P<owner>{ID})\.po"),
    re.compile(rf"(?:(?P<owner>{ID})/)?(?P<yaml>instrument\.yaml)"),
    re.compile(rf"(?:(?P<owner>{ID})/)?(?P<language>{LANGUAGE})\.po"),
)


def _place(path: str) -> tuple[str, str | None]:
    """The name in a package of a file with that path, and the instrument that the path names."""
    for pattern in PLACES:
        if found := pattern.fullmatch(path):
            parts = found.groupdict()
            return parts.get("yaml") or f"{parts['language']}.po", parts["owner"]
    return "", None


def _told(files: Mapping[str, bytes]) -> str | None:
    """The instrument that the files' own texts name."""
    if INSTRUMENT in files:
        return _id_in_yaml(files[INSTRUMENT])
    return next((owner for one in files.values() if (owner := _id_in_header(one))), None)


SINGLE = re.compile(
    rf"(?:(?P<owner>{ID})[.-])?(?P<language>{LANGUAGE})(?:[-_][A-Za-z]+)?(?: ?\(\d+\))?\.po",
    re.IGNORECASE,
)
"""``lv.po``, ``occay.lv.po``, ``occay-lv.po``, and as a browser names its second download."""


def _single_catalogue(name: str, content: bytes) -> Parts:
    base = PurePosixPath(name.replace("\\", "/")).name
    found = SINGLE.fullmatch(base)
    language = found["language"].lower() if found else _header(content, "Language")[:2].lower()
    if language not in LANGUAGES:
        raise PackageRefused(
            "The catalogue does not say its language: name it bg.po, lv.po or en.po, "
            "or write it into the header as “Language: lv”."
        )
    owner = (found["owner"] if found else None) or _id_in_header(content)
    # As in Merilo's own repository: lv/LC_MESSAGES/occay.po.
    called = base.removesuffix(".po") if re.fullmatch(rf"{ID}\.po", base) and not found else None
    return Parts({f"{language}.po": content}, owner, called)


HEADER = 8 * 1024
"""Bytes at the beginning of a file that are looked at for what it is."""


def _header(content: bytes, name: str) -> str:
    """A field of a catalogue's header."""
    beginning = content[:HEADER].decode("utf-8", "replace")
    found = re.search(rf'^"{name}: ?([^"\\\n]*)', beginning, re.MULTILINE)
    return found[1].strip() if found else ""


def _id_in_header(content: bytes) -> str | None:
    """From ``Project-Id-Version: Merilo occay``, as exported catalogues have it."""
    found = re.fullmatch(rf"Merilo ({ID})", _header(content, "Project-Id-Version"))
    return found[1] if found else None


def _id_in_yaml(content: bytes) -> str | None:
    beginning = content[:HEADER].decode("utf-8", "replace")
    found = re.search(rf"""^id: *["']?({ID})["']? *$""", beginning, re.MULTILINE)
    return found[1] if found else None
