"""A plan executed on a snapshot: which articles match, and how they score (search.bm25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.articles import FACETS, STORY
from index.whoosh_fields import IN_BODY
from search.bm25 import K1, MOST_IN_BODY, MOST_IN_TITLE, TITLE_WEIGHT, idf
from search.plan import (
    AmongArticles,
    AnyWord,
    Boolean,
    Everything,
    HasValue,
    Nothing,
    Phrase,
    Plan,
    PublishedBetween,
    Word,
)
from search.whoosh_columns import Numbers
from search.whoosh_snapshot import Snapshot

Mask = NDArray[np.bool_]
"""Array of bool: for each document number whether the article is meant."""

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matches:
    """The articles that match, none of them deleted; scores are 0 for all others."""

    mask: Mask
    scores: Scores


class Execution:
    """Executes plans on one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._size = len(snapshot.live)

    def matches(self, plan: Plan) -> Matches:
        """Match and score all articles."""
        match plan:
            case Word(stem, field, boost):
                return self._word(stem, field, boost)
            case AnyWord(stems, field, boost):
                mask = self._any_word(stems, field)
                return Matches(mask, np.where(mask, boost, 0.0))
            case Phrase():
                return self._phrase(plan)
            case Boolean():
                return self._boolean(plan)
            case _:
                return Matches(self._unscored(plan), np.zeros(self._size))

    def _unscored(self, plan: Plan) -> Mask:
        match plan:
            case Everything():
                return self._snapshot.live
            case Nothing():
                return np.zeros(self._size, dtype=bool)
            case HasValue(facet, values):
                return self.with_any(facet, values)
            case PublishedBetween(start, end):
                return self.published_between(start, end)
            case AmongArticles(article_ids):
                return self._snapshot.live & self._snapshot.among(frozenset(article_ids))
            case _:
                raise TypeError(f"{plan} has to be expanded before an engine gets it")

    def with_any(self, facet: str, values: Sequence[str]) -> Mask:
        """The articles with at least one of the values."""
        mask = np.zeros(self._size, dtype=bool)
        if facet not in (*FACETS, STORY):
            return mask
        column = self._snapshot.facet(facet)
        for value in values:
            mask[column.documents_with(value)] = True
        return mask

    def published_between(self, start: int | None, end: int | None) -> Mask:
        """The dated articles of start ≤ t < end, in wall-clock seconds."""
        mask = self._snapshot.live & ~self._snapshot.undated
        if start is not None:
            mask &= self._snapshot.published >= start
        if end is not None:
            mask &= self._snapshot.published < end
        return mask

    def _word(self, stem: str, field: str | None, boost: float) -> Matches:
        postings = self._snapshot.postings(stem)
        in_title, in_body = postings.in_title, postings.in_body
        rarity = self._idf(stem, field)
        return self._scored(
            postings.documents,
            in_title if field != "body" else np.zeros_like(in_title),
            in_body if field != "title" else np.zeros_like(in_body),
            boost * rarity,
        )

    def _scored(
        self, documents: Numbers, in_title: Numbers, in_body: Numbers, weight: float
    ) -> Matches:
        """BM25F for frequencies of these documents; those with none at all do not match."""
        frequency = TITLE_WEIGHT * np.minimum(in_title, MOST_IN_TITLE) + np.minimum(
            in_body, MOST_IN_BODY
        )
        norms = self._snapshot.norms[documents]
        scores = np.zeros(self._size)
        scores[documents] = weight * ((K1 + 1) * frequency / (K1 * norms + frequency))
        mask = np.zeros(self._size, dtype=bool)
        mask[documents] = frequency > 0
        return Matches(mask, scores)

    def _idf(self, stem: str, field: str | None) -> float:
        postings = self._snapshot.postings(stem)
        if field is None:
            return idf(self._snapshot.count, len(postings.documents))
        here = postings.in_title if field == "title" else postings.in_body
        return idf(self._snapshot.count, int(np.count_nonzero(here)))

    def _any_word(self, stems: Sequence[str], field: str | None) -> Mask:
        mask = np.zeros(self._size, dtype=bool)
        for stem in stems:
            postings = self._snapshot.postings(stem)
            documents = postings.documents
            if field is not None:
                here = postings.in_title if field == "title" else postings.in_body
                documents = documents[here > 0]
            mask[documents] = True
        return mask

    def _phrase(self, phrase: Phrase) -> Matches:
        begins = self._beginnings(phrase)
        in_body = (begins & IN_BODY) != 0
        if phrase.field is not None:
            kept = in_body == (phrase.field == "body")
            begins, in_body = begins[kept], in_body[kept]
        documents, which = np.unique(begins >> 32, return_inverse=True)
        counts = np.bincount(which, minlength=len(documents))
        body_counts = np.bincount(which, weights=in_body, minlength=len(documents))
        body_counts = body_counts.astype(np.int64)
        rarity = sum(self._idf(stem, phrase.field) for stem in phrase.stems)
        return self._scored(documents, counts - body_counts, body_counts, phrase.boost * rarity)

    def _beginnings(self, phrase: Phrase) -> Numbers:
        """The places where the phrase begins, in either field.

        From each place of the first stem the next place of each following stem is taken: the
        tightest occurrence. It is one when no more than slop other words are in between; the
        next place may be in another article or field, but is then much too far away.
        """
        first = last = self._snapshot.postings(phrase.stems[0]).places
        for stem in phrase.stems[1:]:
            places = self._snapshot.postings(stem).places
            following = np.searchsorted(places, last, side="right")
            there = following < len(places)
            first, last = first[there], places[following[there]]
        return first[last - first <= len(phrase.stems) - 1 + phrase.slop]

    def _boolean(self, plan: Boolean) -> Matches:
        must = [self.matches(child) for child in plan.must]
        should = [self.matches(child) for child in plan.should]
        required = [each.mask for each in must]
        required += [self.matches(child).mask for child in plan.filter]
        if required:
            mask = np.logical_and.reduce(required)
        elif should:
            mask = np.logical_or.reduce([each.mask for each in should])
        else:
            mask = self._snapshot.live
        for child in plan.must_not:
            mask = mask & ~self.matches(child).mask
        scores = sum((each.scores for each in (*must, *should)), np.zeros(self._size))
        return Matches(mask, np.where(mask, plan.boost * scores, 0.0))
