"""Kernels that look for phrases in the positions of words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.lists import Lists
from index.native.postings import (
    IN_TITLE,
    MOST_IN_BODY,
    MOST_IN_TITLE,
    ONCE_IN_BODY,
    ONE_BYTE,
    START_EVERY,
    Occurrences,
    code_of,
    end_of_positions,
)
from search.native.bitmaps import Documents
from search.native.postings import locate, stored_codes_before


@kernel
def find_phrase(  # noqa: PLR0913  (arrays in, arrays out)
    lists: Lists,
    occurrences: Occurrences,
    numbers: NDArray[np.int64],
    slop: int,
    documents: Documents,
    longest: int,
) -> Any:
    """How often a phrase begins in title and body of documents that have all its words.

    numbers: array of int64, the words' lists in order; longest: words of the longest document
    Returns codes as in index.native.postings, array of uint8, 0 where it is in neither.
    """
    codes = np.zeros(len(documents), np.uint8)
    words = len(numbers)
    postings = np.empty((words, len(documents)), np.int64)
    for word in range(words):
        locate(lists, numbers[word], documents, postings[word])
    last_posting = np.full(words, -2, np.int64)
    last_end = np.zeros(words, np.int64)
    title = np.empty((words, longest), np.int32)
    body = np.empty((words, longest), np.int32)
    in_title = np.zeros(words, np.int64)
    in_body = np.zeros(words, np.int64)
    for j in range(len(documents)):
        for word in range(words):
            posting = postings[word, j]
            begin = _begin_of_positions(occurrences, posting, last_posting[word], last_end[word])
            code = code_of(occurrences, posting)
            in_title[word], in_body[word], last_end[word] = _read_positions(
                occurrences.position, begin, code, title[word], body[word]
            )
            last_posting[word] = posting
        codes[j] = min(_begins(title, in_title, slop), MOST_IN_TITLE) * IN_TITLE + min(
            _begins(body, in_body, slop), MOST_IN_BODY
        )
    return codes


@kernel
def _begin_of_positions(
    occurrences: Occurrences, posting: int, last_posting: int, last_end: int
) -> int:
    """Where a posting's positions begin, going on from one already read if that is nearer."""
    at = posting // START_EVERY * START_EVERY
    begin = np.int64(occurrences.position_start[posting // START_EVERY])
    if at <= last_posting < posting:
        at = last_posting + 1
        begin = last_end
    if at == posting:
        return begin
    stored = stored_codes_before(occurrences, at)
    while at < posting:
        code = ONCE_IN_BODY
        if (occurrences.other[at >> 6] >> np.uint64(at & 63)) & np.uint64(1):
            code = np.int64(occurrences.code[stored])
            stored += 1
        begin = end_of_positions(occurrences.position, begin, code)
        at += 1
    return begin


@kernel
def _read_positions(
    position: NDArray[np.uint8],
    begin: int,
    code: int,
    title: NDArray[np.int32],
    body: NDArray[np.int32],
) -> Any:
    """Read the positions of a posting; returns how many in title and body, and where they end."""
    at = begin
    in_title = 0
    if code >= IN_TITLE:
        before = -1
        while position[at] != 0 and in_title < len(title):
            gap, at = _read_number(position, at)
            before += gap
            title[in_title] = before
            in_title += 1
        at += 1
    in_body = 0
    most = code % IN_TITLE
    before = -1
    while in_body < len(body) and (in_body < most or (most == MOST_IN_BODY and position[at] != 0)):
        gap, at = _read_number(position, at)
        before += gap
        body[in_body] = before
        in_body += 1
    if most == MOST_IN_BODY:
        at += 1
    return in_title, in_body, at


@kernel
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


@kernel
def _begins(positions: NDArray[np.int32], counts: NDArray[np.int64], slop: int) -> int:
    """At how many positions of the first word the others follow in order within the slop."""
    words = len(counts)
    found = 0
    cursor = np.zeros(words, np.int64)
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
