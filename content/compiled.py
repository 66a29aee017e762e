"""An edition as canonical JSON, the form in which it is stored, and back to its model.

Apart from ``content.compiler``, so that a start that has nothing to compile need not load what
reads authors' files.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from content.model import Edition, Level, Option, Section, Statement, Tip

FORMAT = 1
"""Raised when the canonical JSON changes its shape."""


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
