"""What differs between kinds of answers on a card: how one is given, and how it is said."""

from decimal import Decimal
from math import floor

from content.model import Edition, Statement
from content.values import number_value, ticked
from dialogs.comparison import same_question
from dialogs.talk import Rows, Talk
from dialogs.tokens import token
from dialogs.types import Assessment, Block, Bullets, Choice, Paragraph

TICKED, UNTICKED = "☑", "☐"

FEW = 8
"""Up to so many values a number gets a button for each."""

SHARES = (Decimal(1), Decimal("0.9"), Decimal("0.8"), Decimal("0.7"))
"""Of the maximum: what a longer row of values offers to tap; any other is typed."""


def answer_label(talk: Talk, statement: str, value: str, edition: Edition | None = None) -> str:
    """An answer as the person would say it; in the edition at hand, unless another is named."""
    edition = edition or talk.edition
    asked = edition.statements[statement]
    match asked.kind:
        case "choice":
            return edition.text(asked.scale.by_id[value].key, talk.state.language)
        case "number":
            return talk.words.number(Decimal(value))
        case "checklist":
            return ticked_label(talk, asked, value)
        case _:
            return value


def ticked_label(talk: Talk, statement: Statement, value: str) -> str:
    """“2 of 3 ticked”."""
    done, total = len(ticked(value)), len(statement.items)
    return talk.words("{count} of {total} ticked", count=done, total=total)


# --- How an answer is given ------------------------------------------------------------------


def directions(talk: Talk, statement: Statement, *, why: bool = False) -> list[Block]:
    """What to tap or to type, where the buttons alone don't say it. ``why``: explained at length."""
    match statement.kind:
        case "choice":
            return _steps(talk, statement)
        case "number":
            return [Paragraph(number_wanted(talk, statement))]
        case "checklist":
            return _items(talk, statement, why=why)
        case _:
            return [Paragraph(text_wanted(talk, statement))]


def _steps(talk: Talk, statement: Statement) -> list[Block]:
    """What each answer means for this statement, the lowest first."""
    if not statement.has_steps:
        return []
    ids = [option.id for option in reversed(statement.scale.options)]
    return [Bullets(tuple(f"{id_} – {talk.text(f'{statement.id}/step/{id_}')}" for id_ in ids))]


def number_wanted(talk: Talk, statement: Statement) -> str:
    words = talk.words
    return words(
        "Please type a number from {minimum} to {maximum}, in steps of {step}, or tap one.",
        minimum=words.number(statement.minimum),
        maximum=words.number(statement.maximum),
        step=words.number(statement.step),
    )


def text_wanted(talk: Talk, statement: Statement) -> str:
    return talk.words.plural(
        "Please type your text as one message, at most {count} character.",
        "Please type your text as one message, at most {count} characters.",
        statement.limit,
    )


def _items(talk: Talk, statement: Statement, *, why: bool) -> list[Block]:
    """The list in full: a button may be cut off on a phone."""
    done, told = _done(talk, statement), explained if why else _label
    lines = (
        f"{number}. {told(talk, statement, item)} {TICKED if item in done else ''}".strip()
        for number, item in enumerate(statement.items, 1)
    )
    return [Bullets(tuple(lines), repeats=not (why and statement.has_item_texts))]


def _label(talk: Talk, statement: Statement, item: str) -> str:
    return talk.text(statement.item_key(item))


def explained(talk: Talk, statement: Statement, item: str) -> str:
    """“A fallback plan: if the connection fails, …”; the label alone where nothing explains it."""
    label = _label(talk, statement, item)
    if not statement.has_item_texts:
        return label
    return f"{label}: {talk.text(statement.item_text_key(item))}"


def _done(talk: Talk, statement: Statement) -> list[str]:
    return ticked(talk.assessment.values.get(statement.id, ""))


