"""What has come of the plan: its steps beside what has risen since the assessment before."""

from content.model import Statement
from content.scoring import points_of
from dialogs.scenes.kinds import assessment_before
from dialogs.scenes.plan import by_statement, own_words
from dialogs.talk import Talk
from dialogs.types import Block, Bullets, Paragraph


def risen(talk: Talk) -> list[str]:
    """Statements whose answer counts more than in the assessment before, in their order.

    A statement whose meaning has changed in between is left out.
    """
    before = assessment_before(talk)
    if before is None:
        return []
    old, new = talk.world.library.edition(before.edition), talk.edition
    both = [id_ for id_ in new.order if id_ in before.values and id_ in talk.assessment.values]
    return [
        id_
        for id_ in both
        if id_ in old.statements
        and _is_same(old.statements[id_], new.statements[id_])
        and points_of(new.statements[id_], talk.assessment.values[id_])
        > points_of(old.statements[id_], before.values[id_])
    ]


def _is_same(old: Statement, new: Statement) -> bool:
    counted = new.kind in ("choice", "number")
    return counted and (old.kind, old.revision) == (new.kind, new.revision)


def steps_that_helped(talk: Talk) -> list[Block]:
    """The steps made before this assessment that belong to statements that rose."""
    words, started = talk.words, talk.assessment.started
    steps = by_statement(talk.world.plan, talk.assessment.instrument) if talk.world.plan else {}
    if not steps:
        return []
    found = [s for id_ in risen(talk) for s in steps.get(id_, []) if s.made < started]
    if not found:
        return []
    lead = words.plural(
        "{count} step of your plan belongs to a statement that rose:",
        "{count} steps of your plan belong to statements that rose:",
        len(found),
    )
    return [Paragraph(lead), Bullets(tuple(f"{s.statement} · {own_words(s.text)}" for s in found))]
