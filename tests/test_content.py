"""The shipped instrument is whole in three languages, and authors are told what to mend, and where."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot.telegram.rendering import messages
from content.compiled import canonical, digest_of, load_edition
from content.compiler import compile_edition
from content.problems import ContentError, Problem
from content.reading import read_instrument
from content.source import InstrumentSource
from dialogs.scenes.asking import NOTE_LIMIT
from dialogs.types import Pressed, Reply
from locales import LANGUAGES
from tests.chat import HERE, Chat, agreed, edition

OCCAY = edition("occay")
REQUIRED = [section for section in OCCAY.sections if not section.optional]
SHIPPED = HERE.parent / "content" / "instruments" / "occay" / "instrument.yaml"
STATEMENT_LIMIT = 200
"""Characters: what fits a phone's screen with its buttons."""

every_language = pytest.mark.parametrize("language", LANGUAGES)


# --- What is shipped -------------------------------------------------------------------------


def shipped() -> InstrumentSource:
    return read_instrument(SHIPPED)[0]


def test_occay__sections__hold_the_statements_of_the_handbook() -> None:
    assert [len(section.statements) for section in REQUIRED] == [4, 4, 4, 5, 6, 5, 7]
    assert OCCAY.required == tuple(
        f"{number}.{place}"
        for number, size in enumerate([4, 4, 4, 5, 6, 5, 7], 1)
        for place in range(1, size + 1)
    )


def test_occay__scale__has_four_answers_and_no_middle() -> None:
    assert [option.points for option in OCCAY.scale] == [3, 2, 1, 0]


@every_language
def test_occay__every_text__is_there_in_every_language(language: str) -> None:
    assert set(OCCAY.texts[language]) == set(OCCAY.texts["en"])
    assert all(text.strip() for text in OCCAY.texts[language].values())


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_occay__translation__is_not_the_english(language: str) -> None:
    english = OCCAY.texts["en"]
    same = [key for key, text in OCCAY.texts[language].items() if text == english[key]]
    assert same == []


@every_language
def test_occay__every_statement__fits_a_phone(language: str) -> None:
    lengths = {s: len(OCCAY.text(s, language)) for s in OCCAY.required}
    assert {s: n for s, n in lengths.items() if n > STATEMENT_LIMIT} == {}


def test_occay__every_statement__has_four_tips_and_two_for_each_answer() -> None:
    for statement in (OCCAY.statements[id_] for id_ in OCCAY.required):
        assert len(statement.tips) >= 4, statement.id
        for option in OCCAY.scale:
            assert len(statement.tips_for(option.id)) >= 2, (statement.id, option.id)


def test_occay__every_part__names_its_source() -> None:
    source = shipped()
    assert all(topic.source.strip() for topic in source.topics)
    for section in source.sections:
        for statement in section.statements:
            assert statement.source.strip()
            assert all(tip.source.strip() for tip in statement.tips)


def test_occay__every_topic__is_used_by_a_tip() -> None:
    used = {tip.topic for statement in OCCAY.statements.values() for tip in statement.tips}
    assert used == {topic.id for topic in shipped().topics}


@every_language
def test_occay__words_to_type__leave_no_empty_phrase(language: str) -> None:
    for option in OCCAY.scale:
        typed = OCCAY.text(f"{option.key}/typed", language).split(";")
        assert all(any(letter.isalnum() for letter in phrase) for phrase in typed)


def test_occay__levels__begin_where_docs_say() -> None:
    assert [level.from_percent for level in OCCAY.levels] == [0, 35, 60, 85]


def test_compiled__twice__is_the_same_to_the_byte() -> None:
    source = HERE / "instruments" / "tiny"
    catalogues = {language: source / f"{language}.po" for language in ("bg", "lv")}
    compiled = compile_edition(source / "instrument.yaml", catalogues)
    assert compiled == compile_edition(source / "instrument.yaml", catalogues)
    assert load_edition(compiled).digest == digest_of(compiled)


def test_edition__of_the_first_format__is_still_read() -> None:
    """Assessments are pinned to editions that were published before scales had names."""
    source = HERE / "instruments" / "tiny"
    catalogues = {language: source / f"{language}.po" for language in ("bg", "lv")}
    new = json.loads(compile_edition(source / "instrument.yaml", catalogues))
    old = {key: new[key] for key in ("instrument", "minutes", "texts")} | {
        "format": 1,
        "scale": new["scales"][""],
        "levels": [{k: level[k] for k in ("id", "from_percent")} for level in new["levels"]],
        "sections": [
            {"id": s["id"], "statements": [_in_first_format(row) for row in s["statements"]]}
            for s in new["sections"]
        ],
    }
    read = load_edition(canonical(old))
    assert replace(read, digest="") == replace(edition("tiny"), digest="")


