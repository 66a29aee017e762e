"""The content desk: drafts, publishing, undoing, two admins at once, on both databases."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from bot.desk import (
    Conflict,
    ContentDesk,
    HasProblems,
    NoSuchDraft,
    NoSuchEdition,
    NoSuchInstrument,
    NothingNew,
    NotKept,
    TooManyDrafts,
    Unconfirmed,
)
from content.package import Package, PackageRefused, read_folder, to_zip
from storage import api_tokens, editions, idempotency
from storage.conversations import Address
from storage.database import open_database
from storage.editions import Published
from storage.housekeeping import tidy_up
from storage.writer import Writer
from tests.chat import NOON
from tests.databases import KEYS
from tests.test_editions import compiled
from tests.test_storage import ANNA, BORIS, TINY, Desk

LATVIAN = "Maza pārbaude"
ELENA, JANIS = "telegram:7", "token:riga"
YAML = (TINY / "instrument.yaml").read_bytes()
PACKAGE = to_zip(read_folder(TINY).over(None, "tiny"))

SQLITE_ONLY = pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
"""What has little to do with the database."""


class Office(Desk):
    """A reception and a content desk at one database, with the tiny instrument shipped."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        super().__init__(engine, writer)
        with engine.begin() as connection:
            self.first = editions.current(connection, "tiny").digest  # type: ignore[union-attr]
            editions.keep_sources(connection, 1, PACKAGE)
        drafts = (f"draft{number}" for number in range(100))
        self.desk = ContentDesk(writer, self.reception.follow, lambda: self.now, drafts.__next__)

    async def retitled(self, title: str, who: str = ELENA) -> str:
        """Hand in a catalogue with another Latvian title; the draft's id."""
        written = (TINY / "lv.po").read_text()
        assert LATVIAN in written
        changed = written.replace(LATVIAN, title).encode()
        draft = await self.desk.draft(who, changed, "lv.po", "tiny")
        assert draft.problems == ()
        return draft.id

    async def published(self, title: str, who: str = ELENA, why: str = "better") -> Published:
        current = await self.desk.current("tiny")
        return await self.desk.publish(await self.retitled(title, who), who, current.digest, why)

    def title(self) -> str:
        return self.reception.library.current("tiny").text("title", "lv")


@pytest.fixture
def office(database: Engine) -> Iterator[Office]:
    with Writer(database) as writer:
        yield Office(database, writer)


# --- Drafts --------------------------------------------------------------------------------------


async def test_draft__changes_nothing_until_it_is_published(office: Office) -> None:
    id_ = await office.retitled("Jauna pārbaude")
    draft = await office.desk.find(id_)
    assert (draft.instrument, draft.base, draft.who) == ("tiny", office.first, ELENA)
    assert draft.digest not in ("", office.first)
    assert (await office.desk.edition(id_)).text("title", "lv") == "Jauna pārbaude"
    [change] = (await office.desk.difference(id_)).texts
    assert (change.language, change.old, change.new) == ("lv", LATVIAN, "Jauna pārbaude")
    assert (await office.desk.current("tiny")).digest == office.first
    assert office.title() == LATVIAN


@SQLITE_ONLY
async def test_draft__with_problems__can_be_looked_at_and_not_published(office: Office) -> None:
    broken = YAML.replace(b"minutes: 1", b"minuts: 1")
    draft = await office.desk.draft(ELENA, broken, "instrument.yaml")
    assert "minuts" in str(draft.problems)
    assert draft.digest == ""
    with pytest.raises(HasProblems):
        await office.desk.publish(draft.id, ELENA, office.first, "")
    with pytest.raises(HasProblems):
        await office.desk.edition(draft.id)
    assert office.count("editions") == 1


@SQLITE_ONLY
async def test_draft__hostile__is_not_kept(office: Office) -> None:
    with pytest.raises(PackageRefused):
        await office.desk.draft(ELENA, b"PK nonsense", "x.zip")
    assert (office.count("drafts"), office.count("content_log")) == (0, 0)


