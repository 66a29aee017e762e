"""Who may import whom (docs/architecture.md): read from the source, not from what happens to be loaded."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"bot", "content", "dialogs", "locales", "storage", "tests", "benchmarks"}

MAY_IMPORT = {
    "content": {"content"},
    "locales": {"locales"},
    "dialogs": {"content", "dialogs", "locales"},
    "storage": {"content", "dialogs", "storage"},
    "bot": {"bot", "content", "dialogs", "locales", "storage"},
}
THE_WORLD = {
    *("telegram", "aiohttp", "sqlalchemy", "alembic", "psycopg", "sqlite3"),
    *("httpx", "requests", "urllib", "socket", "asyncio"),
}
CHANCE_AND_TIME = {"random", "secrets", "uuid", "time", "os"}
CLOCKS = {"now", "utcnow", "today", "localtime", "monotonic", "time"}

pure = pytest.mark.parametrize("package", ["content", "dialogs", "locales"])


def sources(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, f"{package} has no source: the test would see nothing"
    return found


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """The top-level packages that a file imports, inside functions too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_package__imports_of_ours__only_those_allowed(package: str) -> None:
    taken = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(package)
        for name in imported(path)
        if name in OURS - MAY_IMPORT[package]
    }
    assert taken == set()


@pure
def test_pure_package__imports__nothing_that_touches_the_world(package: str) -> None:
    taken = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(package)
        for name in imported(path)
        if name in THE_WORLD | CHANCE_AND_TIME
    }
    assert taken == set()


@pure
def test_pure_package__calls__no_clock(package: str) -> None:
    asked = {
        f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"
        for path in sources(package)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
    }
    assert asked == set()


def test_dialogs__calls__opens_no_file_and_prints_nothing() -> None:
    called = {
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.func.id}"
        for path in sources("dialogs")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"open", "print", "input", "__import__", "exec", "eval"}
    }
    assert called == set()
