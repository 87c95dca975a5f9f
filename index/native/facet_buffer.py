"""Facet values in memory on their way into a segment."""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from index.native.facet_arrays import interleave, take
from index.native.facets import FacetValues
from index.native.texts import starts

_BYTES_A_VALUE = 300
"""Memory of a value's text, of its number, and of both when they are sorted."""


class FacetBuffer:
    """The values of one facet: numbers by text, and the numbers and weights of each document."""

    def __init__(self, documents: int) -> None:
        self.texts: dict[str, int] = {}
        self.values = array("I")
        self.weights = array("B")
        self.counts = array("I", bytes(4 * documents))

    @property
    def memory(self) -> int:
        """About how many bytes the different values take."""
        return len(self.texts) * _BYTES_A_VALUE

    def put(self, values: tuple[str, ...], weights: tuple[int, ...] | None = None) -> None:
        """The values of the next document and their weights, by default 1.

        Raises ValueError when there are not as many weights, or one is not from 1 to 255.
        """
        before = len(self.values)
        if weights is None:
            self.values.extend(map(self._number, dict.fromkeys(values)))
            self.weights.extend(b"\1" * (len(self.values) - before))
        else:
            if len(weights) != len(values) or not all(0 < weight < 256 for weight in weights):
                raise ValueError(
                    f"weights {weights} for values {values}: expected one from 1 to 255 for each"
                )
            weighed = dict(zip(values, weights, strict=True))
            self.values.extend(map(self._number, weighed))
            self.weights.extend(weighed.values())
        self.counts.append(len(self.values) - before)

    def kept(
        self, order: NDArray[np.int64]
    ) -> tuple[list[bytes], NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int64]]:
        """The sorted values of some documents; their values by that order, weights, and starts."""
        values, weights, first = take(
            np.frombuffer(self.values, np.uint32),
            np.frombuffer(self.weights, np.uint8),
            starts(np.frombuffer(self.counts, np.uint32)),
            order,
        )
        used = np.zeros(len(self.texts), bool)
        used[values] = True
        texts = sorted(text for text, number in self.texts.items() if used[number])
        place = np.zeros(len(used), np.uint32)
        place[[self.texts[text] for text in texts]] = np.arange(len(texts))
        return [text.encode() for text in texts], place[values], weights, first

    def _number(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))


def collected(facets: Mapping[str, FacetBuffer], order: NDArray[np.int64]) -> FacetValues:
    """All facets of the documents that are still there, in the order of the segment."""
    names = sorted(facets)
    kept = [facets[name].kept(order) for name in names]
    first = np.zeros(len(order) + 1, np.int64)
    for _, _, _, own_first in kept:
        first += own_first
    values = np.empty(first[-1], np.uint32)
    weights = np.empty(first[-1], np.uint8)
    ends = first[:-1].copy()
    begin = 0
    for texts, own, own_weights, own_first in kept:
        interleave(values, weights, ends, own_first, own, own_weights, begin)
        begin += len(texts)
    return FacetValues(names, [texts for texts, _, _, _ in kept], values, weights, first)
