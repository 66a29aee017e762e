"""What a package changes: what is to be confirmed, what is refused, and the difference in words."""

import io
import re
import textwrap

import pytest
from babel.messages.pofile import read_po, write_po

from bot.bases import shipped_package
from bot.coverage import catalogues
from content.compiled import digest_of, load_edition
from content.difference import Difference, TextChange, difference, lines
from content.model import Edition
from content.package import Package
from content.problems import ContentError, Problem
from tests.packages import Edit, changed, everywhere, package, put, report, with_file

TINY = package()
OCCAY = shipped_package("occay")
LV, YAML = "lv.po", "instrument.yaml"
LATVIAN = '"Mēs ievērojam noteikumus."'


def edition(of: Package) -> Edition:
    found = report(of)
    assert found.edition, found.problems
    return load_edition(found.edition)


def in_all(edit: Edit, of: Package = TINY) -> Package:
    """The package with an edit of every file: an English text and its ``msgid`` change together."""
    for name in of.files:
        of = changed(edit, file=name, of=of)
    return of


# --- To be confirmed ---------------------------------------------------------------------------


def doubts(of: Package, base: Package = TINY) -> list[str]:
    found = report(of, base)
    assert found.problems == ()
    assert found.edition, "what is to be confirmed can be published"
    return [f"{row.file}: {row.message}" for row in found.warnings]


def test_english_changed__translations_not__is_to_be_confirmed_by_language() -> None:
    told = doubts(in_all(everywhere("Tools save time.", "Tools save much time.")))
    assert [row.split(":")[0] for row in told] == ["bg.po", LV]
    assert all("this translation has not: look at it again" in row for row in told)


def test_english_changed_with_its_translation__leaves_the_other_language_to_confirm() -> None:
    of = in_all(everywhere("Tools save time.", "Tools save much time."))
    of = changed(put('"Rīki taupa', '"Daudzi rīki taupa'), file=LV, of=of)
    assert [row.split(":")[0] for row in doubts(of)] == ["bg.po"]


def test_statement_with_another_meaning__same_revision__is_to_be_confirmed() -> None:
    of = in_all(everywhere("We have tools.", "Clients may come on Saturdays."))
    first, *others = doubts(of)
    assert first.startswith("instrument.yaml: 2.1: the text reads like another one")
    assert first.endswith("if its meaning changed, raise its revision")
    assert len(others) == 2


def test_statement_with_another_meaning__revision_raised__is_no_such_doubt() -> None:
    of = in_all(everywhere("We have tools.", "Clients may come on Saturdays."))
    of = changed(put("revision: 2", "revision: 3"), of=of)
    assert [row.split(":")[0] for row in doubts(of)] == ["bg.po", LV]


def test_typo__corrected__is_no_doubt_about_the_meaning() -> None:
    told = doubts(in_all(everywhere("We have tools.", "We have the tools.")))
    assert not any(row.startswith("instrument.yaml") for row in told)


def test_revision_lowered__is_to_be_confirmed() -> None:
    (told,) = doubts(changed(put("revision: 2", "revision: 1")))
    assert told == "instrument.yaml: 2.1: its revision was 2: never lower it"


def test_answer_with_another_meaning__is_to_be_confirmed() -> None:
    of = in_all(everywhere("Rather disagree", "Perhaps some day"))
    assert any("give a new answer a new id" in row for row in doubts(of))


def test_obsolete_translation__is_to_be_confirmed() -> None:
    left = '\n#~ msgctxt "9.9"\n#~ msgid "Gone"\n#~ msgstr "Nav"\n'
    (told,) = doubts(changed(lambda text: text + left, file=LV))
    assert told == "lv.po: 9.9: obsolete (#~), so nobody sees it: remove it"


def test_english_catalogue__corrects_a_word__translations_are_to_be_confirmed() -> None:
    own = 'msgctxt "2.1"\nmsgid "We have tools."\nmsgstr "We have our tools."\n'
    told = doubts(with_file("en.po", own.encode()))
    assert [row.split(":")[0] for row in told] == ["bg.po", LV]


def test_sources_in_place_of_an_edition__give_the_same_doubts() -> None:
    of = changed(put("revision: 2", "revision: 1"))
    from bot.checking import check_here

    assert check_here(of, edition(TINY)) == check_here(of, None, TINY)


# --- Answers that could not be read any more ---------------------------------------------------

