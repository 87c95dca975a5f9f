"""How the oracle counts facets: frequent, weighty and unexpected values."""

from __future__ import annotations

import math
from collections import Counter

from oracle_texts import Text

from index.tokens import fold
from search.request import FacetRequest, SearchRequest
from search.results import FacetCounts, Unexpected


def facet_counts(
    wanted: FacetRequest, request: SearchRequest, counted: list[Text], every: list[Text]
) -> FacetCounts:
    """counted: the texts that match without the facet's own filters; every: all there are."""
    own = [chosen for chosen in request.filters if chosen.facet == wanted.facet]
    selected = frozenset(value for chosen in own for value in chosen.values)
    excluded = frozenset(value for chosen in own for value in chosen.excluded)
    counts = count_values(counted, wanted.facet)
    keys = sum_weights(counted, wanted.facet) if wanted.order == "weight" else counts
    order = sorted(counts, key=lambda value: (-keys[value], value))
    eligible = [value for value in order if fold(wanted.containing) in fold(value)]
    shown = eligible[: wanted.size]
    chosen_ones = (selected | excluded).difference(shown)
    shown += sorted(chosen_ones, key=lambda value: (-keys[value], value))
    return FacetCounts(
        wanted.facet,
        tuple((value, counts[value]) for value in shown),
        selected,
        excluded,
        more=not set(eligible) <= set(shown),
        unexpected=unexpected(counted, every, wanted),
    )


def unexpected(
    counted: list[Text], every: list[Text], wanted: FacetRequest
) -> tuple[Unexpected, ...]:
    counts = count_values(counted, wanted.facet)
    totals = count_values(every, wanted.facet)
    found = [
        Unexpected(
            value,
            counts[value],
            totals[value],
            log_likelihood_ratio(counts[value], totals[value], len(counted), len(every)),
        )
        for value in counts
        if counts[value] * len(every) > totals[value] * len(counted)
    ]
    found.sort(key=lambda each: (-each.score, each.value))
    return tuple(found[: wanted.unexpected])


def count_values(texts: list[Text], facet: str) -> Counter[str]:
    return Counter(value for text in texts for value in text.values(facet))


def sum_weights(texts: list[Text], facet: str) -> Counter[str]:
    weights: Counter[str] = Counter()
    for text in texts:
        weights.update(text.values(facet))
    return weights


def log_likelihood_ratio(count: int, total: int, counted: int, articles: int) -> float:
    """Dunning's G² of the table of articles with and without a value, counted and not."""
    score = 0.0
    for with_value in (True, False):
        for is_counted in (True, False):
            row = total if with_value else articles - total
            column = counted if is_counted else articles - counted
            both = count if with_value else counted - count
            observed = both if is_counted else row - both
            if observed:
                score += 2 * observed * math.log(observed * articles / (row * column))
    return score
