"""Everything there is to know of one entity: its forms, the sentences it rests on, its company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.articles import Article
from index.curation.entities import Form
from index.curation.notation import Entry
from index.entities.mentions import ENTITY_TYPES, Mention
from index.naming import FacetName
from search.archive import Archive
from search.plan import HasValue
from search.request import FacetRequest, HistogramRequest, SearchRequest
from search.results import Histogram, Hit
from search.sentences import sentence_breaks
from search.snippets import ELLIPSIS, Passage

LOOKED_AT = 40
"""The newest articles, in which sentences are looked for."""

LONGEST_SIDE = 300
"""Characters of a sentence that are shown at most before and after the name."""

MOST_SENTENCES = 8
MOST_RELATED = 12


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that names an entity, with the range of the name in it, and its article."""

    article: Article
    mention: Mention
    passage: Passage


@dataclass(frozen=True, slots=True)
class Related:
    """An entity more frequent in some articles than in all, how many of them have it."""

    entity: FacetName
    articles: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityReport:
    """An entity.

    forms: the names that count as it, most frequent first. could_be: for a name that may be
    short for several others, these, with their articles. decisions: those that concern it, in
    the order of the file. sentences: of different forms first, the newest first. related:
    whom its articles name unexpectedly often, most so first.
    """

    entity: FacetName
    articles: int
    forms: tuple[Form, ...]
    could_be: tuple[tuple[FacetName, int], ...]
    decisions: tuple[Entry, ...]
    sentences: tuple[Sentence, ...]
    related: tuple[Related, ...]
    histogram: Histogram | None


def report(archive: Archive, entity: FacetName) -> EntityReport:
    """What is known of an entity; one that no article names has 0 articles and no forms."""
    kind, name = entity
    forms = archive.entities.forms(entity)
    results = archive.engine.search(
        SearchRequest(
            plan=HasValue(kind, (name,)),
            sort="newest",
            size=LOOKED_AT,
            facets=tuple(
                FacetRequest(facet=facet, size=1, unexpected=MOST_RELATED + 1)
                for facet in ENTITY_TYPES
            ),
            histogram=HistogramRequest(),
        )
    )
    related = [
        Related((counts.facet, value.value), value.count, value.score)
        for counts in results.facets
        for value in counts.unexpected
        if (counts.facet, value.value) != entity
    ]
    related.sort(key=lambda other: (-other.score, other.entity))
    names = {entity, *(form.name for form in forms)}
    return EntityReport(
        entity=entity,
        articles=results.total,
        forms=forms,
        could_be=archive.entities.could_be(entity) if len(forms) == 1 else (),
        decisions=tuple(entry for entry in archive.decisions.entries if entry.concerns(names)),
        sentences=tuple(_sentences(archive, entity, results.hits))[:MOST_SENTENCES],
        related=tuple(related[:MOST_RELATED]),
        histogram=results.histogram,
    )


def _sentences(archive: Archive, entity: FacetName, hits: tuple[Hit, ...]) -> Iterator[Sentence]:
    """One sentence of each article, those that write the entity in a new way first."""
    ids = [hit.article_id for hit in hits]
    articles, mentions = archive.store.articles(ids), archive.mentions(ids)
    known: set[str] = set()
    rest: list[Sentence] = []
    for key, article in articles.items():
        standing = [
            mention
            for mention in mentions.get(key, ())
            if (mention.type, mention.name) == entity and mention.start >= article.body_offset
        ]
        new = [each for each in standing if each.surface not in known]
        if not standing:
            continue
        mention = (new or standing)[0]
        sentence = Sentence(article, mention, _sentence(article, mention))
        if new:
            known.add(mention.surface)
            yield sentence
        else:
            rest.append(sentence)
    yield from rest


def _sentence(article: Article, mention: Mention) -> Passage:
    """The sentence of the body that a mention stands in, or as much around it as is shown."""
    body = article.body
    start, end = mention.start - article.body_offset, mention.end - article.body_offset
    first, last = max(start - LONGEST_SIDE, 0), min(end + LONGEST_SIDE, len(body))
    breaks = sentence_breaks(body, first, last)
    begins = [each.next for each in breaks if each.next <= start]
    ends = [each.end for each in breaks if each.end >= end]
    begin, until = max(begins, default=first), min(ends, default=last)
    before = "" if begins or not first else ELLIPSIS
    after = "" if ends or last == len(body) else ELLIPSIS
    if before:  # at the beginning of a word
        begin = min(body.find(" ", begin, start) + 1 or begin, start)
    if after:
        until = max(body.rfind(" ", end, until), end)
    shift = begin - len(before)
    text = before + body[begin:until].replace("\n", " ") + after
    return Passage(text, ((start - shift, end - shift),), shift)
