"""The one validator, behind every door that content comes through."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from content import hostile
from content.changes import conflicts, doubts, reused, reworded
from content.compiled import load_edition
from content.compiler import Examined, examine
from content.former import Wording
from content.model import Edition
from content.package import FILES, INSTRUMENT, Package
from content.po_file import PoFile
from content.problems import ContentError, Problem, Report
from content.rules import broken
from content.sentences import Sentence, about
from content.source import SourceText
from content.yaml_file import YamlFile

Rule = Callable[[Edition], Iterable[tuple[str, str, str]]]
"""Language and key of each text that breaks it, and what to do."""


def check(
    package: Package,
    current: Edition | None = None,
    current_sources: Package | None = None,
    rules: Sequence[Rule] = (),
    former: Sequence[Wording] = (),
) -> Report:
    """Look at a whole package, and at what it changes against the current edition.

    ``current_sources`` stand in for ``current`` where that was never compiled. ``rules``: more that an
    edition must keep to, where no other fault stands in the way. ``former``: wordings of other editions
    than the current one. Raises PackageRefused, with one
    sentence, for what is not looked at any further.
    """
    hostile.refuse(package)
    try:
        examined = _examined(package)
    except ContentError as fault:
        return Report(package.instrument, _ordered(fault.problems))
    problems = [*_misplaced(package, examined), *examined.problems, *_broken(examined, [broken])]
    earlier = current or (compiled(current_sources) if current_sources else None)
    problems += conflicts(examined, earlier) if earlier else ()
    problems += reused(examined, former)
    # Only what is whole can be composed as people would see it.
    problems = problems or _broken(examined, rules)
    if problems:
        return Report(package.instrument, _ordered(problems))
    warnings = [*_left_over(examined), *(doubts(examined, earlier) if earlier else ())]
    warnings += reworded(examined, earlier, former) if earlier else ()
    return Report(package.instrument, (), _ordered(warnings), examined.compiled())


TOLD = 1000
"""How many problems are told at once: nobody reads more, and a broken file may have millions."""


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file and line, the instrument first, each once."""
    rows = sorted(set(problems), key=lambda one: (FILES.index(one.file), one))
    if len(rows) <= TOLD:
        return tuple(rows)
    more = Sentence("and {count} more: mend these first", count=len(rows) - TOLD)
    return (*rows[:TOLD], Problem(rows[TOLD].file, rows[TOLD].line, more))


def _misplaced(package: Package, examined: Examined) -> list[Problem]:
    """Files that belong to another instrument, or to another language."""
    told = []
    if examined.source.id != package.instrument:
        words = Sentence(
            "the id is “{there}”, the package's is “{wanted}”: make them the same",
            there=examined.source.id,
            wanted=package.instrument,
        )
        told.append(examined.file.problem(("id",), words))
    for language, catalogue in examined.catalogues.items():
        named = catalogue.header.get("language", "")
        if named and named.replace("-", "_").split("_")[0].lower() != language:
            words = Sentence(
                "its header says “Language: {language}”: rename the file, or correct the header",
                language=named[:20],
            )
            told.append(catalogue.problem(1, words))
        charset = catalogue.header.get("content-type", "charset=utf-8").lower()
        if "charset=utf-8" not in charset.replace(" ", "").replace('"', ""):
            words = Sentence(
                "its header names another charset than UTF-8: save it as UTF-8 and say so there"
            )
            told.append(catalogue.problem(1, words))
    return told


def _broken(examined: Examined, rules: Sequence[Rule]) -> list[Problem]:
    """What breaks the rules, at the text that it is about; nothing where there is no model yet."""
    edition = examined.model
    if edition is None:
        return []
    return [
        Problem(*examined.line(language, key), about(key, told))
        for rule in rules
        for language, key, told in rule(edition)
    ]


def _left_over(examined: Examined) -> Iterator[Problem]:
    """Entries that an editor keeps for texts that are gone."""
    for catalogue in examined.catalogues.values():
        for entry in catalogue.entries:
            if entry.obsolete:
                told = Sentence("obsolete (#~), so nobody sees it: remove it")
                name = entry.context or entry.source[:40]
                yield catalogue.problem(entry.line, about(name, told))


def compiled(sources: Package) -> Edition:
    """The edition of sources that were checked before. Raises ContentError where they have faults."""
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


@dataclass(frozen=True)
class English:
    """The English texts of a package as people see them, for the extraction."""

    rows: tuple[SourceText, ...]

    def texts(self) -> Iterator[SourceText]:
        yield from self.rows


def english_of(package: Package) -> English:
    """Raises ContentError where ``instrument.yaml`` cannot be read; faults of catalogues don't matter."""
    examined = _examined(package)
    seen = examined.texts["en"]
    return English(tuple(replace(row, text=seen[row.key]) for row in examined.source.texts()))
