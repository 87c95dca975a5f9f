"""Phrases with a slop: words in their order, but not necessarily side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel
from index.native.positions import begin_of_positions, read_number
from index.native.postings import IN_TITLE, MOST_IN_BODY, MOST_IN_TITLE, Occurrences


@inner_kernel
def code_within(  # noqa: PLR0913  (arrays in, arrays out)
    occurrences: Occurrences,
    places: NDArray[np.int64],
    j: int,
    slop: int,
    rows: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> int:
    """How often a phrase begins in document j, as a frequency code.

    places: as find_phrase has them, shape (words, documents)
    rows: array of int64, shape (2, words, positions), overwritten: positions in title and body
    counts: array of int64, shape (3, words), overwritten: how many those are
    """
    for word in range(len(places)):
        place = places[word, j]
        if place >= 0:
            rows[1, word, 0] = place
            counts[0, word], counts[1, word] = 0, 1
        else:
            found = _read_positions(occurrences, -1 - place, rows, word)
            counts[0, word], counts[1, word] = found
    title = _begins(rows, counts, 0, slop)
    body = _begins(rows, counts, 1, slop)
    return min(title, MOST_IN_TITLE) * IN_TITLE + min(body, MOST_IN_BODY)


@inner_kernel
def _read_positions(
    occurrences: Occurrences, stored: int, rows: NDArray[np.int64], word: int
) -> Any:
    """Read the positions of a posting with a stored code; returns how many in title and body."""
    position = occurrences.position
    code = np.int64(occurrences.code[stored])
    at = begin_of_positions(occurrences.code, position, occurrences.position_start, stored, False)
    room = rows.shape[2]
    in_title = 0
    if code >= IN_TITLE:
        before = -1
        while position[at] != 0 and in_title < room:
            gap, at = read_number(position, at)
            before += gap
            rows[0, word, in_title] = before
            in_title += 1
        at += 1
    in_body = 0
    most = code % IN_TITLE
    before = -1
    while in_body < room and (in_body < most or (most == MOST_IN_BODY and position[at] != 0)):
        gap, at = read_number(position, at)
        before += gap
        rows[1, word, in_body] = before
        in_body += 1
    return in_title, in_body


@inner_kernel
def _begins(rows: NDArray[np.int64], counts: NDArray[np.int64], field: int, slop: int) -> int:
    """At how many positions of the first word the others follow in order within the slop."""
    words = counts.shape[1]
    found = 0
    counts[2] = 0  # how far each word's positions have been passed
    for first in range(counts[field, 0]):
        place = rows[field, 0, first]
        complete = True
        # The earliest place for each word is the best one for those after it.
        for word in range(1, words):
            while counts[2, word] < counts[field, word] and (
                rows[field, word, counts[2, word]] <= place
            ):
                counts[2, word] += 1
            if counts[2, word] == counts[field, word]:
                complete = False
                break
            place = rows[field, word, counts[2, word]]
        if not complete:
            break
        if place - rows[field, 0, first] - (words - 1) <= slop:
            found += 1
    return found
