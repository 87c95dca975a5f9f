"""Kernels that find the most frequent values of facets when only some, or none, are counted.

A value is *open* in a segment where its articles are not counted yet. It can be among the most
frequent only if all its articles in such segments, with those counted elsewhere, are as many as the
last one wanted has. When there are many hits few values have; they are looked up one by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import RUN, prefetch
from index.native.lists import FileLists
from search.native.bitmaps import Bitmap
from search.native.counting import LIST_COST, SPARSE_COST, count_in_list
from search.native.most_frequent import (
    AT_ONCE,
    NONE_WANTED,
    Most,
    insert,
    last_places,
    least_wanted,
    most_of_all,
)

_AHEAD, _LINES = 4, 4
"""While a value is counted, so many lines of the list of one so far ahead are brought to the cache:
1,300 lists that are in none take 170 µs, 290 without. 3 to 8 ahead and up to 16 lines are the same.
"""

Tables = tuple[NDArray[np.int32], NDArray[np.uint32], NDArray[Any], NDArray[Any], NDArray[Any]]
"""Of a snapshot's values, by number, as in search.native.values.Values: own and own_articles, both
of shape (segments, numbers), facet, rank and bound."""


@kernel
def most_by_lists(  # noqa: PLR0913  (arrays in, arrays out)
    bits: Bitmap,
    lists: FileLists,
    segment: int,
    tables: Tables,
    counted: NDArray[np.int64],
    counts: NDArray[np.int32],
    row_of_facet: NDArray[np.int64],
    sizes: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> Most:
    """Count the values open in a segment that can be among the most frequent, most articles first.

    The more are counted the more has a value to have, and the sooner its list is given up. Done
    segment by segment, those behind being open, the last one gives the most frequent of all.

    lists: of the segment, by its own numbers
    counted: array of int64, by segment, the own number from which on values are open
    counts: array of int32, by number, added to; too low where there are too few
    row_of_facet, sizes, ends: as in most_frequent.most_of_all
    """
    own, own_articles, facet, rank, bound = tables
    twos, eights, places, articles = lists
    octets = bits.view(np.uint8)
    most = np.zeros((2, len(sizes), sizes.max()), np.int64)
    found = np.zeros(len(sizes), np.int64)
    last_key, last_rank = last_places(sizes)
    left = np.empty(AT_ONCE, np.int64)
    for begin in range(0, ends.max(), AT_ONCE):
        least = least_wanted(begin, bound, last_key, ends)
        if least == NONE_WANTED:
            break
        end = min(begin + AT_ONCE, ends.max())
        if not _open(own, own_articles, counted, segment, counts, begin, end, least, left):
            continue
        for number in range(begin, end):
            row = row_of_facet[facet[number]]
            if row < 0:
                continue
            least = max(1, last_key[row] + (rank[number] > last_rank[row]))
            count = np.int64(counts[number])
            if count + left[number - begin] < least:
                continue
            own_number = np.int64(own[segment, number])
            if own_number >= counted[segment]:
                _fetch(twos, places, min(own_number + _AHEAD, len(places) - 1))
                behind = left[number - begin] - own_articles[segment, number]
                count += count_in_list(
                    bits, octets, twos, eights, places, articles, own_number, least - count - behind
                )
                counts[number] = count
            if count < least:
                continue
            insert(most[0], most[1], found, sizes[row], rank, row, number, count)
            if found[row] == sizes[row]:
                last_key[row] = most[1, row, found[row] - 1]
                last_rank[row] = rank[most[0, row, found[row] - 1]]
    return most


@kernel
def cost_of_open(  # noqa: PLR0913  (arrays in, arrays out)
    tables: Tables,
    counted: NDArray[np.int64],
    counts: NDArray[np.int32],
    row_of_facet: NDArray[np.int64],
    sizes: NDArray[np.int64],
    ends: NDArray[np.int64],
    missed: float,
    limit: float,
) -> float:
    """Nanoseconds most_by_lists takes for all segments, if open values are spread evenly.

    missed: part of all articles that are no hits
    limit: when it takes longer any higher number is returned
    """
    own, own_articles, facet, rank, bound = tables
    most = most_of_all(bound, counts, counts, facet, rank, row_of_facet, sizes, ends)
    last_key = np.ones(len(sizes), np.int64)
    for row in range(len(sizes)):
        if sizes[row]:
            last_key[row] = max(1, most[1, row, sizes[row] - 1])
    cost = 0.0
    left = np.empty(AT_ONCE, np.int64)
    for begin in range(0, ends.max(), AT_ONCE):
        least = least_wanted(begin, bound, last_key, ends)
        if cost > limit or least == NONE_WANTED:
            break
        end = min(begin + AT_ONCE, ends.max())
        if not _open(own, own_articles, counted, 0, counts, begin, end, least, left):
            continue
        for number in range(begin, end):
            row = row_of_facet[facet[number]]
            if row < 0 or not left[number - begin]:
                continue
            too_many = counts[number] + left[number - begin] - last_key[row]
            if too_many >= 0:
                # A value is given up once too many of its articles were no hits.
                articles = np.float64(left[number - begin])
                looked_up = too_many / missed if too_many < articles * missed else articles
                cost += looked_up * SPARSE_COST + LIST_COST
    return cost


@inner_kernel
def _fetch(twos: NDArray[np.uint16], places: NDArray[np.int64], i: int) -> None:
    """Have the beginning of a list of FileLists brought to the cache."""
    prefetch(twos, places[i, 0])
    prefetch(twos, places[i, 1])
    for line in range(_LINES):
        prefetch(twos, places[i, 2] + line * RUN)


@inner_kernel
def _open(  # noqa: PLR0913  (arrays in, arrays out)
    own: NDArray[np.int32],
    own_articles: NDArray[np.uint32],
    counted: NDArray[np.int64],
    segment: int,
    counts: NDArray[np.int32],
    begin: int,
    end: int,
    least: int,
    left: NDArray[np.int64],
) -> bool:
    """The articles of some values in the segments from one on where they are open.

    left: array of int64, by number from `begin` on, written to
    Returns whether any value can have `least` of the hits.
    """
    first, size = np.uint64(begin), np.uint64(end - begin)
    most = np.int64(0)
    for i in range(size):
        left[i] = 0
    for each in range(np.uint64(segment), np.uint64(len(counted))):
        for i in range(size):
            is_open = own[each, first + i] >= counted[each]
            left[i] += np.int64(own_articles[each, first + i]) * is_open
    for i in range(size):
        most = max(most, left[i] + counts[first + i])
    return bool(most >= least)
