"""Slots of hash tables in arrays: the upper half of a hash beside a number, 0 where it is free."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel


@inner_kernel
def first_slot(hashed: Any, slots: NDArray[np.uint64]) -> Any:
    """Where to look first. The upper half of a product depends on all that went into it."""
    return np.int64(hashed >> np.uint64(24)) & (len(slots) - 1)


@inner_kernel
def entry_of(hashed: Any, number: int) -> Any:
    """What stands in a slot."""
    return (hashed >> np.uint64(32) << np.uint64(32)) | np.uint64(number)
