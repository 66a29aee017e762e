"""Between the desk's rows in the database and what it hands out."""

import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.checking import Base, Checked
from bot.desk.types import Conflict, Draft, HasProblems, NoSuchEdition, NoSuchInstrument, NotKept
from content.compiled import load_edition
from content.former import others, wordings
from content.model import Edition
from content.package import read_parts, to_zip
from content.problems import problem_of
from storage import content_log, drafts, editions
from storage.editions import Published


def bases(
    connection: Connection, named: str | None = None
) -> tuple[dict[str, str], dict[str, Base]]:
    """What is current by instrument: the digests, and what a file that is not whole is laid over.

    Only that of the instrument that is ``named``, where there is one: all six take 10 MB on their way.
    """
    current = [one for one in editions.published(connection) if one.current]
    wanted = [one for one in current if one.instrument == named] or current
    kept = {one.instrument: _base(connection, one) for one in wanted}
    digests = {one.instrument: one.digest for one in current}
    return digests, {instrument: base for instrument, base in kept.items() if base}


def wordings_of(connection: Connection, edition: Published) -> list[str]:
    """What ``content.former`` compares."""
    return list(wordings(edition.number, editions.compiled_of(connection, edition.id)))


def with_former(base: Base, current: list[str], former: list[str]) -> Base:
    return replace(base, former=others(current, former))


def _base(connection: Connection, edition: editions.Published) -> Base | None:
    packed = editions.sources_of(connection, edition.id)
    if packed is None:
        return None
    package = read_parts("kept.zip", packed).over(None, edition.instrument)
    return Base(package, editions.compiled_of(connection, edition.id))


def current_edition(connection: Connection, instrument: str) -> Edition | None:
    """None for a new instrument."""
    now = editions.current(connection, instrument)
    return load_edition(editions.compiled_of(connection, now.id)) if now else None


def row_of(checked: Checked, base: str, id_: str, who: str, now: datetime) -> drafts.Row:
    """``base`` is the digest of what was current when it was checked."""
    report = {
        "problems": [one.as_json() for one in checked.report.problems],
        "warnings": [one.as_json() for one in checked.report.warnings],
    }
    return drafts.Row(
        id=id_,
        instrument=checked.package.instrument,
        base=base,
        package=to_zip(checked.package),
        compiled=checked.report.edition or b"",
        report=json.dumps(report, ensure_ascii=False),
        who=who,
        at=now,
    )


def draft_of(connection: Connection, row: drafts.Row) -> Draft:
    report = json.loads(row.report)
    became = [one.number for one in _editions(connection, row) if one.id == row.edition]
    return Draft(
        id=row.id,
        instrument=row.instrument,
        base=row.base,
        compiled=row.compiled,
        package=row.package,
        problems=tuple(map(problem_of, report["problems"])),
        warnings=tuple(map(problem_of, report["warnings"])),
        who=row.who,
        at=row.at,
        expires=row.at + drafts.KEPT,
        became=became[0] if became else None,
    )


def _editions(connection: Connection, row: drafts.Row) -> list[editions.Published]:
    return editions.published(connection, row.instrument) if row.edition else []


# --- What may be done ----------------------------------------------------------------------------


def sound(draft: Draft) -> Draft:
    """Raises HasProblems."""
    if draft.problems:
        raise HasProblems(draft.problems)
    return draft


def current(connection: Connection, instrument: str) -> Published:
    found = editions.current(connection, instrument)
    if found is None:
        raise NoSuchInstrument(instrument)
    return found


def numbered(connection: Connection, instrument: str, number: int) -> Published:
    every = editions.published(connection, instrument)
    found = next((one for one in every if one.number == number), None)
    if found is None:
        raise NoSuchEdition(instrument, number)
    return found


def as_expected(connection: Connection, instrument: str, *digests: str) -> Published | None:
    """What is current. Raises Conflict unless all these digests are of it (empty: of nothing)."""
    now = editions.current(connection, instrument)
    if {now.digest if now else ""} != set(digests):
        by = content_log.last_change(connection, instrument, now.digest) if now else None
        raise Conflict(now, by)
    return now


def exported(connection: Connection, instrument: str, number: int | None) -> bytes:
    now = current(connection, instrument)
    edition = now if number is None else numbered(connection, instrument, number)
    package = editions.sources_of(connection, edition.id)
    if package is None:
        raise NotKept(instrument, edition.number)
    return package
