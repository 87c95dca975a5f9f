"""What matches a request, segment by segment: few articles one by one, many as a bitmap.

A bitmap of 300,000 articles fills the processor's first cache, so for a few articles it is not
even made unless something needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.native import bitmaps
from search.native.bitmaps import Bitmap, Documents
from search.native.snapshot import View
from search.request import Grain

FEW = 1_024
"""Hits up to which a histogram is counted one by one: as long as counting a bitmap's bits."""


class Part:
    """The hits in one segment: a bitmap, or documents with their scores; each makes the other."""

    def __init__(
        self,
        view: View,
        bits: Bitmap | None,
        documents: Documents | None = None,
        scores: NDArray[np.float32] | None = None,
    ) -> None:
        """One of both is enough. scores: array of float32, of the documents, if known."""
        self._view = view
        self._bits = bits
        self._documents = documents
        self._count = -1 if documents is None else len(documents)
        self.scores = scores

    @property
    def count(self) -> int:
        """How many there are."""
        if self._count < 0:
            everything = self._bits is self._view.live
            self._count = self._view.articles if everything else int(bitmaps.count_bits(self._bits))
        return self._count

    @property
    def bits(self) -> Bitmap:
        """The hits as a bitmap."""
        if self._bits is None:
            self._bits = self._view.no_documents()
            bitmaps.add_documents(self._bits, self._documents)
        return self._bits

    @property
    def documents(self) -> Documents:
        """The hits, ascending."""
        if self._documents is None:
            self._documents = bitmaps.documents_of(self._bits, self.count)
        return self._documents

    def within(self, chosen: Iterable[Bitmap]) -> Part:
        """The hits that are in all of some bitmaps."""
        if self._documents is None or self.scores is None:
            bits = self.bits
            for each in chosen:
                everything = bits is self._view.live and self._view.all_live
                bits = each if everything else bits & each
            return Part(self._view, bits)
        documents, scores = self._documents, self.scores
        for each in chosen:
            documents, scores = bitmaps.keep_scored(documents, scores, each)
        return Part(self._view, None, documents, scores)

    @property
    def undated(self) -> int:
        """How many have no date."""
        undated = self._view.undated
        return int(bitmaps.ends(self.bits, undated)[2]) if undated else 0

    def first_and_last(self) -> tuple[int, ...]:
        """When the first and the last hit with a date were published; empty when none has one."""
        published = self._view.segment.published
        if self._documents is not None and not self._view.undated:
            return tuple(published[self._documents[[0, -1]]].tolist()) if self.count else ()
        first, last, _ = bitmaps.ends(self.bits, self._view.undated)
        return (int(published[first]), int(published[last])) if first <= last else ()

    def count_spans(self, grain: Grain, start: int, stop: int) -> NDArray[np.int64]:
        """How many hits there are in each span of a histogram; see search.histogram.CountSpans."""
        bounds = self._view.spans(grain, start, stop)
        if self._documents is not None and self.count <= FEW:
            counts: NDArray[np.int64] = bitmaps.count_documents_between(self.documents, bounds)
        else:
            counts = bitmaps.count_bits_between(self.bits, bounds)
        return counts


class Hits:
    """The hits in all segments."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self._count = -1

    @property
    def count(self) -> int:
        """How many there are."""
        if self._count < 0:
            self._count = sum([part.count for part in self.parts])
        return self._count

    @classmethod
    def of(cls, views: Sequence[View], bits: Sequence[Bitmap]) -> Hits:
        """From bitmaps of live articles."""
        return cls([Part(view, each) for view, each in zip(views, bits, strict=True)])

    def within(self, chosen: Sequence[Sequence[Bitmap]]) -> Hits:
        """The hits that are in all of some bitmaps, of which each is one a segment."""
        return Hits([part.within(own) for part, *own in zip(self.parts, *chosen, strict=True)])

    @property
    def bits(self) -> list[Bitmap]:
        """A bitmap a segment."""
        return [part.bits for part in self.parts]

    def first_and_last(self) -> tuple[int | None, int | None]:
        """When the first and the last hit with a date were published; None when none has one."""
        moments = [moment for part in self.parts for moment in part.first_and_last()]
        return min(moments, default=None), max(moments, default=None)

    def count_spans(self, grain: Grain, start: int, stop: int) -> NDArray[np.int64]:
        """How many hits there are in each span of a histogram; see search.histogram.CountSpans."""
        if len(self.parts) == 1:
            return self.parts[0].count_spans(grain, start, stop)
        total = np.zeros(stop - start, np.int64)
        for part in self.parts:
            total += part.count_spans(grain, start, stop)
        return total
