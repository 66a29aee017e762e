"""The page's own words: what it says itself, around the conversation."""

from locales import words_in


def interface(language: str) -> dict[str, str]:
    """The texts of the page in that language, by the names under which it looks for them."""
    words = words_in(language)
    return {
        "conversation": words("Conversation"),
        "field": words("Type your answer"),
        "language": words("Language"),
        "menu": words("Menu"),
        "leave": words("Leave"),
        "left": words(
            "This browser has forgotten you. Your answers are kept: whoever has this link can go on, "
            "so keep it for yourself."
        ),
        "copy": words("Copy the link"),
        "copied": words("Copied"),
        "anew": words("Start again"),
        "send": words("Send"),
        "again": words("Try again"),
        "you": words("You:"),
        "offline": words(
            "There is no connection. Nothing is lost: try again when you are back online."
        ),
        "trouble": words("Something went wrong on our side. Nothing is lost: please try again."),
    }
