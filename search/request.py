"""What an engine is asked: one frozen record, the same for every engine.

Making one raises RequestError for what no engine can honour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from index.articles import FACETS, STORY
from search.errors import RequestError
from search.plan import Everything, Plan

Sort = Literal["relevance", "newest", "oldest"]
Grain = Literal["year", "month", "week", "day"]

_FILTERED = (*FACETS, STORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetFilter:
    """What was selected in one facet.

    The articles must have any (or, with match "all", every one) of `values` and none of
    `excluded`. Both may be empty.
    """

    facet: str
    values: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    match: Literal["any", "all"] = "any"

    def __post_init__(self) -> None:
        _check_facet("filters", self.facet, _FILTERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRequest:
    """The `size` most frequent values of a facet, with how many articles have each.

    Counted under the query and all filters but the facet's own. Ties are in the order of the
    values' code points. Selected and excluded values always follow in the same order, even at
    0. `containing` keeps the other values with that text in them (both folded as
    index.tokens.fold does).

    order "weight": the values with the greatest sum of weights (Document.weights) over the
    articles counted instead of the most frequent, in this order, with the same counts and ties.
    unexpected: also that many of the values that are more frequent among the articles counted
    than in the whole archive (FacetCounts.unexpected).
    """

    facet: str
    size: int = 8
    containing: str = ""
    order: Literal["count", "weight"] = "count"
    unexpected: int = 0

    def __post_init__(self) -> None:
        _check_facet("facets", self.facet, FACETS)
        _check_number("facets.size", self.size)
        _check_number("facets.unexpected", self.unexpected)

    @property
    def plain(self) -> bool:
        """The most frequent values are all it asks for."""
        return not self.containing and not self.unexpected and self.order == "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Published from the first to the last of these days, both included; None is open."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramRequest:
    """Articles by publication date, counted under all filters but the dates.

    The bars cover the filtered dates, widened to whole bars, or else all that matched: an open
    end is that of the articles counted. Weeks begin on Monday. Grain None chooses the finest of
    year, month, week, day that needs at most `bars` bars, or year when none does.
    """

    grain: Grain | None = None
    bars: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A plan, the filters, and which part of the answer is wanted.

    cursor: the `next_cursor` of an earlier answer to the same question; excludes offset.
    size: hits wanted; 0 asks for counts alone.
    copies: False leaves, of the matching articles of a story, only the earliest (of the same
    date the one with the lowest id; undated ones after dated): in hits, total, facets and
    histogram alike, each under the filters it is counted under. So a value that only later
    copies have is not counted, though a click on it yields one of them.
    """

    plan: Plan = field(default_factory=Everything)
    filters: tuple[FacetFilter, ...] = ()
    dates: Dates | None = None
    sort: Sort = "relevance"
    offset: int = 0
    size: int = 10
    cursor: str | None = None
    facets: tuple[FacetRequest, ...] = ()
    histogram: HistogramRequest | None = None
    copies: bool = True

    def __post_init__(self) -> None:
        if self.offset < 0 or self.size < 0:
            _check_number("offset", self.offset)
            _check_number("size", self.size)
        if self.cursor is not None and self.offset:
            raise RequestError("offset", self.offset, "0 beside a cursor")


def _check_number(name: str, number: int) -> None:
    if number < 0:
        raise RequestError(name, number, "0 or more")


def _check_facet(name: str, facet: str, known: tuple[str, ...]) -> None:
    if facet not in known:
        raise RequestError(name, facet, f"one of {', '.join(known)}")
