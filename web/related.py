"""Articles about the same events: an ordinary question made of an article's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.articles import Article
from index.entities.mentions import Mention
from index.stories.copies import stories_of
from index.tokens import STOP_WORDS, words
from search.archive import Archive, Found, Question
from web.reading import entities

MOST_NAMES = 8
MOST_WORDS = 12
"""Names and title words asked for: the ones that say what an article is about."""

LEAST_SHARE = 0.2
"""Of the score the article itself reaches. Of the neighbours of the 66 sample articles with
0.20 to 0.25 of it, 66 % are from the same section, above that 80 %, from 0.15 to 0.20 47 %."""


def related(
    archive: Archive, article: Article, mentions: Sequence[Mention], most: int = 5
) -> tuple[Found, ...]:
    """At most `most` other articles with the same names and title words, closest first.

    Copies of the article are not among them.
    """
    text = " ".join([*_names(article, mentions), *_title_words(article)])
    if not text:
        return ()
    question = Question(text=text, match="any", size=most + 1)
    found = archive.search(question).found
    own = max((each.hit.score for each in found), default=0.0)
    story = stories_of(archive.store, [article.id]).get(article.id, article.id)
    others = (each for each in found if story not in (each.story, each.article.id))
    return tuple(each for each in others if each.hit.score >= own * LEAST_SHARE)[:most]


def _names(article: Article, mentions: Sequence[Mention]) -> Iterator[str]:
    """The most mentioned names, each as a phrase."""
    by_frequency = sorted(entities(article, mentions), key=lambda entity: -entity.mentions)
    for entity in by_frequency[:MOST_NAMES]:
        if name := words(entity.name):
            yield f'"{" ".join(name)}"'


def _title_words(article: Article) -> list[str]:
    return [word for word in words(article.title) if word not in STOP_WORDS][:MOST_WORDS]
