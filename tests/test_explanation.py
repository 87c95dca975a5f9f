"""The parts of a score add up to what the engine says, for every engine."""

from __future__ import annotations

from datetime import timedelta

import corpus
import pytest
from contract import MORE_THAN_ALL, TOLERANCE, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Oracle

from index.articles import Article, Document, PublicationDate
from search.engine import ENGINES, Engine
from search.explanation import describe_explanation, explain
from search.plan import AnyWord, Boolean, Everything, Phrase, Plan, Word
from search.request import Dates, FacetFilter, SearchRequest


def article(document: Document) -> Article:
    published = None
    if document.published is not None:
        published = PublicationDate(corpus.EPOCH + timedelta(seconds=document.published))
    return Article(
        id=document.article_id,
        title=document.title,
        body=document.body,
        language=document.language,
        published=published,
    )


def assert_explained(
    engine: Engine, documents: list[Document], request: SearchRequest, tolerance: float
) -> None:
    hits = {hit.article_id: hit.score for hit in engine.search(request).hits}
    for document in documents:
        explanation = explain(article(document), request, engine)
        assert (explanation is not None) == (document.article_id in hits)
        if explanation is not None:
            score = hits[document.article_id]
            assert explanation.score == pytest.approx(score, rel=tolerance)
            assert sum(part.score for part in explanation.parts) == pytest.approx(
                score, rel=tolerance
            )
            assert all(part.score > 0 for part in explanation.parts)


@settings(max_examples=25, deadline=None)
@given(corpus.histories(), st.lists(corpus.plans, min_size=1, max_size=4))
def test_the_parts_are_the_score(history: list[corpus.Commit], plans: list[Plan]) -> None:
    documents = corpus.outcome(history)
    oracle = Oracle(documents)
    for plan in plans:
        request = SearchRequest(plan=plan, size=MORE_THAN_ALL)
        assert_explained(oracle, documents, request, 1e-9)


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_is_explained(name: str) -> None:
    documents = corpus.archive(seed=16, articles=60)
    plan = Boolean(
        must=(Boolean(should=(Word("war"), Word("elect", "title"), AnyWord(("talk", "peac")))),),
        should=(
            Phrase(("covid", "19"), boost=2.0),
            Phrase(("war", "the"), slop=3, field="body"),
            Boolean(must=(Word("the"), Word("peac")), boost=0.5),
        ),
        must_not=(Word("guerr"),),
        boost=1.5,
    )
    request = SearchRequest(
        plan=plan,
        filters=(FacetFilter(facet="place", excluded=("Kyiv",)),),
        size=MORE_THAN_ALL,
        copies=False,
    )
    with opened(name, [documents[:40], documents[40:], [documents[3].article_id]]) as engine:
        live = documents[:3] + documents[4:]
        assert explain(article(documents[3]), request, engine) is None
        every = SearchRequest(plan=plan, filters=request.filters, size=MORE_THAN_ALL)
        assert_explained(engine, live, every, TOLERANCE)
        explained = [explain(article(each), request, engine) for each in live]
        assert sum(each is not None for each in explained) == engine.search(every).total > 5


def test_one_of_many_alike_is_found() -> None:
    documents = [
        Document(article_id=f"{number:03}", title="War", body="", published=0)
        for number in range(250)
    ]
    oracle = Oracle(documents)
    for number in (0, 130, 249):
        explanation = explain(article(documents[number]), SearchRequest(plan=Word("war")), oracle)
        assert explanation is not None
        assert explanation.article_id == f"{number:03}"


def test_an_explanation_says_every_number() -> None:
    documents = [
        Document(article_id="a", title="War and peace", body="The war.", language="en"),
        Document(article_id="b", title="Peace", body="", language="en"),
    ]
    plan = Boolean(should=(Word("war", boost=2.0), AnyWord(("peac", "pea"), "title")))
    explanation = explain(article(documents[0]), SearchRequest(plan=plan), Oracle(documents))
    assert explanation is not None
    assert list(describe_explanation(explanation)) == [
        "score 3.1661 of a",
        "5 words; 3.0 on average in 2 articles",
        "2.1661  war",
        "        = boost 2 × idf 0.6931 × saturation 1.5625",
        "        idf: in 1 of 2 articles",
        "        saturation: 1 in the title, 1 in the body: f 3.5; norm 1.4000",
        "1.0000  peac in the title",
        "        = boost 1, whichever of the pattern's words it has",
    ]


def test_without_words_there_is_nothing_to_explain() -> None:
    oracle = Oracle([Document(article_id="a", title="", body="")])
    request = SearchRequest(plan=Everything(), dates=Dates())
    explanation = explain(article(Document(article_id="a", title="", body="")), request, oracle)
    assert explanation is not None
    assert (explanation.score, explanation.parts) == (0.0, ())
