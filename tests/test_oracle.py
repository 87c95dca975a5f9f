"""The oracle against answers worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import corpus
import pytest
from hypothesis import given, settings
from oracle import Oracle

from index.articles import STORY, Document
from index.naming import Naming
from search.plan import AnyWord, Boolean, HasValue, Phrase, PublishedBetween, Word
from search.request import Dates, FacetFilter, FacetRequest, HistogramRequest, SearchRequest
from search.results import Bar, FacetCounts, FacetValue

DAY = 86_400
ARCHIVE = (
    Document(
        article_id="a",
        title="Peace talks",
        body="Talks on peace in Kyiv. Peace!",
        language="en",
        published=0,
        facets={"person": ("Ann", "Bob"), "place": ("Kyiv",)},
    ),
    Document(
        article_id="b",
        title="War",
        body="peace, then at last talks",
        language="en",
        published=40 * DAY,
        facets={"person": ("Bob",)},
    ),
    Document(article_id="c", title="Paix", body="négociations", language="fr"),
)


def found(plan: object) -> list[str]:
    request = SearchRequest(plan=plan, sort="newest")  # type: ignore[arg-type]
    return [hit.article_id for hit in Oracle(ARCHIVE).search(request).hits]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (Word("peac"), "ba"),
        (Word("peac", "title"), "a"),
        (AnyWord(("war", "kyiv")), "ba"),
        (Phrase(("peac", "talk")), "a"),
        (Phrase(("peac", "talk"), slop=2), "a"),
        (Phrase(("peac", "talk"), slop=3), "ba"),
        (Phrase(("peac", "talk"), slop=3, field="title"), "a"),
        (Phrase(("talk", "peac", "peac"), slop=3), "a"),
        (HasValue("person", ("Ann", "Zoe")), "a"),
        (PublishedBetween(0, 40 * DAY), "a"),
        (PublishedBetween(None, None), "ba"),
        (Boolean(), "bac"),
        (Boolean(must_not=(Word("war"),)), "ac"),
        (Boolean(should=(Word("war"), Word("paix"))), "bc"),
        (Boolean(should=(Word("war"),), filter=(Word("peac"),)), "ba"),
        (Boolean(must=(Word("peac"),), should=(Word("war"),)), "ba"),
    ],
)
def test_what_matches(plan: object, expected: str) -> None:
    assert found(plan) == list(expected)


def test_a_score_by_hand() -> None:
    request = SearchRequest(plan=Boolean(must=(Word("peac", boost=2.0),), boost=3.0))
    hit = next(hit for hit in Oracle(ARCHIVE).search(request).hits if hit.article_id == "a")
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    frequency = 2.5 * 1 + 2
    norm = 0.4 + 0.6 * 8 / ((8 + 6 + 2) / 3)
    expected = 3 * 2 * rarity * 2.5 * frequency / (1.5 * norm + frequency)
    assert hit.score == pytest.approx(expected, rel=1e-12)


def test_each_facet_is_counted_under_the_other_filters() -> None:
    request = SearchRequest(
        filters=(FacetFilter(facet="person", values=("Ann",), excluded=("Zoe",)),),
        facets=(FacetRequest(facet="person", size=1), FacetRequest(facet="place")),
    )
    results = Oracle(ARCHIVE).search(request)
    assert results.total == 1
    assert results.facets == (
        FacetCounts(
            "person",
            (("Bob", 2), ("Ann", 1), ("Zoe", 0)),
            selected=frozenset({"Ann"}),
            excluded=frozenset({"Zoe"}),
        ),
        FacetCounts("place", (("Kyiv", 1),)),
    )
    assert results.facets[0].values == (
        FacetValue("Bob", 2),
        FacetValue("Ann", 1, selected=True),
        FacetValue("Zoe", 0, excluded=True),
    )


def test_values_under_their_names_with_the_greatest_weight() -> None:
    heavy = replace(ARCHIVE[0], weights={"person": (9, 200)})
    naming = Naming({("person", "Bob"): ("person", "Ann"), ("place", "Kyiv"): ("person", "Kim")})
    oracle = Oracle([heavy, *ARCHIVE[1:]], naming)
    request = SearchRequest(facets=(FacetRequest(facet="person"), FacetRequest(facet="place")))
    persons, places = oracle.search(request).facets
    assert persons.counts == (("Ann", 2), ("Kim", 1))
    assert places.counts == ()
    assert [text.values("person") for text in oracle.texts] == [
        {"Ann": 200, "Kim": 1},
        {"Ann": 1},
        {},
    ]


def test_unexpected_values_by_hand() -> None:
    request = SearchRequest(plan=Word("talk"), facets=(FacetRequest(facet="person", unexpected=5),))
    (persons,) = Oracle(ARCHIVE).search(request).facets
    bob, ann = persons.unexpected
    assert (bob.value, bob.count, bob.total) == ("Bob", 2, 2)
    assert bob.score == pytest.approx(2 * (2 * math.log(1.5) + math.log(3)))
    assert (ann.value, ann.count, ann.total) == ("Ann", 1, 1)
    assert ann.score == pytest.approx(2 * (math.log(1.5) + math.log(0.75) + math.log(1.5)))


def test_of_the_copies_of_a_story_the_earliest_is_left() -> None:
    archive = [replace(document, facets={STORY: ("one",)}) for document in ARCHIVE]
    request = SearchRequest(sort="newest", copies=False)
    (hit,) = Oracle(archive).search(request).hits
    assert (hit.article_id, hit.copies) == ("a", 2)
    (hit,) = Oracle(archive).search(replace(request, plan=Boolean(must_not=(Word("kyiv"),)))).hits
    assert (hit.article_id, hit.copies) == ("b", 1)


def test_a_histogram_is_counted_under_all_filters_but_the_dates() -> None:
    dates = Dates(first=date(1970, 1, 20))
    request = SearchRequest(dates=dates, histogram=HistogramRequest(bars=3))
    results = Oracle(ARCHIVE).search(request)
    assert results.total == 1
    assert results.histogram is not None
    assert results.histogram.grain == "month"
    assert results.histogram.undated == 1
    assert results.histogram.bars == (
        Bar(date(1970, 1, 1), date(1970, 1, 31), 1),
        Bar(date(1970, 2, 1), date(1970, 2, 28), 1),
    )


@settings(max_examples=30)
@given(corpus.histories(), corpus.requests)
def test_pages_by_cursor_are_the_pages_by_offset(
    history: list[corpus.Commit], request: SearchRequest
) -> None:
    oracle = Oracle(corpus.outcome(history))
    first = oracle.search(replace(request, offset=0))
    if first.next_cursor is not None:
        by_cursor = oracle.search(replace(request, offset=0, cursor=first.next_cursor))
        by_offset = oracle.search(replace(request, offset=request.size))
        assert by_cursor.hits == by_offset.hits
