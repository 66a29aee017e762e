"""What becomes of answers when an assessment goes on in another edition: pure, and the only place.

An answer counts where its statement is still there in the revision that it was given to, and where it
is still one of the values that may be given. Everything else stays what it was, as a former answer: an
answer is never taken for one to another wording.
"""

from dataclasses import dataclass, replace

from content.model import Edition
from content.values import is_value
from dialogs.types import Answer, Assessment, Former


def under(edition: Edition, assessment: Assessment) -> Assessment:
    """The assessment pinned to that edition, with its answers sorted anew."""
    answers: dict[str, Answer] = {}
    former: dict[str, Former] = {}
    for id_, given in _given(assessment).items():
        if counts(edition, id_, given.answer):
            answers[id_] = given.answer
            continue
        former[id_] = given
        if id_ in edition.statements and given.answer.note:
            answers[id_] = replace(given.answer, value=None)  # a note stays with its statement
    return replace(assessment, edition=edition.digest, answers=answers, former=former)


def _given(assessment: Assessment) -> dict[str, Former]:
    """Every answer with the edition that it was read in, as far as it matters."""
    own = {id_: Former(a, assessment.edition) for id_, a in assessment.answers.items()}
    return {**own, **assessment.former}


def counts(edition: Edition, statement: str, answer: Answer) -> bool:
    """Whether the answer is one to that edition's statement. A note alone belongs to any wording."""
    asked = edition.statements.get(statement)
    if asked is None:
        return False
    if answer.value is None:
        return True
    return answer.revision == asked.revision and is_value(asked, answer.value)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a move would do, in numbers of statements."""

    kept: int
    again: int
    new: int
    withdrawn: int


def carried(edition: Edition, assessment: Assessment, before: Edition) -> Carried:
    """The numbers for moving from ``before``, the edition at hand, to that edition.

    ``again`` counts what would be asked again of those who gave an answer; ``withdrawn`` answers whose
    statement is gone.
    """
    after = under(edition, assessment)
    lost = {id_ for id_ in assessment.values if id_ in after.former}
    return Carried(
        kept=len(after.values),
        again=sum(id_ in edition.statements for id_ in lost),
        new=sum(id_ not in before.statements for id_ in edition.order),
        withdrawn=sum(id_ not in edition.statements for id_ in lost),
    )
