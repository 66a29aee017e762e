"""What is current of each instrument, for whoever looks at a change to it."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.checking import Base
from bot.cli import settings_at_hand
from bot.desk.papers import bases, with_former, wordings_of
from bot.keyring import keys_at_hand
from bot.refusal import Refused
from bot.shipped import INSTRUMENTS, folders
from content.check import compiled
from content.compiled import load_edition
from content.model import Edition
from content.package import Package, read_folder, read_parts
from storage.database import HEAD, current_revision, open_database, with_driver
from storage.editions import published

if TYPE_CHECKING:
    from bot.doors import Door  # with an HTTP client, which what is compared here needs not

ROOT = INSTRUMENTS.parent.parent


def current_bases() -> dict[str, Base]:
    """By instrument, in the order of the menu: what is published in the configured database, or where there
    is none, what this version of Merilo ships."""
    return _published() or shipped_bases()


def shipped_bases() -> dict[str, Base]:
    return {folder.name: Base(shipped_package(folder.name)) for folder in folders()}


@cache
def _published() -> dict[str, Base]:
    """Read once; empty where there is no database, or one from before editions kept their files.

    Raises Refused where there is one that does not answer.
    """
    settings = settings_at_hand()
    url = make_url(with_driver(settings.database))
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return {}
    engine = open_database(settings.database, keys_at_hand(settings))
    try:
        if current_revision(engine) != HEAD:
            return {}
        with engine.begin() as connection:
            found = bases(connection)[1]
            return {one: _with_former(connection, one, base) for one, base in found.items()}
    except SQLAlchemyError as fault:
        raise Refused(f"the database does not answer ({type(fault).__name__})") from None
    finally:
        engine.dispose()


def _with_former(connection: Connection, instrument: str, base: Base) -> Base:
    read: dict[bool, list[str]] = {True: [], False: []}
    for one in published(connection, instrument):
        read[one.current] += wordings_of(connection, one)
    return with_former(base, read[True], read[False])


@cache
def shipped_package(instrument: str) -> Package:
    """Raises PackageRefused where there is no such instrument."""
    return read_folder(ROOT, instrument).over(None, instrument)


async def bases_at(door: "Door", named: str | None) -> dict[str, Base]:
    """The same from a server: of the instrument that is named, else of all. Raises ApiError."""
    kept = [one["id"] for one in await door.instruments() if one["current"]["has_package"]]
    wanted = [one for one in kept if one == named] or kept
    packages = {one: read_parts("kept.zip", await door.export(one, None)) for one in wanted}
    return {one: Base(package.over(None, one)) for one, package in packages.items()}


def edition_of(base: Base) -> Edition:
    """What a change is compared with."""
    return load_edition(base.edition) if base.edition else compiled(base.package)