@SQLITE_ONLY
async def test_draft__is_gone_when_discarded_and_after_a_week(office: Office) -> None:
    first, second = await office.retitled("Viens"), await office.retitled("Divi")
    await office.desk.discard(first, JANIS)
    office.now += timedelta(days=7)
    for id_ in (first, second):
        with pytest.raises(NoSuchDraft):
            await office.desk.find(id_)
    with office.engine.begin() as connection:
        tidy_up(connection, office.now)
    assert office.count("drafts") == 0
    assert [one.what for one in await office.desk.log("tiny")] == ["discard", "draft", "draft"]


# --- Publishing ----------------------------------------------------------------------------------


async def test_published__is_on_offer_at_once_and_logged(office: Office) -> None:
    published = await office.published("Jauna pārbaude", why="a clearer title")
    assert (published.number, published.current, published.shipped) == (2, True, False)
    assert office.title() == "Jauna pārbaude"
    entry = (await office.desk.log("tiny"))[0]
    assert (entry.who, entry.what, entry.why) == (ELENA, "publish", "a clearer title")
    assert (entry.before, entry.after, entry.at) == (office.first, published.digest, NOON)


@SQLITE_ONLY
async def test_published_twice__by_a_double_tap__is_one_edition(office: Office) -> None:
    id_ = await office.retitled("Jauna pārbaude")
    both = [office.desk.publish(id_, ELENA, office.first, "") for _ in range(2)]
    first, second = await asyncio.gather(*both)
    assert first == second
    assert [one.what for one in await office.desk.log()] == ["publish", "draft"]


@SQLITE_ONLY
async def test_published__exported_and_pushed_again__is_no_difference(office: Office) -> None:
    published = await office.published("Jauna pārbaude")
    package = await office.desk.export("tiny")
    draft = await office.desk.draft(ELENA, package, "tiny.zip")
    assert draft.is_nothing_new
    assert not await office.desk.difference(draft.id)
    with pytest.raises(NothingNew, match="edition 2"):
        await office.desk.publish(draft.id, ELENA, published.digest, "")
    assert await office.desk.export("tiny", 1) == PACKAGE


@SQLITE_ONLY
async def test_warnings__are_confirmed_first(office: Office) -> None:
    changed = YAML.replace(b"We know the rules.", b"Nobody here has ever heard about dogs.")
    written = [(TINY / f"{code}.po").read_bytes() for code in ("bg", "lv")]
    with_new_source = [
        one.replace(b"We know the rules.", b"Nobody here has ever heard about dogs.")
        for one in written
    ]
    package = packed(
        {"instrument.yaml": changed, "bg.po": with_new_source[0], "lv.po": with_new_source[1]}
    )
    draft = await office.desk.draft(ELENA, package, "tiny.zip")
    assert draft.problems == ()
    assert draft.warnings
    with pytest.raises(Unconfirmed):
        await office.desk.publish(draft.id, ELENA, office.first, "")
    published = await office.desk.publish(draft.id, ELENA, office.first, "", confirmed=True)
    assert published.number == 2


def packed(files: dict[str, bytes]) -> bytes:
    return to_zip(Package("tiny", files))


async def test_two_admins__the_second_is_told_what_changed(office: Office) -> None:
    mine, theirs = await office.retitled("Mana"), await office.retitled("Viņa", JANIS)
    await office.desk.publish(theirs, JANIS, office.first, "the client asked for it")
    with pytest.raises(Conflict) as refused:
        await office.desk.publish(mine, ELENA, office.first, "")
    told = str(refused.value)
    assert "token:riga made edition 2 current on 2026-" in told
    assert "the client asked for it" in told
    current = refused.value.current
    assert current
    with pytest.raises(
        Conflict
    ):  # what was handed in lies over the old one, whatever is expected now
        await office.desk.publish(mine, ELENA, current.digest, "")
    assert office.title() == "Viņa"


