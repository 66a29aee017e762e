"""From what authors write to the canonical JSON of an edition."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from content.compiled import FORMAT, canonical
from content.problems import ContentError, Problem
from content.source import InstrumentSource, SectionSource, StatementSource, read_instrument
from content.translations import read_translations


def compile_edition(instrument_file: Path, translations: Mapping[str, Path]) -> bytes:
    """The canonical JSON of an instrument: ``translations`` maps languages to their catalogues.

    Raises ContentError with every problem of all the files.
    """
    source, _ = read_instrument(instrument_file)
    texts = {"en": {text.key: text.text for text in source.texts()}}
    problems: list[Problem] = []
    for language, path in sorted(translations.items()):
        texts[language], found = read_translations(path, source)
        problems += found
    if problems:
        raise ContentError(problems)
    return canonical({**_structure(source), "texts": texts})


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
