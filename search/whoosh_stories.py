"""Copies of a story: of the articles that match, which is the earliest, and which are left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.whoosh_columns import Numbers

NO_STORY = -1


@dataclass(frozen=True, slots=True)
class Stories:
    """Which articles are copies of which.

    story: for each document number the number of its story, or NO_STORY; by_age: all document
    numbers, the earliest first.
    """

    story: Numbers
    by_age: Numbers

    def earliest(self, matching: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The matching articles without those that have an earlier matching copy."""
        numbers = self.by_age[(matching & (self.story != NO_STORY))[self.by_age]]
        _, firsts = np.unique(self.story[numbers], return_index=True)
        kept: NDArray[np.bool_] = matching & (self.story == NO_STORY)
        kept[numbers[firsts]] = True
        return kept

    def other_copies(self, matching: NDArray[np.bool_], documents: Numbers) -> list[int]:
        """For each of these matching articles how many other matching ones are of its story."""
        copies = np.bincount(self.story[matching] - NO_STORY)
        stories = self.story[documents]
        others = np.where(stories == NO_STORY, 0, copies[stories - NO_STORY] - 1)
        return [int(number) for number in others]
