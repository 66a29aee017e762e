"""What may be taken away of an assessment: a report and tables, in any language."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Assessment, Choice, Document, Heading, Page, Paragraph, Reply
from locales import LANGUAGES, Words

REPORT, CHART = "report", "chart"
"""What the name of a file begins with; behind it the assessment, and more."""

FORMATS = ("pdf", "xlsx", "csv", "json")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the name of a file asks for. ``part`` is a format of a report, a section of a chart."""

    kind: str
    code: str
    part: str
    language: str

    @property
    def name(self) -> str:
        return ":".join((self.kind, self.code, self.part, self.language))


def wanted(which: str) -> Wanted | None:
    """None for a name that is none of ours: it comes from outside."""
    kind, *rest = which.split(":")
    if kind not in (REPORT, CHART) or len(rest) != 3:
        return None
    asked = Wanted(kind, *rest)
    right = asked.language in LANGUAGES and (kind == CHART or asked.part in FORMATS)
    return asked if right else None


def filename(assessment: Assessment, part: str, language: str) -> str:
    """``merilo-occay-2026-11-21-lv.pdf``: the day it was begun."""
    day = assessment.started.date().isoformat()
    return f"merilo-{assessment.instrument}-{day}-{language}.{part}"


def page_path(code: str) -> str:
    """Where the browser shows an assessment."""
    return f"/results/{code}"


def labels(words: Words) -> Mapping[str, str]:
    """What each format is called."""
    return {
        "pdf": words("Report to read and print (PDF)"),
        "xlsx": words("Table for Excel (XLSX)"),
        "csv": words("Table as text (CSV)"),
        "json": words("Data for a program (JSON)"),
    }


def way_in(talk: Talk) -> Choice:
    made = token("files", talk.assessment.code, talk.state.language)
    return Choice(talk.words("Report and files"), made)


def result_page(talk: Talk) -> Page:
    return Page(talk.words("The result as a page, to print"), page_path(talk.assessment.code))


def choose(talk: Talk, code: str, language: str) -> Reply | None:
    """What there is, in that language; another one may be chosen. None for a language that we lack."""
    if language not in LANGUAGES:
        return None
    words = talk.words
    formats = [
        [Choice(label, token("file", code, format_, language))]
        for format_, label in labels(words).items()
    ]
    others = [
        Choice(name, token("files", code, other))
        for other, name in LANGUAGES.items()
        if other != language
    ]
    return reply(
        Heading(words("Report and files")),
        Paragraph(_named(talk, code)),
        Paragraph(
            words(
                "The files are in this language: {language}. Your notes stay as you wrote them, and anybody "
                "who opens a file can read them. Choose a file, or another language.",
                language=LANGUAGES[language],
            )
        ),
        choices=[*formats, others, [_back(talk)]],
    )


def give(talk: Talk, code: str, format_: str, language: str) -> Reply | None:
    """One file. None where there is no such."""
    name = Wanted(REPORT, code, format_, language).name
    if wanted(name) is None:
        return None
    words = talk.words
    label = f"{labels(words)[format_]} · {LANGUAGES[language]}"
    more = Choice(words("Other files"), token("files", code, language))
    return reply(
        Heading(words("Report and files")),
        Paragraph(_named(talk, code)),
        Paragraph(words("Your file is being made; that can take a few seconds.")),
        Document(label, name, filename(talk.world.shelf[code], format_, language)),
        choices=[[_back(talk), more]],
    )


def _named(talk: Talk, code: str) -> str:
    """Which assessment it is about: there may be several."""
    assessment, words = talk.world.shelf[code], talk.words
    edition = talk.world.library.edition(assessment.edition)
    title = edition.text("title", talk.state.language)
    day = words.date(assessment.started)
    return words("{title}, begun on {date}", title=title, date=day)


def _back(talk: Talk) -> Choice:
    return Choice(talk.words("Back to my place"), token("here"))