def _in_first_format(statement: dict[str, object]) -> dict[str, object]:
    return {key: statement[key] for key in ("id", "revision", "tips")}


def test_canonical__order_of_keys__makes_no_difference() -> None:
    assert (
        canonical({"б": 1, "a": [2]}) == canonical({"a": [2], "б": 1}) == b'{"a":[2],"\xd0\xb1":1}'
    )


# --- What it looks like on a phone -------------------------------------------------------------


@every_language
@pytest.mark.parametrize("option", [option.id for option in OCCAY.scale])
def test_results__one_answer_throughout__fit_telegram(language: str, option: str) -> None:
    chat = begun(language)
    for statement in OCCAY.required:
        choose(chat, statement, option)
        if chat.state.scene == "section":
            fits(chat.shown[-1], parts=1)
            chat.receive(Pressed(f"next:{the_code(chat)}"))
    assert chat.answers == dict.fromkeys(OCCAY.required, option), "every option is reachable"
    overall = chat.receive(Pressed(f"overall:{the_code(chat)}")).replies[0]
    fits(overall, parts=1)


@every_language
@pytest.mark.parametrize("letter", ["ж", "&", "🙂"])
def test_cards_and_review__longest_notes__fit_telegram(language: str, letter: str) -> None:
    chat = begun(language)
    for statement in OCCAY.required:
        chat.receive(Pressed(f"note:{the_code(chat)}:{statement}"))
        fits(chat.say(letter * NOTE_LIMIT).replies[0])
        fits(chat.receive(Pressed(f"why:{the_code(chat)}:{statement}")).replies[0])
        choose(chat, statement, "fully_disagree")
    for section in REQUIRED:
        fits(chat.receive(Pressed(f"review:{the_code(chat)}:{section.id}")).replies[0], parts=8)


@every_language
def test_buttons__of_the_whole_way__are_short(language: str) -> None:
    chat = begun(language)
    for command in ("/menu", "/results", "/privacy", "/help", "/language", "/review"):
        chat.say(command)
    for statement in OCCAY.required:
        choose(chat, statement, "rather_agree")
    chat.receive(Pressed("erase"))
    labels = {c.label for message in chat.shown for row in message.choices for c in row}
    assert {label for label in labels if len(label) > 32} == set()


@every_language
def test_buttons__two_side_by_side__fit_a_narrow_phone(language: str) -> None:
    chat = begun(language)
    for row in chat.card().choices:
        assert sum(len(choice.label) for choice in row) <= 40


def begun(language: str) -> Chat:
    chat = agreed("occay", language=language)
    chat.receive(Pressed("begin:occay"))
    return chat


def the_code(chat: Chat) -> str:
    return next(iter(chat.shelf))


def choose(chat: Chat, statement: str, option: str) -> None:
    revision = OCCAY.statements[statement].revision
    chat.receive(Pressed(f"a:{the_code(chat)}:{statement}:{revision}:{option}"))


