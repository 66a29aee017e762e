"""What a section's answers lead to: what is strong, and tips for what is weaker."""

from collections.abc import Mapping

from content.model import Edition, Option, Section, Statement, Tip
from content.reach import shown_tips
from content.scoring import Gap, gaps, is_agreement
from content.values import MISSING, ticked
from dialogs.scenes.kinds import answer_label, explained, ticked_label
from dialogs.talk import Talk
from dialogs.types import Block, Bullets, Paragraph

Tips = Mapping[str, list[Tip]]
"""Tips by statement."""


def tips_shown(
    edition: Edition, section: Section, values: Mapping[str, str]
) -> dict[str, list[Tip]]:
    """The tips that apply to the answers of a section, by statement; only statements that have some, in
    the order in which the section's result tells them."""
    answered = _as_told(edition, [s for s in section.statements if s.id in values], values)
    upkeep = not any(_is_weaker(s, values[s.id]) for s in answered)
    tips = {s.id: _tips(edition, s, values[s.id], upkeep=upkeep) for s in answered}
    return {id_: found for id_, found in tips.items() if found}


def _as_told(
    edition: Edition, answered: list[Statement], values: Mapping[str, str]
) -> list[Statement]:
    """The weakest answer first, checklists at the end; gaps in the order of the section."""
    if edition.result == "gap":
        return answered
    choices = [s for s in answered if s.kind == "choice"]
    others = [s for s in answered if s.kind != "choice"]
    return [*sorted(choices, key=lambda s: s.scale.by_id[values[s.id]].points), *others]


def _tips(edition: Edition, statement: Statement, value: str, *, upkeep: bool) -> list[Tip]:
    """``upkeep``: nothing in the section is weaker, so that the best answers get a tip each, too."""
    if statement.kind == "checklist":
        left = len(ticked(value)) < len(statement.items)
        return shown_tips(edition.result, statement, MISSING) if left else []
    best = statement.kind == "choice" and not _is_weaker(statement, value)
    if best and not upkeep and edition.result != "gap":
        return []
    return shown_tips(edition.result, statement, value)


def _is_weaker(statement: Statement, value: str) -> bool:
    """Whether there is a better answer."""
    scale = statement.scale
    return statement.kind == "choice" and scale.by_id[value].points < scale.top


def findings(talk: Talk, section: Section) -> list[Block]:
    """Everything to say about the answers of a section."""
    values = talk.assessment.values
    tips = tips_shown(talk.edition, section, values)
    if talk.edition.result == "gap":
        return [block for gap in gaps(section, values) for block in _gap(talk, gap, tips)]
    chosen = _chosen(talk, section)
    strong = [s.id for s, option in chosen if is_agreement(s.scale, option)]
    weaker = [row for row in chosen if _is_weaker(row[0], row[1].id)]
    blocks: list[Block] = []
    if strong:
        blocks.append(Paragraph(talk.words("Strong: {statements}.", statements=", ".join(strong))))
    for statement, option in sorted(weaker, key=lambda row: row[1].points):
        blocks += _advice(talk, statement, option, tips)
    if not weaker:
        upkeep = [tip for s, _ in chosen for tip in tips.get(s.id, [])]
        blocks += _under(talk, talk.words("Nothing here is weak. To keep it so:"), upkeep)
    return [*blocks, *_checklists(talk, section, tips)]


def _chosen(talk: Talk, section: Section) -> list[tuple[Statement, Option]]:
    values = talk.assessment.values
    choices = [s for s in section.statements if s.kind == "choice" and s.id in values]
    return [(s, s.scale.by_id[values[s.id]]) for s in choices]


def _advice(talk: Talk, asked: Statement, option: Option, tips: Tips) -> list[Block]:
    """Tips for one weaker statement, with the topics that they come from."""
    words, statement = talk.words, asked.id
    label = answer_label(talk, statement, option.id)
    if is_agreement(asked.scale, option):
        lead = words(
            "To refine {statement} (your answer: {answer}):", statement=statement, answer=label
        )
    else:
        lead = words(
            "Next steps for {statement} (your answer: {answer}):", statement=statement, answer=label
        )
    return _under(talk, lead, tips.get(statement, []))


def _gap(talk: Talk, gap: Gap, tips: Tips) -> list[Block]:
    """What to learn for a level below the required one."""
    words, statement = talk.words, gap.statement.id
    lead = words("To learn next for {statement}:", statement=statement)
    if gap.missing <= 0:
        lead = words("To stay at your level in {statement}:", statement=statement)
    return _under(talk, lead, tips.get(statement, []))


def _checklists(talk: Talk, section: Section, tips: Tips) -> list[Block]:
    """How much of each checklist is ticked, and tips where something is not."""
    values = talk.assessment.values
    blocks: list[Block] = []
    for statement in section.statements:
        if statement.kind == "checklist" and statement.id in values:
            blocks += _checklist(talk, statement, tips)
    return blocks


def _checklist(talk: Talk, statement: Statement, tips: Tips) -> list[Block]:
    words, value = talk.words, talk.assessment.values[statement.id]
    counted = f"{statement.id}: {ticked_label(talk, statement, value)}."
    left = [item for item in statement.items if item not in ticked(value)]
    if not left:
        return [Paragraph(counted)]
    return [
        *_open_items(talk, statement, counted, left),
        *_under(talk, words("To get there:"), tips.get(statement.id, [])),
    ]


def _open_items(talk: Talk, statement: Statement, counted: str, left: list[str]) -> list[Block]:
    """In one sentence, or as a list where the items are explained."""
    words, names = talk.words, [explained(talk, statement, item) for item in left]
    if statement.has_item_texts:
        lead = words("Still open:")
        return [Paragraph(f"{counted} {lead}"), Bullets(tuple(names))]
    lead = words("Still open: {items}.", items="; ".join(names))
    return [Paragraph(f"{counted} {lead}")]


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
