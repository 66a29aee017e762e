"""A person's plan, read when it is asked for. What it says is sealed, as notes are."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, bindparam, select

from dialogs.types import PlanStep
from storage.keys import keys_of, step_place
from storage.prepared import Prepared, upsert
from storage.tables import plan_steps

_KEEP = upsert(
    plan_steps,
    *("respondent_id", "code", "instrument", "assessment", "statement", "tip"),
    *("text", "note", "due_on", "standing", "made_at", "changed_at"),
    key=("respondent_id", "code"),
)

_STEPS = Prepared(
    select(plan_steps)
    .where(plan_steps.c.respondent_id == bindparam("respondent"))
    .order_by(plan_steps.c.id)
)

SEALED = ("text", "note")


class Plan(Mapping[str, PlanStep]):
    """The steps of one respondent by code, the oldest first; none for a stranger (None)."""

    def __init__(self, connection: Connection, respondent: int | None) -> None:
        self._connection = connection
        self._respondent = respondent

    def __getitem__(self, code: str) -> PlanStep:
        return self._steps[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)

    @cached_property
    def _steps(self) -> dict[str, PlanStep]:
        if self._respondent is None:
            return {}
        found = _STEPS(self._connection, {"respondent": self._respondent})
        rows = (dict(zip(plan_steps.columns.keys(), row, strict=True)) for row in found)
        return {row["code"]: _step(self._connection, row) for row in rows}


def _step(connection: Connection, row: Mapping[Any, Any]) -> PlanStep:
    said = opened(connection, row)
    return PlanStep(
        code=row["code"],
        instrument=row["instrument"],
        assessment=row["assessment"],
        statement=row["statement"],
        tip=row["tip"],
        text=said["text"],
        made=datetime.fromtimestamp(row["made_at"], UTC),
        due=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        note=said["note"],
        standing=row["standing"],
    )


def opened(connection: Connection, row: Mapping[Any, Any]) -> dict[str, str]:
    """What a row says, readable. Raises WrongKey."""
    keys = keys_of(connection)
    places = {part: step_place(row["respondent_id"], row["code"], part) for part in SEALED}
    return {p: keys.open(row[p], place) if row[p] else "" for p, place in places.items()}


def sealed(
    connection: Connection, respondent: int, code: str, said: Mapping[str, str]
) -> dict[str, str]:
    """The same as it is kept."""
    keys = keys_of(connection)
    places = {part: step_place(respondent, code, part) for part in SEALED}
    return {p: keys.seal(said[p], place) if said[p] else "" for p, place in places.items()}


def keep(connection: Connection, respondent: int, step: PlanStep, now: datetime) -> None:
    """A new step, or a changed one."""
    values = {
        "respondent_id": respondent,
        "code": step.code,
        "instrument": step.instrument,
        "assessment": step.assessment,
        "statement": step.statement,
        "tip": step.tip,
        "due_on": step.due.isoformat() if step.due else "",
        "standing": step.standing,
        "made_at": step.made,
        "changed_at": now,
        **sealed(connection, respondent, step.code, {"text": step.text, "note": step.note}),
    }
    _KEEP(connection, values)
