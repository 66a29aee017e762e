"""Which tips an answer is given, so that none is written that nobody sees."""

from content.model import Statement, Tip
from content.scoring import is_agreement
from content.values import MISSING

REFINEMENTS = 3
"""Tips shown for an agreement; a disagreement gets all its first steps."""


def shown_tips(result: str, statement: Statement, answer: str) -> list[Tip]:
    """The tips that an answer leads to somewhere. ``result`` is the instrument's kind of result;
    ``answer`` an option's id, or MISSING for a checklist with something left to tick."""
    tips = statement.tips_for(answer)
    if statement.kind == "checklist":
        return tips if result != "gap" and answer == MISSING else []
    if statement.kind != "choice":
        return []
    option = statement.scale.by_id[answer]
    if result == "gap":
        return tips[: REFINEMENTS if option.points < statement.required else 1]
    if option.points == statement.scale.top:
        return tips[:1]
    return tips[:REFINEMENTS] if is_agreement(statement.scale, option) else tips


def unreachable(result: str, statement: Statement) -> list[Tip]:
    """The tips that no answer leads to."""
    answers = [option.id for option in statement.scale.options] or [MISSING]
    seen = {tip.key for answer in answers for tip in shown_tips(result, statement, answer)}
    return [tip for tip in statement.tips if tip.key not in seen]
