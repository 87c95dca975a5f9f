"""Small random archives and requests about them, made so that hits, ties and gaps happen.

Everything is a hypothesis strategy; `archive` draws one archive from a seed, for tests that
want the same one every time.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from hypothesis import strategies as st

from index.articles import STORY, Document
from index.naming import Naming
from index.tokens import stem, words
from search.plan import (
    AmongArticles,
    AnyWord,
    Boolean,
    Everything,
    HasValue,
    Nothing,
    Phrase,
    Plan,
    PublishedBetween,
    Word,
)
from search.request import (
    Dates,
    FacetFilter,
    FacetRequest,
    HistogramRequest,
    SearchRequest,
)

LANGUAGES = ("en", "en", "en", "fr", "de", "ru", "ja", "")
VOCABULARY = (
    "president", "presidents", "election", "elections", "elected", "vote", "voting", "war", "wars",
    "peace", "talks", "Kyiv", "Kursk", "the", "of", "and", "U.S.", "Covid-19", "F-16", "10,000",
    "O'Brien", "Ukraine's", "l'Élysée", "café", "naïve", "Straße", "élections", "guerre",
    "Präsident", "Häuser", "выборы", "война", "北京", "東京", "x",
)  # fmt: skip
STEMS = sorted(
    {stem(word, language) for raw in VOCABULARY for word in words(raw) for language in LANGUAGES}
)
VALUES = {
    "person": ("John Kirby", "Vladimir Putin", "Kim Jong Un", "Élise Bédard", "O'Brien", "Łukasz"),
    "place": ("Kyiv", "Kursk", "Paris", "São Paulo", "北京"),
    "organisation": ("White House", "Pentagon", "United Nations"),
    "source": ("Wire", "Le Journal"),
    "author": ("A. Author", "B. Writer"),
    "section": ("World", "Science & Technology"),
    "language": ("en", "fr"),
}
STORIES = ("first story", "second story", "third story")
WEIGHTS = (1, 1, 2, 5, 255)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = tuple(
    (datetime.fromisoformat(moment).replace(tzinfo=UTC) - EPOCH) // timedelta(seconds=1)
    for moment in (
        "0001-01-01", "1969-12-31T23:59:59", "1970-01-01", "2023-12-31T23:59:59", "2024-01-01",
        "2024-01-01T00:00:01", "2024-02-29T12:00", "2024-03-03T09:30", "2024-03-04",
        "2024-03-04T08:00", "2024-03-04T08:00:01", "2024-03-31", "2025-06-01",
    )
)  # fmt: skip
DAYS = (date(1969, 12, 31), date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 4))


def texts(longest: int) -> st.SearchStrategy[str]:
    separators = st.sampled_from((" ", " ", " ", ", ", ". ", "\n"))
    pairs = st.lists(st.tuples(st.sampled_from(VOCABULARY), separators), max_size=longest)
    return pairs.map(lambda drawn: "".join(word + between for word, between in drawn))


def moments() -> st.SearchStrategy[int | None]:
    return st.one_of(
        st.sampled_from((None, *MOMENTS[3:])), st.sampled_from((None, *MOMENTS))
    )  # weighted towards 2024, where histograms have more than one bar


@st.composite
def facet_values(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    chosen = {}
    for facet, values in VALUES.items():
        if some := draw(st.lists(st.sampled_from(values), unique=True, max_size=3)):
            chosen[facet] = tuple(some)
    if story := draw(st.sampled_from((None, *STORIES))):
        chosen[STORY] = (story,)
    return chosen


@st.composite
def facet_weights(
    draw: st.DrawFn, facets: dict[str, tuple[str, ...]]
) -> dict[str, tuple[int, ...]]:
    """Weights for the values of some of the facets."""
    weighted = sorted(set(facets) - {STORY})
    chosen = draw(st.lists(st.sampled_from(weighted), unique=True)) if weighted else []
    return {facet: tuple(draw(st.sampled_from(WEIGHTS)) for _ in facets[facet]) for facet in chosen}


@st.composite
def namings(draw: st.DrawFn) -> Naming:
    """Values merged within their facet, moved to another, named anew, or hidden."""
    every = [(facet, value) for facet, values in VALUES.items() for value in values]
    names: dict[tuple[str, str], tuple[str, str] | None] = {}
    for facet, value in draw(st.lists(st.sampled_from(every), unique=True, max_size=8)):
        within = st.tuples(st.just(facet), st.sampled_from(VALUES[facet]))
        anew = st.tuples(st.sampled_from(sorted(VALUES)), st.just("Łukasz II"))
        names[facet, value] = draw(
            st.one_of(st.none(), within, within, st.sampled_from(every), anew)
        )
    return Naming(names)


@st.composite
def documents(draw: st.DrawFn, article_id: str) -> Document:
    """One article with this id."""
    facets = draw(facet_values())
    return Document(
        article_id=article_id,
        title=draw(texts(4)),
        body=draw(texts(25)),
        language=draw(st.sampled_from(LANGUAGES)),
        published=draw(moments()),
        facets=facets,
        weights=draw(facet_weights(facets)),
    )


Commit = Sequence[Document | str]
"""Changes: documents are put, a string deletes the article with this id."""


@st.composite
def histories(draw: st.DrawFn) -> list[Commit]:
    """One to three commits, each of some changes; later ones replace and delete earlier ones."""
    ids = st.integers(0, 14).map(lambda number: f"article-{number:02}")
    puts = ids.flatmap(documents)
    changes = st.lists(st.one_of(puts, puts, puts, puts, ids), min_size=1, max_size=10)
    return draw(st.lists(changes, min_size=1, max_size=3))


def outcome(history: Sequence[Commit]) -> list[Document]:
    """The documents there are after all commits."""
    live: dict[str, Document] = {}
    for change in (change for commit in history for change in commit):
        if isinstance(change, Document):
            live[change.article_id] = change
        else:
            live.pop(change, None)
    return list(live.values())


def archive(seed: int, articles: int) -> list[Document]:
    """The same articles for the same seed, with a frequent and a rare end to every list."""
    chance, of_stories = random.Random(seed), random.Random(f"stories {seed}")

    def pick(values: tuple[str, ...] | list[str], count: int) -> list[str]:
        weights = [1 / (rank + 1) for rank in range(len(values))]
        return chance.choices(values, weights, k=count)

    def about(facets: dict[str, tuple[str, ...]]) -> dict[str, dict[str, tuple[Any, ...]]]:
        """Facets, weights of some of them, and for a third of the articles a story."""
        weights = {
            facet: tuple(of_stories.choices(WEIGHTS, k=len(values)))
            for facet, values in facets.items()
            if of_stories.random() < 0.5
        }
        story = (f"story {of_stories.randrange(articles // 6 + 1)}",)
        more = {STORY: story} if of_stories.random() < 1 / 3 else {}
        return {"facets": {**facets, **more}, "weights": weights}

    return [
        Document(
            article_id=f"article-{number:05}",
            title=" ".join(pick(VOCABULARY, chance.randrange(6))),
            body=" ".join(pick(VOCABULARY, chance.randrange(60))),
            language=chance.choice(LANGUAGES),
            published=chance.choice((None, *MOMENTS[3:], chance.randrange(1_600_000_000))),
            **about(
                {
                    facet: tuple(sorted(set(pick(values, chance.randrange(4)))))
                    for facet, values in VALUES.items()
                }
            ),
        )
        for number in range(articles)
    ]


stems = st.sampled_from(STEMS)
fields = st.sampled_from((None, None, "title", "body"))
boosts = st.sampled_from((1.0, 1.0, 1.0, 2.0, 0.5))
some_ids = st.lists(
    st.integers(-1, 14).map("article-{:02}".format)
    | st.integers(0, 40).map("article-{:05}".format),
    max_size=6,
).map(tuple)
some_stems = st.lists(stems, min_size=2, max_size=3).map(tuple)


@st.composite
def values_of_a_facet(draw: st.DrawFn) -> HasValue:
    facet = draw(st.sampled_from(sorted(VALUES)))
    values = st.lists(st.sampled_from((*VALUES[facet], "nobody")), min_size=1, max_size=2)
    return HasValue(facet, tuple(draw(values)))


@st.composite
def periods(draw: st.DrawFn) -> PublishedBetween:
    start, end = draw(st.sampled_from((None, *MOMENTS))), draw(st.sampled_from((None, *MOMENTS)))
    return PublishedBetween(start, end)


leaves: st.SearchStrategy[Plan] = st.one_of(
    st.builds(AmongArticles, some_ids),
    st.builds(Word, stems, fields, boosts),
    st.builds(Word, stems, fields, boosts),
    st.builds(Phrase, some_stems, st.integers(0, 4), fields, boosts),
    st.builds(AnyWord, some_stems, fields, boosts),
    values_of_a_facet(),
    periods(),
    st.just(Everything()),
    st.just(Nothing()),
)


def booleans(children: st.SearchStrategy[Plan]) -> st.SearchStrategy[Plan]:
    some = st.lists(children, max_size=2).map(tuple)
    return st.builds(Boolean, some, some, some, some, boosts)


plans: st.SearchStrategy[Plan] = st.recursive(leaves, booleans, max_leaves=6)
"""Plans as engines get them: every node but Pattern and NamedValue."""


@st.composite
def filters(draw: st.DrawFn) -> tuple[FacetFilter, ...]:
    chosen = []
    for facet in draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True, max_size=2)):
        values = st.lists(st.sampled_from((*VALUES[facet], "nobody")), unique=True, max_size=2)
        taken = draw(values)
        excluded = [value for value in draw(values) if value not in taken]
        match: Literal["any", "all"] = draw(st.sampled_from(("any", "all")))
        chosen.append(
            FacetFilter(facet=facet, values=tuple(taken), excluded=tuple(excluded), match=match)
        )
    return tuple(chosen)


dates = st.one_of(
    st.none(),
    st.builds(
        Dates, first=st.sampled_from((None, *DAYS)), last=st.sampled_from((None, *DAYS))
    ).filter(lambda chosen: chosen != Dates()),
)
facet_requests = st.lists(
    st.builds(
        FacetRequest,
        facet=st.sampled_from(sorted(VALUES)),
        size=st.integers(0, 4),
        containing=st.sampled_from(("", "", "o", "É", "ki")),
        order=st.sampled_from(("count", "weight")),
        unexpected=st.integers(0, 3),
    ),
    max_size=3,
    unique_by=lambda wanted: wanted.facet,
).map(tuple)
histograms = st.one_of(
    st.none(),
    st.builds(
        HistogramRequest,
        grain=st.sampled_from((None, None, "year", "month")),
        bars=st.sampled_from((1, 12, 60)),
    ),
)
requests = st.builds(
    SearchRequest,
    plan=plans,
    filters=filters(),
    dates=dates,
    sort=st.sampled_from(("relevance", "relevance", "newest", "oldest")),
    offset=st.integers(0, 3),
    size=st.integers(0, 6),
    facets=facet_requests,
    histogram=histograms,
    copies=st.booleans(),
)
"""Requests for a first page or one by offset; a cursor is what an answer gives."""
