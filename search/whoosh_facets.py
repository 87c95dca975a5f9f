"""Facet filters and facet counts on a snapshot, with the meaning that search.request gives them."""

from __future__ import annotations

import numpy as np

from index.tokens import fold
from search.request import FacetFilter, FacetRequest, SearchRequest
from search.results import FacetCounts
from search.whoosh_scoring import Execution, Mask
from search.whoosh_snapshot import FacetColumn, Numbers


def passing(execution: Execution, chosen: FacetFilter) -> Mask | None:
    """The articles a filter lets through; None when it lets all through."""
    mask = None
    if chosen.values and chosen.match == "all":
        each = [execution.with_any(chosen.facet, (value,)) for value in chosen.values]
        mask = np.logical_and.reduce(each)
    elif chosen.values:
        mask = execution.with_any(chosen.facet, chosen.values)
    if chosen.excluded:
        others = ~execution.with_any(chosen.facet, chosen.excluded)
        mask = others if mask is None else mask & others
    return mask


def count_facet(
    column: FacetColumn, counted: Mask, wanted: FacetRequest, request: SearchRequest
) -> FacetCounts:
    """The most frequent values among the counted articles, and those the filters name."""
    counts = value_counts(column, counted)
    own = [chosen for chosen in request.filters if chosen.facet == wanted.facet]
    selected = frozenset(value for chosen in own for value in chosen.values)
    excluded = frozenset(value for chosen in own for value in chosen.excluded)
    eligible = _most_frequent(column, counts, wanted)
    shown = [(column.values[place], int(counts[place])) for place in eligible[: wanted.size]]
    known = {value for value, _ in shown}
    named = [(value, _count_of(column, counts, value)) for value in selected | excluded]
    shown += sorted(
        (each for each in named if each[0] not in known), key=lambda each: (-each[1], each[0])
    )
    known |= selected | excluded
    return FacetCounts(
        wanted.facet,
        tuple(shown),
        selected,
        excluded,
        more=any(column.values[place] not in known for place in eligible[wanted.size :]),
    )


def value_counts(column: FacetColumn, counted: Mask) -> Numbers:
    """How many of the counted articles have each value of the column."""
    ordinals = column.ordinals[counted[column.documents]]
    return np.bincount(ordinals, minlength=len(column.values))


def values_containing(column: FacetColumn, containing: str) -> Mask:
    """For each value of the column whether the text is in it, both folded."""
    text = fold(containing)
    return np.array([text in folded for folded in column.folded], dtype=bool)


def _most_frequent(column: FacetColumn, counts: Numbers, wanted: FacetRequest) -> list[int]:
    """The places of the values with a count, most frequent first, equal ones by code points."""
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] > 0]
    if wanted.containing:
        order = order[values_containing(column, wanted.containing)[order]]
    return [int(place) for place in order]


def _count_of(column: FacetColumn, counts: Numbers, value: str) -> int:
    place = column.place(value)
    return 0 if place is None else int(counts[place])
