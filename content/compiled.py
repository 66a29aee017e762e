"""An edition as canonical JSON, the form in which it is stored, and back to its model.

Apart from ``content.compiler``, so that a start that has nothing to compile need not load what
reads authors' files.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from content.model import (
    Benchmark,
    Edition,
    Extra,
    Level,
    Link,
    Option,
    Scale,
    Section,
    Statement,
    Tip,
)

FORMAT = 2
"""Raised when the canonical JSON changes its shape. Earlier ones are read too: answers hang on them."""


def canonical(payload: Mapping[str, Any]) -> bytes:
    """The one spelling that a digest is taken of: sorted keys, no white space, UTF-8."""
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(compiled: bytes) -> str:
    return hashlib.sha256(compiled).hexdigest()


def load_edition(compiled: bytes) -> Edition:
    """The model of an edition from its canonical JSON."""
    payload = json.loads(compiled)
    scales = {name: load_scale(rows) for name, rows in payload.get("scales", {}).items()}
    only = load_scale(payload["scale"]) if "scale" in payload else Scale()
    due = payload.get("due")
    return Edition(
        digest=digest_of(compiled),
        instrument=payload["instrument"],
        minutes=payload["minutes"],
        levels=tuple(Level(**level) for level in payload["levels"]),
        sections=tuple(_section(section, {"": only, **scales}) for section in payload["sections"]),
        texts=payload["texts"],
        result=payload.get("result", "percentage"),
        due=(due[0], due[1]) if due else None,
        highlight=payload.get("highlight", "sections"),
        links=_links(payload.get("links", ())),
        extras=tuple(
            Extra(row["id"], row["paragraphs"], _links(row["links"]))
            for row in payload.get("extras", ())
        ),
    )


def load_scale(rows: list[dict[str, Any]]) -> Scale:
    """A scale from its part of the JSON."""
    return Scale(tuple(Option(**row) for row in rows))


def _links(rows: Iterable[Mapping[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(**row) for row in rows)


def _section(payload: Mapping[str, Any], scales: Mapping[str, Scale]) -> Section:
    rows = tuple(load_statement(row, scales) for row in payload["statements"])
    return Section(payload["id"], rows)


def load_statement(payload: Mapping[str, Any], scales: Mapping[str, Scale]) -> Statement:
    """A statement from its part of the JSON. Fields that a statement doesn't have are left out of the JSON."""
    fields = dict(payload)
    fields["tips"] = tuple(Tip(t["key"], tuple(t["answers"]), t["topic"]) for t in payload["tips"])
    choice = payload.get("kind", "choice") == "choice"
    fields["scale"] = scales[payload.get("scale", "")] if choice else Scale()
    fields["benchmarks"] = tuple(_benchmark(row) for row in payload.get("benchmarks", ()))
    for name in ("items", "only_if"):
        if name in fields:
            fields[name] = tuple(fields[name])
    for name in ("minimum", "maximum", "step"):
        if name in fields:
            fields[name] = Decimal(fields[name])
    return Statement(**fields)


def _benchmark(row: Mapping[str, Any]) -> Benchmark:
    return Benchmark(row["year"], Decimal(row["value"]), row["unit"], row["computed"])
