"""What a section's answers lead to: what is strong, and tips for what is weaker."""

from content.model import Option, Section, Statement, Tip
from content.reach import REFINEMENTS
from content.scoring import Gap, gaps, is_agreement
from content.values import MISSING, ticked
from dialogs.scenes.kinds import answer_label, ticked_label
from dialogs.talk import Talk
from dialogs.types import Block, Bullets, Paragraph


def findings(talk: Talk, section: Section) -> list[Block]:
    """Everything to say about the answers of a section."""
    if talk.edition.result == "gap":
        return [block for gap in gaps(section, talk.assessment.values) for block in _gap(talk, gap)]
    chosen = _chosen(talk, section)
    strong = [s.id for s, option in chosen if is_agreement(s.scale, option)]
    weaker = sorted(
        (row for row in chosen if row[1].points < row[0].scale.top), key=lambda row: row[1].points
    )
    blocks: list[Block] = []
    if strong:
        blocks.append(Paragraph(talk.words("Strong: {statements}.", statements=", ".join(strong))))
    for statement, option in weaker:
        blocks += _advice(talk, statement, option)
    if not weaker:
        blocks += _upkeep(talk, section)
    return [*blocks, *_unticked(talk, section)]


def _chosen(talk: Talk, section: Section) -> list[tuple[Statement, Option]]:
    values = talk.assessment.values
    choices = [s for s in section.statements if s.kind == "choice" and s.id in values]
    return [(s, s.scale.by_id[values[s.id]]) for s in choices]


def _advice(talk: Talk, asked: Statement, option: Option) -> list[Block]:
    """Tips for one weaker statement, with the topics that they come from."""
    words, statement = talk.words, asked.id
    label = answer_label(talk, statement, option.id)
    tips = asked.tips_for(option.id)
    if is_agreement(asked.scale, option):
        lead = words(
            "To refine {statement} (your answer: {answer}):", statement=statement, answer=label
        )
        tips = tips[:REFINEMENTS]
    else:
        lead = words(
            "Next steps for {statement} (your answer: {answer}):", statement=statement, answer=label
        )
    return _under(talk, lead, tips)


def _upkeep(talk: Talk, section: Section) -> list[Block]:
    """Where nothing is weaker: one refinement for each statement that is answered."""
    rows = [s.tips_for(option.id)[:1] for s, option in _chosen(talk, section)]
    tips = [tip for row in rows for tip in row]
    return _under(talk, talk.words("Nothing here is weak. To keep it so:"), tips)


def _gap(talk: Talk, gap: Gap) -> list[Block]:
    """What to learn for a level below the required one."""
    statement = gap.statement
    tips = statement.tips_for(talk.assessment.values[statement.id])
    words = talk.words
    if gap.missing <= 0:
        lead = words("To stay at your level in {statement}:", statement=statement.id)
        return _under(talk, lead, tips[:1])
    lead = words("To learn next for {statement}:", statement=statement.id)
    return _under(talk, lead, tips[:REFINEMENTS])


def _unticked(talk: Talk, section: Section) -> list[Block]:
    """Tips for checklists where something is not ticked."""
    values = talk.assessment.values
    blocks: list[Block] = []
    for statement in section.statements:
        if statement.kind == "checklist" and statement.id in values:
            blocks += _checklist(talk, statement, values[statement.id])
    return blocks


def _checklist(talk: Talk, statement: Statement, value: str) -> list[Block]:
    words, done = talk.words, ticked(value)
    counted = f"{statement.id}: {ticked_label(talk, statement, value)}."
    left = [item for item in statement.items if item not in done]
    if not left:
        return [Paragraph(counted)]
    names = "; ".join(talk.text(statement.item_key(item)) for item in left)
    lead = words("Still open: {items}.", items=names)
    return [
        Paragraph(f"{counted} {lead}"),
        *_under(talk, words("To get there:"), statement.tips_for(MISSING)),
    ]


def _under(talk: Talk, lead: str, tips: list[Tip]) -> list[Block]:
    if not tips:
        return []
    bullets = Bullets(tuple(talk.text(tip.key) for tip in tips))
    return [Paragraph(lead), bullets, *_topics(talk, tips)]


def _topics(talk: Talk, tips: list[Tip]) -> list[Block]:
    """Where the tips are from, unless the guide at hand belongs to another instrument."""
    if talk.world.library.guide.instrument not in ("", talk.assessment.instrument):
        return []
    titles = dict.fromkeys(talk.text(tip.topic_key) for tip in tips)
    lead = talk.words.plural(
        "From the guide: {topics}.",
        "From the guide: {topics}.",
        len(titles),
        topics="; ".join(titles),
    )
    return [Paragraph(lead)]
