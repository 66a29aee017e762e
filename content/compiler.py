"""From what authors write to the canonical JSON of an edition."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from content.compiled import FORMAT, canonical
from content.problems import ContentError, Problem, shown
from content.source import (
    BenchmarkSource,
    ExtraSource,
    InstrumentSource,
    LevelSource,
    LinkSource,
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
    scales = source.all_scales().values()
    return [
        Problem(file, 1, told)
        for scale in scales
        for told in shared_words(texts, [option.id for option in scale])
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
