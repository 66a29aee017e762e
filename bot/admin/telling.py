"""What the check says of a package, in an admin's language: the same sentence, from the same template."""

from content.difference import StructureChange
from content.problems import Problem
from content.sentences import Sentence, Value
from locales import Words


def told(words: Words, text: Value) -> Value:
    """A sentence in this language, with the sentences in it; names and numbers as they are."""
    if not isinstance(text, Sentence):
        return text
    values = {name: told(words, value) for name, value in text.values.items()}
    return words(text.template, **values)


def problem(words: Words, one: Problem) -> str:
    """File and line first, as editors show them."""
    return f"{one.file}:{one.line}: {told(words, one.message)}"


# --- Structure -----------------------------------------------------------------------------------


def structure(words: Words, change: StructureChange) -> str:
    """What happened to which part; values as they stand in the file."""
    if change.part == "edition":
        return words("Structure: {change}", change=words("the same files, compiled anew"))
    values = " → ".join(part for part in (change.old, change.new) if part)
    part, kind = _parts(words).get(change.part, change.part), _kinds(words)[change.kind]
    named = " ".join(one for one in (part, change.id, kind) if one)
    return words("Structure: {change}", change=f"{named} {values}".strip())


def _parts(words: Words) -> dict[str, str]:
    """Names as ``content.difference`` gives them; a key that is not here is told as it stands in the file."""
    return {
        "minutes": words("minutes"),
        "result": words("kind of result"),
        "due": words("deadline"),
        "highlight": words("what is put first"),
        "scale": words("answer"),
        "level": words("level"),
        "section": words("section"),
        "statement": words("statement"),
        "tip": words("tip"),
        "link": words("link"),
        "extra": words("page"),
    }


def _kinds(words: Words) -> dict[str, str]:
    return {
        "added": words("added"),
        "retired": words("retired"),
        "revised": words("revised"),
        "moved": words("moved"),
        "changed": words("changed"),
    }
