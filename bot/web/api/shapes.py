"""What the API hands out, as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.desk import Draft
from bot.desk.announcing import Standing
from content.difference import Difference
from content.problems import Problem
from storage.content_log import Entry
from storage.editions import Published
from storage.impact import Impact
from storage.opinions import Feedback

Json = dict[str, Any]


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def problem(one: Problem) -> Json:
    return {"file": one.file, "line": one.line, "message": one.message}


def edition(one: Published) -> Json:
    return {
        "instrument": one.instrument,
        "number": one.number,
        "digest": one.digest,
        "published_at": moment(one.at),
        "current": one.current,
        "shipped": one.shipped,
        "has_package": one.has_sources,
    }


def instrument(current: Published, newer_shipped: Mapping[str, int]) -> Json:
    """``newer_shipped``: numbers of shipped editions that wait, by instrument."""
    return {
        "id": current.instrument,
        "current": edition(current),
        "newer_shipped": newer_shipped.get(current.instrument),
    }


def entry(one: Entry) -> Json:
    return {
        "at": moment(one.at),
        "who": one.who,
        "what": one.what,
        "instrument": one.instrument,
        "before": one.before,
        "after": one.after,
        "why": one.why,
    }


def draft(one: Draft) -> Json:
    return {
        "id": one.id,
        "instrument": one.instrument,
        "base": one.base,
        "digest": one.digest,
        "who": one.who,
        "made_at": moment(one.at),
        "expires_at": moment(one.expires),
        "no_difference": one.is_nothing_new,
        "published_as": one.became,
        "problems": [problem(row) for row in one.problems],
        "warnings": [problem(row) for row in one.warnings],
    }


def difference(one: Difference) -> Json:
    return {
        "counts": one.counts(),
        "texts": [
            {
                "key": row.key,
                "language": row.language,
                "kind": row.kind,
                "old": row.old,
                "new": row.new,
            }
            for row in one.texts
        ],
        "structure": [
            {"part": row.part, "id": row.id, "kind": row.kind, "old": row.old, "new": row.new}
            for row in one.structure
        ],
    }


def impact(one: Impact) -> Json:
    return {
        "assessments": one.assessments,
        "asked_again": one.asked_again,
        "retired": one.retired,
        "carried": one.carried,
    }


def announcement(one: Standing) -> Json:
    """``id`` is null while it is only offered."""
    known, done = one.announcement, one.progress
    return {
        "id": known.id or None,
        "instrument": known.instrument,
        "edition": known.number,
        "digest": known.digest,
        "state": one.state,
        "texts": dict(known.texts),
        "begun_at": moment(known.begun) if known.begun else None,
        "stopped_at": moment(known.stopped) if known.stopped else None,
        "readers": one.readers,
        "sent": done.sent,
        "left": done.left,
        "away": done.away,
        "failed": done.lost,
        "needless": done.needless,
    }


def feedback(one: Feedback) -> Json:
    return {
        "edition": one.number,
        "key": one.key,
        "language": one.language,
        "counts": one.counts,
        "sentences": [{"verdict": verdict, "text": text} for verdict, text in one.sentences],
    }
