"""First contact: the language, then consent. Nothing but the language is kept before it."""

from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Agreed, Bullets, Choice, Forgotten, Heading, Paragraph, Reply, State, Step
from locales import LANGUAGES, words_in

CONSENT = 1
"""The version of the notice. Raise it when more is done with what people gave, or by others than was said:
everybody is asked again. Not for what somebody adds of their own accord and is told of there, such as an opinion
of a tip: for those who give none, nothing has changed."""

FINISHED_MONTHS = 24
UNFINISHED_MONTHS = 6


def ask_language(talk: Talk) -> Reply:
    """The same question in every language, the guessed one first."""
    guessed = talk.state.language
    languages = [guessed, *(code for code in LANGUAGES if code != guessed)]
    questions = tuple(Paragraph(words_in(code)("Choose your language.")) for code in languages)
    return reply(*questions, choices=[[language_choice(code) for code in languages]])


def language_choice(language: str) -> Choice:
    return Choice(LANGUAGES[language], token("language", language))


def ask_consent(talk: Talk) -> Reply:
    words = talk.words
    return reply(
        Heading(words("Before we begin")),
        Bullets(notice_in_brief(talk)),
        choices=[
            [Choice(words("I agree"), token("agree", CONSENT))],
            [
                Choice(words("Full notice"), token("notice")),
                Choice(words("No, thanks"), token("refuse")),
            ],
        ],
    )


def notice_in_brief(talk: Talk) -> tuple[str, ...]:
    words = talk.words
    return (
        words(
            "What I keep: your language, your answers, notes and plan, and the number of this chat."
        ),
        words(
            "For how long: a finished assessment for {finished} months, an unfinished one for "
            "{unfinished} months, or until you delete it.",
            finished=FINISHED_MONTHS,
            unfinished=UNFINISHED_MONTHS,
        ),
        words(
            "Who sees it: in the chat, only you. Those who run this service keep the database; "
            "on Telegram, Telegram itself can read the chat."
        ),
        words(
            "If you say what you think of a tip or a statement, I keep that too. Those who look after the "
            "texts read it without learning whose it is."
        ),
        words("How to delete it: /privacy, then “Delete everything”. It takes two taps."),
    )


def full_notice(talk: Talk) -> Reply:
    words = talk.words
    return reply(
        Heading(words("The full notice")),
        *notice_in_full(talk),
        choices=[
            [
                Choice(words("I agree"), token("agree", CONSENT)),
                Choice(words("No, thanks"), token("refuse")),
            ]
        ],
    )


def notice_in_full(talk: Talk) -> tuple[Paragraph, ...]:
    words = talk.words
    return (
        Paragraph(
            words(
                "Merilo keeps what it needs to bring you back to your place: the language you "
                "chose, your answers, notes and the steps of your plan with their time, your time zone if "
                "you want reminders, and the number of this chat, or a random number in your browser. "
                "It does not keep your name, your telephone number or your messages."
            )
        ),
        Paragraph(
            words(
                "It is kept because you agree to it, and only as long as you agree. You can take "
                "your consent back at any time by deleting everything; no reason is asked for."
            )
        ),
        Paragraph(
            words(
                "A finished assessment is deleted {finished} months after its end, an unfinished "
                "one {unfinished} months after your last answer, a step of your plan {finished} months "
                "after its last change.",
                finished=FINISHED_MONTHS,
                unfinished=UNFINISHED_MONTHS,
            )
        ),
        Paragraph(
            words(
                "Nobody else sees your answers in the chat. The people who run this service look "
                "after the server that stores them. Chats with bots are not end-to-end encrypted: "
                "Telegram can read them. Please do not write clients' names or details in notes."
            )
        ),
        Paragraph(
            words(
                "Your opinion of a tip or a statement is kept only if you give one, until you delete "
                "everything. Those who look after the texts read it without learning whose it is."
            )
        ),
        Paragraph(
            words(
                "You may ask those who run this service what they keep about you, have it "
                "corrected, and complain to your country's data protection authority."
            )
        ),
    )


def choose_language(talk: Talk, language: str) -> Talk | None:
    """The talk in that language; None if Merilo doesn't speak it."""
    if language not in LANGUAGES:
        return None
    scene = "consent" if talk.state.scene == "language" else talk.state.scene
    return talk.at(language=language, scene=scene)


def agree(talk: Talk) -> Talk:
    """Consent given, once: a second tap on an old button changes nothing."""
    if talk.state.consent == CONSENT:
        return talk
    changed = talk.at(
        consent=CONSENT, scene="menu" if talk.state.consent is None else talk.state.scene
    )
    return Talk(changed.state, changed.world, (*talk.changes, Agreed(CONSENT)))


def refuse(talk: Talk) -> Step:
    words = talk.words
    thanks = reply(
        Paragraph(words("Thank you for your time. I have kept nothing about you.")),
        Paragraph(words("If you change your mind, simply start again.")),
        choices=[[Choice(words("Start again"), token("start"))]],
    )
    return Step(State(talk.state.language), (thanks,), (Forgotten(),))
