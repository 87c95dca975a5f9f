"""What is named more than usual: counted under all filters, and worth what a click yields."""

from __future__ import annotations

from dataclasses import replace

import corpus
from hypothesis import assume, given
from oracle import Oracle

from search.archive import Answer, Question
from search.plan import Everything
from search.query import read_query
from search.request import FacetFilter, FacetRequest, SearchRequest
from search.results import FacetCounts, SearchResults, Unexpected
from web import unexpected
from web.limits import UNEXPECTED

ENGINE = Oracle(corpus.archive(seed=11, articles=60))
FACETS = tuple(FacetRequest(facet=facet, unexpected=UNEXPECTED) for facet in ("person", "place"))


def total(request: SearchRequest) -> int:
    return ENGINE.search(replace(request, facets=(), histogram=None, size=0, offset=0)).total


@given(corpus.requests)
def test_values_are_counted_among_all_articles_found(request: SearchRequest) -> None:
    request = replace(request, facets=FACETS, offset=0, cursor=None)
    filters = {chosen.facet: chosen for chosen in request.filters}
    results = ENGINE.search(request)
    for counts in unexpected.within(ENGINE, request, results.facets):
        chosen = filters.get(counts.facet, FacetFilter(facet=counts.facet))
        for value in counts.unexpected:
            assert value.value not in (*chosen.values, *chosen.excluded)
            assert value.count / results.total > value.total / ENGINE.count()


@given(corpus.requests)
def test_a_click_yields_the_number_beside_it(request: SearchRequest) -> None:
    request = replace(request, facets=FACETS, offset=0, cursor=None, copies=True)
    results = ENGINE.search(request)
    assume(results.total >= unexpected.FEWEST_ARTICLES)
    facets = unexpected.within(ENGINE, request, results.facets)
    sure = tuple(
        counts._replace(
            unexpected=tuple(replace(each, score=99.0) for each in counts.unexpected),
        )
        for counts in facets
    )
    for shown in unexpected.shown(answer(request, replace(results, facets=sure))):
        assert total(replace(request, filters=shown.question.filters)) == shown.articles
        assert shown.articles < results.total


def answer(request: SearchRequest, results: SearchResults) -> Answer:
    return Answer(
        question=Question(filters=request.filters, facets=FACETS),
        reading=read_query(""),
        request=request,
        results=results,
        found=(),
        correction=None,
        took_ms=0.0,
    )


def test_only_what_is_hardly_chance_is_shown() -> None:
    counts = FacetCounts(
        "person",
        (),
        unexpected=(
            Unexpected("All of them", 20, 20, 90.0),
            Unexpected("Sure", 9, 10, 40.0),
            Unexpected("Chance", 2, 30, 9.0),
        ),
    )
    request = SearchRequest(plan=Everything())
    found = unexpected.shown(answer(request, SearchResults(20, (), (counts,))))
    assert [each.value for each in found] == ["Sure"]
    assert found[0].question.filters == (FacetFilter(facet="person", values=("Sure",)),)
    assert unexpected.shown(answer(request, SearchResults(4, (), (counts,)))) == ()
