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
from locales import LANGUAGES, catalogue_path
from locales.words import SOURCE_LANGUAGE
from storage import editions

INSTRUMENTS = Path(compiled.__file__).parent / "instruments"
GUIDE = Path(guide.__file__).parent
MAIN = "occay"
"""It comes first in the menu, and the guide serves its statements."""

ORDER = (MAIN, "cpo", "cipo", "counsellor", "digital-profile", "social-media")

log = logging.getLogger(__name__)


def publish_shipped(connection: Connection, now: datetime) -> list[str]:
    """Publish what is new, and return the ids of those instruments.

    Raises ContentError where a shipped instrument cannot be used: that is a broken release.
    """
    return [folder.name for folder in folders() if _publish(connection, folder, now)]


def folders() -> list[Path]:
    """In the order of the menu, which is that of first publication; what is not named comes last."""
    folders = [path.parent for path in INSTRUMENTS.glob("*/instrument.yaml")]
    place = {name: number for number, name in enumerate(ORDER)}
    return sorted(folders, key=lambda folder: (place.get(folder.name, len(place)), folder.name))


def is_published(connection: Connection) -> bool:
    """Whether there is nothing to publish."""
    return all(
        editions.sources_of_current(connection, folder.name) == _sources(folder)
        for folder in folders()
    )


def _sources(folder: Path) -> str:
    return _digest([folder / "instrument.yaml", *_catalogues(folder.name).values()])


def _publish(connection: Connection, folder: Path, now: datetime) -> bool:
    catalogues, sources = _catalogues(folder.name), _sources(folder)
    if editions.sources_of_current(connection, folder.name) == sources:
        return False
    # Imported here: it loads what reads authors' files, and mostly there is nothing to compile.
    from content.compiler import compile_edition

    edition = compile_edition(folder / "instrument.yaml", catalogues)
    editions.publish(connection, folder.name, edition, sources, now)
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

        made = compile_guide(GUIDE / "guide.yaml", catalogues, edition)
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
