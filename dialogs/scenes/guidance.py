"""Help, and the sentences for what a conversation cannot take."""

from dialogs.scenes.welcome import language_choice
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Bullets, Choice, Heading, Link, Paragraph, Reply
from locales import LANGUAGES, words_in


def show_help(talk: Talk) -> Reply:
    words = talk.words
    return reply(
        Heading(words("How Merilo works")),
        Bullets(
            (
                words(
                    "Tap an answer, or type it: its words, or a number from 1 (the fullest agreement) on."
                ),
                words(
                    "Every answer is kept at once. Stop whenever you like; /menu brings you back."
                ),
                words("“Later” leaves a statement for the end of its section."),
                words("/review shows all your answers, and you can change any of them."),
                words("/results shows your results, /language changes the language."),
                words(
                    "/guide opens the guide: articles, terms, search. For example: /guide consent"
                ),
                words("/help_tech helps when sound, picture or connection fail."),
                words("/plan shows your plan, /reminders what I remind you of."),
                words("/privacy shows what is kept about you and deletes it."),
            )
        ),
        choices=[[Choice(words("Back to my place"), token("here"))]],
    )


def choose_language(talk: Talk) -> Reply:
    """The languages, for somebody who is already under way."""
    question = Paragraph(talk.words("Choose your language."))
    return reply(question, choices=[[language_choice(code) for code in LANGUAGES]])


def command_descriptions(language: str) -> dict[str, str]:
    """The commands, without their slash, with what each does."""
    words = words_in(language)
    return {
        "start": words("Begin, or come back"),
        "menu": words("Menu"),
        "review": words("Review and change my answers"),
        "results": words("My results"),
        "plan": words("My plan"),
        "reminders": words("Reminders"),
        "guide": words("Read and search the guide"),
        "help_tech": words("Help with sound, picture, connection"),
        "language": words("Change the language"),
        "privacy": words("What is kept about me, and deleting it"),
        "help": words("How Merilo works"),
        "cancel": words("Leave what is open and go to the menu"),
    }


def not_saved(language: str) -> str:
    words = words_in(language)
    return words("That is not saved yet. Nothing is lost: I am trying again by myself.")


def too_fast(language: str) -> str:
    words = words_in(language)
    return words(
        "That was too fast for me. Nothing is lost: please wait a few seconds and try again."
    )


def busy(language: str) -> str:
    words = words_in(language)
    return words("Many files are being made just now. Please try again in a minute.")


def not_made(language: str) -> str:
    words = words_in(language)
    return words(
        "The file could not be made. Your answers are safe: please try again later, or choose another "
        "kind of file."
    )


def no_file(language: str) -> str:
    words = words_in(language)
    return words("This file is no longer kept.")


def went_wrong(language: str, incident: str) -> str:
    """``incident``: the id under which the operator finds the fault in the log."""
    words = words_in(language)
    return words(
        "Something went wrong on our side, and your answers are safe. Please try again, or send "
        "/menu. If it happens again, tell the people who run this service: {incident}.",
        incident=incident,
    )


def sorry(language: str, incident: str) -> Reply:
    """A fault of ours, with a way on."""
    sentence = Paragraph(went_wrong(language, incident))
    menu = Choice(words_in(language)("Menu"), token("menu"))
    return reply(sentence, choices=[[menu]], replaces=False)


def not_understood(talk: Talk) -> str:
    return talk.words("I did not understand that. Please tap a button, or type what it says.")


def unknown_command(talk: Talk, command: str) -> str:
    return talk.words(
        "I do not know the command {command}. /help lists what I know.", command=command
    )


def cannot_take(talk: Talk, kind: str) -> str:
    """A fitting sentence for what is not a text."""
    words = talk.words
    sentences = {
        "edited": words(
            "I cannot follow changes in messages already sent. To change an answer, use /review."
        ),
        "voice": words(
            "I cannot listen to voice messages. Please tap a button or type your answer."
        ),
        "photo": words("I cannot look at pictures. Please tap a button or type your answer."),
        "sticker": words(
            "A fine sticker, but I cannot read it. Please tap a button or type your answer."
        ),
    }
    other = words("I can read only texts and taps. Please tap a button or type your answer.")
    return sentences.get(kind, other)


def in_group(language: str, address: str) -> Reply:
    """For a group: personal answers are given in private only. ``address`` is a link to the bot."""
    words = words_in(language)
    return reply(
        Paragraph(words("Answers are personal, so I talk in private chats only.")),
        Link(words("Open a private chat with me"), address),
    )
