"""Kernels that look for phrases in the positions of words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.lists import Lists
from index.native.postings import (
    IN_TITLE,
    MOST_IN_BODY,
    MOST_IN_TITLE,
    ONE_BYTE,
    RANK_EVERY,
    START_EVERY,
    Occurrences,
    begin_of_positions,
    others_before,
)
from search.native.bitmaps import Documents
from search.native.postings import locate

READ_AHEAD = 256
"""Documents whose postings are looked up before their positions are compared."""


@kernel
def find_phrase(  # noqa: PLR0913  (arrays in, arrays out)
    lists: Lists,
    occurrences: Occurrences,
    numbers: NDArray[np.int64],
    slop: int,
    documents: Documents,
    longest: int,
) -> Any:
    """Which of the documents have all the words of a phrase, and how often it begins in them.

    numbers: array of int64, the words' lists in order; longest: words of the longest document
    Returns documents (uint32), and codes as in index.native.postings for title and body (uint8),
    0 where the phrase is in neither.
    """
    words = len(numbers)
    places = np.empty((words, len(documents)), np.int64)
    for word in range(words):
        locate(lists, numbers[word], documents, places[word])
    documents, places = _of_all_words(documents, places)
    codes = np.zeros(len(documents), np.uint8)
    stored_codes = occurrences.code
    position = occurrences.position
    position_start = occurrences.position_start
    title = np.empty((words, longest), np.int32)
    body = np.empty((words, longest), np.int32)
    in_title = np.zeros(words, np.int64)
    in_body = np.zeros(words, np.int64)
    cursor = np.zeros(words, np.int64)
    for j in range(len(documents)):
        if j % READ_AHEAD == 0:
            for word in range(words):
                _find_places(occurrences, places[word, j : j + READ_AHEAD])
        once = True
        for word in range(words):
            once &= places[word, j] >= 0
        if once:
            codes[j] = _follow(places, j, slop)
            continue
        for word in range(words):
            place = places[word, j]
            if place >= 0:
                body[word, 0] = place
                in_title[word], in_body[word] = 0, 1
            else:
                stored = -1 - place
                begin = begin_of_positions(stored_codes, position, position_start, stored)
                in_title[word], in_body[word] = _read_positions(
                    position, begin, np.int64(stored_codes[stored]), title, body, word
                )
        codes[j] = min(_begins(title, in_title, slop, cursor), MOST_IN_TITLE) * IN_TITLE + min(
            _begins(body, in_body, slop, cursor), MOST_IN_BODY
        )
    return documents, codes


@kernel
def _of_all_words(documents: Documents, postings: NDArray[np.int64]) -> Any:
    """The documents that have a posting, which is not −1, in every row; and those postings."""
    kept = np.empty_like(documents)
    kept_postings = np.empty_like(postings)
    n = 0
    for j in range(len(documents)):
        every = True
        for word in range(len(postings)):
            every &= postings[word, j] >= 0
        if every:
            kept[n] = documents[j]
            kept_postings[:, n] = postings[:, j]
            n += 1
    return kept[:n], kept_postings[:, :n].copy()


@kernel
def _find_places(occurrences: Occurrences, places: NDArray[np.int64]) -> int:
    """Put in place of each posting its position if it is once in the body, else −1 − stored code.

    What a posting needs is far from what the one before needed. So all of it is read ahead in
    loops without branches, in which the processor waits for many at once. Returns a number that
    means nothing, without which the compiler would leave that out.
    """
    other, other_rank, once = occurrences.other, occurrences.other_rank, occurrences.once
    codes, position_start = occurrences.code, occurrences.position_start
    ahead = np.uint64(0)
    for posting in places:
        ahead += other[posting >> 6] + np.uint64(other_rank[posting // RANK_EVERY])
    for j in range(len(places)):
        posting = places[j]
        stored = others_before(other, other_rank, posting)
        is_other = (other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1)
        places[j] = -1 - stored if is_other else posting - stored
    for place in places:
        if place < 0:
            ahead += np.uint64(codes[-1 - place]) + np.uint64(
                position_start[(-1 - place) // START_EVERY]
            )
        else:
            ahead += np.uint64(once[place])
    for j in range(len(places)):
        if places[j] < 0:
            begin = np.int64(position_start[(-1 - places[j]) // START_EVERY])
            ahead += np.uint64(occurrences.position[begin])
        else:
            places[j] = once[places[j]]
    return ahead


@inner_kernel
def _follow(places: NDArray[np.int64], j: int, slop: int) -> bool:
    """Whether the words of document j, each once in the body, follow each other."""
    for word in range(1, len(places)):
        if places[word, j] <= places[word - 1, j]:
            return False
    return places[-1, j] - places[0, j] - (len(places) - 1) <= slop


@inner_kernel
def _read_positions(  # noqa: PLR0913  (arrays in, arrays out)
    position: NDArray[np.uint8],
    begin: int,
    code: int,
    title: NDArray[np.int32],
    body: NDArray[np.int32],
    word: int,
) -> Any:
    """Read the positions of a posting into a row each; returns how many in title and body."""
    longest = title.shape[1]
    at = begin
    in_title = 0
    if code >= IN_TITLE:
        before = -1
        while position[at] != 0 and in_title < longest:
            gap, at = _read_number(position, at)
            before += gap
            title[word, in_title] = before
            in_title += 1
        at += 1
    in_body = 0
    most = code % IN_TITLE
    before = -1
    while in_body < longest and (in_body < most or (most == MOST_IN_BODY and position[at] != 0)):
        gap, at = _read_number(position, at)
        before += gap
        body[word, in_body] = before
        in_body += 1
    return in_title, in_body


@inner_kernel
def _read_number(position: NDArray[np.uint8], at: int) -> Any:
    """A number and where the next one begins."""
    head = np.int64(position[at])
    if head < ONE_BYTE:
        return head, at + 1
    if head < 255:
        return ONE_BYTE + ((head - ONE_BYTE) << 8) + np.int64(position[at + 1]), at + 2
    number = np.int64(0)
    for byte in range(4):
        number |= np.int64(position[at + 1 + byte]) << (8 * byte)
    return number, at + 5


@inner_kernel
def _begins(
    positions: NDArray[np.int32], counts: NDArray[np.int64], slop: int, cursor: NDArray[np.int64]
) -> int:
    """At how many positions of the first word the others follow in order within the slop.

    cursor: array of int64, shape (words,), overwritten
    """
    words = len(counts)
    found = 0
    cursor[:] = 0
    for first in range(counts[0]):
        place = positions[0, first]
        complete = True
        # The earliest place for each word is the best one for those after it.
        for word in range(1, words):
            while cursor[word] < counts[word] and positions[word, cursor[word]] <= place:
                cursor[word] += 1
            if cursor[word] == counts[word]:
                complete = False
                break
            place = positions[word, cursor[word]]
        if not complete:
            break
        if place - positions[0, first] - (words - 1) <= slop:
            found += 1
    return found
