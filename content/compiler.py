"""From what authors write to the canonical JSON of an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from content.compiled import FORMAT, canonical, load_edition
from content.model import Edition
from content.po_file import PoFile
from content.problems import ContentError, Problem, shown
from content.reading import examine_instrument
from content.sentences import about
from content.source import (
    BenchmarkSource,
    ExtraSource,
    InstrumentSource,
    LevelSource,
    LinkSource,
    SectionSource,
    StatementSource,
)
from content.translations import (
    Texts,
    corrections_in,
    current_entries,
    no_catalogue,
    shared_words,
    translations_in,
)
from content.yaml_file import YamlFile, read_yaml


@dataclass(frozen=True)
class Examined:
    """What an author's files say, and what is wrong with them.

    ``english``: the texts of the instrument's own file; ``texts``: those that people see, by language
    and key, with gaps where there are problems. ``catalogues`` are there for their lines.
    """

    source: InstrumentSource
    file: YamlFile
    english: Texts
    texts: Mapping[str, Texts]
    catalogues: Mapping[str, PoFile]
    problems: list[Problem]

    def compiled(self) -> bytes:
        """The edition's canonical JSON. Raises ContentError where there are problems."""
        if self.problems:
            raise ContentError(self.problems)
        return canonical({**_structure(self.source), "texts": self.texts})

    @cached_property
    def model(self) -> Edition | None:
        """The edition, with gaps where texts are missing; None where a statement has no scale, or an id
        stands twice, as nothing can be told apart then."""
        statements = [s for section in self.source.sections for s in section.statements]
        unique = len(self.english) == sum(1 for _ in self.source.texts())
        scaled = all(s.kind != "choice" or self.source.options_of(s) for s in statements)
        if not (unique and scaled):
            return None
        return load_edition(canonical({**_structure(self.source), "texts": self.texts}))

    def line(self, language: str, key: str) -> tuple[str, int]:
        """File and line of a text; of the file's beginning where it isn't there."""
        catalogue = self.catalogues.get(language)
        if catalogue is None or (language == "en" and key not in self._entries(language)):
            return self.file.name, self._lines.get(key, 1)
        return catalogue.name, self._entries(language).get(key, 1)

    @cached_property
    def _lines(self) -> dict[str, int]:
        return {text.key: self.file.line(text.place) for text in self.source.texts()}

    def _entries(self, language: str) -> dict[str, int]:
        if language not in self._entry_lines:
            entries = current_entries(self.catalogues[language])
            self._entry_lines[language] = {
                key: entry.line for key, entry in entries.items() if entry.text
            }
        return self._entry_lines[language]

    @cached_property
    def _entry_lines(self) -> dict[str, dict[str, int]]:
        return {}


def compile_edition(instrument_file: Path, translations: Mapping[str, Path]) -> bytes:
    """The canonical JSON of an instrument: ``translations`` maps languages to their catalogues.

    Raises ContentError with every problem of all the files.
    """
    catalogues = {
        language: PoFile(shown(path), path.read_bytes())
        if path.exists()
        else no_catalogue(shown(path))
        for language, path in translations.items()
    }
    return examine(read_yaml(instrument_file), catalogues).compiled()


def examine(file: YamlFile, catalogues: Mapping[str, PoFile | Problem]) -> Examined:
    """Look at all files of an instrument at once. ``catalogues``: by language, or why there is none.

    Raises ContentError where the instrument's shape leaves nothing to look at.
    """
    source, problems = examine_instrument(file)
    problems += [missing for missing in catalogues.values() if isinstance(missing, Problem)]
    there = {name: one for name, one in sorted(catalogues.items()) if isinstance(one, PoFile)}
    english = {text.key: text.text for text in source.texts()}
    # Where an id stands twice, every translation of it would only be one more complaint.
    unique = len(english) == sum(1 for _ in source.texts())
    texts, found = _texts(english, there if unique else {})
    examined = Examined(source, file, english, texts, there, [*problems, *found])
    examined.problems.extend(_about_words(examined))
    return examined


