"""Respondents who answer a given number of statements, of Merilo or of another bot."""

from abc import abstractmethod
from collections.abc import Mapping

from benchmarks.peers.questions import TOOLS, Questions
from benchmarks.respondents import OPTION, BusyTelegram, Card, Respondent


class Player(Respondent):
    """``play`` ends when the card after the last answer is there, or one did not come."""

    _card: Card | None = None

    async def play(self, answers: int) -> None:
        if self.unanswered:
            return
        try:
            card = self._card or await self._start()
            while self.answers < answers:
                card = await self._tap(card)
        except TimeoutError:
            self.unanswered = True

    async def begin(self) -> None:
        """Go up to the first statement, before ``play`` and on no account."""
        try:
            card = await self._start()
            while not self.is_asked(card):
                card = await self._tap(card)
            self._card = card
            self.waits.clear()
        except TimeoutError:
            self.unanswered = True

    async def _start(self) -> Card:
        return await self._card_after(self._person.send("/start"))

    async def _tap(self, card: Card) -> Card:
        return await self._card_after(self._person.press_data(self.choose(card), card.message))

    @abstractmethod
    def is_asked(self, card: Card) -> bool:
        """Whether the card asks for an answer."""

    @abstractmethod
    def choose(self, card: Card) -> str:
        """What the next tap sends."""

    @property
    @abstractmethod
    def tapped(self) -> Mapping[tuple[str, str], str]:
        """The option by chat and statement."""


class MeriloPlayer(Player):
    """Goes through the language, consent and the menu first."""

    def is_asked(self, card: Card) -> bool:
        return any(token.startswith(OPTION) for token in card.tokens)

    def choose(self, card: Card) -> str:
        return self._wanted(card)

    @property
    def tapped(self) -> Mapping[tuple[str, str], str]:
        return {
            (str(self.chat), statement): option
            for answers in self.given.values()
            for statement, option in answers.items()
        }


class PeerPlayer(Player):
    """Begins with the first statement. Frameworks name buttons as they like, so one is chosen by
    its place on the card."""

    def __init__(self, telegram: BusyTelegram, number: int, questions: Questions) -> None:
        super().__init__(telegram, number)
        self._questions = questions
        self._chosen: list[str] = []

    def is_asked(self, card: Card) -> bool:
        return len(card.tokens) == len(self._questions.options) + sum(map(len, TOOLS))

    def choose(self, card: Card) -> str:
        options = [option for option, _ in self._questions.options]
        if not self.is_asked(card):
            raise LookupError(f"not a card with a statement: {card.tokens}")
        place = self._choice.randrange(len(options))
        self._chosen.append(options[place])
        self.answers += 1
        return card.tokens[place]

    @property
    def tapped(self) -> Mapping[tuple[str, str], str]:
        asked = self._questions.asked
        return {
            (str(self.chat), question.id): option
            for question, option in zip(asked, self._chosen, strict=False)
        }
