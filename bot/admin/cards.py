"""What an admin sees of a draft: its report, its difference, what publishing would do. Pure."""

from collections.abc import Sequence

from bot.admin.pages import page_of, pages, turning
from bot.admin.telling import problem, structure
from bot.admin.tokens import made
from bot.desk.types import Draft
from content.difference import Difference, TextChange
from content.problems import Problem
from dialogs.talk import reply
from dialogs.types import Block, Bullets, Choice, Heading, Paragraph, Reply
from locales import Words
from storage.impact import Impact


def checking(words: Words) -> Reply:
    return reply(Paragraph(words("Checking …")), replaces=False)


def told(words: Words, sentence: str, *rows: list[Choice]) -> Reply:
    """One sentence, and the way to the list of content."""
    home = [Choice(words("All content"), made("list"))]
    return reply(Paragraph(sentence), choices=[*rows, home], replaces=False)


# --- A draft -----------------------------------------------------------------------------------


def report(words: Words, draft: Draft, found: Difference | None, number: str = "0") -> Reply:
    """What the check says, paged, and what can be done with the draft. ``found`` is None where there
    are problems."""
    rows = [
        *(problem(words, one) for one in draft.problems),
        *(_to_confirm(words, one) for one in draft.warnings),
    ]
    every = pages(rows)
    at = page_of(every, number)
    return reply(
        Heading(words("Draft for {instrument}", instrument=draft.instrument)),
        Paragraph(_summary(words, draft)),
        Bullets(tuple(every[at])) if rows else None,
        Paragraph(counted(words, found)) if found is not None else None,
        choices=[
            turning(words, every, at, "report", draft.id),
            *_ways(words, draft, found),
            [Choice(words("Discard"), made("discard", draft.id))],
        ],
    )


def _to_confirm(words: Words, warning: Problem) -> str:
    return words("{warning} (to confirm)", warning=problem(words, warning))


def _summary(words: Words, draft: Draft) -> str:
    if draft.problems:
        return words.plural(
            "{count} thing is to be mended before it can be published.",
            "{count} things are to be mended before it can be published.",
            len(draft.problems),
        )
    if draft.warnings:
        return words.plural(
            "Nothing is to be mended. {count} thing is to be confirmed.",
            "Nothing is to be mended. {count} things are to be confirmed.",
            len(draft.warnings),
        )
    return words("Nothing is to be mended.")


def counted(words: Words, found: Difference) -> str:
    """How much differs, by language."""
    if not found:
        return words("No difference: it is what is current already.")
    texts = [f"{language} {sum(kinds.values())}" for language, kinds in found.counts().items()]
    parts = [words("Texts that differ: {texts}.", texts=", ".join(texts))] if texts else []
    if found.structure:
        parts.append(
            words.plural(
                "{count} change of structure.",
                "{count} changes of structure.",
                len(found.structure),
            )
        )
    return " ".join(parts)


def _ways(words: Words, draft: Draft, found: Difference | None) -> list[list[Choice]]:
    if not found:
        return []
    return [
        [
            Choice(words("Difference"), made("diff", draft.id, 0)),
            Choice(words("Preview"), made("preview", draft.id)),
        ],
        [Choice(words("Publish"), made("publish", draft.id))],
    ]


def back_to(words: Words, draft: Draft) -> list[Choice]:
    return [Choice(words("Back to the draft"), made("report", draft.id, 0))]


def difference(words: Words, draft: Draft, found: Difference, number: str) -> Reply:
    """Old and new of each change, paged."""
    changes = [structure(words, one) for one in found.structure]
    every = pages([*changes, *(_text(words, one) for one in found.texts)])
    at = page_of(every, number)
    place = words("Page {number} of {total}", number=at + 1, total=len(every))
    return reply(
        Heading(words("Difference for {instrument}", instrument=draft.instrument)),
        Paragraph(counted(words, found)),
        *(Paragraph(row) for row in every[at]),
        Paragraph(place) if len(every) > 1 else None,
        choices=[turning(words, every, at, "diff", draft.id), back_to(words, draft)],
    )


def _text(words: Words, change: TextChange) -> str:
    """Old above new; what is not there has no line."""
    lines = [f"{change.key} · {change.language}"]
    lines += [words("Before: {text}", text=change.old)] if change.old is not None else []
    lines += [words("Now: {text}", text=change.new)] if change.new is not None else []
    return "\n".join(lines)


# --- Publishing --------------------------------------------------------------------------------


def effect(words: Words, impact: Impact) -> list[str]:
    """What those in the middle of an assessment would notice."""
    if not impact.assessments:
        return [words("Nobody is in the middle of it.")]
    lines = [
        words.plural(
            "{count} unfinished assessment is offered the change.",
            "{count} unfinished assessments are offered the change.",
            impact.assessments,
        ),
        words.plural(
            "{count} answer would be asked again.",
            "{count} answers would be asked again.",
            impact.asked_again,
        ),
    ]
    gone = words.plural(
        "{count} answer would be kept, but no longer counted.",
        "{count} answers would be kept, but no longer counted.",
        impact.retired,
    )
    return [*lines, gone] if impact.retired else lines


def ask_why(words: Words, draft: Draft, impact: Impact) -> Reply:
    """Before publishing: the effect, what is confirmed by it, and the question why."""
    return reply(
        Heading(words("Publish {instrument}", instrument=draft.instrument)),
        Bullets(tuple(effect(words, impact))),
        *_confirmed(words, draft.warnings),
        Paragraph(_why(words)),
        choices=[back_to(words, draft)],
    )


def _why(words: Words) -> str:
    return words("Why? Write it in one message: it goes into the log, and nothing is changed yet.")


def _confirmed(words: Words, warnings: Sequence[Problem]) -> list[Block]:
    if not warnings:
        return []
    lead = Paragraph(words("By publishing you confirm:"))
    shown = pages([problem(words, one) for one in warnings])
    left = sum(map(len, shown[1:]))
    more = words.plural("… and {count} more.", "… and {count} more.", left)
    return [lead, Bullets((*shown[0], *([more] if left else [])))]


def confirm(words: Words, draft: Draft, impact: Impact, why: str) -> Reply:
    """The last look before publishing."""
    return reply(
        Heading(words("Publish {instrument}", instrument=draft.instrument)),
        Bullets(tuple(effect(words, impact))),
        *_confirmed(words, draft.warnings),
        Paragraph(words("Why: “{why}”", why=why)),
        choices=[
            [Choice(words("Publish now"), made("go", draft.id))],
            back_to(words, draft),
        ],
    )
