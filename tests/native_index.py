"""Writing and reading native indexes in tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from index.articles import Document
from index.native.writer import DEFAULT_BUDGET, NativeTarget
from search.native.engine import NativeEngine
from search.plan import Everything, Plan
from search.request import SearchRequest

ROOT = Path(__file__).parents[1]


def article(article_id: str, body: str = "", title: str = "", **more: object) -> Document:
    """An article of a few words."""
    return Document(article_id=article_id, title=title, body=body, **more)  # type: ignore[arg-type]


def commit(folder: Path, changes: Iterable[Document | str], budget: int = DEFAULT_BUDGET) -> None:
    """Put the documents and delete the articles with these ids, in one commit."""
    with NativeTarget(folder, budget) as target:
        for change in changes:
            if isinstance(change, str):
                target.delete(change)
            else:
                target.put(change)
        target.commit()


def found(folder: Path, plan: Plan = Everything()) -> list[str]:  # noqa: B008  (immutable)
    """The ids of the articles that match in the last commit, ascending."""
    engine = NativeEngine.open(folder)
    try:
        return ids_in(engine, plan)
    finally:
        engine.close()


def ids_in(engine: NativeEngine, plan: Plan = Everything()) -> list[str]:  # noqa: B008
    """The ids of the articles that match, ascending."""
    results = engine.search(SearchRequest(plan=plan, size=100_000))
    assert results.total == len(results.hits)
    return sorted(hit.article_id for hit in results.hits)


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python process of its own that runs a script and can be written to and read from."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
    )
