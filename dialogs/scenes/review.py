"""Going through one's answers, a section a page; any of them can be changed."""

from content import model
from content.model import Section
from dialogs.place import next_statement
from dialogs.scenes.kinds import answer_label
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Answer, Block, Choice, Heading, Paragraph, Reply, Statement


def page(talk: Talk) -> Reply:
    """The answers of one section, with a button to change each."""
    section = talk.edition.section(talk.state.section or "")
    heading = talk.words(
        "Your answers · section {number} of {total}",
        number=talk.edition.sections.index(section) + 1,
        total=len(talk.edition.sections),
    )
    blocks: list[Block] = [Heading(heading), Paragraph(talk.text(section.key))]
    for statement in _asked(talk, section):
        blocks += _entry(talk, statement.id)
    return reply(
        *blocks,
        Paragraph(talk.words("To change an answer, tap its number.")),
        choices=[*_ways(talk, section), *_numbers(talk, section)],
    )


def turn_to(talk: Talk, section_id: str) -> Talk | None:
    """The talk on the page of that section; None where there is none."""
    if section_id not in {section.id for section in talk.edition.sections}:
        return None
    return talk.at(scene="review", section=section_id, cursor=None, reviewing=False)


def change(talk: Talk, statement: str) -> Talk:
    """The talk with that statement's card open, to come back to its page afterwards."""
    section = talk.edition.section_of(statement)
    return talk.at(scene="asking", cursor=statement, section=section.id, reviewing=True)


def _asked(talk: Talk, section: Section) -> list[model.Statement]:
    """What is asked in it, given the answers so far."""
    return [s for s in section.statements if s.applies(talk.assessment.values)]


def _entry(talk: Talk, statement: str) -> list[Block]:
    words, answer = talk.words, talk.assessment.answers.get(statement, Answer())
    value = answer.value
    given = words("still open") if value is None else answer_label(talk, statement, value)
    blocks: list[Block] = [
        Statement(statement, talk.text(statement)),
        Paragraph(words("Answer: {answer}", answer=given)),
    ]
    if answer.note:
        blocks.append(Paragraph(words("Your note: {note}", note=answer.note)))
    return blocks


def _ways(talk: Talk, section: Section) -> list[list[Choice]]:
    """Forward first; then back, and out of the review."""
    words, sections = talk.words, talk.edition.sections
    position, code = sections.index(section), talk.assessment.code
    after, before = sections[position + 1 : position + 2], sections[:position][-1:]
    forward = [Choice(words("Next section"), token("review", code, s.id)) for s in after]
    back = [Choice(words("Previous section"), token("review", code, s.id)) for s in before]
    done = Choice(_done_label(talk), token("done", code))
    return [[*forward, done] if forward else [done], back]


def _done_label(talk: Talk) -> str:
    words = talk.words
    under_way = next_statement(talk) and not talk.assessment.finished
    return words("Back to my place") if under_way else words("Overall result")


def _numbers(talk: Talk, section: Section) -> list[list[Choice]]:
    code = talk.assessment.code
    choices = [Choice(s.id, token("change", code, s.id)) for s in _asked(talk, section)]
    return [choices[i : i + 4] for i in range(0, len(choices), 4)]
