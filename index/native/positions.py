"""Reading positions: where those of a posting begin, and the numbers they are written as."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel
from index.native.bits import at_least, eight_bytes, popcount
from index.native.postings import IN_TITLE, MOST_IN_BODY, ONE_BYTE, START_EVERY

FIVE_BYTES = 255
"""The first byte of a number of five bytes."""

_EACH = np.uint64(0x0101010101010101)
"""A 1 in each of eight bytes; times a byte, that byte in each."""

_EVEN_BYTES = np.uint64(0x00FF00FF00FF00FF)
_EVEN_BITS = np.uint64(0x5555555555555555)
_ONE = np.uint64(1)


@inner_kernel
def begin_of_positions(
    codes: NDArray[np.uint8],
    position: NDArray[np.uint8],
    position_start: NDArray[np.uint32],
    stored: int,
    in_body: bool,
) -> int:
    """Where the positions of the posting with this stored code begin, or those in its body.

    Takes three arrays of Occurrences. Passes over the numbers of the postings before in the group,
    all at once where it can.
    """
    group = stored // START_EVERY
    first = group * START_EVERY
    begin = np.int64(position_start[group])
    if first + 8 <= len(codes):
        numbers = _numbers_before(eight_bytes(codes, first), stored - first, in_body)
        if numbers >= 0:
            return skip_numbers(position, begin, numbers)
    for at in range(first, stored):
        begin = end_of_positions(position, begin, np.int64(codes[at]))
    if in_body and codes[stored] >= IN_TITLE:
        begin = _end_of_field(position, begin)
    return begin


@inner_kernel
def _numbers_before(codes: int, before: int, title: bool) -> int:
    """How many numbers the first `before` of six postings have, or −1 if codes do not say.

    codes: theirs and two more, a byte each; all of them are added up side by side
    title: with the numbers in the title of the posting behind those
    """
    earlier = (_ONE << np.uint64(8 * before)) - _ONE
    titles = (codes >> np.uint64(6)) & (_EACH * np.uint64(3))
    titles &= (earlier << np.uint64(8)) | np.uint64(255) if title else earlier
    bodies = codes & (_EACH * np.uint64(63)) & earlier
    at_most = ((titles + _EACH) & (_EACH << np.uint64(2))) | (
        (bodies + _EACH) & (_EACH << np.uint64(6))
    )
    if at_most:  # of 3 in the title or 63 in the body there may be more
        return -1
    zeros = (titles | (titles >> _ONE)) & _EACH
    numbers = titles + bodies + zeros
    pairs = (numbers & _EVEN_BYTES) + ((numbers >> np.uint64(8)) & _EVEN_BYTES)
    return np.int64((pairs * (_EACH & _EVEN_BYTES)) >> np.uint64(48))


@inner_kernel
def skip_numbers(position: NDArray[np.uint8], at: int, count: int) -> int:
    """Where the numbers after some more begin."""
    if count < 64 and at + 64 <= len(position):
        heads = _two_byte_heads(at_least(position, at, ONE_BYTE))
        # The end is `count` bytes on and one more for each number of two bytes before it. Two
        # steps are mostly enough, and a loop would be guessed wrong.
        near = count + popcount(heads & ((_ONE << np.uint64(count)) - _ONE))
        end = count + popcount(heads & ((_ONE << np.uint64(near & 63)) - _ONE))
        while near < end < 64:
            near = end
            end = count + popcount(heads & ((_ONE << np.uint64(near & 63)) - _ONE))
        five = at_least(position, at, FIVE_BYTES)
        if near < 64 and end < 64 and not five & ((_ONE << np.uint64(end)) - _ONE):
            return at + end
    for _ in range(count):
        at += _bytes_of_number(position[at])
    return at


@inner_kernel
def _two_byte_heads(high: int) -> int:
    """Which bytes begin a number of two, of 64 bytes from the beginning of a number on.

    high: which bytes are 192 or more. In a row of such every second one begins a number, from its
    first on. So the rows that begin at even places are told from the others, by adding a bit at
    their beginning: it is carried through to their end.
    """
    firsts = high & ~(high << _ONE)
    carried = high + (firsts & _EVEN_BITS)
    return (high & ~carried & _EVEN_BITS) | (high & carried & ~_EVEN_BITS)


@inner_kernel
def end_of_positions(position: NDArray[np.uint8], begin: int, code: int) -> int:
    """Where the positions of a posting end that begin at `begin`."""
    end = begin
    if code >= IN_TITLE:
        end = _end_of_field(position, end)
    in_body = code % IN_TITLE
    if in_body == MOST_IN_BODY:
        return _end_of_field(position, end)
    for _ in range(in_body):
        end += _bytes_of_number(position[end])
    return end


@inner_kernel
def _end_of_field(position: NDArray[np.uint8], begin: int) -> int:
    """Where numbers that end with a 0 end."""
    end = begin
    while position[end] != 0:
        end += _bytes_of_number(position[end])
    return end + 1


@inner_kernel
def _bytes_of_number(head: int) -> int:
    """How many bytes a number has that begins with this one."""
    return 1 if head < ONE_BYTE else 2 if head < FIVE_BYTES else 5


@inner_kernel
def read_number(position: NDArray[np.uint8], at: int) -> Any:
    """A number, and where the next one begins."""
    head = np.int64(position[at])
    if head < ONE_BYTE:
        return head, at + 1
    if head < FIVE_BYTES:
        return ONE_BYTE + ((head - ONE_BYTE) << 8) + np.int64(position[at + 1]), at + 2
    number = np.int64(0)
    for byte in range(4):
        number |= np.int64(position[at + 1 + byte]) << (8 * byte)
    return number, at + 5
