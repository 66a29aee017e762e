"""The languages: interface texts, plural forms, numbers and dates.

``<language>/LC_MESSAGES/merilo.po`` holds the interface; beside it stands one catalogue for each
instrument. English is the source and needs no catalogue.
"""

from locales.words import LANGUAGES, Words, catalogue_path, guess_language, words_in

__all__ = ["LANGUAGES", "Words", "catalogue_path", "guess_language", "words_in"]
