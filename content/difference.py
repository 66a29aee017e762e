"""What a new edition changes against an earlier one: texts by language, and structure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from content.model import Benchmark, Edition, Level, Statement, Tip


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text in one language: ``old`` is None where it was added, ``new`` where it was removed."""

    key: str
    language: str
    old: str | None
    new: str | None

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"


@dataclass(frozen=True, slots=True)
class StructureChange:
    """``part`` is what it is about (statement, tip, scale, level, …), ``id`` which of them, ``kind`` what
    happened to it (added, retired, revised, moved, changed), ``old`` and ``new`` the values in words."""

    part: str
    id: str
    kind: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class Difference:
    """Falsy where nothing differs. ``texts`` are in the order of the new edition, language by language."""

    texts: tuple[TextChange, ...] = ()
    structure: tuple[StructureChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.texts or self.structure)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many texts were added, removed and changed in each language that has any."""
        counted: dict[str, Counter[str]] = {}
        for change in self.texts:
            counted.setdefault(change.language, Counter())[change.kind] += 1
        return {language: dict(kinds) for language, kinds in counted.items()}


def difference(old: Edition | None, new: Edition) -> Difference:
    """From ``old``, None where there was none, to ``new``. Nothing where the digests are the same."""
    if old is not None and old.digest == new.digest:
        return Difference()
    texts = tuple(_texts(old.texts if old else {}, new.texts))
    structure = tuple(_structure(old, new)) if old else ()
    if old and not texts and not structure:
        structure = (StructureChange("edition", new.instrument, "changed", "", "compiled anew"),)
    return Difference(texts, structure)


Texts = Mapping[str, Mapping[str, str]]


def _texts(old: Texts, new: Texts) -> Iterator[TextChange]:
    for language in sorted(old.keys() | new.keys()):
        before, after = old.get(language, {}), new.get(language, {})
        for key in dict.fromkeys([*after, *before]):
            if before.get(key) != after.get(key):
                yield TextChange(key, language, before.get(key), after.get(key))


# --- Structure ---------------------------------------------------------------------------------


def _structure(old: Edition, new: Edition) -> Iterator[StructureChange]:
    for name in ("minutes", "result", "due", "highlight"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield StructureChange(name, "", "changed", _told(before), _told(after))
    yield from _compared("scale", _scales(old), _scales(new))
    yield from _compared("level", _levels(old.levels), _levels(new.levels))
    yield from _compared("section", *({s.id: "" for s in e.sections} for e in (old, new)))
    yield from _statements(old, new)
    yield from _compared("tip", _tips(old), _tips(new))
    yield from _compared("link", _links(old), _links(new))
    yield from _compared(
        "extra", *({x.id: str(x.paragraphs) for x in e.extras} for e in (old, new))
    )


def _compared(
    part: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[StructureChange]:
    """Named things with their values in words: what came, went, or has another value."""
    for id_ in dict.fromkeys([*new, *old]):
        if id_ not in old:
            yield StructureChange(part, id_, "added", "", new[id_])
        elif id_ not in new:
            yield StructureChange(part, id_, "retired", old[id_], "")
        elif old[id_] != new[id_]:
            yield StructureChange(part, id_, "changed", old[id_], new[id_])


def _scales(edition: Edition) -> dict[str, str]:
    """What each answer counts. Ids of answers are never shared between scales."""
    scales = [s.scale.options for s in edition.statements.values()]
    return {option.id: f"{option.points}" for options in scales for option in options}


def _levels(levels: Iterable[Level]) -> dict[str, str]:
    return {
        level.id: f"{level.from_percent} %" if level.from_points is None else f"{level.from_points}"
        for level in levels
    }


def _tips(edition: Edition) -> dict[str, str]:
    """Whom each tip is for, and its topic."""
    tips: list[Tip] = [tip for s in edition.statements.values() for tip in s.tips]
    return {tip.key: f"{', '.join(tip.answers)} ({tip.topic})" for tip in tips}


def _links(edition: Edition) -> dict[str, str]:
    links = [*edition.links, *(link for extra in edition.extras for link in extra.links)]
    return {link.key: link.url for link in links}


def _statements(old: Edition, new: Edition) -> Iterator[StructureChange]:
    before, after = old.statements, new.statements
    yield from _compared("statement", dict.fromkeys(before, ""), dict.fromkeys(after, ""))
    moved = set(_moved(old, new))
    for id_ in (id_ for id_ in after if id_ in before):
        then, now = before[id_], after[id_]
        if then.revision != now.revision:
            yield StructureChange(
                "statement", id_, "revised", str(then.revision), str(now.revision)
            )
        if id_ in moved:
            places = (old.section_of(id_).id, new.section_of(id_).id)
            yield StructureChange("statement", id_, "moved", *places)
        for name, was, is_ in _particulars(then, now):
            yield StructureChange("statement", id_, "changed", f"{name}: {was}", f"{name}: {is_}")


def _particulars(then: Statement, now: Statement) -> Iterator[tuple[str, str, str]]:
    """Fields that differ, but for those that are told apart from the others."""
    for one in fields(Statement):
        was, is_ = getattr(then, one.name), getattr(now, one.name)
        if one.name in ("id", "revision", "tips") or was == is_:
            continue
        if one.name == "scale" and {o.id for o in was.options} == {o.id for o in is_.options}:
            continue  # other points or another order: told of the scale
        yield one.name, _told(was), _told(is_)


def _moved(old: Edition, new: Edition) -> Iterator[str]:
    """Statements of both that stand in another section, or among those that stayed in another order."""
    both = [id_ for id_ in new.order if id_ in old.statements]
    stayed = [id_ for id_ in both if old.section_of(id_).id == new.section_of(id_).id]
    before = [id_ for id_ in old.order if id_ in stayed]
    blocks = SequenceMatcher(a=before, b=stayed, autojunk=False).get_matching_blocks()
    in_order = {stayed[block.b + n] for block in blocks for n in range(block.size)}
    yield from (id_ for id_ in both if id_ not in in_order)


def _told(value: object) -> str:
    options = getattr(value, "options", None)
    if options is not None:
        return ", ".join(option.id for option in options)
    if isinstance(value, tuple):
        return ", ".join(_told(one) for one in value)
    if isinstance(value, Benchmark):
        return f"{value.year}: {value.value} {value.unit}"
    return "" if value is None else str(value)


# --- In lines ----------------------------------------------------------------------------------


def lines(found: Difference) -> list[str]:
    """For a terminal or a log: what was counted, then each change, old above new."""
    if not found:
        return ["No difference."]
    told = [f"{language}: {_counted(kinds)}" for language, kinds in found.counts().items()]
    told += [_structure_line(change) for change in found.structure]
    for change in found.texts:
        told.append(f"{change.language} {change.key} ({change.kind})")
        told += [f"  - {change.old}"] if change.old is not None else []
        told += [f"  + {change.new}"] if change.new is not None else []
    return told


def _counted(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{kinds[k]} {k}" for k in ("changed", "added", "removed") if k in kinds)


def _structure_line(change: StructureChange) -> str:
    values = f": {change.old} → {change.new}" if change.old and change.new else ""
    only = f": {change.old or change.new}" if (change.old or change.new) and not values else ""
    return f"{change.part} {change.id} {change.kind}".replace("  ", " ") + values + only
