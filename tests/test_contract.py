"""Every engine answers as the oracle does: on examples, and on random archives and requests."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import corpus
import pytest
from contract import (
    EXAMPLES,
    FIRST_MOMENT,
    LAST_MOMENT,
    MORE_THAN_ALL,
    SECOND,
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

from index.articles import Document
from index.errors import IndexFault, IndexLocked
from index.target import TARGETS, open_target
from search.engine import ENGINES
from search.errors import CursorError, EngineUnavailable
from search.plan import AnyWord, Boolean, Everything, Phrase, Word
from search.request import Dates, FacetFilter, FacetRequest, HistogramRequest, SearchRequest, Sort


@pytest.fixture(params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_random_archives_and_requests(name: str) -> None:
    @settings(
        max_examples=EXAMPLES[name],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(corpus.histories(), st.lists(corpus.requests, min_size=3, max_size=10))
    def check(history: Sequence[corpus.Commit], requests: list[SearchRequest]) -> None:
        oracle = Oracle(corpus.outcome(history))
        with opened(name, history) as engine:
            assert engine.count() == oracle.count()
            for request in requests:
                assert_same(engine, oracle, request)
                if request.size:
                    from_first = replace(request, offset=0)
                    at_once = engine.search(replace(from_first, size=MORE_THAN_ALL))
                    assert all_pages(engine, from_first) == list(at_once.hits)

    check()


@pytest.mark.parametrize("sort", SORTS)
def test_cursors_page_to_the_last_hit(name: str, sort: Sort) -> None:
    documents = corpus.archive(seed=5, articles=150)
    plan = Boolean(should=(Word("war"), Word("elect"), Phrase(("covid", "19"), boost=2.0)))
    request = SearchRequest(plan=plan, sort=sort, size=7)
    with opened(name, [documents[:60], documents[60:]]) as engine:
        paged = [hit.article_id for hit in all_pages(engine, request)]
        at_once = engine.search(replace(request, size=MORE_THAN_ALL))
        assert paged == ids(at_once)
        assert len(set(paged)) == at_once.total > 20
        by_offset = [
            article_id
            for offset in range(0, at_once.total, 7)
            for article_id in ids(engine.search(replace(request, offset=offset)))
        ]
        assert by_offset == paged


def test_equal_scores_are_ordered_by_date_and_then_by_id(name: str) -> None:
    moments = {"a": 5, "b": 9, "c": None, "d": 9, "e": None, "f": -3}
    documents = [
        Document(article_id=article_id, title="Same title", body="", published=published)
        for article_id, published in moments.items()
    ]
    orders: dict[Sort, str] = {"relevance": "dbafec", "newest": "dbafec", "oldest": "fadbec"}
    for history in ([documents], [documents[:2], documents[2:4], documents[4:]]):
        with opened(name, history) as engine:
            for sort, expected in orders.items():
                for plan in (Word("same"), Phrase(("same", "titl")), AnyWord(("same", "x"))):
                    request = SearchRequest(plan=plan, sort=sort)
                    assert ids(engine.search(request)) == list(expected)


def test_a_cursor_belongs_to_its_question(name: str) -> None:
    documents = corpus.archive(seed=6, articles=30)
    with opened(name, [documents]) as engine:
        request = SearchRequest(size=3)
        cursor = engine.search(request).next_cursor
        assert cursor is not None
        foreign = (
            replace(request, plan=Word("war"), cursor=cursor),
            replace(request, sort="newest", cursor=cursor),
            replace(request, copies=False, cursor=cursor),
            replace(request, dates=Dates(first=corpus.DAYS[0]), cursor=cursor),
            replace(request, cursor=cursor[:-2]),
            replace(request, cursor="no cursor é"),
            replace(request, cursor=""),
        )
        for question in foreign:
            with pytest.raises(CursorError):
                engine.search(question)


def test_many_commits(name: str) -> None:
    """Articles that come, change and go in small commits, as when feeds are read."""
    documents = corpus.archive(seed=14, articles=120)
    replaced = [replace(document, title="Peace") for document in documents[::5]]
    changes: list[Document | str] = [*documents, *replaced, *(d.article_id for d in documents[::7])]
    history = [changes[place : place + 6] for place in range(0, len(changes), 6)]
    oracle = Oracle(corpus.outcome(history))
    with opened(name, history) as engine:
        for stem in ("peac", "war", "the"):
            for sort in SORTS:
                request = SearchRequest(
                    plan=Word(stem),
                    sort=sort,
                    size=MORE_THAN_ALL,
                    facets=(FacetRequest(facet="person", size=3),),
                    histogram=HistogramRequest(),
                )
                assert_same(engine, oracle, request)


def test_unusual_articles(name: str) -> None:
    odd = ("tab\tnewline\n", "nul\0", "🙂", "x" * 2000, " ")
    ends = [(moment - corpus.EPOCH) // SECOND for moment in (FIRST_MOMENT, LAST_MOMENT)]
    documents = [
        Document(article_id="a", title="war " * 9, body="war " * 200 + "peace"),
        Document(article_id="b", title="", body="", facets={"person": odd}),
        Document(article_id="c", title="war" * 60, body="war\0war 🙂 \u202ewar", published=ends[0]),
        Document(article_id="d", title="peace", body="x " * 20_000 + "war", published=ends[1]),
        Document(article_id="é" * 40, title="War", body="", language="xx", facets={"place": ()}),
    ]
    oracle = Oracle(documents)
    with opened(name, [documents]) as engine:
        for plan in (Word("war"), Word("war" * 26 + "wa"), Phrase(("war", "war")), Everything()):
            for grain in (None, "year"):
                request = SearchRequest(
                    plan=plan,
                    facets=(FacetRequest(facet="person", size=3), FacetRequest(facet="place")),
                    histogram=HistogramRequest(grain=grain, bars=20),
                )
                assert_same(engine, oracle, request)
        for value in odd:
            chosen = FacetFilter(facet="person", values=(value,))
            assert ids(engine.search(SearchRequest(filters=(chosen,)))) == ["b"]
        assert list(engine.words("")) == list(oracle.words(""))
        assert sorted(engine.facet_values("person", "")) == sorted((value, 1) for value in odd)


def test_the_dictionaries(name: str) -> None:
    documents = corpus.archive(seed=8, articles=60)
    oracle = Oracle(documents)
    with opened(name, [documents[:40], documents[40:]]) as engine:
        for prefix in ("", "e", "el", "вы", "北", "1", "nothing so"):
            assert list(engine.words(prefix)) == list(oracle.words(prefix))
        for facet, containing in (
            ("person", ""),
            ("person", "kIm"),
            ("place", "sao"),
            ("author", "?"),
        ):
            assert sorted(engine.facet_values(facet, containing)) == sorted(
                oracle.facet_values(facet, containing)
            )
        assert engine.languages() == oracle.languages()
        assert engine.count() == 60


def test_an_empty_archive(name: str) -> None:
    request = SearchRequest(
        facets=(FacetRequest(facet="person"),), histogram=HistogramRequest(), size=3
    )
    with opened(name, [[]]) as engine:
        assert_same(engine, Oracle([]), request)
        assert list(engine.words("")) == []
        assert engine.languages() == ()


def test_a_search_keeps_its_snapshot_until_refreshed(name: str, tmp_path: Path) -> None:
    first, second = corpus.archive(seed=9, articles=40), corpus.archive(seed=10, articles=25)
    request = SearchRequest(
        plan=Boolean(should=(Word("war"), Word("elect"))),
        facets=(FacetRequest(facet="person"),),
        size=MORE_THAN_ALL,
    )
    write(name, tmp_path, list(first))
    engine = ENGINES[name](tmp_path)
    assert engine.refreshed() is engine
    before = engine.search(request)
    write(name, tmp_path, [*second, "article-00030"])
    assert engine.search(request) == before
    newer = engine.refreshed()
    assert newer is not engine
    assert_same(newer, Oracle(corpus.outcome([[*first, *second, "article-00030"]])), request)
    assert engine.search(request) == before
    engine.close()
    newer.close()


def test_nothing_is_there_without_a_commit(name: str, tmp_path: Path) -> None:
    documents = corpus.archive(seed=11, articles=20)
    write(name, tmp_path, list(documents[:5]))
    with open_target(name, tmp_path) as target:
        for document in documents[5:]:
            target.put(document)
        target.delete(documents[0].article_id)
    write(name, tmp_path, [documents[19]])
    engine = ENGINES[name](tmp_path)
    assert_same(engine, Oracle([*documents[:5], documents[19]]), SearchRequest(size=MORE_THAN_ALL))
    engine.close()


def test_one_writer_at_a_time(name: str, tmp_path: Path) -> None:
    with open_target(name, tmp_path) as target:
        with pytest.raises(IndexLocked):
            write(name, tmp_path, [])
        target.commit()
    write(name, tmp_path, [])


def test_an_index_that_is_not_there(name: str, tmp_path: Path) -> None:
    with pytest.raises((EngineUnavailable, IndexFault)):
        ENGINES[name](tmp_path / "nowhere")


def test_a_closed_engine_says_so(name: str) -> None:
    with opened(name, [corpus.archive(seed=12, articles=3)]) as engine:
        engine.close()
        with pytest.raises(EngineUnavailable):
            engine.search(SearchRequest())


def test_threads_share_an_engine(name: str) -> None:
    documents = corpus.archive(seed=13, articles=80)
    requests = [
        SearchRequest(plan=Word(stem), facets=(FacetRequest(facet="person"),), size=20)
        for stem in corpus.STEMS
    ]
    with opened(name, [documents]) as engine, ThreadPoolExecutor(4) as pool:
        alone = [engine.search(request) for request in requests]
        assert list(pool.map(engine.search, requests)) == alone


def test_every_engine_has_a_target() -> None:
    assert set(ENGINES) == set(TARGETS)
