"""What an engine answers: one frozen record, the same from every engine.

What is in it are named tuples: with ten hits and seven facets an answer, making frozen dataclasses
takes a fifth of the time of a question that finds little.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from search.request import Grain


class Hit(NamedTuple):
    """An article that matches. `published` in wall-clock seconds, None when unknown.

    copies: how many other matching articles of its story it stands for; 0 unless the request
    has copies=False.
    """

    article_id: str
    score: float
    published: int | None
    copies: int = 0


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and the number of articles a click on it yields."""

    value: str
    count: int
    selected: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Unexpected:
    """A value that is more frequent among the articles counted than in the whole archive.

    count: articles counted that have it; total: articles of the archive that do. score: the
    log-likelihood ratio G² of the two shares (search.unexpected), in nats, doubled.

    The articles counted are those that FacetRequest counts, without the facet's own filters. The
    archive is all its articles, under the same names, also where copies are left out of the
    articles counted. A value belongs here when its share among the articles counted is above its
    share in the archive; so none does when none or all are counted. Neither `size` nor
    `containing` of the request matter, and values that filters name are not set apart.
    """

    value: str
    count: int
    total: int
    score: float


class FacetCounts(NamedTuple):
    """The values of one facet, most frequent first; `more` when others have a count too.

    counts: values and how many articles a click on each yields
    selected, excluded: what the request's filters name of the facet
    unexpected: as many as the request asked for, the greatest score first, equal ones in the
        order of the values' code points
    """

    facet: str
    counts: tuple[tuple[str, int], ...]
    selected: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    more: bool = False
    unexpected: tuple[Unexpected, ...] = ()

    @property
    def values(self) -> tuple[FacetValue, ...]:
        """The values, each with what it is; made when asked for, like a histogram's bars."""
        return tuple(
            FacetValue(value, count, value in self.selected, value in self.excluded)
            for value, count in self.counts
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """Articles published from `first` to `last` day, both included."""

    first: date
    last: date
    count: int


class Histogram(NamedTuple):
    """Articles by date, without gaps from the earliest to the latest; `undated` are in no span.

    spans: first and last day of each, both included; counts: the articles of each
    """

    grain: Grain
    spans: tuple[tuple[date, date], ...]
    counts: tuple[int, ...]
    undated: int

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The spans with their counts.

        Made when asked for, as making them takes longer than counting them.
        """
        return tuple(Bar(*span, n) for span, n in zip(self.spans, self.counts, strict=True))


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer to a SearchRequest.

    total is exact. Hits are ordered by the request's sort; equal scores by newest first, equal
    dates by descending article id (oldest first too); unknown dates come last in every order
    by date. The score counts only where the sort is relevance.

    following: writes the cursor to the hits after these; None when there are none
    """

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetCounts, ...] = ()
    histogram: Histogram | None = None
    following: Callable[[], str] | None = field(default=None, compare=False)

    @property
    def next_cursor(self) -> str | None:
        """The cursor to the hits after these, for SearchRequest.cursor; None when there are none.

        Written when asked for, as that takes as long as finding a rare word's articles.
        """
        return None if self.following is None else self.following()