def fits(reply: Reply, parts: int = 2) -> None:
    cut = messages(reply.blocks)
    assert len(cut) <= parts
    assert all(1 <= len(part.encode("utf-16-le")) // 2 <= 4096 for part in cut)


# --- What authors are told ---------------------------------------------------------------------

Edit = Callable[[str], str]


def put(old: str, new: str) -> Edit:
    """An edit of the first place where ``old`` stands."""

    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


@cache
def tiny(file: str) -> str:
    return (HERE / "instruments" / "tiny" / file).read_text(encoding="utf-8")


def compiled(folder: Path, **edits: Edit) -> bytes:
    """The tiny instrument after ``edits`` of its files: instrument, bg or lv."""
    copy = folder / "tiny"
    shutil.copytree(HERE / "instruments" / "tiny", copy)
    names = {"instrument": "instrument.yaml", "bg": "bg.po", "lv": "lv.po"}
    for name, edit in edits.items():
        (copy / names[name]).write_text(edit(tiny(names[name])), encoding="utf-8")
    catalogues = {language: copy / names[language] for language in ("bg", "lv")}
    return compile_edition(copy / names["instrument"], catalogues)


def problems(folder: Path, **edits: Edit) -> list[Problem]:
    """What authors are told after such edits."""
    with pytest.raises(ContentError) as told:
        compiled(folder, **edits)
    assert str(told.value) == "\n".join(str(problem) for problem in told.value.problems)
    return told.value.problems


def line_of(text: str, file: str = "instrument.yaml", nth: int = 1) -> int:
    """The line on which ``text`` stands in the tiny instrument, the ``nth`` time."""
    lines = [number for number, line in enumerate(tiny(file).splitlines(), 1) if text in line]
    return lines[nth - 1]


def test_duplicate_key__in_the_instrument__both_are_named(tmp_path: Path) -> None:
    assert problems(tmp_path, instrument=put("minutes: 1", "minutes: 1\nminutes: 2")) == [
        Problem(
            "tiny/instrument.yaml",
            line_of("minutes: 1") + 1,
            "“minutes” stands here twice: keep one of them",
        )
    ]


@pytest.mark.parametrize("unquoted", ["1.1", "2026-11-21", "no", "~", "0x11", "1.0e+3"])
def test_unquoted_id__reads_as_no_text__asks_for_quotation_marks(
    tmp_path: Path, unquoted: str
) -> None:
    (problem,) = problems(tmp_path, instrument=put('id: "1.1"', f"id: {unquoted}"))
    assert (problem.file, problem.line) == ("tiny/instrument.yaml", line_of('id: "1.1"'))
    assert "put it in quotation marks" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("topic: G1", "topic: G9", 'text: Read the rules.', "“G9” is not among the topics"),
        ("[hardly, none]", "[hardly, nobody]", "Read the rules.", "“nobody” is not an answer"),
        ("from_percent: 60", "from_percent: 0", "levels:", "put them in order, each bound once"),
        ("minutes: 1", "minutes: 1\nminuts: 2", "scale:", "minuts"),
        ("minutes: 1\n", "", "id: tiny", "“minutes”: it is missing: add it"),
        ("revision: 1", "revision: 0", "revision: 1", "“revision”: the number is too small"),
        ('id: "1.1"', 'id: "1.1а"', 'id: "1.1"', "id"),
        ("text: We know the rules.", 'text: " "', "text: We know the rules.", "text"),
    ],
)  # fmt: skip
def test_mistake__in_the_instrument__is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: str, says: str
) -> None:
    (problem,) = problems(tmp_path, instrument=put(old, new))
    expected = line_of(line) + (1 if line == "levels:" else 0)
    assert (problem.file, problem.line) == ("tiny/instrument.yaml", expected)
    assert says in problem.message


def test_items__only_one_explained__asks_for_the_others(tmp_path: Path) -> None:
    written = (HERE / "instruments" / "answers" / "instrument.yaml").read_text(encoding="utf-8")
    file = tmp_path / "answers" / "instrument.yaml"
    file.parent.mkdir()
    file.write_text(written.replace("label: A pen}", "label: A pen, text: To write.}"))
    with pytest.raises(ContentError, match="some items have a “text”, others none"):
        read_instrument(file)


@pytest.mark.parametrize(
    ("old", "new", "id_"),
    [
        ('id: "1.2"', 'id: "1.1"', "1.1"),
        ('- id: "2"', '- id: "1"', "1"),
        ("{id: 2, for", "{id: 1, for", "1"),
        ("{id: high", "{id: low", "low"),
    ],
)
def test_duplicate_id__in_the_instrument__is_told(
    tmp_path: Path, old: str, new: str, id_: str
) -> None:
    (problem,) = problems(tmp_path, instrument=put(old, new))
    assert problem.file == "tiny/instrument.yaml"
    assert f"“{id_}” is used already" in problem.message


def test_duplicate_id__in_the_instrument__line_is_that_of_the_second(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, instrument=put('id: "1.2"', 'id: "1.1"'))
    assert problem.line == line_of('id: "1.2"')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("minutes: 1", "minutes: 1\nminuts: 2"),
        ("minutes: 1\n", ""),
        ('- id: "1"\n', "- id: 1\n"),
        ('id: "1.1"', 'id: "1.1а"'),
        ("text: We know the rules.", 'text: " "'),
    ],
)
def test_mistake__found_by_pydantic__is_told_in_words_for_authors(
    tmp_path: Path, old: str, new: str
) -> None:
    (problem,) = problems(tmp_path, instrument=put(old, new))
    jargon = ("Extra inputs", "Field required", "Input should", "String should", "pattern")
    assert not any(word in problem.message for word in jargon)


def test_words_to_type__ended_by_a_semicolon__are_refused(tmp_path: Path) -> None:
    problems(tmp_path, lv=put('"pilnīgi piekrītu"', '"pilnīgi piekrītu;"'))


def test_words_to_type__shared_by_two_options__are_refused(tmp_path: Path) -> None:
    problems(tmp_path, lv=put('"pilnīgi piekrītu"', '"drīzāk piekrītu"'))


def test_ids__too_long_for_a_button__are_refused(tmp_path: Path) -> None:
    long = "a23456789012345678901234"

    def renamed(text: str) -> str:
        return text.replace('"1.1', f'"{long}').replace("option/full", f"option/{long}")

    def in_the_instrument(text: str) -> str:
        text = renamed(text).replace("id: full", f"id: {long}").replace("[full,", f"[{long},")
        return text.replace("revision: 1", "revision: 10000", 1)

    problems(tmp_path, instrument=in_the_instrument, bg=renamed, lv=renamed)


