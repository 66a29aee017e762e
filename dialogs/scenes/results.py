"""Results: of a section, of the whole, and the list of all assessments."""

from content.model import Section
from content.scoring import Score, gaps, overall_score, section_score
from dialogs.charts import overall_picture, section_picture
from dialogs.place import next_required, next_statement
from dialogs.scenes import files, guide, opinions, plan, progress, reading
from dialogs.scenes.comparing import compare_choice
from dialogs.scenes.figures import compared
from dialogs.scenes.findings import findings
from dialogs.scenes.kinds import answer_label
from dialogs.scenes.outcomes import section_standing, whole
from dialogs.scenes.renewal import not_counted
from dialogs.scenes.scores import short_score
from dialogs.talk import Talk, reply
from dialogs.tokens import staying, token
from dialogs.types import Assessment, Block, Bullets, Choice, Heading, Paragraph, Reply

LISTED = 20
"""How many assessments are listed: a screen holds no more, a keyboard 100 buttons."""


def section_result(talk: Talk) -> Reply:
    """The section just finished: arithmetic, level, what is strong, tips for what is weaker.

    The message stays in the chat, so its buttons open new ones.
    """
    section = talk.edition.section(talk.state.section or "")
    to_plan = plan.way_in(talk, section)
    return reply(
        Heading(_title(talk, section)),
        section_picture(talk, section),
        *_given(talk, section),
        *section_told(talk, section),
        *compared(talk, section.statements),
        *findings(talk, section),
        choices=staying(
            (
                tuple(_onward(talk, section)),
                tuple(to_plan),
                *guide.way_to_topics(talk, section),
                tuple(opinions.way_in(talk, section.id) if to_plan else ()),
                (_review(talk, section), _menu(talk)),
            )
        ),
    )


def _title(talk: Talk, section: Section) -> str:
    words, title = talk.words, talk.text(section.key)
    if section.optional:
        return words("Optional · {title}", title=title)
    number = talk.edition.number_of(section)
    return words("Section {number} · {title}", number=number, title=title)


def section_told(talk: Talk, section: Section) -> list[Block]:
    """The result of a section by itself, without what stands beside it and what follows from it."""
    values = talk.assessment.values
    if not section.ids & values.keys():
        nothing = talk.words("No statement of this section is answered yet, so there is no result.")
        return [Paragraph(nothing)]
    result = section_score(talk.edition, section, values)
    return [*section_standing(talk, section, result), *_open_ones(talk, result)]


def _given(talk: Talk, section: Section) -> list[Block]:
    """Where nothing is counted: what was answered."""
    values = talk.assessment.values
    if _is_counted(talk, section) or not section.ids & values.keys():
        return []
    asked = (s for s in section.statements if s.id in values and s.applies(values))
    shown = [s for s in asked if s.kind in ("choice", "number")]
    if not shown:
        return [Paragraph(talk.words("What you gave here is kept, and stands in the result."))]
    lines = (f"{s.id}: {answer_label(talk, s.id, values[s.id])}" for s in shown)
    return [Paragraph(talk.words("Your answers, which are not counted:")), Bullets(tuple(lines))]


def _is_counted(talk: Talk, section: Section) -> bool:
    """Whether an answer in it has a result."""
    if talk.edition.result == "gap" and not section.optional:
        return bool(gaps(section, talk.assessment.values))
    return bool(section_score(talk.edition, section, talk.assessment.values).maximum)


def _open_ones(talk: Talk, result: Score) -> list[Block]:
    if not result.open:
        return []
    still_open = talk.words.plural(
        "{count} statement is still open and is not counted.",
        "{count} statements are still open and are not counted.",
        result.open,
    )
    return [Paragraph(still_open)]


