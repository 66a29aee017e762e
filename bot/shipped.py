"""The instruments that Merilo ships: published at start where their files have changed."""

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from content import compiled
from locales import LANGUAGES, catalogue_path
from locales.words import SOURCE_LANGUAGE
from storage import editions

INSTRUMENTS = Path(compiled.__file__).parent / "instruments"


def publish_shipped(connection: Connection, now: datetime) -> list[str]:
    """Publish what is new, and return the ids of those instruments.

    Raises ContentError where a shipped instrument cannot be used: that is a broken release.
    """
    return [folder.name for folder in _folders() if _publish(connection, folder, now)]


def _folders() -> list[Path]:
    return sorted(path.parent for path in INSTRUMENTS.glob("*/instrument.yaml"))


def _publish(connection: Connection, folder: Path, now: datetime) -> bool:
    catalogues = {
        language: catalogue_path(language, folder.name)
        for language in LANGUAGES
        if language != SOURCE_LANGUAGE
    }
    sources = _digest([folder / "instrument.yaml", *catalogues.values()])
    if editions.sources_of_current(connection, folder.name) == sources:
        return False
    # Imported here: it loads what reads authors' files, and mostly there is nothing to compile.
    from content.compiler import compile_edition

    edition = compile_edition(folder / "instrument.yaml", catalogues)
    editions.publish(connection, folder.name, edition, sources, now)
    return True


def _digest(files: list[Path]) -> str:
    """Of the files and of the compiler's format: either may change what is compiled."""
    digest = hashlib.sha256(str(compiled.FORMAT).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