NARROWED = {
    "kind": ("answers", put("kind: text, limit: 40", "kind: number, minimum: 0, maximum: 3, step: 1")),
    "bounds": ("answers", put("maximum: 20", "maximum: 10")),
    "step": ("answers", put("step: 0.5", "step: 1")),
    "limit": ("answers", put("limit: 40", "limit: 39")),
    "scale": ("answers", put("scale: mood", "scale: yes_no")),
}  # fmt: skip


@pytest.mark.parametrize("case", NARROWED)
def test_answers_narrowed__under_the_same_revision__are_a_problem(case: str) -> None:
    name, edit = NARROWED[case]
    found = report(changed(edit, of=package(name)), package(name))
    assert any(row.message.endswith("raise its revision") for row in found.problems)


def test_answers_widened__are_no_problem() -> None:
    wider = put("maximum: 20", "maximum: 25")
    assert report(changed(wider, of=package("answers")), package("answers")).problems == ()


# --- The difference ----------------------------------------------------------------------------


def test_same_package__has_no_difference() -> None:
    found = difference(edition(TINY), edition(TINY))
    assert not found
    assert lines(found) == ["No difference."]


def test_one_translation__is_told_old_above_new() -> None:
    new = edition(changed(put(LATVIAN, '"Noteikumus mēs ievērojam."'), file=LV))
    found = difference(edition(TINY), new)
    old, now = "Mēs ievērojam noteikumus.", "Noteikumus mēs ievērojam."
    assert found == Difference((TextChange("1.2", "lv", old, now),))
    assert found.counts() == {"lv": {"changed": 1}}
    assert lines(found) == ["lv: 1 changed", "lv 1.2 (changed)", f"  - {old}", f"  + {now}"]


RETIRED = re.compile(r'msgctxt "1\.2[^\n]*\nmsgid [^\n]*\nmsgstr [^\n]*\n\n?')


def without_statement() -> Package:
    """Without 1.2, in all files."""

    def cut(text: str) -> str:
        return text[: text.index('      - id: "1.2"')] + text[text.index('  - id: "2"') :]

    of = changed(cut)
    for name in ("bg.po", LV):
        of = changed(lambda text: RETIRED.sub("", text), file=name, of=of)
    return of


def test_statement__added_or_retired__is_told_with_its_texts() -> None:
    less, whole = edition(without_statement()), edition(TINY)
    added, retired = difference(less, whole), difference(whole, less)
    assert ("statement", "1.2", "added") in kinds(added)
    assert ("statement", "1.2", "retired") in kinds(retired)
    assert added.counts() == {language: {"added": 3} for language in ("bg", "en", "lv")}
    assert retired.counts() == {language: {"removed": 3} for language in ("bg", "en", "lv")}


def kinds(found: Difference) -> set[tuple[str, str, str]]:
    return {(row.part, row.id, row.kind) for row in found.structure}


STRUCTURE = {
    "revised": (put("revision: 2", "revision: 3"), "statement 2.1 revised: 2 → 3"),
    "minutes": (put("minutes: 1", "minutes: 9"), "minutes changed: 1 → 9"),
    "points": (put("points: 2", "points: 1"), "scale rather changed: 2 → 1"),
    "level": (put("from_percent: 60", "from_percent: 70"), "level high changed: 60 % → 70 %"),
    "tip": (
        put("{id: 1, for: [hardly, none]", "{id: 1, for: [none]"),
        "tip 1.1/tip/1 changed: hardly, none (G1) → none (G1)",
    ),
    "optional": (
        put('- id: "2"', '- id: "2"\n    optional: true'),
        "statement 2.1 changed: optional: False → optional: True",
    ),
    "deadline": (put("minutes: 1", 'minutes: 1\ndue: "01-31"'), "due changed: 1, 31"),
}


@pytest.mark.parametrize("case", STRUCTURE)
def test_structure__changed__is_told_in_a_line(case: str) -> None:
    edit, told = STRUCTURE[case]
    assert told in lines(difference(edition(TINY), edition(changed(edit))))


def test_statement__moved__is_told_with_its_sections() -> None:
    def moved(text: str) -> str:
        start, end = text.index('      - id: "1.2"'), text.index('  - id: "2"')
        return text[:start] + text[end:] + text[start:end]

    found = difference(edition(TINY), edition(changed(moved)))
    assert kinds(found) == {("statement", "1.2", "moved")}
    assert "statement 1.2 moved: 1 → 2" in lines(found)


