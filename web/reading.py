"""An article as it is read: paragraphs with its entities linked and a query's words marked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from operator import itemgetter

from markupsafe import Markup

from index.articles import Article
from index.entities.mentions import ENTITY_TYPES, EntityType, Mention
from index.salience import salience
from search.plan import Plan
from search.snippets import highlight_body, highlight_title
from web.filters import mark

EntityLink = Callable[[EntityType, str], str]
"""The URL of the search for an entity, by its type and name."""

Ranges = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something an article names, how often, and how much the article is about it.

    weight: as `index.salience` has it.
    """

    type: EntityType
    name: str
    mentions: int
    weight: int


@dataclass(frozen=True, slots=True)
class Readable:
    """Title and paragraphs as HTML, and the entities by type, those of most weight first."""

    title: Markup
    paragraphs: tuple[Markup, ...]
    entities: tuple[Entity, ...]


def readable(
    article: Article, mentions: Sequence[Mention], plan: Plan, link: EntityLink
) -> Readable:
    """The article with every mention linked and every word the plan wants marked."""
    body = _Body(article, mentions, highlight_body(article, plan).ranges, link)
    return Readable(
        title=mark(article.title, highlight_title(article, plan).ranges),
        paragraphs=tuple(body.annotated(start, end) for start, end in _paragraphs(article.body)),
        entities=entities(article, mentions),
    )


def entities(article: Article, mentions: Sequence[Mention]) -> tuple[Entity, ...]:
    """The entities of an article by type, those of most weight first."""
    counts = Counter((mention.type, mention.name) for mention in mentions)
    found = [
        Entity(kind, name, counts[kind, name], weight)
        for (kind, name), weight in salience(article, mentions).items()
    ]
    return tuple(
        sorted(
            found,
            key=lambda entity: (ENTITY_TYPES.index(entity.type), -entity.weight, entity.name),
        )
    )


def _paragraphs(body: str) -> Iterator[tuple[int, int]]:
    """(start, end) in the body of every line with something in it."""
    start = 0
    for line in body.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


class _Body:
    """The body of an article with everything that is shown in it; positions are in the body."""

    def __init__(
        self, article: Article, mentions: Sequence[Mention], marks: Ranges, link: EntityLink
    ) -> None:
        offset = article.body_offset
        text = article.text
        standing = (m for m in mentions if m.start >= offset and text[m.start : m.end] == m.surface)
        self._text = article.body
        self._mentions = sorted((m.start - offset, m.end - offset, m) for m in standing)
        self._marks = marks
        self._link = link

    def annotated(self, start: int, end: int) -> Markup:
        """A part as HTML; a mark that crosses a mention's edge is cut there."""
        parts = []
        place = start
        from_here = bisect_left(self._mentions, start, key=itemgetter(0))
        for first, last, mention in islice(self._mentions, from_here, None):
            if first >= end:
                break
            if first < place or last > end:
                continue
            parts += [self._marked(place, first), self._linked(first, last, mention)]
            place = last
        return Markup("").join([*parts, self._marked(place, end)])

    def _linked(self, start: int, end: int, mention: Mention) -> Markup:
        return Markup('<a class="entity {}" href="{}" title="{}">{}</a>').format(
            mention.type,
            self._link(mention.type, mention.name),
            f"{mention.type}: {mention.name}",
            self._marked(start, end),
        )

    def _marked(self, start: int, end: int) -> Markup:
        """A part with the parts of the marks that fall into it."""
        from_here = bisect_right(self._marks, start, key=itemgetter(1))
        upcoming = takewhile(lambda mark: mark[0] < end, islice(self._marks, from_here, None))
        inside = [(max(first, start) - start, min(last, end) - start) for first, last in upcoming]
        return mark(self._text[start:end], inside)
