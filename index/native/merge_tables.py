"""Sorted tables of texts of several segments into one, some rows of each at a time.

The merged table is written as it grows; in memory stays only the new number of each row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.files import ArraysWriter
from index.native.merge_postings import GONE
from index.native.texts import Texts, gather

_ROWS_AT_HAND = 1 << 10
"""Rows of each table that are in memory: 30 KB, and calling a kernel for them costs nothing."""


@dataclass(frozen=True)
class Table:
    """The texts of a segment, sorted, and which of them are wanted.

    used: array of bool, shape (rows,)
    before, after: arrays of int64 and uint32, shape (rows,), what rows are sorted by before and
        after their texts, if anything. Rows that are the same in all three become one.
    """

    texts: Texts
    used: NDArray[np.bool_]
    before: NDArray[np.int64] | None = None
    after: NDArray[np.uint32] | None = None


def merge_tables(
    file: ArraysWriter, prefix: str, tables: Sequence[Table]
) -> tuple[list[NDArray[np.uint32]], int]:
    """Write the used rows of all tables, each once, as `<prefix>.text` and `<prefix>.start`.

    Returns the new number of each row of each table, or GONE, and how many there are.
    """
    text, start = file.part(f"{prefix}.text", "<u1"), file.part(f"{prefix}.start", "<u4")
    start.append(np.zeros(1, np.uint32))
    maps = [np.full(len(each.used), GONE, np.uint32) for each in tables]
    at_hand = _AtHand(tables)
    sizes = np.empty(at_hand.new.size, np.int64)
    out = np.empty(at_hand.text.size, np.uint8)
    for number in range(len(tables)):
        at_hand.load(number)
    empty = 0
    while empty >= 0:
        rows, end, empty = merge_rows(*at_hand.arrays, start.items - 1, sizes, out)
        start.append(text.items + np.cumsum(sizes[:rows]))
        text.append(out[:end])
        if empty >= 0:
            maps[empty][at_hand.taken[empty]] = at_hand.numbers(empty)
            at_hand.load(empty)
    return maps, start.items - 1


def added_up(
    counts: Iterable[NDArray[np.uint32]], maps: Sequence[NDArray[np.uint32]], rows: int
) -> NDArray[np.int64]:
    """What rows of a merged table have together. counts: of each table what its rows have."""
    total = np.zeros(rows, np.int64)
    for own, new in zip(counts, maps, strict=True):
        used = new != GONE
        total[new[used]] += own[used]
    return total


class _AtHand:
    """The next rows of each table in arrays, and behind the tables a place for one row more."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._loaded = [0] * len(tables)
        places = len(tables) + 1
        most = max(map(_most_bytes, tables))
        self.text = np.empty((places, most), np.uint8)
        self.start = np.zeros((places, _ROWS_AT_HAND + 1), np.int64)
        self.before = np.zeros((places, _ROWS_AT_HAND), np.int64)
        self.after = np.zeros((places, _ROWS_AT_HAND), np.uint32)
        self.rows = np.zeros(places, np.int64)
        self.next = np.zeros(places, np.int64)
        self.new = np.zeros((places, _ROWS_AT_HAND), np.uint32)
        self.taken = [np.zeros(0, np.int64)] * len(tables)

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """What `merge_rows` takes first."""
        return self.text, self.start, self.before, self.after, self.rows, self.next, self.new

    def numbers(self, number: int) -> NDArray[np.uint32]:
        """The new numbers of the rows of a table that were at hand."""
        return self.new[number, : self.rows[number]]

    def load(self, number: int) -> None:
        """Replace the rows of a table by its next used ones; none when there are no more."""
        table = self._tables[number]
        taken = np.zeros(0, np.int64)
        while not len(taken) and self._loaded[number] < len(table.used):
            begin = self._loaded[number]
            self._loaded[number] += _ROWS_AT_HAND
            taken = begin + np.flatnonzero(table.used[begin : self._loaded[number]])
        encoded, begins = gather(table.texts.text, table.texts.start, taken)
        self.text[number, : len(encoded)] = encoded
        self.start[number, : len(begins)] = begins
        if table.before is not None:
            self.before[number, : len(taken)] = table.before[taken]
        if table.after is not None:
            self.after[number, : len(taken)] = table.after[taken]
        self.taken[number], self.rows[number], self.next[number] = taken, len(taken), 0


