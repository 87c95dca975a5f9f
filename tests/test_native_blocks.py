"""An index of more articles than a block holds, against counting with numpy."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from native_index import commit
from numpy.typing import NDArray

from index.articles import Document
from index.native.manifest import read_manifest
from search.native import best
from search.native.engine import NativeEngine
from search.plan import AnyWord, Boolean, Everything, HasValue, Phrase, Plan, Word
from search.request import (
    Dates,
    FacetFilter,
    FacetRequest,
    HistogramRequest,
    SearchRequest,
    Sort,
)
from search.results import Hit

ARTICLES = 70_000
FIRST_DAY = date(2015, 1, 1)
DAYS = 3_650
UNDATED = 500
WORDS = ("the", "war", "vote", "oil", "rain", "goal", "bank", "ship", "zinc", "yak")
WORD_SHARES = (0.4, 0.2, 0.12, 0.1, 0.08, 0.05, 0.03, 0.0196, 0.0003, 0.0001)
PEOPLE = tuple(f"person {number:03}" for number in range(300))
PLACES = ("Kyiv", "Oslo", "Lima")
LONGEST = 6

Mask = NDArray[np.bool_]


@dataclass
class Archive:
    """Articles as columns: `text` holds word numbers or −1, `people` and `place` value numbers.

    The articles are in the order of their ids. `live` are those not deleted.
    """

    title: NDArray[np.int64]
    text: NDArray[np.int64]
    people: NDArray[np.int64]
    place: NDArray[np.int64]
    published: NDArray[np.int64]
    dated: Mask
    live: Mask

    def documents(self) -> list[Document]:
        return [
            Document(
                article_id=f"a{number:05}",
                title=WORDS[title],
                body=" ".join(WORDS[word] for word in text if word >= 0),
                published=published if dated else None,
                facets={
                    "person": tuple(PEOPLE[value] for value in dict.fromkeys(people)),
                    "place": (PLACES[place],),
                },
            )
            for number, (title, text, people, place, published, dated) in enumerate(
                zip(*(column.tolist() for column in self.columns()), strict=True)
            )
        ]

    def columns(self) -> tuple[NDArray[np.generic], ...]:
        return self.title, self.text, self.people, self.place, self.published, self.dated

    def with_word(self, word: str) -> Mask:
        number = WORDS.index(word)
        return np.asarray((self.title == number) | self.in_body(word))

    def in_body(self, word: str) -> Mask:
        return np.asarray((self.text == WORDS.index(word)).any(axis=1))

    def with_phrase(self, first: str, second: str) -> Mask:
        pairs = (self.text[:, :-1] == WORDS.index(first)) & (
            self.text[:, 1:] == WORDS.index(second)
        )
        return np.asarray(pairs.any(axis=1))

    def with_person(self, person: str) -> Mask:
        return np.asarray((self.people == PEOPLE.index(person)).any(axis=1))

    def days(self) -> NDArray[np.int64]:
        return self.published // 86_400


def archive() -> Archive:
    generator = np.random.default_rng(70_000)
    words = generator.choice(len(WORDS), (ARTICLES, LONGEST), p=WORD_SHARES)
    lengths = generator.integers(2, LONGEST, ARTICLES)
    begun = (FIRST_DAY - date(1970, 1, 1)).days
    weights = 1 / np.arange(1, len(PEOPLE) + 1)
    published = (begun + generator.integers(0, DAYS, ARTICLES)) * 86_400
    dated = np.ones(ARTICLES, bool)
    dated[generator.choice(ARTICLES, UNDATED, replace=False)] = False
    return Archive(
        title=words[:, 0],
        text=np.where(np.arange(1, LONGEST) <= lengths[:, None], words[:, 1:], -1),
        people=generator.choice(len(PEOPLE), (ARTICLES, 3), p=weights / weights.sum()),
        place=generator.choice(3, ARTICLES, p=(0.9, 0.09, 0.01)),
        published=published,
        dated=dated,
        live=np.ones(ARTICLES, bool),
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, NativeEngine]:
    """One segment, nothing deleted."""
    columns = archive()
    folder = tmp_path_factory.mktemp("whole")
    commit(folder, columns.documents())
    assert [entry.articles for entry in read_manifest(folder).segments] == [ARTICLES]
    return columns, NativeEngine.open(folder)


@pytest.fixture(scope="module")
def changed(
    whole: tuple[Archive, NativeEngine], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Archive, NativeEngine]:
    """Two segments, the larger one of more than a block, with deletions all over both."""
    columns = whole[0]
    folder = tmp_path_factory.mktemp("changed")
    documents = columns.documents()
    commit(folder, [document for number, document in enumerate(documents) if number % 16])
    gone = np.random.default_rng(1).random(ARTICLES) < 0.1
    gone[:200] = True
    gone[-1] = True
    commit(folder, documents[::16])
    commit(folder, [documents[number].article_id for number in np.flatnonzero(gone)])
    entries = read_manifest(folder).segments
    assert len(entries) == 2
    assert max(entry.articles for entry in entries) > 1 << 16
    assert all(entry.deletions for entry in entries)
    return replace(columns, live=~gone), NativeEngine.open(folder)


@pytest.fixture(params=["whole", "changed"])
def both(request: pytest.FixtureRequest) -> tuple[Archive, NativeEngine]:
    found: tuple[Archive, NativeEngine] = request.getfixturevalue(request.param)
    return found


PLANS: dict[str, tuple[Plan, Callable[[Archive], Mask]]] = {
    "everything": (Everything(), lambda a: a.title >= 0),
    "dense": (Word("the"), lambda a: a.with_word("the")),
    "sparse": (Word("zinc"), lambda a: a.with_word("zinc")),
    "rare": (Word("yak"), lambda a: a.with_word("yak")),
    "title": (Word("war", "title"), lambda a: a.title == WORDS.index("war")),
    "body": (Word("bank", "body"), lambda a: a.in_body("bank")),
    "any": (
        Boolean(should=(Word("ship"), Word("the"), Word("yak"))),
        lambda a: a.with_word("ship") | a.with_word("the") | a.with_word("yak"),
    ),
    "any with a telling one": (
        Boolean(should=(Word("war"), Word("zinc"), Word("the"))),
        lambda a: a.with_word("war") | a.with_word("zinc") | a.with_word("the"),
    ),
    "any of two alike": (
        Boolean(should=(Word("goal"), Word("ship"))),
        lambda a: a.with_word("goal") | a.with_word("ship"),
    ),
    "some of all": (
        Boolean(must=(Word("the"),), should=(Word("war"), Word("zinc"))),
        lambda a: a.with_word("the"),
    ),
    "all": (
        Boolean(must=(Word("the"), Word("vote"), Word("oil"))),
        lambda a: a.with_word("the") & a.with_word("vote") & a.with_word("oil"),
    ),
    "but": (
        Boolean(must=(Word("rain"),), must_not=(Word("the"),)),
        lambda a: a.with_word("rain") & ~a.with_word("the"),
    ),
    "phrase": (Phrase(("the", "war")), lambda a: a.with_phrase("the", "war")),
    "rare phrase": (Phrase(("bank", "ship")), lambda a: a.with_phrase("bank", "ship")),
    "pattern": (AnyWord(("goal", "zinc")), lambda a: a.with_word("goal") | a.with_word("zinc")),
    "value": (HasValue("person", ("person 001",)), lambda a: a.with_person("person 001")),
}
FILTERED = ("everything", "dense", "sparse", "phrase", "any")


@pytest.mark.parametrize("name", PLANS)
def test_counts(both: tuple[Archive, NativeEngine], name: str) -> None:
    columns, engine = both
    plan, mask = PLANS[name]
    expected = int((mask(columns) & columns.live).sum())
    assert expected > 0
    assert engine.search(SearchRequest(plan=plan, size=0)).total == expected
    assert engine.search(SearchRequest(plan=plan, size=3)).total == expected


@pytest.mark.parametrize("name", FILTERED)
def test_filters_and_facets(both: tuple[Archive, NativeEngine], name: str) -> None:
    columns, engine = both
    plan, mask = PLANS[name]
    filters = (
        FacetFilter(facet="person", values=("person 000", "person 007"), excluded=("person 002",)),
        FacetFilter(facet="place", values=("Kyiv", "Lima")),
    )
    people = (columns.with_person("person 000") | columns.with_person("person 007")) & (
        ~columns.with_person("person 002")
    )
    places = columns.place != 1
    hits = mask(columns) & columns.live
    for size in (5, 400):
        request = SearchRequest(
            plan=plan,
            filters=filters,
            facets=(FacetRequest(facet="person", size=size), FacetRequest(facet="place")),
        )
        results = engine.search(request)
        assert results.total == int((hits & people & places).sum())
        person, place = results.facets
        counts = {value.value: value.count for value in person.values}
        expected = value_counts(columns, hits & places)
        named = {"person 000", "person 002", "person 007"}
        for value in named:
            assert counts[value] == expected.get(value, 0)
        top = sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))[:size]
        assert [(v.value, v.count) for v in person.values][: len(top)] == top
        assert {v.value: v.count for v in place.values if v.count} == {
            PLACES[number]: int(count)
            for number, count in enumerate(np.bincount(columns.place[hits & people]))
            if count
        }


@pytest.mark.parametrize("name", PLANS)
def test_facets_without_filters(both: tuple[Archive, NativeEngine], name: str) -> None:
    columns, engine = both
    plan, mask = PLANS[name]
    expected = value_counts(columns, mask(columns) & columns.live)
    for size in (1, 20, 300):
        request = SearchRequest(plan=plan, facets=(FacetRequest(facet="person", size=size),))
        (person,) = engine.search(request).facets
        top = sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))
        assert [(value.value, value.count) for value in person.values] == top[:size]
        assert person.more == (len(top) > size)


@pytest.mark.parametrize("name", PLANS)
def test_values_with_a_text_alone(both: tuple[Archive, NativeEngine], name: str) -> None:
    columns, engine = both
    plan, mask = PLANS[name]
    counted = value_counts(columns, mask(columns) & columns.live)
    expected = [(value, count) for value, count in counted.items() if "07" in value]
    expected.sort(key=lambda pair: (-pair[1], pair[0]))
    request = SearchRequest(plan=plan, facets=(FacetRequest(facet="person", containing="07"),))
    (person,) = engine.search(request).facets
    assert [(value.value, value.count) for value in person.values] == expected[:8]


def value_counts(columns: Archive, hits: Mask) -> dict[str, int]:
    """How many of the articles name each person at all."""
    people = np.sort(columns.people[hits], axis=1)
    first = np.ones(people.shape, bool)
    first[:, 1:] = people[:, 1:] != people[:, :-1]
    counts = np.bincount(people[first], minlength=len(PEOPLE)).tolist()
    return {PEOPLE[number]: count for number, count in enumerate(counts) if count}


@pytest.mark.parametrize("name", FILTERED)
def test_dates_and_histogram(both: tuple[Archive, NativeEngine], name: str) -> None:
    columns, engine = both
    plan, mask = PLANS[name]
    hits = mask(columns) & columns.live
    first, last = date(2017, 3, 1), date(2022, 11, 17)
    begin, end = ((day - date(1970, 1, 1)).days for day in (first, last))
    within = columns.dated & (columns.days() >= begin) & (columns.days() <= end)
    request = SearchRequest(
        plan=plan, dates=Dates(first=first, last=last), histogram=HistogramRequest(grain="month")
    )
    results = engine.search(request)
    assert results.total == int((hits & within).sum())
    assert results.histogram is not None
    assert results.histogram.undated == int((hits & ~columns.dated).sum())
    dated = columns.days()[hits & columns.dated]
    assert len(results.histogram.bars) == 69
    for bar in results.histogram.bars:
        days = [(day - date(1970, 1, 1)).days for day in (bar.first, bar.last)]
        assert bar.count == int(((dated >= days[0]) & (dated <= days[1])).sum())
    whole = engine.search(replace(request, dates=None)).histogram
    assert whole is not None
    assert sum(bar.count for bar in whole.bars) == len(dated)


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize(("name", "size"), [("dense", 4_001), ("goal", 250), ("everything", 9_999)])
def test_paging_to_the_end(
    both: tuple[Archive, NativeEngine], name: str, size: int, sort: Sort
) -> None:
    """All hits once, by cursor, in the order that comparing them gives."""
    columns, engine = both
    plan, mask = PLANS.get(name, (Word(name), lambda a: a.with_word(name)))
    request = SearchRequest(plan=plan, sort=sort, size=size)
    hits: list[Hit] = []
    while True:
        results = engine.search(request)
        hits += results.hits
        if results.next_cursor is None:
            break
        request = replace(request, cursor=results.next_cursor)
    expected = np.flatnonzero(mask(columns) & columns.live)
    assert sorted(hit.article_id for hit in hits) == [f"a{number:05}" for number in expected]
    assert results.total == len(hits)
    by_place = {f"a{number:05}": number for number in expected.tolist()}
    for hit in hits[:: len(hits) // 50]:
        number = by_place[hit.article_id]
        moment = int(columns.published[number])
        assert hit.published == (moment if columns.dated[number] else None)
    ages = [-(10**12) if hit.published is None else hit.published for hit in hits]
    if sort == "oldest":
        ages = [10**12 if age == -(10**12) else age for age in ages]
        keys = [(age, negated(hit.article_id)) for age, hit in zip(ages, hits, strict=True)]
    else:
        keys = [(-age, negated(hit.article_id)) for age, hit in zip(ages, hits, strict=True)]
    if sort == "relevance":
        scored = [(-hit.score, *key) for hit, key in zip(hits, keys, strict=True)]
        assert all(a < b for a, b in itertools.pairwise(scored))
    else:
        assert all(a < b for a, b in itertools.pairwise(keys))


@pytest.mark.parametrize(
    "costs", [{}, {"TRY_COST": 0}, {"TRY_COST": math.inf, "LOOK_UP_COST": math.inf}], ids=str
)
@pytest.mark.parametrize("name", PLANS)
def test_the_best_are_the_first_of_all(
    both: tuple[Archive, NativeEngine],
    name: str,
    costs: Mapping[str, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sorting all hits, on the one hand; looking for the best few, page by page, on the other.

    As the estimate chooses; trying the decisive words always; going through all hits always.
    """
    for cost, value in costs.items():
        monkeypatch.setattr(best, cost, value)
    _, engine = both
    request = SearchRequest(plan=PLANS[name][0], size=5_000)
    hits = engine.search(request).hits
    request = replace(request, size=200)
    for start in range(0, len(hits) - 200, 200):
        results = engine.search(request)
        assert results.hits == hits[start : start + 200]
        request = replace(request, cursor=results.next_cursor)


def negated(article_id: str) -> int:
    """Orders ids from the last to the first."""
    return -int(article_id[1:])


def test_scores_do_not_depend_on_segments(
    whole: tuple[Archive, NativeEngine], tmp_path: Path
) -> None:
    """The same articles in three segments: equal answers, to the last bit of every score."""
    documents = whole[0].documents()
    order = np.random.default_rng(3).permutation(ARTICLES)
    for part in (order[:50_000], order[50_000:66_000], order[66_000:]):
        commit(tmp_path, [documents[number] for number in part])
    assert len(read_manifest(tmp_path).segments) == 3
    engine = NativeEngine.open(tmp_path)
    for plan, _ in PLANS.values():
        for size in (20, 2_000):
            request = SearchRequest(
                plan=plan,
                size=size,
                facets=(FacetRequest(facet="person", size=30),),
                histogram=HistogramRequest(),
            )
            assert engine.search(request) == whole[1].search(request)


def test_the_dates_are_the_days_meant(whole: tuple[Archive, NativeEngine]) -> None:
    engine = whole[1]
    (hit,) = engine.search(SearchRequest(sort="oldest", size=1)).hits
    assert hit.published is not None
    day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=hit.published)).date()
    assert day == FIRST_DAY
