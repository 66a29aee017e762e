"""The one validator, behind every door that content comes through."""

from content import hostile
from content.changes import doubts
from content.compiled import load_edition
from content.compiler import Examined, examine
from content.model import Edition
from content.package import INSTRUMENT, Package
from content.po_file import PoFile
from content.problems import ContentError, Report
from content.yaml_file import YamlFile


def check(
    package: Package, current: Edition | None = None, current_sources: Package | None = None
) -> Report:
    """Look at a whole package, and at what it changes against the current edition.

    ``current_sources`` stand in for ``current`` where that was never compiled. Raises PackageRefused,
    with one sentence, for what is not looked at any further.
    """
    hostile.refuse(package)
    try:
        examined = _examined(package)
    except ContentError as broken:
        return Report(package.instrument, tuple(broken.problems))
    if examined.problems:
        return Report(package.instrument, tuple(sorted(set(examined.problems))))
    earlier = current or (_compiled(current_sources) if current_sources else None)
    warnings = sorted(doubts(examined, earlier)) if earlier else []
    return Report(package.instrument, (), tuple(warnings), examined.compiled())


def _compiled(sources: Package) -> Edition:
    return load_edition(_examined(sources).compiled())


def _examined(package: Package) -> Examined:
    catalogues = {
        name.removesuffix(".po"): PoFile(name, written)
        for name, written in package.files.items()
        if name != INSTRUMENT
    }
    try:
        return examine(YamlFile(INSTRUMENT, package.files[INSTRUMENT]), catalogues)
    except ContentError as broken:
        found = (problem for one in catalogues.values() for problem in one.problems)
        raise ContentError([*broken.problems, *found]) from None
