"""What is wrong with an instrument beyond its shape: ids that clash, and names of what is not there."""

from collections.abc import Iterable, Iterator

from content.sentences import Sentence
from content.source import InstrumentSource, StatementSource, TipSource
from content.values import MISSING
from content.yaml_file import Place

KINDS: dict[str, tuple[str, ...]] = {
    "choice": (),
    "number": ("minimum", "maximum", "step"),
    "text": ("limit",),
    "checklist": ("items",),
}
"""The keys that a statement of each kind must have, and the others must not."""


def clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """What pydantic cannot see: the same id twice, and names of things that are not there."""
    for name in ("levels", "topics", "sections", "extras"):
        rows = [((name, i, "id"), part.id) for i, part in enumerate(getattr(instrument, name))]
        yield from twice(rows)
    yield from _scale_clashes(instrument)
    yield from twice(
        [
            (("sections", i, "statements", j, "id"), statement.id)
            for i, section in enumerate(instrument.sections)
            for j, statement in enumerate(section.statements)
        ]
    )
    yield from _level_clashes(instrument)
    yield from _token_clashes(instrument)
    for place, statement in _placed(instrument):
        yield from _kind_clashes(instrument, statement, place)
        yield from _condition_clashes(instrument, statement, place)
        yield from _tip_clashes(instrument, statement, place)


def _placed(instrument: InstrumentSource) -> Iterator[tuple[Place, StatementSource]]:
    """Every statement with its place."""
    for i, section in enumerate(instrument.sections):
        for j, statement in enumerate(section.statements):
            yield ("sections", i, "statements", j), statement


def _scale_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """The id of an option is that of its label, so that no two scales may share one."""
    rows: list[tuple[Place, str]] = []
    for name, scale in instrument.all_scales().items():
        place: Place = ("scales", name) if name else ("scale",)
        rows += [((*place, i, "id"), option.id) for i, option in enumerate(scale)]
    yield from twice(rows)


def _kind_clashes(
    instrument: InstrumentSource, statement: StatementSource, place: Place
) -> Iterator[tuple[Place, str]]:
    """Keys that a statement of its kind lacks, or that belong to another kind."""
    for kind, names in KINDS.items():
        for name in names:
            has = getattr(statement, name) not in (None, ())
            if has != (kind == statement.kind):
                yield place, (_lacks if kind == statement.kind else _has_too_much)(statement, name)
    if statement.kind == "choice" and not instrument.options_of(statement):
        missing = statement.scale or ""
        yield place, Sentence("there is no scale “{id}”: name one of “scales”", id=missing)
    yield from twice([((*place, "items", i, "id"), x.id) for i, x in enumerate(statement.items)])
    if len({item.text is None for item in statement.items}) > 1:
        told = Sentence("some items have a “text”, others none: give it to all, or to none")
        yield (*place, "items"), told
    options = {option.id for option in instrument.options_of(statement)}
    if statement.steps and set(statement.steps) != options:
        told = Sentence("the steps are not those of the scale: write one for each answer")
        yield (*place, "steps"), told
    if statement.kind == "number" and not _reaches_its_maximum(statement):
        yield (
            place,
            Sentence(
                "no number of steps leads from the minimum to the maximum: correct one of them"
            ),
        )


def _lacks(statement: StatementSource, name: str) -> Sentence:
    return Sentence(
        "a statement of kind {kind} needs “{name}”: add it", kind=statement.kind, name=name
    )


def _has_too_much(statement: StatementSource, name: str) -> Sentence:
    return Sentence(
        "a statement of kind {kind} has no “{name}”: remove it", kind=statement.kind, name=name
    )


def _reaches_its_maximum(statement: StatementSource) -> bool:
    if statement.minimum is None or statement.maximum is None or not statement.step:
        return False
    span = statement.maximum - statement.minimum
    return span > 0 and span % statement.step == 0


def _condition_clashes(
    instrument: InstrumentSource, statement: StatementSource, place: Place
) -> Iterator[tuple[Place, str]]:
    """A condition looks back at an earlier statement, which is always asked before."""
    ids = [other.id for _, other in _placed(instrument)]
    earlier = ids[: ids.index(statement.id)]
    condition = statement.only_if
    if condition and condition.statement not in earlier:
        told = Sentence(
            "“{id}” does not stand before this one: name an earlier statement",
            id=condition.statement,
        )
        yield (*place, "only_if", "statement"), told
    if statement.previous_of and statement.previous_of not in ids:
        told = Sentence("there is no statement “{id}”: use the id of one", id=statement.previous_of)
        yield (*place, "previous_of"), told


def twice(rows: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """Every id that stood before, at its second place."""
    seen: set[str] = set()
    for place, id_ in rows:
        if id_ in seen:
            yield (
                place,
                Sentence(
                    "the id “{id}” is used already: ids are never shared, choose another", id=id_
                ),
            )
        seen.add(id_)


def _token_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """Statement, revision and option go into a button's 64 bytes, with an assessment's code."""
    for place, statement in _placed(instrument):
        ids = [option.id for option in instrument.options_of(statement)]
        longest = max(map(len, (*ids, *(item.id for item in statement.items))), default=0)
        if len(f"{statement.id}{statement.revision}") + longest > BUTTON_ROOM:
            told = Sentence("the ids do not fit into a button: shorten this one or the answers'")
            yield (*place, "id"), told


BUTTON_ROOM = 44
"""Letters for a statement's id, its revision and an option's or item's id: 64, less the rest."""


def _level_clashes(instrument: InstrumentSource) -> Iterator[tuple[Place, str]]:
    """Levels all count percent, or all count points."""
    if not instrument.levels:
        if instrument.result in ("percentage", "points"):
            yield (
                (),
                Sentence("a result in {result} needs “levels”: add them", result=instrument.result),
            )
        return
    in_points = instrument.result in ("points", "gap")
    if any((level.from_points is not None) != in_points for level in instrument.levels):
        name = "from_points" if in_points else "from_percent"
        told = Sentence(
            "with this kind of result every level begins at “{name}”: write it so", name=name
        )
        yield ("levels",), told
        return
    bounds = [level.bound() or 0 for level in instrument.levels]
    if bounds[0] != 0 or bounds != sorted(set(bounds)):
        told = Sentence("levels begin at 0 and rise: put them in order, each bound once")
        yield ("levels",), told


def _tip_clashes(
    instrument: InstrumentSource, statement: StatementSource, place: Place
) -> Iterator[tuple[Place, str]]:
    topics = {topic.id for topic in instrument.topics}
    answers = {option.id for option in instrument.options_of(statement)} or {MISSING}
    tips = [((*place, "tips", k), tip) for k, tip in enumerate(statement.tips)]
    yield from twice([((*spot, "id"), str(tip.id)) for spot, tip in tips])
    for spot, tip in tips:
        yield from _lost(spot, tip, answers, topics)


def _lost(
    place: Place, tip: TipSource, options: set[str], topics: set[str]
) -> Iterator[tuple[Place, str]]:
    for option in sorted(set(tip.answers) - options):
        told = Sentence("“{id}” is not an answer of the scale: use one of its ids", id=option)
        yield (*place, "for"), told
    if tip.topic not in topics:
        told = Sentence(
            "“{id}” is not among the topics: add it there, or use another", id=tip.topic
        )
        yield (*place, "topic"), told
