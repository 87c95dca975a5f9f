"""Posting lists with frequencies and positions, as they are read from the files of a segment.

A posting has a *frequency code*: min(occurrences in the title, 3) · 64 + min(in the body, 63).
Four in five have code 1, once in the body: of them only the position is kept, in an array of its
own, so that it is found at once. Of the *other* postings code and positions are kept; a bitmap
says which these are. Postings are numbered through the segment; every 512 there is the number of
others before, and of every sixth other one the place in the bytes of the positions.

The positions of a posting are, as variable-length numbers (`POSITIONS` in index-format.md):
if it is in the title, the gaps between its positions there and a 0; then the gaps between its
positions in the body, and a 0 if the body's frequency has reached 63. A gap is a position less
the one before, and the first less −1, so that no gap is 0.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel
from index.native.bits import popcount
from index.native.files import Arrays
from index.native.lists import DTYPES as LIST_DTYPES
from index.native.lists import FIRSTS, WORDS_OF_BLOCK, Lists, PlainLists

ONCE_IN_BODY = 1
IN_TITLE = 64
MOST_IN_TITLE = 3
MOST_IN_BODY = 63
RANK_EVERY = 512
START_EVERY = 6
MOST_ONCE = 65_535
"""The highest position `once` holds; a word that is only later in the body is an *other*."""
ONE_BYTE = 192
"""Numbers below this are one byte; up to 16,319 two, with the first one from 192 to 254."""


class Occurrences(NamedTuple):
    """Frequencies and positions of all postings of a segment, in flat arrays.

    other: array of uint64, shape (postings / 64, rounded up): bit set when the code is stored
    other_rank: array of uint32, stored codes before each 512th posting
    once: array of uint16, the position in the body of each posting without a stored code
    code: array of uint8, the stored codes
    position: array of uint8, all bytes of the positions of the postings with a stored code
    position_start: array of uint32, where the bytes of each 6th of those begin
    """

    other: NDArray[np.uint64]
    other_rank: NDArray[np.uint32]
    once: NDArray[np.uint16]
    code: NDArray[np.uint8]
    position: NDArray[np.uint8]
    position_start: NDArray[np.uint32]


Terms = tuple[PlainLists, tuple[NDArray[Any], ...]]
"""Lists and their Occurrences as plain tuples, for kernels called from Python: numba takes the 15
arrays of named tuples over in 2.2 µs, those of plain ones in 1.0."""


OCCURRENCE_DTYPES = {
    "other": "<u8",
    "other_rank": "<u4",
    "once": "<u2",
    "code": "<u1",
    "position": "<u1",
    "position_start": "<u4",
}


def read_lists(file: Arrays, prefix: str) -> Lists:
    """The lists written by a ListsWriter."""
    return Lists(**{n: file.array(f"{prefix}.{n}", t) for n, t in LIST_DTYPES.items()})


def list_places(file: Arrays, prefix: str) -> NDArray[np.int64]:
    """Where in the file the arrays of each list begin, as in FileLists; shape (lists, 4)."""
    lists = read_lists(file, prefix)
    first = (lists.first_container, lists.first_container, lists.first_sparse, lists.first_dense)
    begin = np.stack(first, axis=1)[:-1] * np.array([1, 1, 1, WORDS_OF_BLOCK])
    names = ("container_block", "container_count", "sparse", "dense")
    return begin + np.array([file.place(f"{prefix}.{name}") for name in names])


def no_lists() -> Lists:
    """Lists of which there are none, read-only as those of a file."""
    return Lists(**{n: np.frombuffer(bytes(4 * (n in FIRSTS)), t) for n, t in LIST_DTYPES.items()})


def read_occurrences(file: Arrays, prefix: str) -> Occurrences:
    """The occurrences written by an OccurrencesWriter."""
    return Occurrences(**{n: file.array(f"{prefix}.{n}", t) for n, t in OCCURRENCE_DTYPES.items()})


@inner_kernel
def others_before(other: NDArray[np.uint64], other_rank: NDArray[np.uint32], posting: int) -> int:
    """How many postings before this one, which may be behind the last, have a stored code.

    Takes single arrays of Occurrences: handing over all of them costs more than the answer.
    """
    if posting == 0:
        return 0
    last = posting - 1
    word = last >> 6
    rank = np.int64(other_rank[last // RANK_EVERY])
    for before in range(last // RANK_EVERY * (RANK_EVERY // 64), word):
        rank += popcount(other[before])
    through = ~np.uint64(0) >> np.uint64(63 - (last & 63))
    return rank + popcount(other[word] & through)


@inner_kernel
def code_of(
    other: NDArray[np.uint64],
    other_rank: NDArray[np.uint32],
    codes: NDArray[np.uint8],
    posting: int,
) -> int:
    """The frequency code of a posting of the segment, from three arrays of Occurrences."""
    if (other[posting >> 6] >> np.uint64(posting & 63)) & np.uint64(1) == 0:
        return ONCE_IN_BODY
    return np.int64(codes[others_before(other, other_rank, posting)])
