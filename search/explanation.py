"""How the score of one article for one question is made up, word by word.

What an article has of a word is counted in its text, and what the archive knows of a word is
asked of the engine, so that one explanation serves every engine: that its parts add up to the
engine's score is tested, not assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.articles import Article
from index.tokens import stem, words
from search.bm25 import Statistics, idf, length_norm, saturation, weighted_frequency
from search.engine import Engine
from search.plan import AnyWord, Boolean, Phrase, Plan, PublishedBetween, Word
from search.request import SearchRequest

_PAGE = 100
"""Articles asked for at once when one is looked for among those of the same words and second."""

_TELLING_WORDS = 30
"""An article is looked up by so many of its words; more seldom leave fewer."""

_TEXT_FIELDS = ("title", "body")


@dataclass(frozen=True, slots=True)
class Formula:
    """The numbers of search.bm25 for a word or phrase: score = boost · idf · saturation.

    articles_with: of each word, the articles that have it; their idf are added up.
    """

    idf: float
    articles_with: tuple[int, ...]
    in_title: int
    in_body: int
    frequency: float
    norm: float
    saturation: float


@dataclass(frozen=True, slots=True)
class Part:
    """What a word, phrase or pattern of the query adds. formula None: its boost alone."""

    words: tuple[str, ...]
    field: str | None
    boost: float
    score: float
    formula: Formula | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The engine's score of an article, and the parts it is the sum of. length: in words."""

    article_id: str
    score: float
    length: int
    statistics: Statistics
    parts: tuple[Part, ...]


def explain(article: Article, request: SearchRequest, engine: Engine) -> Explanation | None:
    """Explain the article's score for a request, or return None when it does not match."""
    return _Explaining(article, request, engine).explanation()


class _Explaining:
    """One article under one request."""

    def __init__(self, article: Article, request: SearchRequest, engine: Engine) -> None:
        self._article = article
        self._request = request
        self._engine = engine
        self._statistics = engine.statistics()
        texts = {"title": words(article.title), "body": words(article.body)}
        self._stems = {
            name: [stem(word, article.language) for word in found] for name, found in texts.items()
        }
        self._length = sum(map(len, self._stems.values()))
        self._norm = length_norm(self._length, self._statistics.average_length)

    def explanation(self) -> Explanation | None:
        """The whole, or None when the article does not match."""
        score = self._score(self._request.plan)
        if score is None:
            return None
        parts = tuple(self._parts(self._request.plan, 1.0))
        return Explanation(self._article.id, score, self._length, self._statistics, parts)

    def _score(self, plan: Plan) -> float | None:
        """The engine's score of the article for a plan; None when it does not match.

        The article is found by its date and words. They are filters, so they add nothing.
        """
        stems = dict.fromkeys([*self._stems["title"], *self._stems["body"]])
        known: list[Plan] = [Word(each) for each in list(stems)[:_TELLING_WORDS]]
        if self._article.published is not None:
            second = self._article.published.wall_seconds
            known.append(PublishedBetween(second, second + 1))
        request = replace(
            self._request,
            plan=Boolean(must=(plan,), filter=tuple(known)),
            sort="relevance",
            offset=0,
            size=_PAGE,
            cursor=None,
            facets=(),
            histogram=None,
            copies=True,
        )
        while True:
            results = self._engine.search(request)
            for hit in results.hits:
                if hit.article_id == self._article.id:
                    return hit.score
            if results.next_cursor is None:
                return None
            request = replace(request, cursor=results.next_cursor)

    def _parts(self, plan: Plan, boost: float) -> Iterator[Part]:
        """What a plan that the article matches adds, boosted by the plans around it."""
        match plan:
            case Word(wanted, field, own):
                yield from self._by_formula((wanted,), 0, field, boost * own)
            case Phrase(stems, slop, field, own):
                yield from self._by_formula(stems, slop, field, boost * own)
            case AnyWord(stems, field, own):
                there = tuple(each for each in stems if self._has(each, field))
                if there:
                    yield Part(there, field, boost * own, boost * own, None)
            case Boolean(must, should, _, _, own):
                for child in (*must, *should):
                    if not isinstance(child, Boolean) or self._score(child) is not None:
                        yield from self._parts(child, boost * own)
            case _:  # what is only a filter adds nothing
                return

    def _has(self, wanted: str, field: str | None) -> bool:
        return any(wanted in self._stems[name] for name in _fields(field))

    def _by_formula(
        self, stems: tuple[str, ...], slop: int, field: str | None, boost: float
    ) -> Iterator[Part]:
        counts = {name: _beginnings(self._stems[name], stems, slop) for name in _fields(field)}
        in_title, in_body = counts.get("title", 0), counts.get("body", 0)
        frequency = weighted_frequency(in_title, in_body)
        if not frequency:
            return
        articles_with = tuple(self._articles_with(each, field) for each in stems)
        rarity = sum(idf(self._statistics.articles, each) for each in articles_with)
        saturated = saturation(frequency, self._norm)
        formula = Formula(
            rarity, articles_with, in_title, in_body, frequency, self._norm, saturated
        )
        yield Part(stems, field, boost, boost * rarity * saturated, formula)

    def _articles_with(self, wanted: str, field: str | None) -> int:
        return self._engine.search(SearchRequest(plan=Word(wanted, field), size=0)).total


def describe_explanation(explanation: Explanation) -> Iterator[str]:
    """The explanation as lines for people, with every number that goes into it."""
    articles, average = explanation.statistics.articles, explanation.statistics.average_length
    yield f"score {explanation.score:.4f} of {explanation.article_id}"
    yield (f"{explanation.length:,} words; {average:.1f} on average in {articles:,} articles")
    for part in explanation.parts:
        where = f" in the {part.field}" if part.field else ""
        yield f"{part.score:.4f}  {' '.join(part.words)}{where}"
        if part.formula is None:
            yield f"        = boost {part.boost:g}, whichever of the pattern's words it has"
            continue
        found = ", ".join(f"{each:,}" for each in part.formula.articles_with)
        yield (
            f"        = boost {part.boost:g} × idf {part.formula.idf:.4f} × saturation"
            f" {part.formula.saturation:.4f}"
        )
        yield f"        idf: in {found} of {articles:,} articles"
        yield (
            f"        saturation: {part.formula.in_title} in the title, {part.formula.in_body}"
            f" in the body: f {part.formula.frequency:g}; norm {part.formula.norm:.4f}"
        )


def _fields(field: str | None) -> tuple[str, ...]:
    return _TEXT_FIELDS if field is None else (field,)


def _beginnings(text: Sequence[str], stems: tuple[str, ...], slop: int) -> int:
    """How often the stems begin in a text, in this order with at most slop words between."""
    places = [[place for place, each in enumerate(text) if each == wanted] for wanted in stems]
    return sum(_occurs(first, places[1:], len(stems) - 1 + slop) for first in places[0])


def _occurs(first: int, following: list[list[int]], furthest: int) -> bool:
    """Whether the tightest occurrence from this place on is tight enough."""
    last = first
    for places in following:
        later = next((place for place in places if place > last), None)
        if later is None:
            return False
        last = later
    return last - first <= furthest
