"""What an author is asked to confirm: changes against the current edition that may be a mistake."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from content.compiler import Examined
from content.former import Wording
from content.model import Edition, Statement
from content.problems import Problem
from content.sentences import Sentence, about

SAME_MEANING = 0.6
"""Two texts that are less alike than this by ``difflib`` (the share of letters in common, in order)
are taken for different statements."""


def doubts(examined: Examined, current: Edition) -> Iterator[Problem]:
    """Each with the file, the line, and what to do unless it is meant so."""
    yield from _unchanged_translations(examined, current)
    yield from _other_meanings(examined, current)


def conflicts(examined: Examined, current: Edition) -> Iterator[Problem]:
    """Statements that kept their revision, though answers to them may no longer be possible: such an
    answer would be carried over, and could not be read."""
    edition = examined.model
    for statement in edition.statements.values() if edition else ():
        earlier = current.statements.get(statement.id)
        if earlier and earlier.revision == statement.revision:
            for told in _narrowed(earlier, statement):
                words = Sentence("{what} under the same revision: raise its revision", what=told)
                yield Problem(*examined.line("en", statement.key), about(statement.id, words))


def reused(examined: Examined, former: Sequence[Wording]) -> Iterator[Problem]:
    """The same against other editions: after an undo, a revision may be given out again."""
    for now, before in _same_revision(examined, former):
        for told in _narrowed(before.statement, now):
            words = Sentence(
                "in edition {number} {what} under the same revision: raise its revision",
                number=before.number,
                what=told,
            )
            yield Problem(*examined.line("en", now.key), about(now.id, words))


def reworded(examined: Examined, current: Edition, former: Sequence[Wording]) -> Iterator[Problem]:
    """Statements whose id and revision stood for another text in another edition; each is told once."""
    told = {now.id for now, text in _current_texts(examined, current) if _differ(*text)}
    for now, before in _same_revision(examined, former):
        if now.id not in told and _differ(before.text, examined.texts["en"][now.key]):
            told.add(now.id)
            words = Sentence(
                "edition {number} has another text under the same id and revision: if its meaning is "
                "another, raise its revision",
                number=before.number,
            )
            yield Problem(*examined.line("en", now.key), about(now.id, words))


def _current_texts(
    examined: Examined, current: Edition
) -> Iterator[tuple[Statement, tuple[str, str]]]:
    """What ``doubts`` tells already."""
    for now in examined.model.statements.values() if examined.model else ():
        earlier = current.statements.get(now.id)
        if earlier and earlier.revision == now.revision:
            yield now, (current.texts["en"][now.key], examined.texts["en"][now.key])


def _same_revision(
    examined: Examined, former: Sequence[Wording]
) -> Iterator[tuple[Statement, Wording]]:
    statements = examined.model.statements if examined.model else {}
    for before in former:
        now = statements.get(before.statement.id)
        if now and now.revision == before.statement.revision:
            yield now, before


def _narrowed(earlier: Statement, now: Statement) -> Iterator[str]:
    """What makes earlier answers impossible."""
    if earlier.kind != now.kind:
        yield Sentence("its kind was {old} and is {new}", old=earlier.kind, new=now.kind)
        return
    gone = earlier.scale.by_id.keys() - now.scale.by_id.keys() | set(earlier.items) - set(now.items)
    if gone:
        yield Sentence("answers are gone ({ids})", ids=", ".join(sorted(gone)))
    if now.kind == "number" and not _still_possible(earlier, now):
        yield Sentence("its minimum, maximum or step leave earlier numbers out")
    if now.limit < earlier.limit:
        yield Sentence("its limit was {old} and is {new}", old=earlier.limit, new=now.limit)


def _still_possible(earlier: Statement, now: Statement) -> bool:
    """Whether every number of before is within the bounds and on a step now."""
    wide = now.minimum <= earlier.minimum and earlier.maximum <= now.maximum
    on_step = now.step and not earlier.step % now.step
    return bool(wide and on_step) and not (earlier.minimum - now.minimum) % now.step


def _unchanged_translations(examined: Examined, current: Edition) -> Iterator[Problem]:
    """English that is new over translations that are not."""
    english, before = examined.texts["en"], current.texts["en"]
    changed = [key for key, text in english.items() if before.get(key, text) != text]
    for language, texts in examined.texts.items():
        for key in changed if language != "en" else ():
            if current.texts[language].get(key) == texts[key]:
                told = Sentence(
                    "the English text has changed, this translation has not: look at it again"
                )
                yield Problem(*examined.line(language, key), about(key, told))


def _other_meanings(examined: Examined, current: Edition) -> Iterator[Problem]:
    """Ids that answers hang on, with texts that hardly resemble the earlier ones."""
    english, before = examined.texts["en"], current.texts["en"]
    revisions = {s.id: s.revision for part in examined.source.sections for s in part.statements}
    for key, revision in revisions.items():
        earlier = current.statements.get(key)
        if earlier is None:
            continue
        at = examined.line("en", key)
        if revision < earlier.revision:
            told = Sentence("its revision was {number}: never lower it", number=earlier.revision)
            yield Problem(*at, about(key, told))
        elif revision == earlier.revision and _differ(before[key], english[key]):
            yield Problem(*at, about(key, ANOTHER_STATEMENT))
    for key in sorted(_answers(examined) & before.keys()):
        if _differ(before[key], english[key]):
            yield Problem(*examined.line("en", key), about(key, ANOTHER_ANSWER))


ANOTHER_STATEMENT = Sentence(
    "the text reads like another one under the same id: if its meaning changed, raise its revision"
)
ANOTHER_ANSWER = Sentence(
    "the text reads like another one under the same id: give a new answer a new id"
)


def _answers(examined: Examined) -> set[str]:
    """Keys of what may be tapped: the labels of options and of items."""
    source = examined.source
    options = {f"option/{o.id}" for scale in source.all_scales().values() for o in scale}
    statements = [s for part in source.sections for s in part.statements]
    return options | {f"{s.id}/item/{item.id}" for s in statements for item in s.items}


def _differ(old: str, new: str) -> bool:
    """Whether two texts are less alike than SAME_MEANING."""
    pair = SequenceMatcher(a=old.casefold(), b=new.casefold(), autojunk=False)
    return pair.quick_ratio() < SAME_MEANING or pair.ratio() < SAME_MEANING
