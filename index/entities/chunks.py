"""Numbers for the chunks of texts, found in their code points by one kernel.

A *chunk* is what stands between white space. The same few come again and again and need their
words found only once; a string is only made of those that are new.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.slots import entry_of, first_slot

LONGEST_KEPT = 64
"""Characters of a chunk worth remembering; a longer one is new whenever it comes."""

_FIRST_SLOTS = 1 << 12
_FIRST_KEPT = 1 << 13
_LINE_BREAK = ord("\n")


_SPACES = np.strings.isspace(np.arange(0x3001, dtype=np.uint32).view("U1"))
"""Whether characters are white space, by code point; those beyond are not."""


@dataclass(frozen=True, slots=True)
class Chunks:
    """The chunks of a text.

    numbers, starts: of each, and where it begins. breaks: whether a line breaks behind it.
    new: start and end of those numbered for the first time, in the order of their numbers.
    """

    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]
    breaks: NDArray[np.bool_]
    new: NDArray[np.int64]


class ChunkNumbers:
    """Chunks by number, in the order of first sight.

    The hash is a secret of this table, so that nobody can write an article of chunks that collide.
    """

    def __init__(self) -> None:
        self._secret = np.array([secrets.randbits(64), secrets.randbits(64) | 1], np.uint64)
        self._slots = np.zeros(_FIRST_SLOTS, np.uint64)
        self._start = np.zeros(_FIRST_SLOTS // 2 + 1, np.int64)
        self._kept = np.empty(_FIRST_KEPT, np.uint32)
        self._known = 0

    def __len__(self) -> int:
        return self._known

    def cut(self, text: str) -> Chunks:
        """The chunks of a text, new ones numbered."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        most = len(codes) // 2 + 1
        numbers, starts = np.empty(most, np.int32), np.empty(most, np.int64)
        breaks, new = np.zeros(most, np.bool_), np.empty((most, 2), np.int64)
        out = numbers, starts, breaks, new
        before = self._known
        reached = np.array([0, 0, 0, before], np.int64)
        table = self._slots, self._start, self._kept
        while not number_chunks(codes, _SPACES, self._secret, table, reached, out):
            self._known = int(reached[3])
            self._make_room()
            table = self._slots, self._start, self._kept
        self._known = int(reached[3])
        count = reached[1]
        return Chunks(numbers[:count], starts[:count], breaks[:count], new[: reached[2]])

    def _make_room(self) -> None:
        """Double what may be full."""
        if self._known + 1 == len(self._start):
            self._start = np.append(self._start, np.zeros(self._known, np.int64))
            self._slots = np.zeros(len(self._slots) * 2, np.uint64)
            fill_slots(self._secret, self._slots, self._start, self._kept, self._known)
        else:
            self._kept = np.append(self._kept, np.empty_like(self._kept))


@kernel
def number_chunks(  # noqa: PLR0913  (arrays in, arrays out)
    codes: NDArray[np.uint32],
    spaces: NDArray[np.bool_],
    secret: NDArray[np.uint64],
    table: tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint32]],
    reached: NDArray[np.int64],
    out: tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]],
) -> bool:
    """Number the chunks of a text, new ones too. In place.

    codes: its code points. spaces: by code point, whether it is white space.
    secret: what the hash begins with, and what it multiplies with, odd.
    table: slots, a power of two of them and at least twice the chunks there is room for, with 32
    bits of the hash of a chunk and its number + 1, 0 when free; where the code points of each
    chunk begin; and these.
    reached: the place in codes, chunks written, new ones among them, chunks known.
    out: see `Chunks`, without line breaks.
    Returns False when there is no room for a new chunk; to be called again with more.
    """
    slots, start, kept = table
    numbers, starts, breaks, new = out
    i, written, fresh, known = reached
    while True:
        while i < len(codes) and codes[i] < len(spaces) and spaces[codes[i]]:
            if written and codes[i] == _LINE_BREAK:
                breaks[written - 1] = True
            i += 1
        if i == len(codes):
            break
        begin = i
        hashed = secret[0]
        while i < len(codes) and not (codes[i] < len(spaces) and spaces[codes[i]]):
            hashed = (hashed ^ np.uint64(codes[i])) * secret[1]
            i += 1
        size = i - begin
        slot = np.int64(-1)
        if size <= LONGEST_KEPT:
            slot = _find(codes, begin, i, hashed, slots, start, kept)
        if slot >= 0 and slots[slot]:
            numbers[written] = np.int64(slots[slot] & np.uint64(0xFFFFFFFF)) - 1
        else:
            first = start[known]
            if known + 1 == len(start) or first + size > len(kept):
                i = begin
                break
            numbers[written] = known
            known += 1
            start[known] = first
            if slot >= 0:
                kept[first : first + size] = codes[begin:i]
                start[known] = first + size
                slots[slot] = entry_of(hashed, known)
            new[fresh, 0], new[fresh, 1] = begin, i
            fresh += 1
        starts[written] = begin
        written += 1
    reached[0], reached[1], reached[2], reached[3] = i, written, fresh, known
    finished: bool = i == len(codes)
    return finished


@kernel
def fill_slots(
    secret: NDArray[np.uint64],
    slots: NDArray[np.uint64],
    start: NDArray[np.int64],
    kept: NDArray[np.uint32],
    known: int,
) -> None:
    """Put the known chunks into free slots, but long ones. In place; see `number_chunks`."""
    for number in range(known):
        if start[number] == start[number + 1]:
            continue
        hashed = secret[0]
        for i in range(start[number], start[number + 1]):
            hashed = (hashed ^ np.uint64(kept[i])) * secret[1]
        slot = first_slot(hashed, slots)
        while slots[slot]:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = entry_of(hashed, number + 1)


@inner_kernel
def _find(  # noqa: PLR0913  (arrays in, arrays out)
    codes: NDArray[np.uint32],
    begin: int,
    end: int,
    hashed: Any,
    slots: NDArray[np.uint64],
    start: NDArray[np.int64],
    kept: NDArray[np.uint32],
) -> Any:
    """The slot of the chunk codes[begin:end], or the free one where it belongs."""
    slot = first_slot(hashed, slots)
    while True:
        entry = slots[slot]
        if not entry:
            return slot
        if entry >> np.uint64(32) == hashed >> np.uint64(32):
            number = np.int64(entry & np.uint64(0xFFFFFFFF)) - 1
            first = start[number]
            size = start[number + 1] - first
            same = size == end - begin
            j = 0
            while same and j < size:
                same = codes[begin + j] == kept[first + j]
                j += 1
            if same:
                return slot
        slot = (slot + 1) & (len(slots) - 1)
