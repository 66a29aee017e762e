"""A content package: the files of one instrument as people send, keep and export them.

``instrument.yaml`` holds structure and English; ``bg.po`` and ``lv.po`` the translations; ``en.po``,
which may be left out, English wording that goes before that of ``instrument.yaml``. They come as a
zip, as a folder, or singly: what is missing is taken from the sources of the current edition.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from content.problems import PackageRefused
from content.recognition import (
    FILES,
    ID,
    INSTRUMENT,
    LANGUAGES,
    SINGLE,
    header_field,
    id_in_header,
    id_in_yaml,
    place_of,
)
from content.sentences import Sentence
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
    "unknown",
]

WHOLE = frozenset({INSTRUMENT, "bg.po", "lv.po"})


@dataclass(frozen=True)
class Package:
    """``files``: bytes by the names in FILES; all of them but ``en.po`` are there."""

    instrument: str
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Parts:
    """What was sent: some of a package's files, and the instrument where names or texts say it.
    ``maybe``: what a catalogue or its folder is called, which often is its instrument."""

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
                Sentence(
                    "{file} is missing, and no edition is there to take it from: add it.",
                    file=missing[0],
                )
            )
        known = self.named(instrument) or id_in_yaml(files[INSTRUMENT])
        if known is None:
            raise PackageRefused(UNNAMED)
        return Package(known, {name: files[name] for name in FILES if name in files})

    def named(self, instrument: str | None = None) -> str | None:
        """The instrument that was asked for, or else that the files name. Raises PackageRefused where
        these are two."""
        if instrument and self.instrument and instrument != self.instrument:
            raise PackageRefused(
                Sentence(
                    "This belongs to “{own}”, not to “{other}”: send it there.",
                    own=self.instrument,
                    other=instrument,
                )
            )
        return instrument or self.instrument or self.maybe


UNNAMED = Sentence(
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
        raise PackageRefused(unknown(str(known), bases))
    return bases.get(known or "")


def unknown(instrument: str, bases: Iterable[str]) -> Sentence:
    there = ", ".join(sorted(bases))
    return Sentence("There is no instrument “{id}”: it is one of {ids}.", id=instrument, ids=there)


def read_parts(name: str, content: bytes) -> Parts:
    """A zip, a catalogue or an ``instrument.yaml``, by its file name and bytes.

    Raises PackageRefused for everything else, before looking at what it says.
    """
    if len(content) > PACKED_LIMIT:
        raise PackageRefused(
            Sentence("The file is larger than 2 MB: send the instrument's own files only.")
        )
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if suffix == ".zip" or is_zip(content):
        return _parts(unpacked(content))
    if suffix not in (".po", ".yaml", ".yml"):
        raise PackageRefused(
            Sentence(
                "This is not a content package: send a .zip, one .po catalogue, or instrument.yaml."
            )
        )
    if suffix == ".po":
        return _single_catalogue(name, content)
    return Parts({INSTRUMENT: content}, id_in_yaml(content))


def read_folder(folder: Path, instrument: str | None = None) -> Parts:
    """A folder with a package's files, or one laid out as Merilo's own repository.

    ``instrument`` chooses one where there are several. Raises PackageRefused.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in _listed(folder)}
    if instrument:
        paths = {
            name: path
            for name, path in paths.items()
            if (place := place_of(name)) and place.owner in (None, instrument)
        }
    for name, path in paths.items():
        if path.is_symlink() or path.stat().st_size > PACKED_LIMIT:
            raise PackageRefused(
                Sentence(
                    "“{file}” is a link, or larger than 2 MB: put the file itself there.", file=name
                )
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
    owners: set[str | None] = {instrument}
    folders: set[str | None] = set()
    for path, content in written.items():
        place = place_of(path)
        if place is None:
            raise PackageRefused(
                Sentence(
                    "“{file}” is no file of a package: it holds {names}.",
                    file=path[:100],
                    names=NAMES,
                )
            )
        if place.name in files:
            raise PackageRefused(
                Sentence("{file} is there twice: keep one of them.", file=place.name)
            )
        files[place.name] = content
        owners.add(place.owner)
        folders.add(place.folder)
    owners, folders = owners - {None}, folders - {None}
    if not files:
        raise PackageRefused(
            Sentence("There is nothing to read: a package holds {names}.", names=NAMES)
        )
    if len(owners) > 1 or len(folders) > 1:
        several = ", ".join(sorted(str(name) for name in owners | folders))
        raise PackageRefused(
            Sentence("There are several instruments ({ids}): send one.", ids=several)
        )
    maybe = folders.pop() if folders else None
    return Parts(files, owners.pop() if owners else _told(files), maybe)


NAMES = Sentence("instrument.yaml, bg.po, lv.po and perhaps en.po")


def _told(files: Mapping[str, bytes]) -> str | None:
    """The instrument that the files' own texts name."""
    if INSTRUMENT in files:
        return id_in_yaml(files[INSTRUMENT])
    return next((owner for one in files.values() if (owner := id_in_header(one))), None)


def _single_catalogue(name: str, content: bytes) -> Parts:
    base = PurePosixPath(name.replace("\\", "/")).name
    found = SINGLE.fullmatch(base)
    language = found["language"].lower() if found else header_field(content, "Language")[:2].lower()
    if language not in LANGUAGES:
        raise PackageRefused(
            Sentence(
                "The catalogue does not say its language: name it bg.po, lv.po or en.po, or write it into "
                "the header as “Language: lv”."
            )
        )
    # Called occay.po in Merilo's own repository, in the folder of its language.
    called = re.fullmatch(rf"({ID})\.po", base)
    maybe = found["owner"] if found else called and called[1]
    return Parts({f"{language}.po": content}, id_in_header(content), maybe)
