"""``merilo export``: an instrument's answers for operators, without anything that names a person."""

import csv
import io
import json
import secrets
from typing import Any

from sqlalchemy import Connection

from bot.refusal import Refused
from content.library import Library
from content.model import Edition
from storage.editions import read_library
from storage.statistics import Anonymous, people, read_anonymous

FEWEST = 5
"""People below whom nothing is given out: answers of so few would point at who gave them."""


def anonymous(connection: Connection, instrument: str, format_: str) -> bytes:
    """The file. Raises Refused for an unknown instrument, and where too few people have answered."""
    library = read_library(connection)
    if instrument not in library.instruments:
        known = ", ".join(library.instruments)
        raise Refused(f"there is no instrument {instrument!r}: choose one of {known}")
    count = people(connection, instrument)
    if count < FEWEST:
        raise Refused(
            f"{count} people have answered {instrument}; below {FEWEST} nothing is given out, "
            "because it would point at who answered"
        )
    rows = read_anonymous(connection, instrument)
    # Neither the order nor anything else may tell who began first.
    secrets.SystemRandom().shuffle(rows)
    given = [(row, _values(library.edition(row.edition), row)) for row in rows]
    return _csv(library, given) if format_ == "csv" else _json(instrument, given)


def _values(edition: Edition, row: Anonymous) -> dict[str, str]:
    """Without free texts: they may name anybody."""
    kept = {s.id for s in edition.statements.values() if s.kind != "text"}
    return {id_: value for id_, value in row.values.items() if id_ in kept}


def _csv(library: Library, given: list[tuple[Anonymous, dict[str, str]]]) -> bytes:
    """A column for each statement that any edition has; empty where it was not answered."""
    editions = {row.edition for row, _ in given}
    order = {id_: None for digest in sorted(editions) for id_ in library.edition(digest).order}
    columns = [id_ for id_ in order if any(id_ in values for _, values in given)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["edition", "year", "finished", *columns])
    for row, values in given:
        told = [row.edition, row.year, int(row.finished)]
        writer.writerow([*told, *(values.get(id_, "") for id_ in columns)])
    return text.getvalue().encode("utf-8-sig")


def _json(instrument: str, given: list[tuple[Anonymous, dict[str, str]]]) -> bytes:
    rows: list[dict[str, Any]] = [
        {"edition": row.edition, "year": row.year, "finished": row.finished, "values": values}
        for row, values in given
    ]
    return json.dumps({"instrument": instrument, "assessments": rows}, indent=1).encode()
