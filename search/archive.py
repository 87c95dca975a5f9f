"""The front desk of search/: a question in the user's words, an answer ready to show."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from index.articles import Article
from index.curation.entities import ArchiveEntities
from index.curation.file import Written
from index.entities.mentions import EntityType, Mention
from index.store import Store
from index.stories.copies import stories_of
from search.engine import Engine
from search.explanation import Explanation, explain
from search.plan import Plan
from search.query import Reading, read_query
from search.removed import RemovedText
from search.request import Dates, FacetFilter, FacetRequest, HistogramRequest, SearchRequest, Sort
from search.results import Hit, SearchResults
from search.snippets import Passage, highlight_title, passages
from search.suggest import Correction, Count, correct, counter
from search.vocabulary import expand


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks: the text as typed, and everything chosen around it.

    sort None means relevance, or newest first when no text was typed. copies: whether every copy
    of a story counts, or only the earliest that matches.
    """

    text: str = ""
    match: Literal["all", "any"] = "all"
    filters: tuple[FacetFilter, ...] = ()
    dates: Dates | None = None
    sort: Sort | None = None
    offset: int = 0
    size: int = 10
    cursor: str | None = None
    facets: tuple[FacetRequest, ...] = ()
    histogram: HistogramRequest | None = None
    copies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One hit with what is shown of it.

    removed: passages it no longer has, if asked for. story: that it is a copy of, if any.
    """

    hit: Hit
    article: Article
    mentions: tuple[Mention, ...]
    title: Passage
    passages: tuple[Passage, ...]
    removed: tuple[Passage, ...] = ()
    story: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found, how the question was read, and how long it took.

    plan is the reading's plan with every pattern replaced by words of the archive.
    correction is set when few articles were found and another spelling finds more.
    """

    question: Question
    reading: Reading
    request: SearchRequest
    results: SearchResults
    found: tuple[Found, ...]
    correction: Correction | None
    took_ms: float


class Archive:
    """A store and an engine over it, answering questions. Safe to share between threads.

    decisions: gives those about entities that the engine's index counts under.
    """

    def __init__(
        self, store: Store, engine: Engine, decisions: Callable[[], Written] = Written
    ) -> None:
        self.store = store
        self._engine = engine
        self._decisions = decisions
        self._entities = Written(), ArchiveEntities(store, ())
        self._removed = RemovedText(store)

    @property
    def engine(self) -> Engine:
        """The engine on the newest committed snapshot."""
        self._engine = self._engine.refreshed()
        return self._engine

    @property
    def decisions(self) -> Written:
        """The decisions about entities that are in effect."""
        return self._decisions()

    @property
    def entities(self) -> ArchiveEntities:
        """What the names in articles count as."""
        decisions, entities = self._entities
        if decisions != (now := self._decisions()):
            entities = ArchiveEntities(self.store, now.decisions)
            self._entities = now, entities
        return entities

    def mentions(self, ids: Iterable[str]) -> dict[str, tuple[Mention, ...]]:
        """The mentions of these articles, each with the type and name that it counts as.

        Those that count as nothing are left out.
        """
        found = self.store.mentions(ids)
        given = {(each.type, each.name) for mentions in found.values() for each in mentions}
        names = self.entities.named(given)
        return {
            key: tuple(
                mention._replace(type=cast("EntityType", name[0]), name=name[1])
                for mention in mentions
                if (name := names[mention.type, mention.name]) is not None
            )
            for key, mentions in found.items()
        }

    def search(self, question: Question) -> Answer:
        """Answer a question. Raises RequestError for parameters, never for the text."""
        begun = time.perf_counter()
        engine = self.engine
        reading, wanted, request = self._read(question, engine)
        results = engine.search(request)
        return Answer(
            question=question,
            reading=reading,
            request=request,
            results=results,
            found=self._found(results.hits, request, wanted),
            correction=correct(
                question.text, reading, results.total, engine, self._count(engine, request)
            ),
            took_ms=(time.perf_counter() - begun) * 1000,
        )

    def explain(self, question: Question, article_id: str) -> Explanation | None:
        """How the article's score for a question is made up; None when it is not among the hits."""
        engine = self.engine
        article = self.store.articles([article_id]).get(article_id)
        _, _, request = self._read(question, engine)
        return None if article is None else explain(article, request, engine)

    def _read(self, question: Question, engine: Engine) -> tuple[Reading, Plan, SearchRequest]:
        """How a question is read, what it wants of removed text, and what an engine is asked."""
        reading = read_query(question.text, match=question.match, languages=engine.languages())
        wanted = self._removed.expand(reading.plan)
        plan = expand(self._removed.resolve(wanted), engine)
        return reading, wanted, _request(question, plan)

    def _count(self, engine: Engine, request: SearchRequest) -> Count:
        """Counts what other spellings of a question find."""
        count, removed = counter(engine, request), self._removed
        return lambda plan: count(removed.resolve(removed.expand(plan)))

    def _found(
        self, hits: tuple[Hit, ...], request: SearchRequest, wanted: Plan
    ) -> tuple[Found, ...]:
        """The articles of the hits; one removed from the store since the last commit is left out."""
        ids = [hit.article_id for hit in hits]
        articles: Mapping[str, Article] = self.store.articles(ids)
        mentions = self.mentions(ids)
        lost = self._removed.passages(wanted, tuple(articles.values()))
        stories = stories_of(self.store, ids)
        return tuple(
            Found(
                hit=hit,
                article=article,
                mentions=mentions.get(hit.article_id, ()),
                title=highlight_title(article, request.plan),
                passages=passages(article, request.plan),
                removed=lost.get(hit.article_id, ()),
                story=stories.get(hit.article_id),
            )
            for hit in hits
            if (article := articles.get(hit.article_id)) is not None
        )


def _request(question: Question, plan: Plan) -> SearchRequest:
    """What the engine is asked."""
    sort: Sort = question.sort or ("relevance" if question.text.strip() else "newest")
    return SearchRequest(
        plan=plan,
        filters=question.filters,
        dates=question.dates,
        sort=sort,
        offset=question.offset,
        size=question.size,
        cursor=question.cursor,
        facets=question.facets,
        histogram=question.histogram,
        copies=question.copies,
    )