def _onward(talk: Talk, section: Section) -> list[Choice]:
    """The natural way first. What may be left out is offered beside the result, and the other way
    round where somebody is in the middle of it."""
    words, code = talk.words, talk.assessment.code
    overall = Choice(words("Overall result"), token("overall", code))
    if not next_statement(talk):
        return [overall]
    if next_required(talk):
        return [Choice(words("Next section"), token("next", code))]
    if section.optional:
        return [Choice(words("Next section"), token("next", code)), overall]
    return [overall, Choice(words("Optional part"), token("next", code))]


def _review(talk: Talk, section: Section) -> Choice:
    return Choice(
        talk.words("Review my answers"), token("review", talk.assessment.code, section.id)
    )


def _menu(talk: Talk) -> Choice:
    return Choice(talk.words("Menu"), token("menu"))


# --- The whole -------------------------------------------------------------------------------


def overall_result(talk: Talk) -> Reply:
    """Every section, the strongest and the weakest, what next, and how it was counted."""
    words = talk.words
    result = overall_score(talk.edition, talk.assessment.values)
    counted = words(
        "Answered: {count} of {total} statements.", count=result.answered, total=result.total
    )
    begun = words("Begun: {date}", date=words.date(talk.assessment.started))
    told: list[Block] = []
    if talk.assessment.values:
        told = [*whole(talk, result), *progress.steps_that_helped(talk), files.result_page(talk)]
    return reply(
        Heading(talk.text("title")),
        overall_picture(talk),
        Paragraph(f"{counted} {begun}"),
        *told,
        *not_counted(talk),
        choices=staying(_result_choices(talk, result)),
    )


def _result_choices(talk: Talk, result: Score) -> tuple[tuple[Choice, ...], ...]:
    """What is still missing, what follows from the result, what may be added, and the ways back."""
    words, code = talk.words, talk.assessment.code
    fill = token("fill", code)
    missing = (Choice(words("Answer the open ones"), fill),) if result.open else ()
    take = (files.way_in(talk),) if talk.assessment.values else ()
    compare = tuple(compare_choice(talk, talk.assessment, words("Compare")))
    more = not result.open and _left_out(talk)
    optional = (Choice(words("Optional part"), fill),) if more else ()
    return (
        missing,
        tuple(plan.way_in_overall(talk)),
        (*take, *compare),
        (*optional, *reading.way_in(talk, talk.edition)),
        (
            Choice(words("Review my answers"), token("review", code)),
            Choice(words("Menu"), token("menu")),
        ),
    )


def _left_out(talk: Talk) -> bool:
    """Whether something that may be left out is still open."""
    values, statements = talk.assessment.values, talk.edition.statements.values()
    return any(s.optional and s.id not in values and s.applies(values) for s in statements)


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
        choices=[*rows, *_comparable(talk, own), [_menu(talk)]],
    )


def _comparable(talk: Talk, own: list[Assessment]) -> list[list[Choice]]:
    """By their numbers, those that have an earlier one."""
    label = talk.words("Compare {number}", number="{}")
    choices = [
        choice for n, a in enumerate(own, 1) for choice in compare_choice(talk, a, label.format(n))
    ]
    return [choices[i : i + 3] for i in range(0, len(choices), 3)]


def _result_line(talk: Talk, number: int, assessment: Assessment) -> str:
    words, edition = talk.words, talk.world.library.edition(assessment.edition)
    result = overall_score(edition, assessment.values)
    title = edition.text("title", talk.state.language)
    begun = words("{title}, begun on {date}", title=title, date=words.date(assessment.started))
    standing = words("{count} of {total} answered", count=result.answered, total=result.total)
    percent = [short_score(talk, edition, result)] if result.maximum else []
    return " · ".join([f"{number}. {begun}", standing, *percent])


def _result_label(talk: Talk, number: int, assessment: Assessment) -> str:
    edition = talk.world.library.edition(assessment.edition)
    result = overall_score(edition, assessment.values)
    day = f"{number}. {talk.words.date(assessment.started)}"
    return f"{day} · {short_score(talk, edition, result)}" if result.maximum else day
