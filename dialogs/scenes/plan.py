"""The plan: tips become steps with a date, and each can be looked at again."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from content.model import Edition, Section, Tip
from content.scoring import weakest_first
from dialogs.scenes.findings import tips_shown
from dialogs.scenes.kinds import TICKED
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Block, Bullets, Choice, Document, Heading, Paragraph, PlanStep, Reply
from dialogs.zones import today
from locales import Words

CALENDAR = "calendar"

STANDINGS = ("open", "done", "declined")
PAGE = 6
"""Steps on a page: with texts as long as they may be, they fit two messages."""

ROW = 4
"""Numbers side by side on a phone."""

MIXED = {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"}
"""Directions of characters that could turn the words around them."""


def own_words(text: str) -> str:
    """What a person wrote, kept from turning the words around it where it runs from right to left."""
    turns = any(unicodedata.bidirectional(letter) in MIXED for letter in text)
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if turns else text


# --- Data for others: reports, comparison ------------------------------------------------------


def in_order(plan: Mapping[str, PlanStep], *standings: str) -> list[PlanStep]:
    """The steps of these standings (all, where none is named), by date; those without one come last."""
    wanted = standings or STANDINGS
    chosen = (step for step in plan.values() if step.standing in wanted)
    return sorted(chosen, key=lambda step: (step.due or date.max, step.made))


def by_statement(plan: Mapping[str, PlanStep], instrument: str) -> dict[str, list[PlanStep]]:
    """The steps of an instrument, by the id of the statement that each belongs to."""
    found: dict[str, list[PlanStep]] = {}
    for step in in_order(plan):
        if step.instrument == instrument:
            found.setdefault(step.statement, []).append(step)
    return found


def standing_label(words: Words, standing: str) -> str:
    labels = {"open": words("To do"), "done": words("Completed"), "declined": words("Not for us")}
    return labels[standing]


# --- From a tip to a step ----------------------------------------------------------------------


def way_in(talk: Talk, section: Section) -> list[Choice]:
    """The button below a section's result; empty where it shows no tip."""
    if not tips_shown(talk.edition, section, talk.assessment.values):
        return []
    return [Choice(talk.words("Put in my plan"), token("tips", talk.assessment.code, section.id))]


def way_in_overall(talk: Talk) -> list[Choice]:
    """The button below the overall result."""
    if not _with_tips(talk):
        return []
    return [Choice(talk.words("Put in my plan"), token("tips", talk.assessment.code))]


def _with_tips(talk: Talk) -> list[Section]:
    values = talk.assessment.values
    return [s for s in talk.edition.sections if tips_shown(talk.edition, s, values)]


def choose_tip(talk: Talk, code: str, section_id: str = "") -> Reply | None:
    """The tips of a section, or its sections first; None where there is no such section."""
    talk = talk.at(assessment=code)
    if not section_id:
        return _choose_section(talk)
    sections = [s for s in talk.edition.sections if s.id == section_id]
    return _choose_tip(talk, sections[0]) if sections else None


def _choose_section(talk: Talk) -> Reply:
    code = talk.assessment.code
    rows = [
        [Choice(talk.text(section.key), token("tips", code, section.id))]
        for section in weakest_first(talk.edition, _with_tips(talk), talk.assessment.values)
    ]
    question = Paragraph(talk.words("Which section is the tip from?"))
    return reply(Heading(talk.words("Put in my plan")), question, choices=[*rows, [_back(talk)]])


def _choose_tip(talk: Talk, section: Section) -> Reply:
    words, code = talk.words, talk.assessment.code
    shown = tips_shown(talk.edition, section, talk.assessment.values)
    tips = [(id_, tip) for id_, found in shown.items() for tip in found]
    lines = tuple(_tip_line(talk, n, id_, tip) for n, (id_, tip) in enumerate(tips, 1))
    numbers = [Choice(str(n), token("put", code, tip.key)) for n, (_, tip) in enumerate(tips, 1)]
    nothing = Paragraph(words("There is no tip here now."))
    return reply(
        Heading(words("Put in my plan")),
        Paragraph(words("Which tip is to become a step? You can change its words afterwards.")),
        Bullets(lines) if lines else nothing,
        choices=[*in_rows(numbers), [_to_plan(talk), _back(talk)]],
    )


def _tip_line(talk: Talk, number: int, statement: str, tip: Tip) -> str:
    there = TICKED if made_of(talk, talk.assessment.code, tip.key) else ""
    return f"{number}. {talk.text(tip.key)} ({statement}) {there}".strip()


def made_of(talk: Talk, code: str, key: str) -> PlanStep | None:
    """The step that this tip has become already."""
    own = talk.world.plan.values()
    return next((step for step in own if (step.assessment, step.tip) == (code, key)), None)


# --- A step ------------------------------------------------------------------------------------


def show_step(talk: Talk, code: str) -> Reply | None:
    """One step with what can be done with it; None where it is not kept."""
    step = talk.world.plan.get(code)
    if step is None:
        return None
    words = talk.words
    return reply(
        Heading(words("A step of my plan")),
        Paragraph(own_words(step.text)),
        *_facts(talk, step),
        choices=_step_choices(talk, step),
    )


def _step_choices(talk: Talk, step: PlanStep) -> list[list[Choice]]:
    """The way on, then what becomes of the step, then its words."""
    words, code = talk.words, step.code
    # “Done” would be tapped to leave the card.
    done = Choice(words("I have done it"), token("stepis", code, "done"))
    declined = Choice(words("Not for us"), token("stepis", code, "declined"))
    again = Choice(words("Open again"), token("stepis", code, "open"))
    is_open = step.standing == "open"
    return [
        [_back(talk)],
        [
            done if is_open else again,
            Choice(words("Change the date"), token("stepdate", code)),
        ],
        [
            Choice(words("Change the text"), token("steptext", code)),
            Choice(words("Write a note"), token("stepnote", code)),
        ],
        [*([declined] if is_open else []), _to_plan(talk)],
    ]


