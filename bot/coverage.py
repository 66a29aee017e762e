"""How much of each file is translated, and catalogues brought up to date with changed English."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot import messages
from bot.checking import Base
from content.check import english_of
from content.package import Package
from content.po_file import PoFile
from content.problems import ContentError, Problem


@dataclass(frozen=True)
class Row:
    """One file in one language; ``total`` texts, of which the rest are missing."""

    language: str
    name: str
    total: int
    translated: int
    fuzzy: int

    @property
    def missing(self) -> int:
        return self.total - self.translated - self.fuzzy

    @property
    def percent(self) -> float:
        return 100 * self.translated / self.total if self.total else 100.0


def coverage(bases: Mapping[str, Base]) -> Iterator[Row]:
    """The interface and the guide as they are shipped, and the instruments as they are current."""
    for name, template in messages.own_templates():
        for language in messages.TRANSLATED:
            yield _row(language, name, template, messages.read(language, name))
    for name, base in bases.items():
        template = _template(base.package)
        for language in messages.TRANSLATED:
            yield _row(language, name, template, _catalogue(base.package, language))


def _row(language: str, name: str, template: Catalog, catalogue: Catalog) -> Row:
    wanted = [message for message in template if message.id]
    found = [catalogue.get(message.id, context=message.context) for message in wanted]
    there = [message for message in found if message and message.id and all(_strings(message))]
    fuzzy = sum(message.fuzzy for message in there)
    return Row(language, name, len(wanted), len(there) - fuzzy, fuzzy)


_strings = messages.strings


def table(rows: Iterable[Row]) -> Iterator[str]:
    """In lines, the names of the columns first; whole percent only where all is translated."""
    yield f"{'language':<9}{'file':<18}{'texts':>7}{'translated':>12}{'fuzzy':>7}{'missing':>9}{'%':>8}"
    for row in rows:
        percent = f"{int(row.percent * 10) / 10:.1f}"
        numbers = f"{row.total:>7}{row.translated:>12}{row.fuzzy:>7}{row.missing:>9}{percent:>8}"
        yield f"{row.language:<9}{row.name:<18}{numbers}"


# --- Templates -----------------------------------------------------------------------------------


def catalogues(package: Package) -> dict[str, bytes]:
    """File names and contents for translators: a ``.pot`` with the English texts, and every catalogue
    with the translations that are there, fuzzy where the English changed.

    Raises ContentError where ``instrument.yaml`` or a catalogue cannot be read.
    """
    template = _template(package)
    files = {f"{package.instrument}.pot": _written(template, f"Merilo {package.instrument}")}
    for language in messages.TRANSLATED:
        brought = messages.merged(template, _catalogue(package, language), language)
        project = f"Merilo {package.instrument}"
        files[f"{language}.po"] = messages.written(brought, language, project)
    return files


def _template(package: Package) -> Catalog:
    return messages.content_template(english_of(package))


def _catalogue(package: Package, language: str) -> Catalog:
    """As Babel reads it, which merges. Raises ContentError for what our own, stricter reading refuses,
    and for a header that Babel cannot make sense of."""
    name = f"{language}.po"
    if problems := PoFile(name, package.files[name]).problems:
        raise ContentError(problems)
    try:
        return read_po(BytesIO(package.files[name]), locale=language)
    except (ValueError, LookupError) as fault:
        told = f"the header cannot be read ({fault}): take it from another catalogue"
        raise ContentError([Problem(name, 1, told)]) from fault


def _written(template: Catalog, project: str) -> bytes:
    head = f'msgid ""\nmsgstr ""\n"Project-Id-Version: {project}\\n"\n'
    head += '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    body = BytesIO()
    write_po(body, template, width=100, omit_header=True, include_lineno=False)
    return head.encode() + body.getvalue()


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