def _texts(
    english: Texts, catalogues: Mapping[str, PoFile]
) -> tuple[dict[str, Texts], list[Problem]]:
    """The texts that people see, by language."""
    problems: list[Problem] = []
    corrected: Texts = {}
    if "en" in catalogues:
        corrected, problems = corrections_in(catalogues["en"], english)
    texts = {"en": {**english, **corrected}}
    for language, catalogue in catalogues.items():
        if language != "en":
            texts[language], found = translations_in(catalogue, english, corrected)
            problems += found
    return texts, problems


def _about_words(examined: Examined) -> list[Problem]:
    """What is wrong with the words that people may type, in each language that has them all."""
    scales = examined.source.all_scales().values()
    return [
        Problem(*examined.line(language, key), about(key, told))
        for language, texts in examined.texts.items()
        if len(texts) == len(examined.english)
        for scale in scales
        for key, told in shared_words(texts, [option.id for option in scale])
    ]


def _structure(source: InstrumentSource) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "instrument": source.id,
        "minutes": source.minutes,
        "result": source.result,
        "due": source.due_day(),
        "highlight": source.highlight,
        "scales": {
            name: [{"id": option.id, "points": option.points} for option in scale]
            for name, scale in source.all_scales().items()
        },
        "levels": [_level_structure(level) for level in source.levels],
        "links": _link_structures(source.links, ""),
        "extras": [_extra_structure(extra) for extra in source.extras],
        "sections": [_section_structure(section) for section in source.sections],
    }


def _level_structure(level: LevelSource) -> dict[str, Any]:
    return {
        "id": level.id,
        "from_percent": level.from_percent,
        "from_points": level.from_points,
        "has_meaning": level.meaning is not None,
    }


def _link_structures(links: Sequence[LinkSource], of: str) -> list[dict[str, str]]:
    return [{"key": f"{of}link/{n}", "url": link.url} for n, link in enumerate(links, 1)]


def _extra_structure(extra: ExtraSource) -> dict[str, Any]:
    links = _link_structures(extra.links, f"extra/{extra.id}/")
    return {"id": extra.id, "paragraphs": len(extra.body), "links": links}


def _section_structure(section: SectionSource) -> dict[str, Any]:
    rows = [_statement_structure(s, optional=section.optional) for s in section.statements]
    return {"id": section.id, "statements": rows}


def _statement_structure(statement: StatementSource, *, optional: bool) -> dict[str, Any]:
    tips = [
        {"key": f"{statement.id}/tip/{tip.id}", "answers": list(tip.answers), "topic": tip.topic}
        for tip in statement.tips
    ]
    always = {"id": statement.id, "revision": statement.revision, "tips": tips}
    return always | {k: v for k, v in _particulars(statement, optional=optional).items() if v}


def _particulars(statement: StatementSource, *, optional: bool) -> dict[str, Any]:
    """What only some statements have; numbers as texts, which JSON does not round."""
    bounds = {name: getattr(statement, name) for name in ("minimum", "maximum", "step")}
    condition = statement.only_if
    return {
        **{name: str(bound) for name, bound in bounds.items() if bound is not None},
        "kind": statement.kind,
        "scale": statement.scale or "",
        "limit": statement.limit,
        "items": [item.id for item in statement.items],
        "required": statement.required,
        "only_if": [condition.statement, condition.value] if condition else None,
        "optional": optional or statement.optional,
        "previous_of": statement.previous_of,
        "benchmarks": [_benchmark_structure(row) for row in statement.benchmarks],
        "has_steps": bool(statement.steps),
        "has_item_texts": any(item.text for item in statement.items),
    }


def _benchmark_structure(row: BenchmarkSource) -> dict[str, Any]:
    return {"year": row.year, "value": str(row.value), "unit": row.unit, "computed": row.computed}
