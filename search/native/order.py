"""Hits in the order asked for, page by page, from one or several segments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.native.segment import UNDATED
from search.native import bitmaps
from search.native.hits import Part
from search.native.matching import Matching
from search.native.ranking import best
from search.paging import LastHit
from search.request import SearchRequest
from search.results import Hit


class Found(NamedTuple):
    """What matched in one segment.

    copies: says of some documents how many others of their stories matched; None when all show
    """

    matching: Matching
    hits: Part
    copies: Callable[[NDArray[np.uint32]], list[int]] | None = None


def first_hits(
    found: Sequence[Found], request: SearchRequest, last: LastHit | None, most: int
) -> list[Hit]:
    """The first `most` hits in the request's order, of those behind the last one if given."""
    hits: list[Hit] = []
    for each in found:
        if each.hits.count:
            hits += _of_segment(each, request, last, most)
    if len(found) > 1:
        hits.sort(key=lambda hit: hit.article_id, reverse=True)
        hits.sort(key=lambda hit: _age(hit, oldest_first=request.sort == "oldest"))
        if request.sort == "relevance":
            hits.sort(key=lambda hit: -hit.score)
    return hits[:most]


def _of_segment(found: Found, request: SearchRequest, last: LastHit | None, most: int) -> list[Hit]:
    view = found.matching.view
    end = view.segment.articles
    before = end if last is None else view.position(last.published, last.article_id)
    if request.sort == "relevance":
        after = (np.inf, end) if last is None else (last.score, before)
        documents, scores = best(found.matching, request.plan, found.hits, most, after)
        return _hits(found, documents, scores.tolist())
    if request.sort == "newest":
        documents = bitmaps.last_documents(found.hits.bits, before, most)
    else:
        documents = _oldest(found, None if last is None else (last.published, before), most)
    return _hits(found, documents, [0.0] * len(documents))


def _oldest(found: Found, after: tuple[int | None, int] | None, most: int) -> NDArray[np.uint32]:
    """The first hits by ascending date, equal dates by descending number, undated ones last."""
    view, bits = found.matching.view, found.hits.bits
    published = view.segment.published
    start, undated_before = view.undated, view.undated
    if after is not None and after[0] is None:
        start, undated_before = len(bits) * 64, after[1]
    elif after is not None:
        # Of the articles of this date those before the last hit are still to come.
        moment = after[0] or 0
        start = int(np.searchsorted(published, moment, "left"))
        run_end = int(np.searchsorted(published, moment, "right"))
        seen = view.no_documents()
        bitmaps.set_range(seen, after[1], run_end)
        bits = bits & ~seen
    dated = bitmaps.first_documents(bits, start, most)
    if len(dated) == most and most:
        run_end = int(np.searchsorted(published, published[dated[-1]], "right"))
        rest = bitmaps.first_documents(bits, int(dated[-1]) + 1, run_end)
        dated = np.concatenate([dated, rest[rest < run_end]])
    dated = dated[np.lexsort((-dated.astype(np.int64), published[dated]))][:most]
    undated = bitmaps.last_documents(bits, undated_before, most - len(dated))
    documents: NDArray[np.uint32] = np.concatenate([dated, undated])
    return documents


def _hits(found: Found, documents: NDArray[np.uint32], scores: list[float]) -> list[Hit]:
    segment = found.matching.view.segment
    published = segment.published[documents].tolist()
    if found.matching.view.undated:
        published = [None if moment == UNDATED else moment for moment in published]
    copies = found.copies(documents) if found.copies else [0] * len(documents)
    rows = zip(segment.ids.several(documents), scores, published, copies, strict=True)
    return list(map(Hit._make, rows))


def _age(hit: Hit, *, oldest_first: bool) -> tuple[bool, int]:
    published = hit.published or 0
    return hit.published is None, published if oldest_first else -published
