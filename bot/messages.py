"""Translation catalogues: ``python -m bot.messages update`` extracts, ``check`` finds what is missing.

The interface is extracted from the code (``words("…")``, ``words.plural("…", "…", n)`` and, for what authors
are told, ``Sentence("…")``), each
instrument from its ``instrument.yaml`` and the guide from its ``guide.yaml``, where the ``msgctxt``
is the text's stable key.
"""

import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from content.guide.source import read_guide
from content.problems import ContentError
from content.reading import read_instrument
from content.translations import Source
from locales import LANGUAGES, catalogue_path
from locales.words import SOURCE_LANGUAGE

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "content" / "guide" / "guide.yaml"
CODE = ("bot", "dialogs", "content")
KEYWORDS = {"words": None, "plural": (1, 2), "Sentence": None}
PLURAL_FORMS = {
    "bg": "nplurals=2; plural=(n != 1);",
    # Babel's own Latvian rule is wrong for 10–20, 30, 40, …: zero form, one, other, by CLDR.
    "lv": "nplurals=3; plural=(n%10==0 || n%100>=11 && n%100<=19 ? 0 : "
    "n%10==1 && n%100!=11 ? 1 : 2);",
}
TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


def instrument_files() -> list[Path]:
    return sorted((ROOT / "content" / "instruments").glob("*/instrument.yaml"))


def interface_template() -> Catalog:
    """Every text of the interface, with the places it is used in."""
    template = Catalog()
    for package in CODE:
        found = extract_from_dir(ROOT / package, keywords=KEYWORDS, comment_tags=())
        for filename, _line, message, _comments, context in found:
            template.add(message, locations=[(f"{package}/{filename}", 0)], context=context)
    return template


def content_template(source: Source) -> Catalog:
    """Every text of an instrument or of the guide, keyed by its ``msgctxt``."""
    template = Catalog()
    for text in source.texts():
        remarks = [text.remark] if text.remark else []
        template.add(text.text, context=text.key, auto_comments=remarks)
    return template


def templates() -> Iterator[tuple[str, Catalog]]:
    """Every domain with its template."""
    yield from own_templates()
    for path in instrument_files():
        yield path.parent.name, content_template(read_instrument(path)[0])


def own_templates() -> Iterator[tuple[str, Catalog]]:
    """The same without the instruments: what no content package holds."""
    yield "merilo", interface_template()
    yield "guide", content_template(read_guide(GUIDE)[0])


def merged(template: Catalog, old: Catalog, language: str) -> Catalog:
    """The template with the translations that are there; one whose source changed becomes fuzzy."""
    catalogue = Catalog(locale=language, project="Merilo", fuzzy=False, charset="utf-8")
    by_context = {message.context: message for message in old if message.context}
    for message in template:
        if not message.id:
            continue
        same = old.get(message.id, context=message.context)
        known = same or by_context.get(message.context or "")
        catalogue.add(
            message.id,
            known.string if known else None,
            locations=message.locations,
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known else (),
            flags=_flags(known, changed=known is not None and same is None),
            context=message.context,
        )
    return catalogue


def _flags(known: Message | None, *, changed: bool) -> set[str]:
    kept = set(known.flags) & {"fuzzy"} if known else set()
    return kept | {"fuzzy"} if changed else kept


def read(language: str, domain: str) -> Catalog:
    path = catalogue_path(language, domain)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(catalogue: Catalog, language: str, domain: str) -> None:
    path = catalogue_path(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(catalogue, language, f"Merilo {domain}"))


def written(catalogue: Catalog, language: str, project: str) -> bytes:
    """A catalogue as a file. ``project`` stands in its header."""
    body = BytesIO()
    # No line numbers: they change with every edit and would hide what really changed.
    write_po(body, catalogue, width=100, omit_header=True, include_lineno=False)
    return _header(language, project).encode() + body.getvalue()


def _header(language: str, project: str) -> str:
    """Written by hand: Babel's would carry the date of the day and its own plural rule."""
    lines = [
        f"Project-Id-Version: {project}",
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {PLURAL_FORMS[language]}",
    ]
    body = "".join(f'"{line}\\n"\n' for line in lines)
    return f'msgid ""\nmsgstr ""\n{body}\n'


def faults(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """What stands between a catalogue and its template, a sentence each."""
    wanted = {(m.id, m.context) for m in template if m.id}
    for message in catalogue:
        if message.id and (message.id, message.context) not in wanted:
            yield f"{message.context or message.id!r}: no longer used"
    for message in template:
        if message.id:
            found = catalogue.get(message.id, context=message.context)
            yield from (
                f"{message.context or message.id!r}: {f}" for f in _faults_of(message, found)
            )


def _faults_of(source: Message, found: Message | None) -> Iterator[str]:
    if found is None or not all(strings(found)):
        yield "not translated"
        return
    if found.fuzzy:
        yield "doubtful (fuzzy): confirm or correct it"
    # “{count}” may be spelt out in a plural form ("one statement"), so it may be left out.
    wanted = (
        _placeholders(source.id) - {"count"} if source.pluralizable else _placeholders(source.id)
    )
    for text in strings(found):
        there = _placeholders(text)
        if not wanted <= there or not there <= wanted | {"count"}:
            yield f"its placeholders {sorted(there)} are not {sorted(wanted)}"


def strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string or ""),)


def _placeholders(text: str | Sequence[str]) -> set[str]:
    whole = text if isinstance(text, str) else text[-1]
    return {name for _, name, _, _ in Formatter().parse(whole) if name}


def update() -> int:
    for domain, template in templates():
        for language in TRANSLATED:
            write(merged(template, read(language, domain), language), language, domain)
    return 0


def check() -> int:
    """Print every fault and the coverage by language; 1 if there is any fault."""
    found = 0
    for domain, template in templates():
        for language in TRANSLATED:
            rows = list(faults(template, read(language, domain)))
            found += len(rows)
            total = sum(1 for message in template if message.id)
            print(f"{language}/{domain}: {total} texts, {len(rows)} faults")
            for row in rows:
                print(f"  {row}")
    return 1 if found else 0


def main(command: str) -> int:
    try:
        return {"update": update, "check": check}[command]()
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