async def test_two_admins__at_the_same_moment__one_of_them_publishes(office: Office) -> None:
    ids = [await office.retitled(f"Nosaukums {n}") for n in range(3)]
    tries = [office.desk.publish(id_, ELENA, office.first, "") for id_ in ids]
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["Conflict"] * 2 + ["Published"]
    assert office.count("editions") == 2


@SQLITE_ONLY
async def test_new_instrument__is_published_without_a_base(office: Office) -> None:
    package = to_zip(
        Package(
            "brand-new",
            {
                "instrument.yaml": YAML.replace(b"id: tiny", b"id: brand-new"),
                **{f"{code}.po": (TINY / f"{code}.po").read_bytes() for code in ("bg", "lv")},
            },
        )
    )
    draft = await office.desk.draft(ELENA, package, "x.zip")
    assert (draft.problems, draft.base) == ((), "")
    await office.desk.publish(draft.id, ELENA, "", "a new one")
    assert office.reception.library.instruments == ["tiny", "brand-new"]


async def test_published__in_another_replica__is_on_offer_here_too(office: Office) -> None:
    other = open_database(office.engine.url.render_as_string(hide_password=False), KEYS)
    with Writer(other) as writer:
        replica = Desk(other, writer)
        await office.published("Jauna pārbaude")
        await replica.reception.follow()
        library = replica.reception.library
        assert library.current("tiny").text("title", "lv") == "Jauna pārbaude"
        assert library.edition(office.first).text("title", "lv") == LATVIAN
        undone = await office.desk.current("tiny")
        await office.desk.undo("tiny", 1, ELENA, "", undone.digest)
        await replica.reception.follow()
        assert replica.reception.library.current("tiny").text("title", "lv") == LATVIAN
    other.dispose()


async def test_published__while_500_answer__no_answer_is_read_as_another(office: Office) -> None:
    revised = YAML.replace(b'id: "1.2"\n        revision: 1', b'id: "1.2"\n        revision: 2')
    draft = await office.desk.draft(ELENA, revised, "instrument.yaml")
    assert draft.problems == ()
    people = [Address("telegram", str(number)) for number in range(500)]
    started = asyncio.Semaphore(50)
    published = asyncio.Event()

    async def whole(number: int, who: Address) -> None:
        async with started:
            card = await office.begun(who)
            if number == 250:
                await office.desk.publish(draft.id, ELENA, office.first, "")
                published.set()
            first = card.choices[0][0].token
            following = (await office.send(who, first)).choices[0][0].token
            # The later edition may be offered here: who answers all the same means what stood there.
            old = first.replace(":1.1:", ":1.2:")
            await office.send(who, following if ":1.2:" in following else old)

    await asyncio.gather(*(whole(number, who) for number, who in enumerate(people)))
    assert published.is_set()
    with office.engine.connect() as connection:
        given = connection.execute(text(READ_AS)).all()
    assert sum(row.people for row in given) == 2 * len(people)
    assert {(row.number, row.statement, row.revision) for row in given} == {
        (1, "1.1", 1),
        (1, "1.2", 1),
        (2, "1.1", 1),
        (2, "1.2", 2),
    }
    assert {row.pinned for row in given} == {1}, "an answer belongs to its assessment's edition"


READ_AS = """
SELECT number, statement, revision, count(*) AS people,
       min(CASE WHEN answers.edition_id = assessments.edition_id THEN 1 ELSE 0 END) AS pinned
FROM answers JOIN assessments ON assessments.id = assessment_id
             JOIN editions ON editions.id = assessments.edition_id
GROUP BY number, statement, revision
"""


# --- Idempotency keys --------------------------------------------------------------------------


