"""Every parameter of a search and its limits, as docs/reference/http-api.md lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from index.articles import FACETS
from search.request import Grain, Sort

LONGEST_QUERY = 2_000
"""Characters of q: some two hundred words, more than any question needs."""

LONGEST_VALUE = 500
"""Characters of one filter's value; the longest headline-like section names have about 200."""

MOST_FILTERS = 100
"""Values of all filters together, excluded ones included."""

LARGEST_PAGE = 100
"""Articles on one page; larger answers only take longer to read than two smaller ones."""

LARGEST_FACET = 500
"""Values of one facet in one answer."""

DEEPEST_PAGE = 10_000
"""Articles that can be paged through by number; a cursor goes on from there without end."""

MOST_BARS = 10_000
"""Bars of a histogram whose grain was asked for: all years there are, 27 years of days."""

TOO_MANY_BARS = f"a grain with at most {MOST_BARS:,} bars: a coarser one, or narrower dates"

UNEXPECTED = 8
"""Values of a facet that are pointed out as more frequent than usual."""

MOST_COPIES = 12
"""Copies that are listed with an article; a link leads to all."""

PAGE_SIZE = 10
FACET_SIZE = 8

NONE = "none"
MATCHES = ("all", "any")
COPIES = ("one", "all")
ORDERS = ("count", "weight")
SORTS: tuple[Sort, ...] = get_args(Sort)
GRAINS: tuple[Grain, ...] = get_args(Grain)

DAYS: Mapping[str | None, int] = {"month": 28, "week": 7, "day": 1}
"""Days of a bar at least, where there could be too many bars."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the search: its name, what it takes, and what it does.

    A name with <facet> in it stands for one parameter per facet.
    """

    name: str
    takes: str
    help: str


PARAMETERS = (
    Parameter("q", f"text, at most {LONGEST_QUERY:,} characters", "the query"),
    Parameter("match", "all (default) or any", "whether all words must be there, or any"),
    Parameter("<facet>", "a value; may be repeated", "only articles with this value"),
    Parameter("not.<facet>", "a value; may be repeated", "only articles without this value"),
    Parameter(
        "match.<facet>",
        "any (default) or all",
        "whether several values of the facet mean any of them or all of them",
    ),
    Parameter("from", "YYYY, YYYY-MM or YYYY-MM-DD", "published on this day or later"),
    Parameter("to", "YYYY, YYYY-MM or YYYY-MM-DD", "published on this day or earlier"),
    Parameter(
        "story", "a story's id", "only articles of this story, which are copies of each other"
    ),
    Parameter(
        "copies",
        "one (default) or all",
        "whether of the articles of a story one counts, the earliest, or all of them",
    ),
    Parameter(
        "sort",
        "relevance, newest or oldest",
        "the order; by default relevance, or newest when q is empty",
    ),
    Parameter("page", f"a number, reaching at most {DEEPEST_PAGE:,} articles", "which page"),
    Parameter("cursor", "next_cursor of the answer before", "the articles that follow that answer"),
    Parameter(
        "size", f"0 to {LARGEST_PAGE}, by default {PAGE_SIZE}", "articles per page; 0 only counts"
    ),
    Parameter("facets", "facet names with commas between, or none", "which facets are counted"),
    Parameter(
        "size.<facet>",
        f"1 to {LARGEST_FACET}, by default {FACET_SIZE}",
        "how many values of the facet are listed",
    ),
    Parameter("find.<facet>", "text", "list only values of the facet that contain this"),
    Parameter(
        "order.<facet>",
        "count (default) or weight",
        "whether the values in most articles come first, or those they are most about",
    ),
    Parameter("grain", "year, month, week, day, or none", "the width of the histogram's bars"),
)
"""Everything a search takes, for the reference and for messages."""

_PER_FACET = ("", "not.", "match.", "size.", "find.", "order.")
NAMES = frozenset(
    [parameter.name for parameter in PARAMETERS if "<" not in parameter.name]
    + [prefix + facet for prefix in _PER_FACET for facet in FACETS]
)
"""The name of every parameter."""

REPEATED = frozenset(prefix + facet for prefix in ("", "not.") for facet in FACETS)
"""The parameters that may be given several times."""
