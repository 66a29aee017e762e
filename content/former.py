"""Wordings of other editions than the current one, as far as answers may still hang on them.

After an undo an id and a revision may be given out for the second time: who answered the other edition's
statement would find the answer carried over to words that they never read.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from content.compiled import load_scale, load_statement
from content.model import Scale, Statement

FIELDS = ("id", "revision", "kind", "minimum", "maximum", "step", "limit", "items")
"""What decides which answers are possible, beside the scale."""


@dataclass(frozen=True, slots=True)
class Wording:
    """``number``: of the edition that it stands in; ``text`` is English."""

    number: int
    statement: Statement
    text: str


def wordings(number: int, compiled: bytes) -> Iterator[str]:
    """Each statement of an edition as JSON of its own, short enough to be kept for every edition."""
    payload = json.loads(compiled)
    scales = {"": payload.get("scale", []), **payload.get("scales", {})}
    for section in payload["sections"]:
        for row in section["statements"]:
            told = {name: row[name] for name in FIELDS if name in row}
            scale = scales[row.get("scale", "")] if row.get("kind", "choice") == "choice" else []
            text = payload["texts"]["en"][row["id"]]
            yield json.dumps([told, scale, text, number], ensure_ascii=False)


def others(current: Iterable[str], former: Iterable[str]) -> tuple[str, ...]:
    """Each wording once, of the first edition that has it, without those that are current."""
    known = {_without_number(one) for one in current}
    found: dict[str, str] = {}
    for one in former:
        if (bare := _without_number(one)) not in known:
            found.setdefault(bare, one)
    return tuple(found.values())


def _without_number(wording: str) -> str:
    return wording[: wording.rindex(",")]


def load_wording(written: str) -> Wording:
    told, scale, text, number = json.loads(written)
    fields: Mapping[str, Any] = {**told, "tips": []}
    scales = {"": load_scale(scale) if scale else Scale()}
    return Wording(number, load_statement(fields, scales), text)