def _most_bytes(table: Table) -> int:
    """The most bytes that the texts of rows at hand can have."""
    begins = np.append(table.texts.start[::_ROWS_AT_HAND], table.texts.start[-1])
    return int(np.diff(begins).max())


@kernel
def merge_rows(  # noqa: PLR0913  (arrays in, arrays out)
    text: NDArray[np.uint8],
    start: NDArray[np.int64],
    before: NDArray[np.int64],
    after: NDArray[np.uint32],
    rows: NDArray[np.int64],
    first: NDArray[np.int64],
    new: NDArray[np.uint32],
    numbered: int,
    sizes: NDArray[np.int64],
    out: NDArray[np.uint8],
) -> Any:
    """Merge the rows at hand until a table has none left. In place.

    text … after: of each table the rows at hand; shapes (tables + 1, bytes), (tables + 1, most
        + 1), (tables + 1, most) twice. Behind the tables: the row that was numbered last.
    rows, first: arrays of int64, shape (tables + 1,), how many there are, and the next one. A
        table without rows is at its end.
    new: array of uint32, shape (tables + 1, most), the numbers of rows, written to
    numbered: how many rows have a number already
    sizes, out: the bytes of each row that gets a number now, and these, written to
    Returns how many rows and bytes were written, and the table that has none left, or −1 when
    all are at their ends.
    """
    tables = len(rows) - 1
    heap = np.empty(tables, np.int64)
    left = 0
    for table in range(tables):
        if rows[table]:
            heap[left] = table
            left += 1
    for place in range(left // 2 - 1, -1, -1):
        _sift(text, start, before, after, first, heap, left, place)
    last, last_row = tables, np.int64(0)
    written = 0
    end = 0
    table = -1
    while left:
        table = heap[0]
        row = first[table]
        known = numbered + written > 0
        if not known or _compare(text, start, before, after, last, last_row, table, row):
            begin = start[table, row]
            sizes[written] = start[table, row + 1] - begin
            for i in range(sizes[written]):
                out[end + i] = text[table, begin + i]
            end += sizes[written]
            written += 1
            last, last_row = table, row
        new[table, row] = numbered + written - 1
        first[table] += 1
        if first[table] == rows[table]:
            break
        _sift(text, start, before, after, first, heap, left, 0)
    if written:
        size = sizes[written - 1]
        text[tables, :size] = out[end - size : end]
        start[tables, 1] = size
        before[tables, 0] = before[last, last_row]
        after[tables, 0] = after[last, last_row]
    return written, end, table


@inner_kernel
def _sift(  # noqa: PLR0913  (arrays in, arrays out)
    text: NDArray[np.uint8],
    start: NDArray[np.int64],
    before: NDArray[np.int64],
    after: NDArray[np.uint32],
    first: NDArray[np.int64],
    heap: NDArray[np.int64],
    left: int,
    place: int,
) -> None:
    """Bring the table at a place of a binary heap of `left` down to where it belongs. In place."""
    while 2 * place + 1 < left:
        child = 2 * place + 1
        if child + 1 < left:
            one, other = heap[child + 1], heap[child]
            if _compare(text, start, before, after, one, first[one], other, first[other]) < 0:
                child += 1
        one, other = heap[child], heap[place]
        if _compare(text, start, before, after, one, first[one], other, first[other]) >= 0:
            return
        heap[child], heap[place] = other, one
        place = child


@inner_kernel
def _compare(  # noqa: PLR0913  (arrays in, a number out)
    text: NDArray[np.uint8],
    start: NDArray[np.int64],
    before: NDArray[np.int64],
    after: NDArray[np.uint32],
    one: int,
    row: int,
    other: int,
    other_row: int,
) -> int:
    """Less than 0 if a row of one table comes before one of another, 0 if they are the same."""
    if before[one, row] != before[other, other_row]:
        return -1 if before[one, row] < before[other, other_row] else 1
    i = start[one, row]
    j = start[other, other_row]
    size = start[one, row + 1] - i
    other_size = start[other, other_row + 1] - j
    n = 0
    while n < size and n < other_size and text[one, i + n] == text[other, j + n]:
        n += 1
    if n < size and n < other_size:
        return -1 if text[one, i + n] < text[other, j + n] else 1
    if size != other_size:
        return -1 if size < other_size else 1
    if after[one, row] != after[other, other_row]:
        return -1 if after[one, row] < after[other, other_row] else 1
    return 0
