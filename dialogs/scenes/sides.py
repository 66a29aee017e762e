"""Two assessments side by side: an overview, and a page for each section."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from content.scoring import Score
from dialogs.comparison import NOT_THE_SAME, Comparison, Part, Row, Verdict
from dialogs.scenes.kinds import answer_label
from dialogs.scenes.scores import score_in_words, short_score
from dialogs.talk import Talk
from dialogs.types import Block, Bullets, Heading, Paragraph
from locales import Words


@dataclass(frozen=True)
class Sides:
    """A comparison, with a talk about each assessment: a value is said as its own edition says it."""

    talk: Talk
    found: Comparison

    @property
    def words(self) -> Words:
        return self.talk.words

    @cached_property
    def now(self) -> Talk:
        return self.talk.at(assessment=self.found.later.code)

    @cached_property
    def then(self) -> Talk:
        return self.talk.at(assessment=self.found.earlier.code)

    @cached_property
    def parts(self) -> list[Part]:
        return [part for part in self.found.parts if part.rows]


# --- Statement by statement, for tables --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """A statement and what has become of its answer. ``standing`` and both answers are in words; the values are
    as they are kept, None where open. What is no longer asked has no ``after``."""

    id: str
    text: str
    verdict: Verdict
    standing: str
    before: str
    after: str
    values: tuple[str | None, str | None]


def compared(sides: Sides) -> tuple[Compared, ...]:
    """In the order of the instrument, retired ones last."""
    rows = [row for part in sides.found.parts for row in part.rows]
    return tuple(_compared(sides, row) for row in (*rows, *sides.found.retired))


def _compared(sides: Sides, row: Row) -> Compared:
    gone, new = row.verdict == "retired", row.verdict == "added"
    return Compared(
        id=row.statement,
        text=(sides.then if gone else sides.now).text(row.statement),
        verdict=row.verdict,
        standing=_verdicts(sides.words)[row.verdict],
        before="" if new else _answer(sides.then, row.statement, row.before),
        after="" if gone else _answer(sides.now, row.statement, row.after),
        values=(row.before, row.after),
    )


def _verdicts(words: Words) -> Mapping[Verdict, str]:
    return {
        "rose": words("higher"),
        "fell": words("lower"),
        "same": words("unchanged"),
        "differs": words("otherwise different"),
        "open": words("not answered both times"),
        **_reasons(words),
    }


# --- The overview ----------------------------------------------------------------------------


def overview(sides: Sides) -> list[Block]:
    """Both results, each section, and what is left out."""
    words, found = sides.words, sides.found
    title = words("Comparison: {title}", title=sides.now.text("title"))
    dates = words(
        "Your assessment of {date}, beside the one of {earlier}.",
        date=words.date(found.later.started),
        earlier=words.date(found.earlier.started),
    )
    rows = [row for part in sides.parts for row in part.rows]
    return [
        Heading(title),
        Paragraph(dates),
        *_standing(sides, found.before, found.after),
        Paragraph(_counts(words, rows)),
        Paragraph(words("By section:")),
        Bullets(tuple(_section_line(sides, part) for part in sides.parts)),
        *_left_out(sides),
        *_answered_once(sides),
    ]


def _standing(sides: Sides, before: Score, after: Score) -> list[Block]:
    """Both results of what can be compared."""
    if not before.maximum or not after.maximum:
        return []
    told = sides.words(
        "Then: {before}. Now: {after}.",
        before=score_in_words(sides.then, before),
        after=score_in_words(sides.now, after),
    )
    return [Paragraph(told)]


def _counts(words: Words, rows: Iterable[Row]) -> str:
    verdicts = [row.verdict for row in rows]
    told = words(
        "Rose: {rose}. Fell: {fell}. Unchanged: {same}.",
        rose=verdicts.count("rose"),
        fell=verdicts.count("fell"),
        same=verdicts.count("same"),
    )
    other = words("Otherwise different: {count}.", count=verdicts.count("differs"))
    return f"{told} {other}" if "differs" in verdicts else told


def _section_line(sides: Sides, part: Part) -> str:
    """“1 Rules · 50 % → 75 % · rose: 2”"""
    section = sides.now.edition.section(part.section)
    title = sides.now.text(section.key)
    if not section.optional:
        title = f"{sides.now.edition.number_of(section)} {title}"
    return " · ".join([title, *_scores(sides, part), *_moved(sides.words, part)])


def _scores(sides: Sides, part: Part) -> list[str]:
    if not part.before.maximum or not part.after.maximum:
        return []
    before = short_score(sides.then, sides.then.edition, part.before)
    return [f"{before} → {short_score(sides.now, sides.now.edition, part.after)}"]


def _moved(words: Words, part: Part) -> list[str]:
    """What is not as before, by number."""
    verdicts = [row.verdict for row in part.rows]
    told: Mapping[Verdict, str] = {
        "rose": words("rose: {count}", count=verdicts.count("rose")),
        "fell": words("fell: {count}", count=verdicts.count("fell")),
        "differs": words("otherwise different: {count}", count=verdicts.count("differs")),
    }
    moved = [text for verdict, text in told.items() if verdict in verdicts]
    return moved or ([words("as before")] if "same" in verdicts else [])


def _left_out(sides: Sides) -> list[Block]:
    """What is not the same in both editions, and why."""
    rows = sides.found.having(*NOT_THE_SAME)
    if not rows:
        return []
    lead = sides.words.plural(
        "{count} statement is not the same in both editions and is in none of these figures:",
        "{count} statements are not the same in both editions and are in none of these figures:",
        len(rows),
    )
    return [Paragraph(lead), Bullets(tuple(_reason(sides, row) for row in rows))]


def _reason(sides: Sides, row: Row) -> str:
    """“1.2: its meaning has changed”; what is no longer asked has no page, so its text stands here."""
    told = f"{row.statement}: {_reasons(sides.words)[row.verdict]}"
    return f"{told} · {sides.then.text(row.statement)}" if row.verdict == "retired" else told


def _reasons(words: Words) -> Mapping[Verdict, str]:
    return {
        "changed": words("its meaning has changed"),
        "rescaled": words("other answers can be given"),
        "added": words("added since"),
        "retired": words("no longer asked"),
    }


def _answered_once(sides: Sides) -> list[Block]:
    count = len(sides.found.having("open"))
    if not count:
        return []
    told = sides.words.plural(
        "{count} statement was not answered both times and is in none of these figures.",
        "{count} statements were not answered both times and are in none of these figures.",
        count,
    )
    return [Paragraph(told)]


# --- A section -------------------------------------------------------------------------------


def section_page(sides: Sides, part: Part) -> list[Block]:
    """Its statements by what has become of their answers."""
    words = sides.words
    title = sides.now.text(sides.now.edition.section(part.section).key)
    return [
        Heading(words("Comparison: {title}", title=title)),
        *_standing(sides, part.before, part.after),
        *_listed(sides, words("Rose:"), part, "rose"),
        *_listed(sides, words("Fell:"), part, "fell"),
        *_listed(sides, words("Otherwise different:"), part, "differs"),
        *_listed(sides, words("Unchanged:"), part, "same"),
        *_listed(sides, words("Not answered both times:"), part, "open"),
        *_listed(sides, words("Not the same in both editions:"), part, *NOT_THE_SAME),
    ]


def _listed(sides: Sides, lead: str, part: Part, *verdicts: Verdict) -> list[Block]:
    rows = [row for row in part.rows if row.verdict in verdicts]
    if not rows:
        return []
    return [Paragraph(lead), Bullets(tuple(_row(sides, row) for row in rows))]


def _row(sides: Sides, row: Row) -> str:
    """“1.2: Rather disagree → Fully agree · We follow the rules.”"""
    reason = _reasons(sides.words).get(row.verdict)
    told = [part for part in (reason, _answers(sides, row)) if part]
    lead = f"{row.statement}: {', '.join(told)}" if told else row.statement
    return f"{lead} · {sides.now.text(row.statement)}"


def _answers(sides: Sides, row: Row) -> str:
    """Both answers; of texts, which may be long, only whether there is one."""
    if row.verdict == "same" and row.after is not None:
        return _answer(sides.now, row.statement, row.after)
    if row.before is None and row.after is None:
        return ""
    before = _answer(sides.then, row.statement, row.before)
    return f"{before} → {_answer(sides.now, row.statement, row.after)}"


def _answer(side: Talk, statement: str, value: str | None) -> str:
    words = side.words
    if value is None:
        return words("still open")
    if side.edition.statements[statement].kind == "text":
        return words("text written")
    return answer_label(side, statement, value)
