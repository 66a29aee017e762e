"""Results: of a section, of the whole, and the list of all assessments."""

from content.model import Option, Section, Tip
from content.scoring import (
    Score,
    is_agreement,
    level_of,
    overall_score,
    ranked,
    section_score,
)
from dialogs.place import next_statement
from dialogs.scenes import guide
from dialogs.scenes.asking import option_label
from dialogs.talk import Talk, reply
from dialogs.tokens import staying, token
from dialogs.types import (
    Assessment,
    Block,
    Bullets,
    Choice,
    Heading,
    Paragraph,
    Progress,
    Reply,
)

LISTED = 20
"""How many assessments are listed: a screen holds no more, a keyboard 100 buttons."""

EXTREMES = 3
"""How many of the strongest and of the weakest sections are named."""

REFINEMENTS = 2
"""Tips shown for an agreement; a disagreement gets all its first steps."""


def section_result(talk: Talk) -> Reply:
    """The section just finished: arithmetic, level, what is strong, tips for what is weaker.

    The message stays in the chat, so its buttons open new ones.
    """
    section = talk.edition.section(talk.state.section or "")
    result = section_score(talk.edition, section, talk.assessment.options)
    words = talk.words
    heading = words(
        "Section {number} · {title}",
        number=talk.edition.number_of(section),
        title=talk.text(section.key),
    )
    ways = (
        (_onward(talk),),
        *guide.way_to_topics(talk, section),
        (_review(talk, section), _menu(talk)),
    )
    rows = staying(ways)
    if not result.answered:
        nothing = words("No statement of this section is answered yet, so there is no result.")
        return reply(Heading(heading), Paragraph(nothing), choices=rows)
    return reply(
        Heading(heading),
        level_bar(talk, result),
        Paragraph(_arithmetic(talk, section, result)),
        _open_ones(talk, result),
        *_findings(talk, section),
        choices=rows,
    )


def score_in_words(talk: Talk, result: Score) -> str:
    """“9 of 12 points, 75 %”."""
    return talk.words(
        "{points} of {maximum} points, {percent}",
        points=result.points,
        maximum=result.maximum,
        percent=talk.words.percent(result.ratio),
    )


def level_bar(talk: Talk, result: Score) -> Progress:
    """The level as a bar, with its name and the percentage in words."""
    level = level_of(talk.edition, result)
    label = f"{talk.words.percent(result.ratio)} · {talk.text(level.key)}"
    return Progress(talk.edition.levels.index(level) + 1, len(talk.edition.levels), label)


def _arithmetic(talk: Talk, section: Section, result: Score) -> str:
    """Each statement's points, and their sum."""
    options = talk.assessment.options
    parts = [
        f"{s.id}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{talk.edition.options[options[s.id]].points}"
        for s in section.statements
        if s.id in options
    ]
    return talk.words(
        "Points: {points}. Together: {score}.",
        points=", ".join(parts),
        score=score_in_words(talk, result),
    )


def _open_ones(talk: Talk, result: Score) -> Paragraph | None:
    if not result.open:
        return None
    return Paragraph(
        talk.words.plural(
            "{count} statement is still open and is not counted.",
            "{count} statements are still open and are not counted.",
            result.open,
        )
    )


def _findings(talk: Talk, section: Section) -> list[Block]:
    options = talk.assessment.options
    answered = [
        (s.id, talk.edition.options[options[s.id]]) for s in section.statements if s.id in options
    ]
    strong = [statement for statement, option in answered if is_agreement(talk.edition, option)]
    weaker = [row for row in answered if row[1].points < talk.edition.top]
    weaker.sort(key=lambda row: row[1].points)
    blocks: list[Block] = []
    if strong:
        blocks.append(Paragraph(talk.words("Strong: {statements}.", statements=", ".join(strong))))
    for statement, option in weaker:
        blocks += _advice(talk, statement, option)
    return blocks if weaker else [*blocks, *_upkeep(talk, section)]


def _advice(talk: Talk, statement: str, option: Option) -> list[Block]:
    """Tips for one weaker statement, with the topics that they come from."""
    words, label = talk.words, option_label(talk, option.id)
    tips = talk.edition.statements[statement].tips_for(option.id)
    if is_agreement(talk.edition, option):
        lead = words(
            "To refine {statement} (your answer: {answer}):", statement=statement, answer=label
        )
        tips = tips[:REFINEMENTS]
    else:
        lead = words(
            "Next steps for {statement} (your answer: {answer}):", statement=statement, answer=label
        )
    return [Paragraph(lead), _tips(talk, tips), _topics(talk, tips)] if tips else []


def _upkeep(talk: Talk, section: Section) -> list[Block]:
    """Where nothing is weaker: one refinement for each statement that is answered."""
    options = talk.assessment.options
    rows = [s.tips_for(options[s.id])[:1] for s in section.statements if s.id in options]
    tips = [tip for row in rows for tip in row]
    if not tips:
        return []
    lead = talk.words("Nothing here is weak. To keep it so:")
    return [Paragraph(lead), _tips(talk, tips), _topics(talk, tips)]


def _tips(talk: Talk, tips: list[Tip]) -> Bullets:
    return Bullets(tuple(talk.text(tip.key) for tip in tips))


