"""From what authors write to an edition, and from an edition's canonical JSON back to its model."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from content.model import Edition, Level, Option, Section, Statement, Tip
from content.problems import ContentError, Problem
from content.source import InstrumentSource, SectionSource, StatementSource, read_instrument
from content.translations import read_translations

FORMAT = 1
"""Raised when the canonical JSON changes its shape."""


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


def canonical(payload: Mapping[str, Any]) -> bytes:
    """The one spelling that a digest is taken of: sorted keys, no white space, UTF-8."""
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(compiled: bytes) -> str:
    return hashlib.sha256(compiled).hexdigest()


def load_edition(compiled: bytes) -> Edition:
    """The model of an edition from its canonical JSON."""
    payload = json.loads(compiled)
    return Edition(
        digest=digest_of(compiled),
        instrument=payload["instrument"],
        minutes=payload["minutes"],
        scale=tuple(Option(**option) for option in payload["scale"]),
        levels=tuple(Level(**level) for level in payload["levels"]),
        sections=tuple(_section(section) for section in payload["sections"]),
        texts=payload["texts"],
    )


def _section(payload: Mapping[str, Any]) -> Section:
    return Section(payload["id"], tuple(_statement(row) for row in payload["statements"]))


def _statement(payload: Mapping[str, Any]) -> Statement:
    tips = tuple(Tip(t["key"], tuple(t["answers"]), t["topic"]) for t in payload["tips"])
    return Statement(payload["id"], payload["revision"], tips)


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
