"""``guide.yaml`` as authors write it: structure and the English text, checked on reading."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from content.clashes import twice
from content.problems import ContentError
from content.reading import as_problem
from content.source import Id, Part, Prose, SourceText, Url
from content.yaml_file import Place, YamlFile, read_yaml

TYPED = "What people may type, parted by semicolons. Not a translation of the English."


class LinkSource(Part):
    url: Url
    text: Prose


class SectionSource(Part):
    """A section of the guide's own, after those of the instrument."""

    id: Id
    title: Prose


class TopicSource(Part):
    """An article. ``title`` is left out where the instrument has a topic with that id; ``also``: what
    people may look for it by, parted by semicolons."""

    id: Id
    section: Id
    title: Prose | None = None
    also: Prose | None = None
    source: Prose
    divergence: Prose | None = None
    statements: tuple[Id, ...] = ()
    links: tuple[LinkSource, ...] = ()
    body: tuple[Prose, ...] = Field(min_length=1)


class FaultSource(Part):
    """A technical problem; ``says``: what people may type for it, parted by semicolons."""

    id: Id
    source: Prose
    problem: Prose
    says: Prose
    tries: tuple[Prose, ...] = Field(alias="try", min_length=1)


class TermSource(Part):
    id: Id
    source: Prose
    term: Prose
    also: Prose | None = None
    means: Prose


class GuideSource(Part):
    """``instrument`` is the one whose sections, topics and statements the guide follows."""

    instrument: Id
    sections: tuple[SectionSource, ...] = ()
    topics: tuple[TopicSource, ...] = Field(min_length=1)
    faults: tuple[FaultSource, ...] = ()
    closing: tuple[Prose, ...] = ()
    terms: tuple[TermSource, ...] = ()

    def texts(self) -> Iterator[SourceText]:
        """Every text of the guide's own, in the order of the file."""
        for i, section in enumerate(self.sections):
            yield SourceText(f"section/{section.id}", section.title, ("sections", i, "title"))
        for i, topic in enumerate(self.topics):
            yield from _topic_texts(topic, ("topics", i))
        for i, fault in enumerate(self.faults):
            yield from _fault_texts(fault, ("faults", i))
        yield from _numbered("closing", self.closing, ("closing",))
        for i, term in enumerate(self.terms):
            yield from _term_texts(term, ("terms", i))


def _topic_texts(topic: TopicSource, place: Place) -> Iterator[SourceText]:
    remark = topic.divergence or ""
    if topic.title:
        yield SourceText(f"topic/{topic.id}", topic.title, (*place, "title"), remark)
    if topic.also:
        yield SourceText(f"topic/{topic.id}/also", topic.also, (*place, "also"), TYPED)
    yield from _numbered(topic.id, topic.body, (*place, "body"))
    links = (link.text for link in topic.links)
    yield from _numbered(f"{topic.id}/link", links, (*place, "links"))


def _fault_texts(fault: FaultSource, place: Place) -> Iterator[SourceText]:
    yield SourceText(f"fault/{fault.id}", fault.problem, (*place, "problem"))
    yield SourceText(f"fault/{fault.id}/says", fault.says, (*place, "says"), TYPED)
    yield from _numbered(f"fault/{fault.id}/try", fault.tries, (*place, "try"))


def _term_texts(term: TermSource, place: Place) -> Iterator[SourceText]:
    yield SourceText(f"term/{term.id}", term.term, (*place, "term"))
    if term.also:
        yield SourceText(f"term/{term.id}/also", term.also, (*place, "also"), TYPED)
    yield SourceText(f"term/{term.id}/means", term.means, (*place, "means"))


def _numbered(key: str, texts: Iterable[str], place: Place) -> Iterator[SourceText]:
    for number, text in enumerate(texts, 1):
        yield SourceText(f"{key}/{number}", text, (*place, number - 1))


def read_guide(path: Path) -> tuple[GuideSource, YamlFile]:
    """The guide in that file, and the file itself for its lines.

    Raises ContentError with everything that is wrong, file and line first.
    """
    file = read_yaml(path)
    try:
        guide = GuideSource.model_validate(file.data)
    except ValidationError as error:
        raise ContentError([as_problem(file, row) for row in error.errors()]) from None
    if problems := [file.problem(place, told) for place, told in _clashes(guide)]:
        raise ContentError(problems)
    return guide, file


def _clashes(guide: GuideSource) -> Iterator[tuple[Place, str]]:
    """Ids that stand twice."""
    for name in ("sections", "topics", "faults", "terms"):
        yield from twice(((name, i, "id"), part.id) for i, part in enumerate(getattr(guide, name)))
