"""The values of a facet under their names, as numpy arrays read from the segments of an index."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader

from index.naming import Naming
from index.tokens import fold
from index.whoosh_fields import decode, encode, facet_field

Numbers = NDArray[np.int64]
"""Array of int64, one-dimensional."""


@dataclass(frozen=True)
class FacetColumn:
    """The values of a facet, in the order of their code points, and who has them.

    The articles with values[i] are documents[starts[i]:starts[i + 1]]; `ordinals` has the i of
    each of `documents`, and `weights` how much it is about the value.
    """

    values: list[str]
    documents: Numbers
    ordinals: Numbers
    weights: Numbers
    starts: Numbers

    @cached_property
    def folded(self) -> list[str]:
        """The values as `index.tokens.fold` makes them."""
        return [fold(value) for value in self.values]

    def place(self, value: str) -> int | None:
        """The i of a value; None when no article has it."""
        place = bisect_left(self.values, value)
        return place if self.values[place : place + 1] == [value] else None

    def documents_with(self, value: str) -> Numbers:
        """The numbers of the articles that have the value."""
        place = self.place(value)
        if place is None:
            return self.documents[:0]
        return self.documents[self.starts[place] : self.starts[place + 1]]


def read_column(
    segments: Sequence[tuple[IndexReader, int]], facet: str, naming: Naming
) -> FacetColumn:
    """The values of a facet; segments: each with the number of its first document."""
    holders: dict[str, list[tuple[int, int]]] = {}
    for segment, first in segments:
        for given, term in _given(segment, facet, naming):
            value = decode(term)
            name = naming.names.get((given, value), (given, value))
            if name is None or name[0] != facet:
                continue
            matcher = segment.postings(facet_field(given), term)
            while matcher.is_active():
                holder = (first + matcher.id(), int(matcher.weight()))
                holders.setdefault(name[1], []).append(holder)
                matcher.next()
    values = sorted(holders)
    rows = [(i, *holder) for i, value in enumerate(values) for holder in holders[value]]
    ordinals, documents, weights = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return _column(values, ordinals, documents, weights)


def terms(segment: IndexReader, field: str, prefix: bytes = b"") -> Iterator[tuple[bytes, Any]]:
    """(term, Whoosh's TermInfo) of each term of a field that begins so."""
    for (name, term), info in segment.iter_from(field, prefix):
        if name != field or not term.startswith(prefix):
            return
        yield term, info


def _given(segment: IndexReader, facet: str, naming: Naming) -> Iterator[tuple[str, bytes]]:
    """The facets and values that articles of a segment were given and may count in a facet."""
    for term, _ in terms(segment, facet_field(facet)):
        yield facet, term
    for (given, value), name in naming.names.items():
        if name is not None and name[0] == facet != given:
            term = encode(value)
            if (facet_field(given), term) in segment:
                yield given, term


def _column(
    values: list[str], ordinals: Numbers, documents: Numbers, weights: Numbers
) -> FacetColumn:
    """A column of rows in any order; an article may have a value in several of them."""
    order = np.lexsort((documents, ordinals))
    ordinals, documents, weights = ordinals[order], documents[order], weights[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(ordinals) != 0) | (np.diff(documents) != 0)
    places = np.flatnonzero(new)
    return FacetColumn(
        values=values,
        documents=documents[places],
        ordinals=ordinals[places],
        weights=np.maximum.reduceat(weights, places) if len(places) else weights,
        starts=np.searchsorted(ordinals[places], np.arange(len(values) + 1)),
    )