async def test_idempotency_key__is_one_request_for_a_day(office: Office) -> None:
    with office.engine.begin() as connection:
        api_tokens.make(connection, "riga", ("content:read",), NOON, NOON + timedelta(days=9))

    def reserved(request: str, now: datetime) -> idempotency.Known | None:
        with office.engine.begin() as connection:
            return idempotency.reserve(connection, 1, "key", request, now)

    assert reserved("one", NOON) is None
    assert reserved("one", NOON) == idempotency.Known("one", 0, "")
    with office.engine.begin() as connection:
        idempotency.settle(connection, 1, "key", 200, "{}")
    assert reserved("two", NOON + timedelta(hours=23)) == idempotency.Known("one", 200, "{}")
    with office.engine.begin() as connection:
        tidy_up(connection, NOON + timedelta(hours=25))
    assert office.count("idempotency_keys") == 0
    assert reserved("two", NOON + timedelta(hours=25)) is None
    assert reserved("two", NOON + timedelta(hours=25, minutes=3)) is None  # it never ended


# --- Undoing -------------------------------------------------------------------------------------


async def test_undo__makes_an_earlier_edition_current_and_deletes_nothing(office: Office) -> None:
    second = await office.published("Otrā")
    third = await office.published("Trešā")
    undone = await office.desk.undo("tiny", 2, JANIS, "a typo", third.digest)
    assert (undone.number, office.title()) == (2, "Otrā")
    assert [one.number for one in await office.desk.editions("tiny")] == [1, 2, 3]
    entry = (await office.desk.log("tiny"))[0]
    assert (entry.what, entry.before, entry.after) == ("undo", third.digest, second.digest)


async def test_undo__refused__changes_nothing(office: Office) -> None:
    second = await office.published("Otrā")
    with pytest.raises(Conflict, match="telegram:7 made edition 2 current"):
        await office.desk.undo("tiny", 1, JANIS, "", office.first)
    with pytest.raises(NoSuchEdition):
        await office.desk.undo("tiny", 9, JANIS, "", second.digest)
    with pytest.raises(NoSuchInstrument):
        await office.desk.undo("nothing", 1, JANIS, "", "")
    with pytest.raises(NothingNew):
        await office.desk.undo("tiny", 2, JANIS, "", second.digest)
    assert office.title() == "Otrā"


@SQLITE_ONLY
async def test_export__of_what_is_not_there(office: Office) -> None:
    with pytest.raises(NoSuchInstrument):
        await office.desk.export("nothing")
    with pytest.raises(NoSuchEdition):
        await office.desk.export("tiny", 7)
    with office.engine.begin() as connection:
        editions.publish(connection, "tiny", compiled("From before"), "s", NOON)
    with pytest.raises(NotKept):
        await office.desk.export("tiny")


# --- Those in the middle of it -------------------------------------------------------------------


async def test_impact__counts_those_in_the_middle(office: Office) -> None:
    for who in (ANNA, BORIS):
        card = await office.begun(who)
        card = await office.press(who, "Fully agree", card)
        await office.press(who, "Fully agree", card)
    again = YAML.replace(b'id: "1.1"\n        revision: 1', b'id: "1.1"\n        revision: 2')
    assert again != YAML
    draft = await office.desk.draft(ELENA, again, "instrument.yaml")
    assert draft.problems == ()
    found = await office.desk.impact(draft.id)
    assert (found.assessments, found.asked_again, found.carried, found.retired) == (2, 2, 2, 0)


@SQLITE_ONLY
async def test_running_assessment__keeps_its_edition(office: Office) -> None:
    card = await office.begun(ANNA)
    renamed = YAML.replace(b"We follow the rules.", b"We follow the rules well.")
    pos = {
        f"{code}.po": (TINY / f"{code}.po")
        .read_bytes()
        .replace(b"We follow the rules.", b"We follow the rules well.")
        for code in ("bg", "lv")
    }
    draft = await office.desk.draft(ELENA, packed({"instrument.yaml": renamed, **pos}), "t.zip")
    await office.desk.publish(draft.id, ELENA, office.first, "", confirmed=True)
    offer = await office.press(ANNA, "Fully agree", card)
    card = await office.press(ANNA, "Stay with the earlier texts", offer)
    assert "We follow the rules." in str(card.blocks)
    card = await office.press(BORIS, "Fully agree", await office.begun(BORIS))
    assert "We follow the rules well." in str(card.blocks)


