"""What scores in a plan, on its way from the plan's tree to the flat arrays of kernels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.native.bitmaps import Bitmap, Documents
from search.native.scoring import Extras, Leaves

NO_MASK = -1
"""In place of a row of masks: the leaf counts in every document."""

_NO_MASKS = np.zeros((0, 0), np.uint64)
_NO_EXTRAS = Extras(np.zeros(0, np.uint32), np.zeros(0, np.float32), np.zeros(1, np.int64))


@dataclass
class Gathered:
    """The leaves of a plan that score, as they are found.

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

    def leaves(self) -> Leaves:
        """The words as arrays."""
        return Leaves(
            np.array(self.numbers, np.int64),
            np.array(self.weights, np.float32),
            np.array(self.tables, np.int64),
            np.array(self.leaf_masks, np.int64),
        )

    def extras(self) -> Extras:
        """The scores that are known by document, as arrays."""
        if not self.documents:
            return _NO_EXTRAS
        first = np.cumsum([0, *(len(documents) for documents in self.documents)])
        return Extras(np.concatenate(self.documents), np.concatenate(self.scores), first)

    def mask_rows(self) -> NDArray[np.uint64]:
        """The masks as rows of one array."""
        return np.stack(self.masks) if self.masks else _NO_MASKS
