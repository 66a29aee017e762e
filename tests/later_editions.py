"""Later editions of an instrument, as an admin may publish them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from content.model import Edition, Scale, Statement


def changed(current: Edition, change: str) -> Edition:
    """The edition after one of ``CHANGES``, under a digest of its own."""
    digest = hashlib.sha256(f"{current.digest}{change}".encode()).hexdigest()
    return replace(CHANGES[change](current), digest=digest)


def with_statements(current: Edition, changed: Callable[[Statement], Statement | None]) -> Edition:
    """The same instrument with each statement changed, or withdrawn (None) if it is not the last."""
    sections = []
    for section in current.sections:
        statements = tuple(new for s in section.statements if (new := changed(s)))
        sections.append(replace(section, statements=statements or section.statements))
    return replace(current, sections=tuple(sections))


def everything_reworded(current: Edition) -> Edition:
    """Every meaning changed, and the first section last."""
    risen = with_statements(current, lambda s: replace(s, revision=s.revision + 1))
    return replace(risen, sections=(*risen.sections[1:], *risen.sections[:1]))


def one_reworded(current: Edition) -> Edition:
    first = current.order[0]
    return with_statements(
        current, lambda s: replace(s, revision=s.revision + 1) if s.id == first else s
    )


def one_withdrawn(current: Edition) -> Edition:
    """The first statement that no other hangs on."""
    hung_on = {s.only_if[0] for s in current.statements.values() if s.only_if}
    hung_on |= {s.previous_of for s in current.statements.values() if s.previous_of}
    gone = next(id_ for id_ in current.order if id_ not in hung_on)
    return with_statements(current, lambda s: None if s.id == gone else s)


def another_scale(current: Edition) -> Edition:
    """The best answer of every choice is gone."""

    def shorter(statement: Statement) -> Statement:
        options = statement.scale.options
        return replace(statement, scale=Scale(options[1:])) if len(options) > 2 else statement

    return with_statements(current, shorter)


CHANGES: Mapping[str, Callable[[Edition], Edition]] = {
    "a typo": lambda current: current,
    "everything reworded": everything_reworded,
    "one reworded": one_reworded,
    "one withdrawn": one_withdrawn,
    "another scale": another_scale,
}
