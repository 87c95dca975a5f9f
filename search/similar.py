"""Articles about the same events: an ordinary question made of an article's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from index.articles import Article
from index.entities.mentions import Mention
from index.stories.copies import stories_of
from index.tokens import STOP_WORDS, words
from search.archive import Archive, Found, Question

MOST_NAMES = 8
MOST_WORDS = 12
"""Names and title words asked for: the ones that say what an article is about."""

LEAST_SHARE = 0.2
"""Of the score the article itself reaches. Of the neighbours of the 66 sample articles with
0.20 to 0.25 of it, 66 % are from the same section, above that 80 %, from 0.15 to 0.20 47 %."""


def similar(archive: Archive, article_id: str, most: int = 5) -> tuple[Found, ...] | None:
    """At most `most` other articles with the same names and title words, closest first.

    Copies of the article are not among them. None when there is no such article.
    """
    article = archive.store.articles([article_id]).get(article_id)
    if article is None:
        return None
    mentions = archive.mentions([article_id]).get(article_id, ())
    text = " ".join([*_names(mentions), *_title_words(article)])
    if not text:
        return ()
    question = Question(text=text, match="any", size=most + 1)
    found = archive.search(question).found
    own = max((each.hit.score for each in found), default=0.0)
    story = stories_of(archive.store, [article_id]).get(article_id, article_id)
    others = (each for each in found if story not in (each.story, each.article.id))
    return tuple(each for each in others if each.hit.score >= own * LEAST_SHARE)[:most]


def _names(mentions: Sequence[Mention]) -> Iterator[str]:
    """The most mentioned names, each as a phrase."""
    for name, _ in Counter(mention.name for mention in mentions).most_common(MOST_NAMES):
        if found := words(name):
            yield f'"{" ".join(found)}"'


def _title_words(article: Article) -> list[str]:
    return [word for word in words(article.title) if word not in STOP_WORDS][:MOST_WORDS]
