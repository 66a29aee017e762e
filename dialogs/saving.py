"""State as JSON: what differs from a new conversation, and nothing else."""

import json
from dataclasses import MISSING, fields
from typing import Any

from dialogs.types import State


def to_json(state: State) -> str:
    kept = {f.name: getattr(state, f.name) for f in fields(state)}
    defaults = {f.name: f.default for f in fields(state) if f.default is not MISSING}
    return json.dumps({k: v for k, v in kept.items() if k not in defaults or v != defaults[k]})


def from_json(text: str) -> State:
    """Raises TypeError for a field that no State has: an older Merilo reading a newer one's data."""
    values: dict[str, Any] = json.loads(text)
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    return State(**values)
