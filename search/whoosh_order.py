"""The order of hits, as search.results defines it: by score or date, then by date, then by id."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.paging import LastHit
from search.request import Sort
from search.whoosh_columns import Numbers
from search.whoosh_snapshot import Snapshot


class Order:
    """Puts articles of a snapshot in the order of a sort."""

    def __init__(self, snapshot: Snapshot, sort: Sort, scores: NDArray[np.float64]) -> None:
        self._snapshot = snapshot
        self._direction = 1 if sort == "oldest" else -1
        self._by_score = sort == "relevance"
        self._scores = scores if self._by_score else np.zeros_like(scores)

    def first(self, documents: Numbers, wanted: int) -> Numbers:
        """The first `wanted` of the documents, in order."""
        if 0 < wanted < len(documents):
            scores = self._scores[documents]
            least = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
            documents = documents[scores >= least]
        return documents[np.lexsort(self._keys(documents)[::-1])][:wanted]

    def after(self, documents: Numbers, last: LastHit) -> Numbers:
        """Those of the documents that come after a hit, which need not be there any more."""
        keys_of_last = (
            -last.score if self._by_score else 0.0,
            last.published is None,
            self._direction * (last.published or 0),
            -bisect_left(self._snapshot.ids, last.article_id),
        )
        later = np.zeros(len(documents), dtype=bool)
        equal = np.ones(len(documents), dtype=bool)
        for keys, key in zip(self._keys(documents), keys_of_last, strict=True):
            later |= equal & (keys > key)
            equal &= keys == key
        return documents[later]

    def _keys(self, documents: Numbers) -> tuple[NDArray[Any], ...]:
        """What the documents are ordered by, ascending, the most important first."""
        return (
            -self._scores[documents],
            self._snapshot.undated[documents],
            self._direction * self._snapshot.published[documents],
            -self._snapshot.id_ranks[documents],
        )
