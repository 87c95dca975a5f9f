"""Every engine answers as the oracle does: values under their names, weights, stories."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import corpus
import pytest
from contract import (
    EXAMPLES,
    MORE_THAN_ALL,
    SORTS,
    all_pages,
    assert_same,
    ids,
    opened,
    write,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Oracle

from index.articles import STORY, Document
from index.naming import Naming
from index.target import open_target
from search.engine import ENGINES, Engine
from search.plan import Everything, HasValue, Word
from search.request import Dates, FacetFilter, FacetRequest, HistogramRequest, SearchRequest, Sort

DAY = 86_400


@pytest.fixture(params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_random_namings(name: str) -> None:
    """Each naming holds for all documents, those put before it and those put after it."""

    @settings(
        max_examples=EXAMPLES[name],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        corpus.histories(),
        st.lists(st.one_of(st.none(), corpus.namings()), min_size=1, max_size=4),
        st.lists(corpus.requests, min_size=3, max_size=10),
    )
    def check(
        history: Sequence[corpus.Commit],
        namings: Sequence[Naming | None],
        requests: list[SearchRequest],
    ) -> None:
        last = next((each for each in reversed(namings) if each is not None), Naming())
        oracle = Oracle(corpus.outcome(history), last)
        with opened(name, history, namings) as engine:
            for request in requests:
                assert_same(engine, oracle, request)
            for facet in corpus.VALUES:
                expected = oracle.facet_values(facet, "")
                assert sorted(engine.facet_values(facet, "")) == list(expected)

    check()


PEOPLE = (
    Document(
        article_id="a",
        title="War",
        body="",
        facets={"person": ("J. Kirby", "John Kirby", "Kyiv"), "place": ("Kyiv",)},
        weights={"person": (7, 3, 9), "place": (4,)},
    ),
    Document(article_id="b", title="War", body="", facets={"person": ("Kirby", "Spam")}),
    Document(
        article_id="c",
        title="Peace",
        body="",
        facets={"person": ("Zoe",), "place": ("Paris",)},
        weights={"person": (5,)},
    ),
)
NAMING = Naming(
    {
        ("person", "J. Kirby"): ("person", "John Kirby"),
        ("person", "Kirby"): ("person", "John Kirby"),
        ("person", "Kyiv"): ("place", "Kyiv"),
        ("person", "Spam"): None,
    }
)
BOTH = SearchRequest(facets=(FacetRequest(facet="person"), FacetRequest(facet="place")))


def counts(engine: Engine, request: SearchRequest = BOTH) -> list[dict[str, int]]:
    return [dict(facet.counts) for facet in engine.search(request).facets]


def test_values_are_counted_under_their_names(name: str) -> None:
    with opened(name, [PEOPLE[:2], PEOPLE[2:]], [None, NAMING]) as engine:
        assert counts(engine) == [{"John Kirby": 2, "Zoe": 1}, {"Kyiv": 1, "Paris": 1}]
        for value, expected in (("John Kirby", "ba"), ("Kirby", ""), ("Spam", ""), ("Kyiv", "")):
            chosen = FacetFilter(facet="person", values=(value,))
            assert ids(engine.search(SearchRequest(filters=(chosen,)))) == list(expected)
            plan = HasValue("person", (value,))
            assert ids(engine.search(SearchRequest(plan=plan))) == list(expected)
        assert sorted(engine.facet_values("person", "")) == [("John Kirby", 2), ("Zoe", 1)]


def test_another_naming_needs_no_document_again(name: str, tmp_path: Path) -> None:
    names = [{"J. Kirby": 1, "John Kirby": 1, "Kirby": 1, "Kyiv": 1, "Spam": 1, "Zoe": 1}]
    names += [{"Kyiv": 1, "Paris": 1}]
    write(name, tmp_path, PEOPLE)
    first = ENGINES[name](tmp_path)
    assert counts(first) == names
    write(name, tmp_path, (), NAMING)
    second = first.refreshed()
    assert second is not first
    assert counts(first) == names
    assert counts(second) == [{"John Kirby": 2, "Zoe": 1}, {"Kyiv": 1, "Paris": 1}]
    write(name, tmp_path, [replace(PEOPLE[1], facets={"person": ("Kirby", "Zoe")})])
    third = second.refreshed()
    assert counts(third) == [{"John Kirby": 2, "Zoe": 2}, {"Kyiv": 1, "Paris": 1}]
    write(name, tmp_path, (), Naming({("person", "Zoe"): ("person", "Kirby")}))
    fourth = third.refreshed()
    assert counts(fourth)[0] == {"Kirby": 2, "J. Kirby": 1, "John Kirby": 1, "Kyiv": 1}
    write(name, tmp_path, [PEOPLE[1]], Naming())
    fifth = fourth.refreshed()
    assert counts(fifth) == names
    for engine in (first, second, third, fourth, fifth):
        engine.close()


def test_a_naming_comes_with_the_commit_or_not_at_all(name: str, tmp_path: Path) -> None:
    write(name, tmp_path, PEOPLE, NAMING)
    with open_target(name, tmp_path) as target:
        target.rename(Naming())
        target.delete("c")
    engine = ENGINES[name](tmp_path)
    assert counts(engine) == [{"John Kirby": 2, "Zoe": 1}, {"Kyiv": 1, "Paris": 1}]
    engine.close()
    with open_target(name, tmp_path) as target:
        target.rename(Naming({("person", "Zoe"): None}))
        target.rename(Naming({("place", "Paris"): None}))
        target.commit()
        target.put(PEOPLE[0])
        target.commit()
    engine = ENGINES[name](tmp_path)
    assert "Zoe" in counts(engine)[0]
    assert counts(engine)[1] == {"Kyiv": 1}
    engine.close()


def test_of_weights_of_merged_values_the_greatest_counts(name: str) -> None:
    request = replace(BOTH, facets=tuple(replace(each, order="weight") for each in BOTH.facets))
    with opened(name, [PEOPLE], [NAMING]) as engine:
        facets = engine.search(request).facets
        assert facets[0].counts == (("John Kirby", 2), ("Zoe", 1))  # 7 + 1, 5
        assert facets[1].counts == (("Kyiv", 1), ("Paris", 1))  # 9, 1
    heavier = replace(PEOPLE[2], weights={"person": (8,), "place": (9,)})
    with opened(name, [PEOPLE[:2], [heavier]], [NAMING]) as engine:
        facets = engine.search(request).facets
        assert facets[0].counts == (("John Kirby", 2), ("Zoe", 1))  # 8 each: by code points
        assert facets[1].counts == (("Kyiv", 1), ("Paris", 1))
    heavier = replace(PEOPLE[2], weights={"person": (9,), "place": (10,)})
    with opened(name, [PEOPLE[:2], [heavier]], [NAMING]) as engine:
        facets = engine.search(request).facets
        assert facets[0].counts == (("Zoe", 1), ("John Kirby", 2))
        assert facets[1].counts == (("Paris", 1), ("Kyiv", 1))


def test_unexpected_values(name: str) -> None:
    """Four of eight articles counted; values by the articles among those and the others."""
    held = {"all": (4, 4), "both": (3, 3), "c": (4, 0), "a": (3, 1), "b": (3, 1), "rare": (0, 2)}
    documents = [
        Document(
            article_id=f"{title} {number}",
            title=title,
            body="",
            facets={"person": tuple(value for value in held if number < held[value][side])},
        )
        for side, title in enumerate(("war", "peace"))
        for number in range(4)
    ]
    request = SearchRequest(
        plan=Word("war"),
        facets=(FacetRequest(facet="person", size=0, containing="zzz", unexpected=9),),
        filters=(FacetFilter(facet="person", values=("rare",)),),
    )
    with opened(name, [documents[:3], documents[3:]]) as engine:
        (facet,) = engine.search(request).facets
        assert [(each.value, each.count, each.total) for each in facet.unexpected] == [
            ("c", 4, 4),
            ("a", 3, 4),
            ("b", 3, 4),
        ]
        assert facet.unexpected[0].score == pytest.approx(2 * 8 * math.log(2))
        assert facet.unexpected[1].score == facet.unexpected[2].score
        assert facet.unexpected[1].score == pytest.approx(12 * math.log(1.5) - 4 * math.log(2))
        two = replace(request.facets[0], unexpected=2)
        (facet,) = engine.search(replace(request, facets=(two,))).facets
        assert [each.value for each in facet.unexpected] == ["c", "a"]
        for plan in (Everything(), Word("nowhere")):
            (facet,) = engine.search(replace(request, plan=plan)).facets
            assert facet.unexpected == ()


def story(article_id: str, name: str | None, published: int | None, source: str) -> Document:
    facets = {"source": (source,), **({STORY: (name,)} if name else {})}
    return Document(article_id=article_id, title="War", body="", published=published, facets=facets)


REPRINTS = (
    story("a", "one", 90 * DAY, "Copier"),
    story("b", "one", 40 * DAY, "Copier"),
    story("c", "one", 40 * DAY, "Wire"),
    story("d", None, 5 * DAY, "Wire"),
    story("e", "two", None, "Wire"),
    story("f", "two", 70 * DAY, "Copier"),
    story("g", "three", None, "Copier"),
    story("h", "three", None, "Wire"),
    story("i", None, 5 * DAY, "Wire"),
)


def test_copies_are_left_out(name: str) -> None:
    request = SearchRequest(
        plan=Word("war"),
        sort="oldest",
        copies=False,
        facets=(FacetRequest(facet="source"),),
        histogram=HistogramRequest(grain="month"),
    )
    for history in ([REPRINTS], [REPRINTS[1::2], REPRINTS[::2]]):
        with opened(name, history) as engine:
            results = engine.search(request)
            assert [(hit.article_id, hit.copies) for hit in results.hits] == [
                ("i", 0),
                ("d", 0),
                ("b", 2),
                ("f", 1),
                ("g", 1),
            ]
            assert results.total == 5
            assert results.facets[0].counts == (("Copier", 3), ("Wire", 2))
            assert results.histogram is not None
            assert results.histogram.counts == (2, 1, 1)
            assert results.histogram.undated == 1
            only_wire = FacetFilter(facet="source", values=("Wire",))
            results = engine.search(replace(request, filters=(only_wire,)))
            assert [(hit.article_id, hit.copies) for hit in results.hits] == [
                ("i", 0),
                ("d", 0),
                ("c", 0),
                ("h", 0),
                ("e", 0),
            ]
            assert results.facets[0].counts == (("Copier", 3), ("Wire", 2))
            later = engine.search(replace(request, dates=Dates(first=date(1970, 3, 1))))
            assert [(hit.article_id, hit.copies) for hit in later.hits] == [("f", 0), ("a", 0)]
            assert later.histogram is not None
            assert later.histogram.counts == (1,)


@pytest.mark.parametrize("sort", SORTS)
def test_cursors_without_copies_neither_repeat_nor_skip(name: str, sort: Sort) -> None:
    documents = corpus.archive(seed=15, articles=150)
    request = SearchRequest(plan=Word("war"), sort=sort, size=7, copies=False)
    oracle = Oracle(documents)
    with opened(name, [documents[:60], documents[60:]]) as engine:
        paged = all_pages(engine, request)
        at_once = engine.search(replace(request, size=MORE_THAN_ALL))
        assert paged == list(at_once.hits)
        assert len(paged) == at_once.total == oracle.search(request).total
        with_copies = engine.search(replace(request, copies=True))
        assert with_copies.total == at_once.total + sum(hit.copies for hit in paged)
        assert with_copies.total > at_once.total > 20
