"""Writing posting lists with frequencies and positions, list by list, to the files of a segment.

How they are kept is told in index.native.postings.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.files import ArraysWriter
from index.native.lists import DTYPES as LIST_DTYPES
from index.native.lists import FIRSTS, pack
from index.native.postings import (
    IN_TITLE,
    MOST_IN_BODY,
    MOST_IN_TITLE,
    MOST_ONCE,
    OCCURRENCE_DTYPES,
    ONE_BYTE,
    RANK_EVERY,
    START_EVERY,
)


class ListsWriter:
    """Writes the arrays of Lists as `<prefix>.<array>`, some lists at a time."""

    def __init__(self, file: ArraysWriter, prefix: str) -> None:
        self._parts = {n: file.part(f"{prefix}.{n}", t) for n, t in LIST_DTYPES.items()}
        self._next = dict.fromkeys(FIRSTS, 0)
        for name in FIRSTS:
            self._parts[name].append(np.zeros(1, np.uint32))

    def append(self, documents: NDArray[np.uint32], first: NDArray[np.int64]) -> None:
        """Add lists; `documents` and `first` as in index.native.lists.pack, first[0] == 0."""
        containers, sparse_sizes, dense_sizes, block, count, sparse, dense, rank = pack(
            documents, first
        )
        sizes = (containers, np.diff(first), sparse_sizes, dense_sizes)
        for name, size in zip(FIRSTS, sizes, strict=True):
            ends = self._next[name] + np.cumsum(size)
            if len(ends):
                self._next[name] = int(ends[-1])
            if self._next[name] >= 1 << 32:
                raise OverflowError(f"a segment holds at most 2^32 items; {name} has more")
            self._parts[name].append(ends.astype(np.uint32))
        for name, values in (
            ("container_block", block),
            ("container_count", count),
            ("sparse", sparse),
            ("dense", dense),
            ("dense_rank", rank),
        ):
            self._parts[name].append(values)


class Encoded(NamedTuple):
    """Postings on their way into a segment, in their order.

    other: array of bool, shape (postings,): the code is stored
    once: array of uint16, the positions of the postings whose code is not
    code, size: arrays of uint8 and uint32, the stored codes and how many bytes of positions each
        posting with one has; position: array of uint8, those bytes
    """

    other: NDArray[np.bool_]
    once: NDArray[np.uint16]
    code: NDArray[np.uint8]
    size: NDArray[np.uint32]
    position: NDArray[np.uint8]


class OccurrencesWriter:
    """Writes the arrays of Occurrences, posting by posting in the order of the lists."""

    def __init__(self, file: ArraysWriter, prefix: str) -> None:
        self._parts = {n: file.part(f"{prefix}.{n}", t) for n, t in OCCURRENCE_DTYPES.items()}
        self._waiting = np.zeros(0, bool)
        self._ranked = 0
        self._stored = 0
        self._bytes = 0

    def append(self, postings: Encoded) -> None:
        """Add postings."""
        self._parts["once"].append(postings.once)
        self._parts["code"].append(postings.code)
        self._parts["position"].append(postings.position)
        starts = self._bytes + np.cumsum(postings.size, dtype=np.int64) - postings.size
        self._parts["position_start"].append(
            starts[-self._stored % START_EVERY :: START_EVERY].astype(np.uint32)
        )
        self._stored += len(postings.code)
        self._bytes += len(postings.position)
        if self._bytes >= 1 << 32:
            raise OverflowError("a segment holds at most 2^32 bytes of positions")
        self._waiting = np.concatenate([self._waiting, postings.other])
        self._write(len(self._waiting) // RANK_EVERY * RANK_EVERY)

    def close(self) -> None:
        """Write the postings that wait for the next multiple of RANK_EVERY."""
        self._write(len(self._waiting))

    def _write(self, postings: int) -> None:
        """Write which of the first `postings` waiting are others; all or a multiple of RANK_EVERY."""
        other, self._waiting = self._waiting[:postings], self._waiting[postings:]
        padded = np.zeros(-(-postings // 64) * 64, bool)
        padded[:postings] = other
        self._parts["other"].append(np.packbits(padded, bitorder="little").view(np.uint64))
        before = np.cumsum(other) - other
        ranks = self._ranked + before[::RANK_EVERY]
        self._parts["other_rank"].append(ranks.astype(np.uint32))
        self._ranked += int(np.count_nonzero(other))


@kernel
def encode_postings(
    documents: NDArray[np.uint32], places: NDArray[np.uint32], first: NDArray[np.int64]
) -> Any:
    """Turn the occurrences of words into postings.

    documents, places: arrays of uint32; the occurrences of list i are [first[i]:first[i + 1]],
        ascending by document and within it title before body, then by position. A place is
        position · 2, plus 1 in the body.
    first: array of int64, shape (lists + 1,)
    Returns posting documents (uint32), where each list's postings begin (int64, lists + 1), and
    what Encoded holds.
    """
    total = len(documents)
    posting_documents = np.empty(total, np.uint32)
    posting_first = np.zeros(len(first), np.int64)
    other = np.empty(total, np.bool_)
    once = np.empty(total, np.uint16)
    codes = np.empty(total, np.uint8)
    sizes = np.empty(total, np.uint32)
    out = np.empty(_most_bytes(places), np.uint8)
    n = 0
    stored = 0
    end = 0
    for i in range(len(first) - 1):
        j = first[i]
        while j < first[i + 1]:
            document = documents[j]
            posting_documents[n] = document
            alone = j + 1 == first[i + 1] or documents[j + 1] != document
            position = np.int64(places[j] >> 1)
            other[n] = not (alone and places[j] & 1 and position <= MOST_ONCE)
            n += 1
            if not other[n - 1]:
                once[n - 1 - stored] = position
                j += 1
                continue
            begun = end
            j, end, codes[stored] = _encode_positions(documents, places, j, first[i + 1], out, end)
            sizes[stored] = end - begun
            stored += 1
        posting_first[i + 1] = n
    return (
        posting_documents[:n],
        posting_first,
        other[:n],
        once[: n - stored],
        codes[:stored],
        sizes[:stored],
        out[:end],
    )


@inner_kernel
def _encode_positions(  # noqa: PLR0913  (arrays in, arrays out)
    documents: NDArray[np.uint32],
    places: NDArray[np.uint32],
    j: int,
    stop: int,
    out: NDArray[np.uint8],
    end: int,
) -> Any:
    """Write the positions of the posting that begins at j, before `stop`, to out[end:].

    Returns where the next posting begins, where its positions go, and the code of this one.
    """
    document = documents[j]
    in_title = 0
    in_body = 0
    before = -1
    while j < stop and documents[j] == document and places[j] & 1 == 0:
        position = np.int64(places[j] >> 1)
        end = _write_number(out, end, position - before)
        before = position
        in_title += 1
        j += 1
    if in_title:
        end = _write_number(out, end, 0)
    before = -1
    while j < stop and documents[j] == document:
        position = np.int64(places[j] >> 1)
        end = _write_number(out, end, position - before)
        before = position
        in_body += 1
        j += 1
    if in_body >= MOST_IN_BODY:
        end = _write_number(out, end, 0)
    return j, end, min(in_title, MOST_IN_TITLE) * IN_TITLE + min(in_body, MOST_IN_BODY)


@kernel
def _most_bytes(places: NDArray[np.uint32]) -> int:
    """More bytes than the positions can take: a number and a 0 each."""
    most = 0
    for place in places:
        position = place >> 1
        most += 2 if position < ONE_BYTE - 1 else 3 if position < 16_000 else 6
    return most


@inner_kernel
def _write_number(out: NDArray[np.uint8], end: int, number: int) -> int:
    """Write a number at out[end:]; returns where the next one goes."""
    if number < ONE_BYTE:
        out[end] = number
        return end + 1
    rest = number - ONE_BYTE
    if rest < (255 - ONE_BYTE) << 8:
        out[end] = ONE_BYTE + (rest >> 8)
        out[end + 1] = rest & 0xFF
        return end + 2
    out[end] = 255
    for byte in range(4):
        out[end + 1 + byte] = (number >> (8 * byte)) & 0xFF
    return end + 5
