"""The reading half of an engine, and the registry of engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search.bm25 import Statistics
from search.request import SearchRequest
from search.results import SearchResults


@dataclass(frozen=True, slots=True)
class ArchiveWord:
    """A word as it stands in the archive (folded, not stemmed), its stem, and its articles.

    `articles` may count deleted articles until they are merged away.
    """

    word: str
    stem: str
    articles: int


class Engine(Protocol):
    """Answers requests from one snapshot of an index; safe to share between threads.

    Raises EngineUnavailable, or index.errors.IndexDamaged naming the file.
    """

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer from the snapshot; raises CursorError for the cursor of another question."""

    def words(self, prefix: str) -> Iterator[ArchiveWord]:
        """The archive's words that begin with `prefix`, in code point order.

        A word with several stems, in articles of several languages, comes once for each stem.
        """

    def facet_values(self, facet: str, containing: str) -> Iterator[tuple[str, int]]:
        """Values of a facet whose folded text contains `containing`, with their articles."""

    def count(self) -> int:
        """Articles in the snapshot."""

    def languages(self) -> tuple[str, ...]:
        """The languages of the archive's articles, most frequent first, equal ones by code.

        "" is among them when there are articles whose language is unknown.
        """

    def statistics(self) -> Statistics:
        """What ranking knows of the articles in the snapshot (search.bm25)."""

    def refreshed(self) -> Engine:
        """The same engine, or one on a newer snapshot when there has been a commit since."""

    def close(self) -> None:
        """Release files; further calls raise EngineUnavailable."""


OpenEngine = Callable[[Path], Engine]


def _native(folder: Path) -> Engine:
    from search.native.engine import NativeEngine  # noqa: PLC0415 - numba loads slowly

    return NativeEngine.open(folder)


def _whoosh(folder: Path) -> Engine:
    from search.whoosh_engine import WhooshEngine  # noqa: PLC0415

    return WhooshEngine.open(folder)


ENGINES: Mapping[str, OpenEngine] = {"native": _native, "whoosh": _whoosh}
"""Opens an index folder for searching, by the engine's name."""
