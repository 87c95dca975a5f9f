"""Facet filters and facet counts on a snapshot, with the meaning that search.request gives them."""

from __future__ import annotations

import numpy as np

from index.tokens import fold
from search.request import FacetFilter, FacetRequest, SearchRequest
from search.results import FacetCounts
from search.unexpected import most_unexpected
from search.whoosh_columns import FacetColumn, Numbers
from search.whoosh_scoring import Execution, Mask


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
    column: FacetColumn, counted: Mask, live: Mask, wanted: FacetRequest, request: SearchRequest
) -> FacetCounts:
    """The first values of the counted articles, those the filters name, and unexpected ones."""
    counts = value_counts(column, counted)
    keys = _weights(column, counted) if wanted.order == "weight" else counts
    own = [chosen for chosen in request.filters if chosen.facet == wanted.facet]
    selected = frozenset(value for chosen in own for value in chosen.values)
    excluded = frozenset(value for chosen in own for value in chosen.excluded)
    eligible = _in_order(column, keys, wanted)
    shown = [column.values[place] for place in eligible[: wanted.size]]
    named = (selected | excluded).difference(shown)
    shown += sorted(named, key=lambda value: (-_of(value, keys, column), value))
    known = set(shown)
    return FacetCounts(
        wanted.facet,
        tuple((value, _of(value, counts, column)) for value in shown),
        selected,
        excluded,
        more=any(column.values[place] not in known for place in eligible[wanted.size :]),
        unexpected=most_unexpected(
            column.values,
            counts,
            value_counts(column, live),
            counted=int(counted.sum()),
            articles=int(live.sum()),
            wanted=wanted.unexpected,
        ),
    )


def value_counts(column: FacetColumn, counted: Mask) -> Numbers:
    """How many of the counted articles have each value of the column."""
    ordinals = column.ordinals[counted[column.documents]]
    return np.bincount(ordinals, minlength=len(column.values))


def values_containing(column: FacetColumn, containing: str) -> Mask:
    """For each value of the column whether the text is in it, both folded."""
    text = fold(containing)
    return np.array([text in folded for folded in column.folded], dtype=bool)


def _weights(column: FacetColumn, counted: Mask) -> Numbers:
    """The weights of each value of the column in the counted articles, added up."""
    rows = counted[column.documents]
    sums = np.bincount(column.ordinals[rows], column.weights[rows], len(column.values))
    return sums.astype(np.int64)


def _in_order(column: FacetColumn, keys: Numbers, wanted: FacetRequest) -> list[int]:
    """The places of the values with a key, the greatest first, equal ones by code points."""
    order = np.argsort(-keys, kind="stable")
    order = order[keys[order] > 0]
    if wanted.containing:
        order = order[values_containing(column, wanted.containing)[order]]
    return [int(place) for place in order]


def _of(value: str, numbers: Numbers, column: FacetColumn) -> int:
    """The number of a value of the column; 0 for one that is not in it."""
    place = column.place(value)
    return 0 if place is None else int(numbers[place])
