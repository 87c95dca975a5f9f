"""Stories: of the articles that say nearly the same, only the earliest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.articles import STORY
from index.compilation import kernel
from index.native.lists import Lists, unpack
from index.native.segment import UNDATED
from search.native.bitmaps import Bitmap, Documents
from search.native.snapshot import View
from search.native.values import Values


class Stories:
    """The stories with several articles in a snapshot, the articles of each by age.

    A *position* is that of an article's bit when the bitmaps of all segments are put one after
    the other.
    """

    def __init__(self, views: Sequence[View], values: Values) -> None:
        self._ends = np.cumsum([0, *(len(view.live) for view in views)])
        stories, positions, published, ids = [], [], [], []
        for view, renumbered, begin in zip(
            views, values.renumbered, self._ends.tolist(), strict=False
        ):
            if STORY in view.facets.names:
                lists = view.facets.lists(STORY)
                numbers = view.facets.numbers(STORY)
                documents = documents_of_lists(lists)
                own = renumbered[numbers] if len(renumbered) else numbers
                stories.append(np.repeat(own.astype(np.int64), np.diff(lists.first_posting)))
                positions.append(begin * 64 + documents.astype(np.int64))
                published.append(view.segment.published[documents])
                if len(views) > 1:  # within a segment documents are in the order of ids
                    ids += [view.segment.ids.encoded(each) for each in documents.tolist()]
        story, position, date = (
            np.concatenate([np.zeros(0, np.int64), *each])
            for each in (stories, positions, published)
        )
        several = np.bincount(story)[story] > 1 if len(story) else np.zeros(0, bool)
        story, position, date = story[several], position[several], date[several]
        keys = np.array(ids, np.bytes_)[several] if ids else position
        order = np.lexsort((keys, date, date == UNDATED, story))
        self._positions = position[order]
        story = story[order]
        begins = np.flatnonzero(np.diff(story, prepend=-1))
        self._first = np.append(begins, len(story))
        of_place = np.searchsorted(begins, np.arange(len(story)), "right") - 1
        by_position = np.argsort(self._positions)
        self._sorted, self._story = self._positions[by_position], of_place[by_position]

    def earliest(self, hits: Sequence[Bitmap]) -> list[Bitmap]:
        """Of the hits of each story the earliest alone, and those of none. New bitmaps."""
        bits = np.concatenate([np.zeros(0, np.uint64), *hits])
        keep_first(bits, self._positions, self._first)
        return [bits[a:b] for a, b in zip(self._ends, self._ends[1:], strict=False)]

    def copies(self, hits: Sequence[Bitmap], segment: int, documents: Documents) -> list[int]:
        """How many of the hits are of the story of each of some documents, beside itself."""
        bits = np.concatenate([np.zeros(0, np.uint64), *hits])
        positions = documents.astype(np.int64) + int(self._ends[segment]) * 64
        counts: list[int] = count_others(
            bits, self._positions, self._first, self._sorted, self._story, positions
        ).tolist()
        return counts


@kernel
def documents_of_lists(lists: Lists) -> NDArray[np.uint32]:
    """The documents of all lists, one list after the other."""
    documents = np.empty(lists.first_posting[-1], np.uint32)
    for i in range(len(lists.first_posting) - 1):
        unpack(lists, i, documents[lists.first_posting[i] :])
    return documents


@kernel
def keep_first(bits: Bitmap, positions: NDArray[np.int64], first: NDArray[np.int64]) -> None:
    """Of each group of positions clear all set bits but the first. In place.

    first: array of int64, shape (groups + 1,), where each group begins in positions
    """
    for group in range(len(first) - 1):
        found = False
        for j in range(first[group], first[group + 1]):
            word, bit = positions[j] >> 6, np.uint64(1) << np.uint64(positions[j] & 63)
            if bits[word] & bit:
                if found:
                    bits[word] ^= bit
                found = True


@kernel
def count_others(  # noqa: PLR0913  (arrays in, arrays out)
    bits: Bitmap,
    positions: NDArray[np.int64],
    first: NDArray[np.int64],
    ordered: NDArray[np.int64],
    group_of: NDArray[np.int64],
    wanted: NDArray[np.int64],
) -> NDArray[np.int64]:
    """How many other set bits the group of each wanted position has; 0 when it is in none.

    ordered: the positions ascending; group_of: the group of each of those
    """
    counts = np.zeros(len(wanted), np.int64)
    for i in range(len(wanted)):
        at = np.searchsorted(ordered, wanted[i])
        if at == len(ordered) or ordered[at] != wanted[i]:
            continue
        group = group_of[at]
        for j in range(first[group], first[group + 1]):
            word, bit = positions[j] >> 6, np.uint64(positions[j] & 63)
            if positions[j] != wanted[i]:
                counts[i] += np.int64((bits[word] >> bit) & np.uint64(1))
    return counts
