"""Numbers for the chunks of texts, found in their bytes by one kernel.

Looking every chunk up in a dictionary of Python is half the time of indexing: most of it goes into
making a text of each. Here bytes are hashed as they are read and compared with those of the chunk
that was numbered before; a text is only made of what is new.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.slots import entry_of, first_slot

_FIRST_SLOTS = 1 << 4
_FIRST_BYTES = 1 << 6
_LAST_SPACE = 0x20
"""Control characters and ASCII's white space end a chunk. Other white space, which is not cut at
here, stands in no word either (index.tokens.pieces)."""


class ChunkTable:
    """Chunks by number, in the order of first sight; the same one of two languages is two.

    The hash is a secret of the table, so that nobody can write an article of chunks that collide.
    """

    def __init__(self) -> None:
        self._secret = np.array([secrets.randbits(64), secrets.randbits(64) | 1], np.uint64)
        self._slots = np.zeros(_FIRST_SLOTS, np.uint64)
        self._start = np.zeros(_FIRST_SLOTS // 2 + 1, np.int64)
        self._bytes = np.empty(_FIRST_BYTES, np.uint8)
        self._known = 0

    def __len__(self) -> int:
        return self._known

    def __getitem__(self, number: int) -> tuple[int, str]:
        """The language and the text of a chunk."""
        kept = self._bytes[self._start[number] : self._start[number + 1]].tobytes()
        return kept[0], kept[1:].decode("utf-8", "surrogatepass")

    def kept(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """The bytes of all chunks, each behind one for its language; and where each begins.

        What is in them stays as it is when there are more chunks.
        """
        return self._bytes, self._start[: self._known + 1]

    @property
    def memory(self) -> int:
        """Bytes held."""
        return self._slots.nbytes + self._start.nbytes + self._bytes.nbytes

    def number(
        self, texts: Sequence[bytes], languages: Sequence[int]
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The numbers of all chunks of some texts in UTF-8, and where those of each text end.

        languages: a number below 256 for each text
        """
        data = np.frombuffer(b"".join(texts), np.uint8)
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
        of_text = np.array(languages, np.uint8)
        numbers = np.empty(len(data) // 2 + len(texts), np.uint32)
        counts = np.zeros(len(texts), np.int64)
        reached = np.array([0, 0, 0, self._known], np.int64)
        while not number_chunks(
            data, ends, of_text, self._secret, *self._table(), reached, numbers, counts
        ):
            self._known = int(reached[3])
            self._make_room()
        self._known = int(reached[3])
        return numbers[: reached[2]], counts

    def _table(self) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint8]]:
        return self._slots, self._start, self._bytes

    def _make_room(self) -> None:
        """Double what is full."""
        if self._known + 1 == len(self._start):
            self._start = np.append(self._start, np.zeros(self._known, np.int64))
            self._slots = np.zeros(len(self._slots) * 2, np.uint64)
            fill_slots(self._secret, *self._table(), self._known)
        else:
            self._bytes = np.append(self._bytes, np.empty_like(self._bytes))


@kernel
def number_chunks(  # noqa: PLR0913  (arrays in, arrays out)
    data: NDArray[np.uint8],
    ends: NDArray[np.int64],
    languages: NDArray[np.uint8],
    secret: NDArray[np.uint64],
    slots: NDArray[np.uint64],
    start: NDArray[np.int64],
    kept: NDArray[np.uint8],
    reached: NDArray[np.int64],
    numbers: NDArray[np.uint32],
    counts: NDArray[np.int64],
) -> bool:
    """Number the chunks of some texts, new ones too. In place.

    data: array of uint8, the texts in UTF-8; ends, languages: of each of them
    secret: array of uint64, what the hash begins with, and what it multiplies with, odd
    slots: array of uint64, a power of two of them, at least twice the chunks there is room for:
        32 bits of the hash of a chunk and its number + 1; 0 when free
    start, kept: where the bytes of each chunk begin, and these, its language first
    reached: array of int64: the text, the place in data, numbers written, chunks known
    numbers: array of uint32, written to; counts: array of int64, numbers written after each text
    Returns False when there is no room for a new chunk; to be called again with more.
    """
    text, i, written, known = reached[0], reached[1], reached[2], reached[3]
    while text < len(ends):
        end, language = ends[text], languages[text]
        while True:
            while i < end and data[i] <= _LAST_SPACE:
                i += 1
            if i == end:
                break
            begin = i
            hashed = secret[0] ^ np.uint64(language)
            while i < end and data[i] > _LAST_SPACE:
                hashed = (hashed ^ np.uint64(data[i])) * secret[1]
                i += 1
            slot = _find(data, begin, i, language, hashed, slots, start, kept)
            if not slots[slot]:
                begun = start[known]
                if known + 1 == len(start) or begun + 1 + i - begin > len(kept):
                    reached[0], reached[1], reached[2], reached[3] = text, begin, written, known
                    return False
                kept[begun] = language
                kept[begun + 1 : begun + 1 + i - begin] = data[begin:i]
                known += 1
                start[known] = begun + 1 + i - begin
                slots[slot] = entry_of(hashed, known)
            numbers[written] = (slots[slot] & np.uint64(0xFFFFFFFF)) - np.uint64(1)
            written += 1
        counts[text] = written
        text += 1
    reached[0], reached[1], reached[2], reached[3] = text, i, written, known
    return True


@kernel
def fill_slots(
    secret: NDArray[np.uint64],
    slots: NDArray[np.uint64],
    start: NDArray[np.int64],
    kept: NDArray[np.uint8],
    known: int,
) -> None:
    """Put the known chunks into free slots. In place; see number_chunks."""
    for number in range(known):
        hashed = secret[0] ^ np.uint64(kept[start[number]])
        for i in range(start[number] + 1, start[number + 1]):
            hashed = (hashed ^ np.uint64(kept[i])) * secret[1]
        slot = first_slot(hashed, slots)
        while slots[slot]:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = entry_of(hashed, number + 1)


@inner_kernel
def _find(  # noqa: PLR0913  (arrays in, arrays out)
    data: NDArray[np.uint8],
    begin: int,
    end: int,
    language: int,
    hashed: Any,
    slots: NDArray[np.uint64],
    start: NDArray[np.int64],
    kept: NDArray[np.uint8],
) -> Any:
    """The slot of the chunk data[begin:end], or the free one where it belongs."""
    slot = first_slot(hashed, slots)
    while True:
        entry = slots[slot]
        if not entry:
            return slot
        if entry >> np.uint64(32) == hashed >> np.uint64(32):
            number = np.int64(entry & np.uint64(0xFFFFFFFF)) - 1
            j = start[number]
            same = start[number + 1] - j == end - begin + 1 and kept[j] == language
            i = begin
            while same and i < end:
                j += 1
                same = data[i] == kept[j]
                i += 1
            if same:
                return slot
        slot = (slot + 1) & (len(slots) - 1)