def test_first_edition__is_all_new() -> None:
    found = difference(None, edition(TINY))
    assert {change.kind for change in found.texts} == {"added"}
    assert len(found.texts) == 3 * len(edition(TINY).texts["en"])


# --- Through a PO editor and back --------------------------------------------------------------


def by_babel(written: bytes, language: str) -> bytes:
    """As a program that uses Babel saves it: its own header, other line breaks, in another order."""
    saved = io.BytesIO()
    write_po(saved, read_po(io.BytesIO(written), locale=language), width=60, sort_output=True)
    return saved.getvalue()


def by_poedit(written: bytes, language: str) -> bytes:
    """As Poedit saves it: header fields of its own in its order, long texts wrapped, references,
    earlier English, Windows' line ends."""
    entries = re.split(r"\n\n+", written.decode().strip())[1:]
    rewritten = "\n\n".join(f"#: {language}.yaml:{n}\n{_wrapped(e)}" for n, e in enumerate(entries))
    return f"{POEDIT.replace('LANGUAGE', language)}\n{rewritten}\n".replace("\n", "\r\n").encode()


POEDIT = r"""# Somebody's remark about the file.
msgid ""
msgstr ""
"Project-Id-Version: Merilo occay\n"
"POT-Creation-Date: 2026-11-21 12:00+0200\n"
"PO-Revision-Date: 2026-11-21 12:34+0200\n"
"Last-Translator: Somebody <somebody@example.org>\n"
"Language-Team: \n"
"Language: LANGUAGE\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);\n"
"X-Generator: Poedit 3.5\n"
"""


def _wrapped(entry: str) -> str:
    """Every text of an entry in lines of 70 letters, the first one empty."""

    def wrap(found: re.Match[str]) -> str:
        whole = "".join(re.findall(r'"(.*)"', found[2]))
        pieces = textwrap.wrap(whole, 70, drop_whitespace=False, break_on_hyphens=False)
        return f'{found[1]} ""\n' + "\n".join(f'"{piece}"' for piece in pieces) + "\n"

    pattern = re.compile(r'^(msgid|msgstr) ((?:"[^\n]*"\n)+)', re.MULTILINE)
    return pattern.sub(wrap, f"{entry}\n").rstrip("\n")


@pytest.mark.parametrize("editor", [by_babel, by_poedit])
def test_catalogues__saved_unchanged_by_an_editor__make_no_difference(editor: object) -> None:
    files = dict(OCCAY.files)
    for language in ("bg", "lv"):
        files[f"{language}.po"] = editor(files[f"{language}.po"], language)  # type: ignore[operator]
        assert files[f"{language}.po"] != OCCAY.files[f"{language}.po"]
    again = report(Package("occay", files), OCCAY)
    assert again.warnings == ()
    assert again.edition, again.problems
    assert digest_of(again.edition) == edition(OCCAY).digest
    assert not difference(edition(OCCAY), load_edition(again.edition))


# --- For translators ---------------------------------------------------------------------------


def test_template__of_changed_english__has_the_translation_in_doubt() -> None:
    of = changed(put("text: We have tools.", "text: We have good tools."))
    brought = catalogues(of)
    assert set(brought) == {"tiny.pot", "bg.po", LV}
    assert b'msgid "We have good tools."\nmsgstr ""' in brought["tiny.pot"]
    found = report(Package("tiny", {**of.files, LV: brought[LV]})).problems
    assert Problem(LV, line(brought[LV], b"We have good"), f"2.1: {DOUBTFUL}") in found


DOUBTFUL = "marked as doubtful (fuzzy): confirm or correct the translation"


def line(content: bytes, text: bytes) -> int:
    return content[: content.index(text)].count(b"\n") + 1


def test_template__of_unchanged_english__makes_no_difference() -> None:
    brought = {name: text for name, text in catalogues(TINY).items() if name.endswith(".po")}
    assert edition(Package("tiny", {**TINY.files, **brought})).digest == edition(TINY).digest


@pytest.mark.parametrize(
    ("old", "new"), [('msgstr "Maza', 'msgster "Maza'), ("Language: lv", "PO-Revision-Date: soon")]
)
def test_template__over_a_catalogue_that_cannot_be_read__says_so(old: str, new: str) -> None:
    with pytest.raises(ContentError, match=r"^lv\.po:\d+: .*: "):
        catalogues(changed(put(old, new), file=LV))
