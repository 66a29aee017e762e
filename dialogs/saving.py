"""State as JSON: what differs from a new conversation, and nothing else."""

import json
from dataclasses import fields
from typing import Any

from dialogs.types import State

DEFAULTS = {f.name: f.default for f in fields(State)}
"""MISSING, which no value equals, for what a state always has."""


def to_json(state: State) -> str:
    kept = {name: getattr(state, name) for name in DEFAULTS}
    return json.dumps({name: kept[name] for name in kept if kept[name] != DEFAULTS[name]})


def from_json(text: str) -> State:
    """Raises TypeError for a field that no State has: an older Merilo reading a newer one's data."""
    values: dict[str, Any] = json.loads(text)
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    return State(**values)