@pytest.mark.parametrize(
    "written",
    [b"id: tiny\x01\n", "title: Zaļš".encode("cp1257"), b"a: &a [*a]\n"],
    ids=["control character", "not UTF-8", "alias of itself"],
)
def test_file__that_cannot_be_read__is_a_problem_with_a_line(
    tmp_path: Path, written: bytes
) -> None:
    (tmp_path / "instrument.yaml").write_bytes(written)
    with pytest.raises(ContentError):
        read_instrument(tmp_path / "instrument.yaml")


def test_translation__whole_catalogue_missing__is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        compile_edition(
            HERE / "instruments" / "tiny" / "instrument.yaml", {"lv": tmp_path / "lv.po"}
        )


@pytest.mark.parametrize(
    "written",
    [b"", b"# only a remark\n", b"- a\n- b\n", b"hello\n", b"title: Tiny: check\n", b"a: 1\n---\n"],
    ids=["empty", "a remark", "a list", "a word", "a colon too many", "two documents"],
)
def test_file__that_is_no_instrument__is_a_problem_with_a_line(
    tmp_path: Path, written: bytes
) -> None:
    (tmp_path / "instrument.yaml").write_bytes(written)
    with pytest.raises(ContentError) as told:
        read_instrument(tmp_path / "instrument.yaml")
    assert all(problem.line >= 1 and problem.message for problem in told.value.problems)


FOLLOW = 'msgid "We follow the rules."'
FOLLOWED = f'msgctxt "1.2"\n{FOLLOW}\nmsgstr "Mēs ievērojam noteikumus."\n'


@pytest.mark.parametrize(
    ("edit", "line", "message"),
    [
        (
            put(FOLLOWED, ""),
            1,
            "1.2: there is no translation: update the catalogue (merilo content template), then translate it",
        ),
        (
            put('msgctxt "1.2"', '#, fuzzy\nmsgctxt "1.2"'),
            line_of(FOLLOW, "lv.po") + 1,
            "1.2: marked as doubtful (fuzzy): confirm or correct the translation",
        ),
        (
            put("We follow the rules.", "We followed the rules."),
            line_of(FOLLOW, "lv.po"),
            "1.2: the English text has changed: update the catalogue (merilo content template), "
            "then look at the translation again",
        ),
        (
            put('"Mēs ievērojam noteikumus."', '""'),
            line_of(FOLLOW, "lv.po"),
            "1.2: the translation is empty: write it",
        ),
        (
            put('msgctxt "title"', 'msgctxt "9.9"\nmsgid "Gone"\nmsgstr "Nav"\n\nmsgctxt "title"'),
            line_of('msgctxt "title"', "lv.po") + 1,
            "9.9: not in the English file: remove it",
        ),
    ],
    ids=["missing", "fuzzy", "changed", "empty", "left over"],
)
def test_translation__not_usable__is_told_with_file_line_and_remedy(
    tmp_path: Path, edit: Edit, line: int, message: str
) -> None:
    assert problems(tmp_path, lv=edit) == [Problem("tiny/lv.po", line, message)]


def test_translation__kept_as_obsolete__does_no_harm(tmp_path: Path) -> None:
    left = '\n#~ msgctxt "9.9"\n#~ msgid "Gone"\n#~ msgstr "Nav"\n'
    spoilt = compiled(tmp_path, lv=lambda text: text + left)
    assert digest_of(spoilt) == edition("tiny").digest


def test_translation__given_twice__is_told(tmp_path: Path) -> None:
    problems(tmp_path, lv=lambda text: f"{text}\n{FOLLOWED.replace('Mēs', 'Visi')}")


def test_translation__of_a_space_only__is_told(tmp_path: Path) -> None:
    problems(tmp_path, lv=put('"Mēs ievērojam noteikumus."', '" "'))


def test_mistakes__in_both_languages__are_told_together_in_order(tmp_path: Path) -> None:
    spoilt = put('msgctxt "1.2"', '#, fuzzy\nmsgctxt "1.2"')
    found = problems(tmp_path, bg=spoilt, lv=spoilt)
    assert [problem.file for problem in found] == ["tiny/bg.po", "tiny/lv.po"]


def test_mistakes__in_instrument_and_translation__are_told_in_one_go(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        instrument=put("topic: G1", "topic: G9"),
        lv=put('"Mēs ievērojam noteikumus."', '""'),
    )
    assert {problem.file for problem in found} == {"tiny/instrument.yaml", "tiny/lv.po"}
