"""Arrays that grow at their end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_FIRST_ROOM = 1_024


class Growing:
    """Numbers in an array with room for more.

    Unlike array.array it grows while others hold what it gave them, as whoever compiles a kernel
    does; they keep what was there then.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self._room: NDArray[Any] = np.empty(_FIRST_ROOM, dtype)
        self._size = 0

    @property
    def values(self) -> NDArray[Any]:
        """All numbers so far."""
        return self._room[: self._size]

    def extend(self, values: Sequence[int]) -> None:
        """Add some at the end."""
        end = self._size + len(values)
        if end > len(self._room):
            room = np.empty(max(end, 2 * len(self._room)), self._room.dtype)
            room[: self._size] = self.values
            self._room = room
        self._room[self._size : end] = values
        self._size = end
