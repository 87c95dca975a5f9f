"""Kernels that look for phrases in the positions of words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.lists import Lists
from index.native.positions import begin_of_positions, read_number
from index.native.postings import (
    IN_TITLE,
    MOST_IN_BODY,
    MOST_IN_TITLE,
    Occurrences,
    Terms,
)
from search.native.bitmaps import Bitmap
from search.native.conjunction import add_block, begin_walk
from search.native.phrase_places import READ_AHEAD, Room, find_places, make_room
from search.native.postings import CODES
from search.native.slop import code_within

FIELDS = {None: 255, "title": 255 - MOST_IN_BODY, "body": MOST_IN_BODY}
"""The bits of a frequency code that count where a phrase is looked for in one field."""


@kernel
def find_phrase(  # noqa: PLR0913  (arrays in, arrays out)
    terms: Terms,
    numbers: NDArray[np.int64],
    slop: int,
    fields: int,
    scope: Bitmap,
    longest: int,
) -> Any:
    """In which documents of the scope a phrase is, and how often it begins there.

    numbers: array of int64, the words' lists in order; fields: see FIELDS
    longest: words of the longest document
    Returns documents (uint32), and codes as in index.native.postings for these fields (uint8).
    """
    lists, occurrences = Lists(*terms[0]), Occurrences(*terms[1])
    walk = begin_walk(lists, numbers, READ_AHEAD)
    room = make_room(len(numbers), slop, longest)
    rarest = numbers[walk.rarest]
    most = np.int64(lists.first_posting[rarest + 1]) - np.int64(lists.first_posting[rarest])
    found = np.empty(most, np.uint32)
    codes = np.empty(most, np.uint8)
    n = 0
    waiting = 0
    last = np.int64(lists.first_container[rarest + 1]) - 1
    for c in range(np.int64(lists.first_container[rarest]), last + 1):
        block = np.int64(lists.container_block[c])
        waiting = add_block(walk, lists, numbers, block, scope, waiting)
        if waiting < READ_AHEAD and c < last:
            continue
        for start in range(0, waiting, READ_AHEAD):
            some = min(READ_AHEAD, waiting - start)
            find_places(occurrences, walk.posting, start, some, room)
            if slop:
                for j in range(some):
                    room.code[j] = code_within(
                        occurrences, room.place, j, slop, room.rows, room.counts
                    )
            else:
                _find_codes(occurrences, some, room)
            for j in range(some):
                found[n] = walk.documents[start + j]
                codes[n] = room.code[j] & fields
                n += codes[n] > 0
        waiting = 0
    return found[:n], codes[:n]


@kernel
def match_phrase(  # noqa: PLR0913  (arrays in, arrays out)
    terms: Terms,
    numbers: NDArray[np.int64],
    slop: int,
    fields: int,
    scope: Bitmap,
    longest: int,
    weight: float,
    saturation: NDArray[np.float32],
    lengths: NDArray[np.uint8],
) -> Any:
    """The documents of the scope with a phrase, and their scores: find_phrase and more in one call.

    weight: what the saturated frequency is multiplied with
    saturation: array of float32, by code · 256 + length code; lengths: array of uint8
    Returns documents (uint32, ascending) and scores (float32).
    """
    documents, codes = find_phrase(terms, numbers, slop, fields, scope, longest)
    scores = np.empty(len(documents), np.float32)
    factor = np.float32(weight)
    for j in range(len(documents)):
        length = np.int64(lengths[documents[j]])
        scores[j] = factor * saturation[np.int64(codes[j]) * CODES + length]
    return documents, scores


@inner_kernel
def _find_codes(occurrences: Occurrences, some: int, room: Room) -> None:
    """Find how often the phrase, without a slop, is in some documents whose places are known."""
    anchored, loose = _sort_out(some, room)
    room.code[:some] = 0
    for a in range(anchored):
        j = room.anchored[a]
        room.code[j] = _is_at(occurrences, room.place, j, room.begin[a])
    for a in range(loose):
        j = room.loose[a]
        in_title = in_body = True
        for word in range(len(room.place)):
            code = occurrences.code[-1 - room.place[word, j]]
            in_title &= code >= IN_TITLE
            in_body &= code % IN_TITLE > 0
        title = _count_in_field(occurrences, j, room, in_body=False) if in_title else 0
        body = _count_in_field(occurrences, j, room, in_body=True) if in_body else 0
        room.code[j] = min(title, MOST_IN_TITLE) * IN_TITLE + min(body, MOST_IN_BODY)


@inner_kernel
def _sort_out(some: int, room: Room) -> Any:
    """Tell the documents in which a word is once in the body; returns how many, and the others.

    The phrase can begin at one place only there. If two such words do not agree about it, or it is
    before the beginning, the document is left out.
    """
    place = room.place
    anchored = 0
    loose = 0
    for j in range(some):
        begin = np.int64(-1)
        agree = True
        known = False
        for word in range(len(place)):
            once = place[word, j] >= 0
            here = place[word, j] - word
            agree &= (not once) | (not known) | (here == begin)
            begin = here if once else begin
            known |= once
        room.anchored[anchored] = j
        room.begin[anchored] = begin
        anchored += known & agree & (begin >= 0)
        room.loose[loose] = j
        loose += not known
    return anchored, loose


@inner_kernel
def _is_at(occurrences: Occurrences, place: NDArray[np.int64], j: int, begin: int) -> bool:
    """Whether the words that are not once in the body of document j follow from `begin` on."""
    position = occurrences.position
    for word in range(len(place)):
        if place[word, j] >= 0:
            continue
        stored = -1 - place[word, j]
        at = begin_of_positions(
            occurrences.code, position, occurrences.position_start, stored, True
        )
        left = np.int64(occurrences.code[stored]) % IN_TITLE
        endless = left == MOST_IN_BODY
        here = np.int64(-1)
        while here < begin + word and (position[at] != 0 if endless else left > 0):
            gap, at = read_number(position, at)
            here += gap
            left -= 1
        if here != begin + word:
            return False
    return True


@inner_kernel
def _count_in_field(occurrences: Occurrences, j: int, room: Room, in_body: bool) -> int:
    """How often the phrase is in a field of document j, where no word is once in the body.

    Where it could begin after the words so far is marked, and the marks that the next word hits
    are kept. So that they are not negative, places are those of the last word.
    """
    marks, found = room.marks, room.found
    words = len(room.place)
    n = 0
    for word in range(words):
        stored = -1 - room.place[word, j]
        kept = _read_field(occurrences, stored, in_body, words - 1 - word, word > 0, room)
        if word > 0:
            for i in range(n):
                marks[found[0, i] >> 6] = 0
        n = kept
        if word == words - 1 or n == 0:
            break
        for i in range(n):
            place = found[1, i]
            found[0, i] = place
            marks[place >> 6] |= np.uint64(1) << np.uint64(place & 63)
    return n


@inner_kernel
def _read_field(  # noqa: PLR0913  (arrays in, arrays out)
    occurrences: Occurrences, stored: int, in_body: bool, ahead: int, marked: bool, room: Room
) -> int:
    """Read the positions of a posting in a field, plus `ahead`, to the second row of `found`.

    marked: only those that are marked. Returns how many.
    """
    position = occurrences.position
    at = begin_of_positions(occurrences.code, position, occurrences.position_start, stored, in_body)
    left = np.int64(MOST_IN_BODY)
    if in_body:
        left = np.int64(occurrences.code[stored]) % IN_TITLE
    endless = left == MOST_IN_BODY
    last = len(room.marks) * 64 - 1
    here = ahead - 1
    n = 0
    while n < room.found.shape[1] and (position[at] != 0 if endless else left > 0):
        gap, at = read_number(position, at)
        # What is behind the end is only there when the file has been damaged.
        here = min(here + gap, last)
        room.found[1, n] = here
        hit = (room.marks[here >> 6] >> np.uint64(here & 63)) & np.uint64(1)
        n += np.int64(hit) if marked else 1
        left -= 1
    return n
