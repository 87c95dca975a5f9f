"""What scores in a plan, on its way from the plan's tree to the flat arrays of kernels."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.bm25 import K1
from search.native.bitmaps import Bitmap, Documents
from search.native.scoring import Extras, Leaves

NO_MASK = -1
"""In place of a row of masks: the leaf counts in every document."""

DECISIVE = 2.0
"""The tenth best document with the heaviest word mostly scores more than this times its weight:
measured 1.7 to 4.7 for 40 questions of two to five words on 300,000 articles."""

_NO_MASKS = np.zeros((0, 0), np.uint64)
_NO_EXTRAS = Extras(np.zeros(0, np.uint32), np.zeros(0, np.float32), np.zeros(1, np.int64))


@dataclass
class Gathered:
    """The leaves of a plan that score, as they are found; when all are, as arrays.

    numbers, weights, tables, leaf_masks: of words, see Leaves; leaf_masks are rows of `masks`
    documents, scores: of phrases and patterns, known by document
    """

    numbers: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    leaf_masks: list[int] = field(default_factory=list)
    masks: list[Bitmap] = field(default_factory=list)
    documents: list[Documents] = field(default_factory=list)
    scores: list[NDArray[np.float32]] = field(default_factory=list)
    constant: float = 0.0
    """What every hit gets."""
    required: bool = True
    """Every hit has all the words."""

    @cached_property
    def leaves(self) -> Leaves:
        """The words as arrays."""
        return Leaves(
            np.array(self.numbers, np.int64),
            np.array(self.weights, np.float32),
            np.array(self.tables, np.int64),
            np.array(self.leaf_masks, np.int64),
        )

    def words_alone(self) -> bool:
        """Whether nothing but words scores, and each in every document that has it."""
        return not self.documents and not self.masks

    @cached_property
    def decisive(self) -> tuple[NDArray[np.int64], float]:
        """The heaviest words, so few that the others hardly make a document one of the best.

        Returns their lists, and the most that the words score in a document without any of those.
        """
        order = sorted(range(len(self.weights)), key=lambda leaf: -self.weights[leaf])
        left = sum(self.weights)
        numbers = []
        for leaf in order:
            left -= self.weights[leaf]
            numbers.append(self.numbers[leaf])
            if left * (K1 + 1) <= DECISIVE * self.weights[order[0]]:
                break
        return np.array(numbers, np.int64), left * (K1 + 1) + self.constant

    @cached_property
    def extras(self) -> Extras:
        """The scores that are known by document, as arrays."""
        if not self.documents:
            return _NO_EXTRAS
        first = np.cumsum([0, *(len(documents) for documents in self.documents)])
        return Extras(np.concatenate(self.documents), np.concatenate(self.scores), first)

    @cached_property
    def mask_rows(self) -> NDArray[np.uint64]:
        """The masks as rows of one array."""
        return np.stack(self.masks) if self.masks else _NO_MASKS
