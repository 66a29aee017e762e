"""What is current of each instrument, for whoever looks at a change to it."""

from functools import cache

from bot.checking import Base
from bot.shipped import INSTRUMENTS, folders
from content.check import compiled
from content.model import Edition
from content.package import Package, read_folder

ROOT = INSTRUMENTS.parent.parent


def current_bases() -> dict[str, Base]:
    """By instrument, in the order of the menu: what this version of Merilo ships."""
    return {folder.name: Base(shipped_package(folder.name)) for folder in folders()}


@cache
def shipped_package(instrument: str) -> Package:
    """Raises PackageRefused where there is no such instrument."""
    return read_folder(ROOT, instrument).over(None, instrument)


def current_edition(instrument: str) -> Edition | None:
    """What a change is compared with; None for an instrument that there is not yet."""
    base = current_bases().get(instrument)
    return compiled(base.package) if base else None
