"""The number beside a facet's value is what its click yields: against clicking, on random archives."""

from __future__ import annotations

from dataclasses import replace

import corpus
from hypothesis import assume, given
from oracle import Oracle

from index.articles import Document
from search.request import FacetFilter, FacetRequest, SearchRequest
from web.asking import click_counts

REQUESTS = corpus.requests.map(lambda request: replace(request, copies=True))
"""A click on a value can bring in a copy that is left out without it."""
ENGINE = Oracle(corpus.archive(seed=7, articles=40))


def clicked(request: SearchRequest, chosen: FacetFilter) -> int:
    """The articles there are when one facet's filter is this."""
    others = tuple(other for other in request.filters if other.facet != chosen.facet)
    counting = replace(request, filters=(*others, chosen), facets=(), histogram=None, offset=0)
    return ENGINE.search(counting).total


@given(REQUESTS)
def test_counts_equal_clicks(request: SearchRequest) -> None:
    assume(request.facets and request.filters)
    filters = {chosen.facet: chosen for chosen in request.filters}
    for counts in click_counts(ENGINE, request, ENGINE.search(request).facets):
        facet = counts.facet
        chosen = filters.get(facet, FacetFilter(facet=facet))
        shown = {value.value for value in counts.values}
        assert {*chosen.values, *chosen.excluded} <= shown
        for value in counts.values:
            required = chosen.values if chosen.match == "all" else ()
            after = FacetFilter(
                facet=facet,
                values=tuple({*required, value.value}),
                excluded=tuple(other for other in chosen.excluded if other != value.value),
                match="all",
            )
            assert value.count == clicked(request, after)
            assert value.selected == (value.value in chosen.values)
            assert value.excluded == (value.value in chosen.excluded)


@given(REQUESTS)
def test_taking_an_excluded_value_back_brings_its_count_in(request: SearchRequest) -> None:
    for chosen in request.filters:
        assume(not chosen.values)
        for value in chosen.excluded:
            wanted = [each for each in request.facets if each.facet == chosen.facet]
            answer = ENGINE.search(replace(request, facets=tuple(wanted)))
            for counts in click_counts(ENGINE, request, answer.facets):
                (counted,) = [each for each in counts.values if each.value == value]
                kept = tuple(other for other in chosen.excluded if other != value)
                without = clicked(request, replace(chosen, excluded=kept))
                assert without == clicked(request, chosen) + counted.count


def test_excluding_one_of_two_leaves_the_other_with_what_is_left() -> None:
    engine = Oracle(
        Document(article_id=str(number), title="", body="", facets={"person": people})
        for number, people in enumerate((("A",), ("A", "B"), ("B",), ("C",), ("A", "B", "C")))
    )
    request = SearchRequest(
        filters=(FacetFilter(facet="person", excluded=("A",)),),
        facets=(FacetRequest(facet="person"),),
    )
    (counts,) = click_counts(engine, request, engine.search(request).facets)
    assert {value.value: value.count for value in counts.values} == {"A": 3, "B": 1, "C": 1}
