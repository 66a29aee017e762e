"""From what authors write to the canonical JSON of an edition."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from content.compiled import FORMAT, canonical
from content.problems import ContentError, Problem, shown
from content.source import (
    InstrumentSource,
    SectionSource,
    StatementSource,
    examine_instrument,
)
from content.translations import read_translations, shared_words


def compile_edition(instrument_file: Path, translations: Mapping[str, Path]) -> bytes:
    """The canonical JSON of an instrument: ``translations`` maps languages to their catalogues.

    Raises ContentError with every problem of all the files.
    """
    source, file, problems = examine_instrument(instrument_file)
    texts = {"en": {text.key: text.text for text in source.texts()}}
    problems += _about_words(source, texts["en"], file.name)
    # Where an id stands twice, every translation of it would only be one more complaint.
    unique = len(texts["en"]) == sum(1 for _ in source.texts())
    for language, path in sorted(translations.items()) if unique else ():
        texts[language], found = read_translations(path, source)
        problems += found or _about_words(source, texts[language], shown(path))
    if problems:
        raise ContentError(problems)
    return canonical({**_structure(source), "texts": texts})


def _about_words(source: InstrumentSource, texts: Mapping[str, str], file: str) -> list[Problem]:
    """What is wrong with the words that people may type in one language."""
    options = [option.id for option in source.scale]
    return [Problem(file, 1, told) for told in shared_words(texts, options)]


def _structure(source: InstrumentSource) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "instrument": source.id,
        "minutes": source.minutes,
        "scale": [{"id": option.id, "points": option.points} for option in source.scale],
        "levels": [{"id": row.id, "from_percent": row.from_percent} for row in source.levels],
        "sections": [_section_structure(section) for section in source.sections],
    }


def _section_structure(section: SectionSource) -> dict[str, Any]:
    return {"id": section.id, "statements": [_statement_structure(s) for s in section.statements]}


def _statement_structure(statement: StatementSource) -> dict[str, Any]:
    tips = [
        {"key": f"{statement.id}/tip/{tip.id}", "answers": list(tip.answers), "topic": tip.topic}
        for tip in statement.tips
    ]
    return {"id": statement.id, "revision": statement.revision, "tips": tips}