# --- Drafts that wait ----------------------------------------------------------------------------


@SQLITE_ONLY
async def test_draft__beside_twenty_open_ones__is_refused_until_one_is_gone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.desk.OPEN_DRAFTS", 3)
    kept = [await office.retitled(f"Nosaukums {number}") for number in range(3)]
    with pytest.raises(TooManyDrafts, match="tiny has 3 open drafts"):
        await office.retitled("Vēl viens")
    assert [one.id for one in await office.desk.waiting("tiny")] == kept
    await office.desk.discard(kept[0], ELENA)
    await office.retitled("Vēl viens")


# --- Other editions than the current one ---------------------------------------------------------


def other_12(text_: str, revision: int) -> bytes:
    """The instrument with another statement 1.2, and its translations."""
    edited = YAML.replace(b"We follow the rules.", text_.encode())
    edited = edited.replace(
        b'id: "1.2"\n        revision: 1', b'id: "1.2"\n        revision: %d' % revision
    )
    package = read_folder(TINY).over(None, "tiny")
    files = {
        name: old.replace(b"We follow the rules.", text_.encode())
        for name, old in package.files.items()
    }
    return to_zip(Package("tiny", files | {"instrument.yaml": edited}))


async def test_revision_of_an_undone_edition_for_another_meaning__is_to_be_confirmed(
    office: Office,
) -> None:
    first = await office.desk.draft(ELENA, other_12("Tools help nobody here at all", 2), "x.zip")
    published = await office.desk.publish(first.id, ELENA, office.first, "new", confirmed=True)
    await office.desk.undo("tiny", 1, ELENA, "back", published.digest)
    again = await office.desk.draft(
        ELENA, other_12("Money buys happiness, says grandma", 2), "x.zip"
    )
    assert again.problems == ()
    assert "1.2: edition 2 has another text under the same id and revision" in str(again.warnings)
    with pytest.raises(Unconfirmed):
        await office.desk.publish(again.id, ELENA, office.first, "")
    higher = await office.desk.draft(
        ELENA, other_12("Money buys happiness, says grandma", 3), "x.zip"
    )
    assert "edition 2" not in str(higher.warnings)


async def test_revision_of_an_undone_edition_with_fewer_answers__is_a_problem(
    office: Office,
) -> None:
    """Who answered by a scale that is gone would have an answer that nobody can read."""
    with_five = YAML.replace(
        b"  - {id: none,",
        b"  - {id: never, points: 0, label: Never ever, typed: never}\n  - {id: none,",
    )
    package = read_folder(TINY).over(None, "tiny")
    words = {"bg.po": "Съвсем никога", "lv.po": "Galīgi nekad"}
    files = {
        name: old + _entries(words[name]) if name in words else with_five
        for name, old in package.files.items()
    }
    five = await office.desk.draft(ELENA, to_zip(Package("tiny", files)), "x.zip")
    assert five.problems == (), five.problems
    published = await office.desk.publish(five.id, ELENA, office.first, "", confirmed=True)
    await office.desk.undo("tiny", 1, ELENA, "", published.digest)
    again = await office.desk.draft(ELENA, other_12("We follow the rules always", 1), "x.zip")
    assert "in edition 2 answers are gone (never)" in str(again.problems)


def _entries(label: str) -> bytes:
    entries = f'\nmsgctxt "option/never"\nmsgid "Never ever"\nmsgstr "{label}"\n'
    typed = f'\nmsgctxt "option/never/typed"\nmsgid "never"\nmsgstr "{label.lower()}"\n'
    return (entries + typed).encode()
