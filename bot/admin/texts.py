"""One text of an instrument: which there are, and a package in which one is another."""

from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from content.model import Edition
from content.package import read_parts


def keys_of(edition: Edition, id_: str) -> list[str]:
    """The texts that belong to a statement, or the text with that very key; none where there is neither."""
    known = edition.texts["en"]
    if id_ not in edition.statements:
        return [id_] if id_ in known else []
    return [id_, *(key for key in known if key.startswith(f"{id_}/"))]


def with_text(packed: bytes, current: Edition, language: str, key: str, text: str) -> bytes:
    """The catalogue of that language with another text under the key. ``packed``: the kept package of the
    edition that is current, which has that text.

    English wording goes into a catalogue of its own, laid over instrument.yaml.
    """
    package = read_parts("kept.zip", packed).over(None, current.instrument)
    name = f"{language}.po"
    catalogue = _read(package.files[name], language) if name in package.files else _english()
    entry = next((message for message in catalogue if message.context == key), None)
    if entry is None:
        # Only English is spelt out where there is no entry: its source is what people see now.
        entry = catalogue.add(current.text(key, "en"), context=key)
    entry.string = text
    entry.flags.discard("fuzzy")
    return _written(catalogue, current.instrument, language)


def _read(written: bytes, language: str) -> Catalog:
    return read_po(BytesIO(written), locale=language)


def _english() -> Catalog:
    return Catalog(locale="en")


def _written(catalogue: Catalog, instrument: str, language: str) -> bytes:
    catalogue.project = f"Merilo {instrument}"
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Project-Id-Version: Merilo {instrument}\\n"\n"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    body = BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, include_lineno=False)
    return head.encode() + body.getvalue()