def answer_rows(talk: Talk, statement: Statement) -> Rows:
    """The buttons that give an answer."""
    match statement.kind:
        case "choice":
            return _by_two(option_choices(talk, statement))
        case "number":
            return _by_four([_number(talk, statement, n) for n in _offered(talk, statement)])
        case "checklist":
            return _ticks(talk, statement)
        case _:
            return []


def option_choices(talk: Talk, statement: Statement) -> list[Choice]:
    """A button for each option, from full agreement to full disagreement; levels in the order in which
    the card tells them."""
    code, id_, revision = talk.assessment.code, statement.id, statement.revision
    choices = [
        Choice(talk.text(option.key), token("a", code, id_, revision, option.id))
        for option in statement.scale.options
    ]
    return choices[::-1] if statement.has_steps else choices


def _by_two(choices: list[Choice]) -> list[list[Choice]]:
    """Two to a row: four labels side by side do not fit a phone."""
    return [choices[i : i + 2] for i in range(0, len(choices), 2)]


def _by_four(choices: list[Choice]) -> list[list[Choice]]:
    return [choices[i : i + 4] for i in range(0, len(choices), 4)]


def _number(talk: Talk, statement: Statement, number: Decimal) -> Choice:
    code, value = talk.assessment.code, number_value(number)
    made = token("a", code, statement.id, statement.revision, value)
    return Choice(talk.words.number(number), made)


def _offered(talk: Talk, statement: Statement) -> list[Decimal]:
    """Every value where they are few; else the one given last time, and some round ones."""
    count = int((statement.maximum - statement.minimum) / statement.step) + 1
    if count <= FEW:
        return [statement.minimum + n * statement.step for n in range(count)]
    steps = [floor(statement.maximum * share - statement.minimum) for share in SHARES]
    round_ones = [statement.minimum + step - step % statement.step for step in steps]
    before = value_before(talk, statement.previous_of or statement.id)
    return list(dict.fromkeys([*([before] if before is not None else []), *round_ones]))


def value_before(talk: Talk, statement: str) -> Decimal | None:
    """The number that was given there in this person's assessment before this one; None too where
    the same is not asked any more."""
    earlier = assessment_before(talk)
    value = earlier.values.get(statement) if earlier else None
    if earlier is None or value is None:
        return None
    same = same_question(talk.world.library, earlier, talk.assessment, statement)
    return Decimal(value) if same else None


def assessment_before(talk: Talk) -> Assessment | None:
    """The latest of those that this person answered before the one at hand."""
    same = assessments_before(talk, talk.assessment)
    return same[-1] if same else None


def assessments_before(talk: Talk, own: Assessment) -> list[Assessment]:
    """This person's answered assessments with the same instrument, begun before, the oldest first."""
    codes = list(talk.world.shelf)
    earlier = (talk.world.shelf[code] for code in codes[: codes.index(own.code)])
    return [a for a in earlier if a.instrument == own.instrument and a.values]


def _ticks(talk: Talk, statement: Statement) -> Rows:
    done, code = _done(talk, statement), talk.assessment.code
    rows = [[_tick(talk, statement, item, on=item in done)] for item in statement.items]
    finish = token("ticked", code, statement.id, statement.revision)
    return [*rows, [Choice(talk.words("Done"), finish)]]


def _tick(talk: Talk, statement: Statement, item: str, *, on: bool) -> Choice:
    """The button says what a tap leads to, so that a second tap changes nothing."""
    label = f"{TICKED if on else UNTICKED} {_label(talk, statement, item)}"
    return Choice(label, tick_token(talk, statement, item, on=not on))


def tick_token(talk: Talk, statement: Statement, item: str, *, on: bool) -> str:
    code = talk.assessment.code
    return token("tick", code, statement.id, statement.revision, item, int(on))


def toggle_token(talk: Talk, statement: Statement, number: Decimal) -> str | None:
    """What a typed number ticks or unticks; None where the list has no such place."""
    if number % 1 or not 1 <= number <= len(statement.items):
        return None
    item = statement.items[int(number) - 1]
    return tick_token(talk, statement, item, on=item not in _done(talk, statement))
