"""What every engine that is compared must do, and how to get one by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol

from benchmarks.questions import Question
from index.articles import Document

Task = Literal["top10", "count", "page"]
"""Ids of the top 10; these with the exact number of hits; these two with facets and histogram."""

TASKS: tuple[Task, ...] = ("top10", "count", "page")

FACETS = ("place", "person", "organisation", "source")
"""The facets of the page: three with several values an article, one with a single value."""

MONTHS = "months"
"""The histogram of the page."""

TOP = 10
FACET_VALUES = 20


@dataclass(frozen=True, slots=True)
class Indexed:
    """What indexing took and left: wall-clock seconds, bytes on disk, and what to know of it."""

    seconds: float
    size: int
    note: str = ""


def parts_of_page(question: Question) -> dict[Question, list[str]]:
    """Which of FACETS and MONTHS are counted among the hits of which question; itself first.

    A facet shows what else could be chosen in it, so it is counted without its own filter, and
    months without the dates. Engines that do not do so by themselves are asked several times.
    """
    parts: dict[Question, list[str]] = {question: []}
    for facet in FACETS:
        others = tuple(each for each in question.filters if each[0] != facet)
        parts.setdefault(replace(question, filters=others), []).append(facet)
    parts.setdefault(replace(question, days=None), []).append(MONTHS)
    return parts


@dataclass(frozen=True, slots=True)
class Answer:
    """Ids, best first; hits in all, if asked for; facets and histogram as the engine has them."""

    ids: Sequence[str]
    total: int | None = None
    page: Any = None


class Peer(Protocol):
    """One engine with an index of its own in the folder it was made with."""

    def index(self, documents: Sequence[Document]) -> Indexed:
        """Index the documents from nothing, and get ready to search them."""

    def answers(self, question: Question, task: Task) -> bool:
        """Whether the engine can do this at all."""

    def top10(self, question: Question) -> Answer:
        """The ids of the ten best articles."""

    def count(self, question: Question) -> Answer:
        """The same and the exact number of hits."""

    def page(self, question: Question) -> Answer:
        """The same, the top values of each of FACETS and hits by month, as `parts_of_page` says."""

    def facet_counts(self, answer: Answer) -> Mapping[str, list[tuple[str, int]]]:
        """The values with their counts by facet, most frequent first, from an answer of `page`."""


NAMES = ("native", "tantivy", "fts5", "whoosh", "bm25s")


def open_peer(name: str, folder: Path) -> Peer:
    """The engine with this name, to work in an empty folder.

    Raises ImportError when what it needs is not installed.
    """
    module = import_module(f"benchmarks.peers.{name}")
    make: Callable[[Path], Peer] = module.PEER
    return make(folder)


def size_of(folder: Path) -> int:
    """Bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
