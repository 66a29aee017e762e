"""What Merilo ships: instruments, published at start where their files have changed, and the guide."""

import hashlib
import logging
import os
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from content import compiled, guide
from content.guide.model import Guide, load_guide
from content.library import Library
from content.package import Package, to_zip
from locales import LANGUAGES, catalogue_path
from locales.words import SOURCE_LANGUAGE
from storage import content_log, editions
from storage.content_log import RELEASE, Entry

INSTRUMENTS = Path(compiled.__file__).parent / "instruments"
GUIDE = Path(guide.__file__).parent
MAIN = "occay"
"""It comes first in the menu, and the guide serves its statements."""

ORDER = (MAIN, "cpo", "cipo", "counsellor", "digital-profile", "social-media")

log = logging.getLogger(__name__)


def publish_shipped(connection: Connection, now: datetime) -> list[str]:
    """Take in what is new, and return the ids of those instruments that are current by it.

    Where an admin chose the current edition, that stays, and the shipped one waits in the list of editions:
    see ``storage.editions.newer_shipped``. Raises ContentError where a shipped instrument cannot be used:
    that is a broken release.
    """
    return [folder.name for folder in folders() if _publish(connection, folder, now)]


def waiting_shipped(connection: Connection) -> list[str]:
    """A sentence for the operator about each shipped edition that an admin's stands before."""
    return [
        f"{one.instrument}: Merilo brings edition {one.number}, but one of your own is current. "
        f"To take it: {taking(one)}"
        for one in editions.newer_shipped(connection)
    ]


def taking(shipped: editions.Published) -> str:
    """The command that makes a shipped edition current."""
    return f"merilo content undo {shipped.instrument} --to {shipped.number}"


def folders() -> list[Path]:
    """In the order of the menu, which is that of first publication; what is not named comes last."""
    folders = [path.parent for path in INSTRUMENTS.glob("*/instrument.yaml")]
    place = {name: number for number, name in enumerate(ORDER)}
    return sorted(folders, key=lambda folder: (place.get(folder.name, len(place)), folder.name))


def is_published(connection: Connection) -> bool:
    """Whether there is nothing to publish, nor sources to keep."""
    kept = all(one.has_sources for one in editions.published(connection) if one.shipped)
    return kept and all(
        editions.shipped_sources(connection, folder.name) == _sources(folder)
        for folder in folders()
    )


def _files(folder: Path) -> dict[str, Path]:
    """By their names in a package."""
    catalogues = {f"{code}.po": path for code, path in _catalogues(folder.name).items()}
    return {"instrument.yaml": folder / "instrument.yaml", **catalogues}


def _sources(folder: Path) -> str:
    return _digest(list(_files(folder).values()))


def _publish(connection: Connection, folder: Path, now: datetime) -> bool:
    files = _files(folder)
    sources = _sources(folder)
    if editions.shipped_sources(connection, folder.name) == sources:
        _keep_sources(connection, folder.name, files)
        return False
    # Imported here: it loads what reads authors' files, and mostly there is nothing to compile.
    from content.compiler import compile_edition

    compiled_ = compile_edition(folder / "instrument.yaml", _catalogues(folder.name))
    before = editions.current(connection, folder.name)
    edition = editions.publish(connection, folder.name, compiled_, sources, now)
    editions.keep_sources(connection, edition, _zipped(folder.name, files))
    return _logged(connection, folder.name, before, now)


def _keep_sources(connection: Connection, instrument: str, files: dict[str, Path]) -> None:
    """Those of an edition from before sources were kept, while they are still at hand."""
    every = editions.published(connection, instrument)
    for one in every:
        if one.shipped and not one.has_sources:
            editions.keep_sources(connection, one.id, _zipped(instrument, files))


def _zipped(instrument: str, files: dict[str, Path]) -> bytes:
    return to_zip(Package(instrument, {name: path.read_bytes() for name, path in files.items()}))


def _logged(
    connection: Connection, instrument: str, before: editions.Published | None, now: datetime
) -> bool:
    """Whether another edition is current than before."""
    after = editions.current(connection, instrument)
    assert after is not None  # noqa: S101 - something is current once something was taken in
    if before and before.id == after.id:
        return False
    was = before.digest if before else ""
    entry = Entry(now, RELEASE, "shipped", instrument, was, after.digest)
    content_log.write(connection, entry)
    return True


def shipped_guide(library: Library, folder: Path) -> Guide:
    """The guide, compiled for the instrument that is on offer; empty where that is not.

    It is kept in ``folder`` under its sources' digest, so that a start need not compile it again: a
    cache that may be deleted, as nobody's answers hang on it.
    """
    if MAIN not in library.instruments:
        return Guide()
    catalogues, code = _catalogues("guide"), sorted(GUIDE.glob("*.py"))
    sources = _digest([GUIDE / "guide.yaml", *catalogues.values(), *code])
    edition = library.current(MAIN)
    kept = folder / f"guide-{sources[:16]}-{edition.digest[:16]}.json"
    if not kept.exists():
        from content.guide.compiler import compile_guide

        made = compile_guide(GUIDE / "guide.yaml", catalogues, edition, strict=False)
        _keep(kept, made)
        return load_guide(made)
    return load_guide(kept.read_bytes())


def _keep(path: Path, made: bytes) -> None:
    """In place of what was kept before; where that is not possible, the next start compiles again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}")
        half.write_bytes(made)
        for old in path.parent.glob("guide-*.json"):
            old.unlink(missing_ok=True)
        half.replace(path)
    except OSError as fault:
        log.warning("The compiled guide cannot be kept: %s", fault)


def _catalogues(domain: str) -> dict[str, Path]:
    return {
        language: catalogue_path(language, domain)
        for language in LANGUAGES
        if language != SOURCE_LANGUAGE
    }


def _digest(files: list[Path]) -> str:
    """Of the files and of the compiler's format: either may change what is compiled."""
    digest = hashlib.sha256(str(compiled.FORMAT).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
