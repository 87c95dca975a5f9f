"""Kernels that sort texts kept one after the other in bytes, and copy some of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel

_BEGINNING = 8
"""Bytes of a text that are compared as one number."""


@kernel
def put_in_order(
    text: NDArray[np.uint8], start: NDArray[np.int64], numbers: NDArray[np.uint32], done: int
) -> None:
    """Sort numbers of texts by their bytes, the first `done` being sorted already. In place.

    text: array of uint8, all texts; start: array of int64, shape (texts + 1,), where each begins
    """
    beginnings = _beginnings(text, start)
    room = np.empty_like(numbers)
    width = 1
    while width < len(numbers) - done:
        for begin in range(done, len(numbers) - width, 2 * width):
            end = min(begin + 2 * width, len(numbers))
            _merge(text, start, beginnings, numbers, room, begin, begin + width, end)
        width *= 2
    _merge(text, start, beginnings, numbers, room, 0, done, len(numbers))


@kernel
def _beginnings(text: NDArray[np.uint8], start: NDArray[np.int64]) -> Any:
    """The first bytes of each text as a number, by which most texts are told apart."""
    beginnings = np.zeros(len(start) - 1, np.uint64)
    for n in range(len(beginnings)):
        size = min(start[n + 1] - start[n], _BEGINNING)
        for i in range(size):
            beginnings[n] |= np.uint64(text[start[n] + i]) << np.uint64(8 * (_BEGINNING - 1 - i))
    return beginnings


@inner_kernel
def _merge(  # noqa: PLR0913  (arrays in, arrays out)
    text: NDArray[np.uint8],
    start: NDArray[np.int64],
    beginnings: NDArray[np.uint64],
    numbers: NDArray[np.uint32],
    room: NDArray[np.uint32],
    begin: int,
    middle: int,
    end: int,
) -> None:
    """Make one sorted run of two that follow each other. In place."""
    for i in range(begin, middle):
        room[i] = numbers[i]
    i, j, out = begin, middle, begin
    while i < middle and j < end:
        if _less(text, start, beginnings, numbers[j], room[i]):
            numbers[out] = numbers[j]
            j += 1
        else:
            numbers[out] = room[i]
            i += 1
        out += 1
    while i < middle:
        numbers[out] = room[i]
        i += 1
        out += 1


@inner_kernel
def _less(
    text: NDArray[np.uint8],
    start: NDArray[np.int64],
    beginnings: NDArray[np.uint64],
    one: int,
    other: int,
) -> Any:
    if beginnings[one] != beginnings[other]:
        return beginnings[one] < beginnings[other]
    i, j = start[one], start[other]
    while i < start[one + 1] and j < start[other + 1] and text[i] == text[j]:
        i += 1
        j += 1
    if i == start[one + 1] or j == start[other + 1]:
        return start[one + 1] - start[one] < start[other + 1] - start[other]
    return text[i] < text[j]


@kernel
def copy_texts(
    text: NDArray[np.uint8],
    start: NDArray[np.int64],
    numbers: NDArray[np.uint32],
    skipped: int,
    stop: int,
) -> Any:
    """Copy some texts one after the other, each without its first bytes and before a byte.

    text, start: as in put_in_order; skipped: how many bytes are left out of each
    stop: the byte before which a text ends, if it is there
    Returns the bytes (uint8), and where each begins and the last one ends (int64).
    """
    begins = np.zeros(len(numbers) + 1, np.int64)
    for n in range(len(numbers)):
        i = start[numbers[n]] + skipped
        begun = i
        while i < start[numbers[n] + 1] and text[i] != stop:
            i += 1
        begins[n + 1] = begins[n] + i - begun
    copied = np.empty(begins[-1], np.uint8)
    for n in range(len(numbers)):
        begin = start[numbers[n]] + skipped - begins[n]
        for i in range(begins[n], begins[n + 1]):
            copied[i] = text[begin + i]
    return copied, begins
