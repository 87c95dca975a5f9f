"""A sorted table of texts in two arrays, searched without loading it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.files import Arrays, ArraysWriter


class Texts:
    """Texts by number; sorted ones can be looked up. The order is that of code points.

    text: array of uint8, all texts in UTF-8, one after the other
    start: array of uint32, shape (texts + 1,), where each begins
    """

    def __init__(self, text: NDArray[np.uint8], start: NDArray[np.uint32]) -> None:
        self.text = text
        self.start = start
        self._data = memoryview(text.data) if len(text) else memoryview(b"")

    def __len__(self) -> int:
        return len(self.start) - 1

    def __getitem__(self, number: int) -> str:
        return str(self._data[self.start[number] : self.start[number + 1]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(len(self)))

    def several(self, numbers: NDArray[Any]) -> list[str]:
        """The texts of some numbers; quicker than one by one."""
        encoded, ends = gather(self.text, self.start, numbers)
        joined = str(encoded.data, "utf-8")
        if len(joined) < len(encoded):  # not ASCII, so that bytes are not characters
            return [self[number] for number in numbers.tolist()]
        return [joined[first:last] for first, last in pairwise(ends.tolist())]

    def encoded(self, number: int) -> bytes:
        """The text in UTF-8."""
        return bytes(self._data[self.start[number] : self.start[number + 1]])

    def all_encoded(self) -> list[bytes]:
        """All texts in UTF-8; much quicker than one by one."""
        data, start = self.text.tobytes(), self.start.tolist()
        return [data[first:last] for first, last in pairwise(start)]

    def find(self, text: str) -> int:
        """The number of a text in a sorted table, or -1."""
        wanted = _encoded(text)
        number = self.first_from(wanted)
        return number if number < len(self) and self.encoded(number) == wanted else -1

    def first_from(self, encoded: bytes) -> int:
        """The number of the first text of a sorted table that is not less than this one."""
        return int(first_not_less(self.text, self.start, np.frombuffer(encoded, np.uint8)))

    def with_prefix(self, prefix: str) -> range:
        """The numbers of the texts of a sorted table that begin with this."""
        first = _encoded(prefix)
        # No UTF-8 has the byte 0xFF, so this sorts behind everything that begins with `first`.
        return range(self.first_from(first), self.first_from(first + b"\xff"))


@kernel
def gather(text: NDArray[np.uint8], start: NDArray[np.uint32], numbers: NDArray[Any]) -> Any:
    """The bytes of some texts one after the other, and where each begins and the last one ends.

    text, start: as in Texts; numbers: array of integers
    Returns arrays of uint8, and of int64, shape (numbers + 1,).
    """
    begins = np.zeros(len(numbers) + 1, np.int64)
    for n in range(len(numbers)):
        size = np.int64(start[numbers[n] + 1]) - np.int64(start[numbers[n]])
        begins[n + 1] = begins[n] + size
    gathered = np.empty(begins[-1], np.uint8)
    for n in range(len(numbers)):
        first = np.int64(start[numbers[n]])
        for i in range(begins[n + 1] - begins[n]):
            gathered[begins[n] + i] = text[first + i]
    return gathered, begins


@kernel
def first_not_less(
    text: NDArray[np.uint8], start: NDArray[np.uint32], wanted: NDArray[np.uint8]
) -> int:
    """The number of the first text that is not less than the wanted one; how many if none is.

    text, start: as in Texts, sorted; wanted: array of uint8, a text in UTF-8
    """
    low, high = 0, len(start) - 1
    while low < high:
        middle = (low + high) // 2
        i = np.int64(start[middle])
        size = np.int64(start[middle + 1]) - i
        j = 0
        while j < len(wanted) and j < size and text[i + j] == wanted[j]:
            j += 1
        less = j < len(wanted) and (j == size or text[i + j] < wanted[j])
        if less:
            low = middle + 1
        else:
            high = middle
    return low


def _encoded(wanted: str) -> bytes:
    """What to look for. Lone surrogates, as in a broken command line, are in no table."""
    return wanted.encode("utf-8", "surrogatepass")


def write_texts(file: ArraysWriter, prefix: str, texts: Iterable[bytes]) -> None:
    """Write texts as `<prefix>.text` and `<prefix>.start`."""
    kept = list(texts)
    sizes = np.fromiter(map(len, kept), np.int64, len(kept))
    write_encoded(file, prefix, np.frombuffer(b"".join(kept), np.uint8), starts(sizes))


def write_encoded(
    file: ArraysWriter, prefix: str, text: NDArray[np.uint8], start: NDArray[np.int64]
) -> None:
    """Write texts that are one after the other already, as `write_texts` does."""
    file.add(f"{prefix}.text", text, "<u1")
    file.add(f"{prefix}.start", start, "<u4")


def read_texts(file: Arrays, prefix: str) -> Texts:
    """The texts written by `write_texts`."""
    return Texts(file.array(f"{prefix}.text", "<u1"), file.array(f"{prefix}.start", "<u4"))


def starts(sizes: NDArray[Any]) -> NDArray[np.int64]:
    """Where each of consecutive runs of these sizes begins, and where the last one ends."""
    begun = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=begun[1:])
    return begun


def slices(first: NDArray[np.int64], most: int) -> Iterator[tuple[int, int]]:
    """Cut consecutive lists into runs [a, b) of at most `most` items, or of one longer list."""
    a = 0
    lists = len(first) - 1
    while a < lists:
        b = int(np.searchsorted(first, first[a] + most, "right")) - 1
        b = min(max(b, a + 1), lists)
        yield a, b
        a = b
