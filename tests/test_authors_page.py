"""A translator with a phone follows ``docs/content-authors.md`` to the letter, in each language of the chat."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from content.package import read_parts
from locales import LANGUAGES, Words, words_in
from tests.authors_page import PhonePage, Section
from tests.chat import edition
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.people import Person, View
from tests.faults.people import until
from tests.servers import TOKEN, merilo
from tests.test_admin_telegram import sent_to

NEW = "Mūsu konsultanti pārzina noteikumus."
WHY = "A clearer sentence."
FIRST = edition("occay")
OLD = FIRST.text("3.2", "lv")
TITLE = FIRST.text("title", "lv")
TOLD = "Noticis kas jauns."


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(TOKEN) as fake:
        yield fake
        assert not fake.problems


@dataclass
class Translator:
    """Reads the page, and does what it says. ``words``: those of their chat."""

    telegram: FakeTelegram
    person: Person
    page: PhonePage
    words: Words

    # --- What the page says, in its own order ----------------------------------------------------

    async def corrects_one_text(self) -> None:
        told = self.page.section("Correct one text")
        command = told.typed()
        told.explains("bg", "lv", "en")
        await self.person.send(told.typed())
        await self.sees("cpo · 3.2 · lv", "3.2: ")
        await self.person.send(told.typed())
        await self.sees("occay · title · lv", TITLE)
        beginning = told.typed()
        told.explains("3.2/why:", "3.2/tip/1:")
        await self._asks_for_the_text(command, beginning)
        assert self.person.card.button(told.button()), "there is a way to leave it"
        await self._mends_a_mistake(told.button())
        await self._asks_for_the_text(command, beginning)
        await self.person.send(NEW)
        await self.sees_the_draft()
        await self.looks_at_the_difference(told, OLD, NEW)
        await self.walks_the_preview(told, NEW, "Latviešu")
        await self.publishes(told)
        assert told.left == []

    async def _asks_for_the_text(self, command: str, beginning: str) -> None:
        await self.person.send(command)
        await self.taps_what_begins_with(beginning)
        await self.sees("occay · 3.2 · lv", OLD)

    async def _mends_a_mistake(self, discard: str) -> None:
        """The report says in their language what to do; they throw the draft away."""
        await self.person.send(f"<b>{NEW}</b>")
        await self.sees(self.words("write plain words"), "lv.po:")
        await self.taps(discard)
        await self.person.sees(self.words("Discarded. Nothing was changed."))

    async def looks_and_takes_it_back(self) -> None:
        told = self.page.section("Look at what is published, and take it back")
        await self.person.send(told.typed())
        await self.taps(told.typed())
        await self.sees("telegram:7", WHY, "2")
        assert told.button() == self.words("Next page")
        await self.taps(told.button().replace("…", "1"))
        await self.sees(self.words("Nobody is in the middle of it."))
        await self.person.send("The first was better.")
        await self.taps(told.button())
        await self.sees_current(1)
        assert told.left == []

    async def changes_files(self) -> None:
        told = self.page.section("Change more, in files")
        await self.person.send(told.typed())
        await self.taps("occay")
        await self.taps(told.button())
        packed = await sent_to(self.telegram, "occay-1.zip")
        files = dict(read_parts("occay-1.zip", packed).files)
        assert {told.typed(), told.typed()} < files.keys()
        await self.sends_back_what_did_not_change(packed)
        name = told.typed()
        changed = files[name].decode().replace(f'msgstr "{TITLE}"', f'msgstr "{TITLE}!"')
        await self.person.sends_document(name, changed.encode())
        told.explains("instrument.yaml", "occay")
        await self.sees_the_draft()
        await self.looks_at_the_difference(told, TITLE, f"{TITLE}!")
        await self.walks_the_preview(told, f"{TITLE}!")
        await self.publishes(told, number=3)
        assert told.left == []

    async def sends_back_what_did_not_change(self, packed: bytes) -> None:
        await self.person.sends_document("occay.zip", packed)
        card = await self.sees(self.words("No difference: it is what is current already."))
        assert [one for row in card.buttons for one in row] == [self.words("Discard")]

    async def tells_the_readers(self) -> None:
        told = self.page.section("Tell the readers")
        await self.taps(told.button())
        await self.sees(WHY)
        told.explains("/content")
        for language in LANGUAGES:
            await self.taps(told.button())
            await self.person.send(f"{TOLD} {language}")
            await self.sees(f"{language}: {TOLD} {language}")
        await self.taps(told.button())
        assert (told.switch(), told.typed()) == ("News about assessments", "/reminders")
        await self.taps(told.button())
        assert told.button() == self.words("Stop announcing")
        assert told.left == []

    async def reads_what_readers_say(self) -> None:
        told = self.page.section("See what readers say")
        await self.person.send(told.typed())
        await self.taps("occay")
        await self.taps(told.button())
        await self.sees(self.words("Nobody has said anything yet."))
        assert told.left == []

    async def lists_the_drafts(self) -> None:
        told = self.page.section("When somebody else was faster")
        await self.person.send(told.typed())
        await self.taps("occay")
        await self.taps(told.button())
        await self.sees("1. ", "telegram:7")  # the one that changed nothing
        await self.taps("1")
        await self.taps(self.words("Discard"))
        await self.person.sees(self.words("Discarded. Nothing was changed."))
        assert told.left == []

    # --- What several lists have in common -------------------------------------------------------

    async def sees(self, *fragments: str) -> View:
        """The newest card says so, not one further up."""
        await self.person.sees(*fragments)
        await until(lambda: all(one in self.person.card.legible for one in fragments))
        return self.person.card

    async def taps(self, label: str) -> None:
        """That button of the newest card, once it is there."""
        await self.person.sees(label)
        await until(lambda: self.person.card.button(label) is not None)
        await self.person.press(label, message=self.person.card)

    async def taps_what_begins_with(self, beginning: str) -> None:
        card = await self.sees("occay · 3.2 · lv", beginning)
        (label,) = [one for row in card.buttons for one in row if one.startswith(beginning)]
        await self.person.press(label, message=card)

    async def sees_the_draft(self) -> None:
        await self.sees(self.words("Nothing is to be mended."), "lv 1")

    async def looks_at_the_difference(self, told: Section, old: str, new: str) -> None:
        await self.taps(told.button())
        before = self.words("Before: {text}", text=old)
        await self.sees(before, self.words("Now: {text}", text=new))
        await self.taps(told.button())
        await self.sees(self.words("Nothing is to be mended."))

    async def walks_the_preview(self, told: Section, until: str, language: str = "") -> None:
        """As a reader does, up to what is new."""
        await self.taps(told.button())
        await self.sees(self.words("Preview of a draft: nothing of it is kept."))
        if language:
            await self.person.send(told.typed())
            await self.taps(language)
            await self._answers_until(until)
        await self.taps(told.button())
        await self.sees(self.words("Nothing is to be mended."))

    async def _answers_until(self, text: str) -> None:
        latvian = words_in("lv")
        ways = (latvian("Begin"), latvian("Next section"), FIRST.text("option/fully_agree", "lv"))
        for _ in range(25):
            await self.person.quiet()
            card = self.person.card
            if text in card.text:
                return
            await self.person.press(next(way for way in ways if card.button(way)), message=card)
        raise AssertionError(f"{text!r} did not come")

    async def publishes(self, told: Section, number: int = 2) -> None:
        await self.taps(told.button())
        await self.sees(self.words("Nobody is in the middle of it."))
        await self.person.send(WHY)
        await self.taps(told.button())
        await self.sees_current(number)

    async def sees_current(self, number: int) -> View:
        sentence = "{instrument}: edition {number} is current now."
        told = self.words(sentence, instrument="occay", number=number)
        return await self.person.sees(told)  # their own open card comes behind it


async def switches_on_news(reader: Person) -> None:
    for label in ("/start", "English", "I agree", "/reminders", "☐ News about assessments"):
        await (reader.send(label) if label.startswith("/") else reader.press(label))
    await reader.sees("News about assessments: switched on.")


DONE = {
    "Correct one text": Translator.corrects_one_text,
    "Look at what is published, and take it back": Translator.looks_and_takes_it_back,
    "Change more, in files": Translator.changes_files,
    "Tell the readers": Translator.tells_the_readers,
    "See what readers say": Translator.reads_what_readers_say,
    "When somebody else was faster": Translator.lists_the_drafts,
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_phone__every_list_of_the_page_is_followed_to_the_letter(
    telegram: FakeTelegram, data_folder: Path, language: str
) -> None:
    page = PhonePage(language)
    assert "MERILO_ADMINS" in page.beginning
    assert page.titles == list(DONE)
    async with merilo(data_folder, telegram, admins="7:content"):
        await switches_on_news(telegram.person(9, language_code="en"))
        person = telegram.person(7, language_code=language)
        translator = Translator(telegram, person, page, words_in(language))
        for follow in DONE.values():
            await follow(translator)
