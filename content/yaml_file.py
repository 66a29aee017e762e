"""Reading YAML that people write, keeping the line of every value.

PyYAML's own loaders accept a key twice and forget the lines, so the tree of nodes is walked here.
Only what instruments need is taken: mappings, lists, texts, numbers, true and false.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from content.problems import ContentError, PackageRefused, Problem, shown

Place = tuple[str | int, ...]
"""Where a value stands: keys and list positions from the top, as pydantic's ``loc``."""

INTEGER = "tag:yaml.org,2002:int"
TEXT = "tag:yaml.org,2002:str"
FLOAT = "tag:yaml.org,2002:float"
DIGITS = 15
BOOLEANS = {"true": True, "false": False}


class YamlFile:
    """``data`` is the file's content; ``line(place)`` tells where a value begins.

    Raises ContentError, naming every duplicate key and every value of an unknown kind.
    """

    def __init__(self, name: str, written: bytes) -> None:
        self.name = name
        self._lines: dict[Place, int] = {}
        self._problems: list[Problem] = []
        self._seen: set[int] = set()
        node = self._compose(written)
        self.data: Any = self._value(node, ())
        if self._problems:
            raise ContentError(self._problems)

    def line(self, place: Place) -> int:
        """The line of the value, or of the nearest thing that holds it."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def problem(self, place: Place, message: str) -> Problem:
        """What is wrong with the value there, as its author is told."""
        return Problem(self.name, self.line(place), message)

    def _compose(self, written: bytes) -> yaml.Node:
        try:
            node = yaml.compose(written.decode("utf-8-sig"), Loader=yaml.CSafeLoader)
        except UnicodeDecodeError as error:
            line = written[: error.start].count(b"\n") + 1
            raise self._unreadable(line, "this is not UTF-8: save the file as UTF-8") from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self._unreadable(line, f"not valid YAML: {error.problem}") from None
        except yaml.YAMLError as error:
            raise self._unreadable(1, f"not valid YAML: {error}") from None
        if node is None:
            raise self._unreadable(1, "the file is empty: write the instrument into it")
        return node

    def _unreadable(self, line: int, message: str) -> ContentError:
        return ContentError([Problem(self.name, line, message)])

    def _value(self, node: yaml.Node, place: Place) -> Any:
        self._lines[place] = node.start_mark.line + 1
        if id(node) in self._seen:
            self._report(node, "aliases (*name) are not taken: write the text out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*place, i)) for i, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if not isinstance(key_node, yaml.ScalarNode):
                self._report(key_node, "a key must be a single word: correct it")
            elif key in result:
                self._report(key_node, f"“{key}” stands here twice: keep one of them")
            result[key] = self._value(value_node, (*place, key))
        return result

    def _scalar(self, node: yaml.Node) -> str | int | Decimal | None:
        if node.tag == TEXT:
            return str(node.value)
        if node.tag in (INTEGER, FLOAT) and len(str(node.value)) > DIGITS:
            self._report(node, f"the number has more than {DIGITS} digits: write a shorter one")
            return None
        if node.tag == INTEGER and str(node.value).isdecimal():
            return int(node.value)
        if node.tag == FLOAT and re.fullmatch(r"\d+\.\d+", str(node.value)):
            return Decimal(node.value)
        if str(node.value) in BOOLEANS:
            return BOOLEANS[node.value]
        self._report(node, f"{node.value!r} is not a text: put it in quotation marks")
        return None

    def _report(self, node: yaml.Node, message: str) -> None:
        self._problems.append(Problem(self.name, node.start_mark.line + 1, message))


def read_yaml(path: Path) -> YamlFile:
    """Raises ContentError as ``YamlFile`` does."""
    return YamlFile(shown(path), path.read_bytes())


DEPTH = 20
"""Lists and mappings within each other; instruments need eight."""


def refuse_tricks(name: str, written: str) -> None:
    """Raises PackageRefused for what no instrument needs, before anything is built from the file:
    tags, anchors, aliases, directives, and nesting beyond DEPTH. Other faults are left to YamlFile."""
    depth = 0
    try:
        for event in yaml.parse(written, Loader=yaml.CSafeLoader):
            depth += _step(event)
            if trick := _trick(event) or ("nesting deeper than 20" if depth > DEPTH else ""):
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise PackageRefused(f"{name}:{line}: {trick} is not taken: write it out plainly.")
    except yaml.YAMLError:
        return


def _step(event: yaml.Event) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _trick(event: yaml.Event) -> str:
    if isinstance(event, yaml.AliasEvent):
        return "an alias (*name)"
    if getattr(event, "anchor", None):
        return "an anchor (&name)"
    if getattr(event, "tag", None):
        return "a tag (!name)"
    if isinstance(event, yaml.DocumentStartEvent) and (event.tags or event.version):
        return "a directive (%name)"
    return ""