def _facts(talk: Talk, step: PlanStep) -> list[Block]:
    words = talk.words
    blocks: list[Block] = [Paragraph(statement_of(talk, step)), Paragraph(_until(talk, step))]
    if step.note:
        blocks.append(Paragraph(words("Your note: {note}", note=own_words(step.note))))
    if step.standing != "open":
        blocks.append(Paragraph(f"{standing_label(words, step.standing)}."))
    return blocks


def statement_of(talk: Talk, step: PlanStep) -> str:
    """What the step is for, as it was read then; of what is no longer kept, as it is read now."""
    words, edition = talk.words, _edition(talk, step)
    if edition is None or step.statement not in edition.statements:
        return words("For statement {statement}.", statement=step.statement)
    text = edition.text(step.statement, talk.state.language)
    return words("For {statement}: {text}", statement=step.statement, text=text)


def _edition(talk: Talk, step: PlanStep) -> Edition | None:
    if step.assessment in talk.world.shelf:
        return talk.world.library.edition(talk.world.shelf[step.assessment].edition)
    offered = step.instrument in talk.world.library.instruments
    return talk.world.library.current(step.instrument) if offered else None


def _until(talk: Talk, step: PlanStep) -> str:
    words = talk.words
    if step.due is None:
        return words("No date")
    day = words.date(step.due)
    if step.standing == "open" and step.due < today(talk.state, talk.world.now):
        return words("Overdue: {date}", date=day)
    return words("Due: {date}", date=day)


# --- The list ----------------------------------------------------------------------------------


def list_steps(talk: Talk, standing: str = "open", page: str = "1") -> Reply | None:
    """A page of the plan, by date; None for one that there is not."""
    words, steps = talk.words, in_order(talk.world.plan, standing)
    if standing not in STANDINGS or not page.isdecimal():
        return None
    first = (int(page) - 1) * PAGE if len(page) < ROW else -1
    shown = steps[first : first + PAGE] if first >= 0 else []
    if not shown and page != "1":
        return None
    lines = tuple(_line(talk, n, step) for n, step in enumerate(shown, first + 1))
    nothing = Paragraph(_empty(talk, standing))
    numbers = [Choice(str(n), token("step", step.code)) for n, step in enumerate(shown, first + 1)]
    return reply(
        Heading(words("My plan")),
        Paragraph(_counted(talk)) if talk.world.plan else None,
        Bullets(lines) if lines else nothing,
        choices=[
            *in_rows(numbers),
            _pages(talk, standing, int(page), len(steps)),
            _others(talk, standing),
            _take_away(talk),
            [Choice(words("Reminders"), token("reminders")), _back(talk)],
        ],
    )


def _counted(talk: Talk) -> str:
    """“To do: 3 · Done: 1 · Not for us: 0”."""
    plan, words = talk.world.plan, talk.words
    counts = ((s, len(in_order(plan, s))) for s in STANDINGS)
    return " · ".join(f"{standing_label(words, s)}: {words.number(n)}" for s, n in counts)


def _empty(talk: Talk, standing: str) -> str:
    words = talk.words
    if not talk.world.plan:
        return words("Your plan is empty. Below a section's result, “Put in my plan” makes a step.")
    return words("Nothing here: {standing}.", standing=standing_label(words, standing))


def _line(talk: Talk, number: int, step: PlanStep) -> str:
    return f"{number}. {own_words(step.text)} · {step.statement} · {_until(talk, step)}"


def _pages(talk: Talk, standing: str, page: int, count: int) -> list[Choice]:
    words = talk.words
    ways = [(words("Previous page"), page - 1), (words("Next page"), page + 1)]
    there = [(label, to) for label, to in ways if 1 <= to <= (count + PAGE - 1) // PAGE]
    return [Choice(label, token("steps", standing, to)) for label, to in there]


def _others(talk: Talk, standing: str) -> list[Choice]:
    """The ways to the other lists, where they have something."""
    plan, words = talk.world.plan, talk.words
    others = [s for s in STANDINGS if s != standing and in_order(plan, s)]
    return [Choice(standing_label(words, s), token("steps", s, 1)) for s in others]


def _take_away(talk: Talk) -> list[Choice]:
    if not dated(talk.world.plan):
        return []
    return [Choice(talk.words("As a calendar file"), token(CALENDAR))]


def dated(plan: Mapping[str, PlanStep]) -> list[PlanStep]:
    """What can stand in a calendar."""
    return [step for step in in_order(plan, "open") if step.due]


def calendar(talk: Talk) -> Reply:
    """The open steps with a date as a file."""
    words = talk.words
    return reply(
        Heading(words("My plan as a calendar file")),
        Paragraph(
            words(
                "Open the file on your phone or computer to have your open steps in its calendar. "
                "Download it again later to bring the calendar up to date."
            )
        ),
        Document(words("Download my plan"), CALENDAR, "merilo-plan.ics"),
        choices=[[_to_plan(talk), _back(talk)]],
    )


def _to_plan(talk: Talk) -> Choice:
    return Choice(talk.words("My plan"), token("steps"))


def _back(talk: Talk) -> Choice:
    return Choice(talk.words("Back to my place"), token("here"))


def in_rows(choices: Iterable[Choice]) -> list[list[Choice]]:
    """As even as can be: of nine, no row has one alone."""
    every = list(choices)
    rows = -(-len(every) // ROW)
    wide = -(-len(every) // rows) if rows else 1
    return [every[i : i + wide] for i in range(0, len(every), wide)]