def _topics(talk: Talk, tips: list[Tip]) -> Paragraph:
    titles = dict.fromkeys(talk.text(tip.topic_key) for tip in tips)
    return Paragraph(
        talk.words.plural(
            "From the guide: {topics}.",
            "From the guide: {topics}.",
            len(titles),
            topics="; ".join(titles),
        )
    )


def _onward(talk: Talk) -> Choice:
    words, code = talk.words, talk.assessment.code
    if next_statement(talk):
        return Choice(words("Next section"), token("next", code))
    return Choice(words("Overall result"), token("overall", code))


def _review(talk: Talk, section: Section) -> Choice:
    return Choice(
        talk.words("Review my answers"), token("review", talk.assessment.code, section.id)
    )


def _menu(talk: Talk) -> Choice:
    return Choice(talk.words("Menu"), token("menu"))


# --- The whole -------------------------------------------------------------------------------


def overall_result(talk: Talk) -> Reply:
    """Every section, the strongest and the weakest, what next, and how it was counted."""
    words, options = talk.words, talk.assessment.options
    result = overall_score(talk.edition, options)
    counted = words(
        "Answered: {count} of {total} statements.", count=result.answered, total=result.total
    )
    begun = words("Begun: {date}", date=words.date(talk.assessment.started))
    blocks: list[Block] = [Heading(talk.text("title")), Paragraph(f"{counted} {begun}")]
    if result.answered:
        blocks += _whole(talk, result)
    return reply(*blocks, choices=staying(_result_choices(talk, result)))


def _whole(talk: Talk, result: Score) -> list[Block]:
    words = talk.words
    meaning = talk.text(f"{level_of(talk.edition, result).key}/meaning")
    return [
        level_bar(talk, result),
        Paragraph(f"{score_in_words(talk, result)}. {meaning}"),
        Paragraph(words("By section:")),
        Bullets(tuple(_section_line(talk, section) for section in talk.edition.sections)),
        *_extremes(talk),
        Paragraph(talk.text("scoring")),
        _what_next(talk, result),
    ]


def _section_line(talk: Talk, section: Section) -> str:
    words, result = talk.words, section_score(talk.edition, section, talk.assessment.options)
    title = f"{talk.edition.number_of(section)} {talk.text(section.key)}"
    if not result.answered:
        return words("{title}: not answered yet", title=title)
    level = talk.text(level_of(talk.edition, result).key)
    return f"{title}: {score_in_words(talk, result)} · {level}"


def _extremes(talk: Talk) -> list[Block]:
    """The strongest and the weakest sections, at most three each and none in both; nothing where
    all are equal."""
    words, rows = talk.words, ranked(talk.edition, talk.assessment.options)
    count = min(EXTREMES, len(rows) // 2)
    high, low = rows[0][1].ratio, rows[-1][1].ratio
    best = [talk.text(section.key) for section, score in rows[:count] if score.ratio > low]
    worst = [talk.text(section.key) for section, score in rows[::-1][:count] if score.ratio < high]
    if not best or not worst:
        return []
    return [
        Paragraph(words("Strongest: {sections}.", sections="; ".join(best))),
        Paragraph(words("Weakest: {sections}.", sections="; ".join(worst))),
    ]


def _what_next(talk: Talk, result: Score) -> Paragraph:
    words = talk.words
    if result.points == result.maximum:
        return Paragraph(words("What next: keep it so, and look again in a year."))
    return Paragraph(
        words(
            "What next: choose one weak section, take one tip from it this week, "
            "and look again in a year."
        )
    )


def _result_choices(talk: Talk, result: Score) -> tuple[tuple[Choice, ...], ...]:
    words, code = talk.words, talk.assessment.code
    review = Choice(words("Review my answers"), token("review", code))
    menu = Choice(words("Menu"), token("menu"))
    if result.open:
        return ((Choice(words("Answer the open ones"), token("fill", code)),), (review, menu))
    return ((menu,), (review,))


# --- The list --------------------------------------------------------------------------------


def list_results(talk: Talk) -> Reply:
    """This person's assessments, the newest first, with a number that their button shares."""
    words, own = talk.words, list(talk.world.shelf.values())[::-1][:LISTED]
    if not own:
        nothing = Paragraph(words("There is no result yet. The first section gives you one."))
        return reply(Heading(words("My results")), nothing, choices=[[_menu(talk)]])
    rows = [
        [Choice(_result_label(talk, n, a), token("open", a.code))] for n, a in enumerate(own, 1)
    ]
    return reply(
        Heading(words("My results")),
        *(Paragraph(_result_line(talk, n, assessment)) for n, assessment in enumerate(own, 1)),
        choices=[*rows, [_menu(talk)]],
    )


def _result_line(talk: Talk, number: int, assessment: Assessment) -> str:
    words, edition = talk.words, talk.world.library.edition(assessment.edition)
    result = overall_score(edition, assessment.options)
    title = edition.text("title", talk.state.language)
    begun = words("{title}, begun on {date}", title=title, date=words.date(assessment.started))
    standing = words("{count} of {total} answered", count=result.answered, total=result.total)
    percent = [words.percent(result.ratio)] if result.answered else []
    return " · ".join([f"{number}. {begun}", standing, *percent])


def _result_label(talk: Talk, number: int, assessment: Assessment) -> str:
    edition = talk.world.library.edition(assessment.edition)
    result = overall_score(edition, assessment.options)
    day = f"{number}. {talk.words.date(assessment.started)}"
    return f"{day} · {talk.words.percent(result.ratio)}" if result.answered else day
