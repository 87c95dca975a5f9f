"""Imports run one way: web → search → index."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "index": {"search", "web", "tests", "benchmarks"},
    "search": {"web", "tests", "benchmarks"},
    "web": {"tests", "benchmarks"},
}
MODULES = [module for package in FORBIDDEN for module in sorted((ROOT / package).rglob("*.py"))]


def imported(source: str) -> Iterator[str]:
    """The top-level packages that a module imports, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used here"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(module: Path) -> None:
    package = module.relative_to(ROOT).parts[0]
    assert not FORBIDDEN[package].intersection(imported(module.read_text("utf-8")))


def test_imports_are_seen_wherever_they_are() -> None:
    source = "import web.pages as p\ndef f():\n    from search import plan\n"
    assert set(imported(source)) == {"web", "search"}
