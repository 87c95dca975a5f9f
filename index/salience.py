"""How much an article is about each name in it: a weight from 1 to 255.

| what                                                        | points                     |
|-------------------------------------------------------------|----------------------------|
| named in the title                                          | 80                         |
| named in the lead, the first paragraph behind the dateline  | 50                         |
| named n times                                               | 25 · log₂ n, at most 75    |
| named from the beginning of the body to the end             | 50; half of it, 25; and so on |

An article is about what its title and its lead say, and what it comes back to. A name that only
the dateline has is where it was written. The points were set by reading articles, not measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from math import log2

from index.articles import Article
from index.entities.mentions import EntityType, Mention

Salience = Mapping[tuple[EntityType, str], int]
"""Weights by type and name."""

LEAST, MOST = 1, 255
_TITLE, _LEAD, _DOUBLED, _OFTEN, _SPREAD = 80, 50, 25, 75, 50
_LONGEST_LEAD = 600
"""Characters of a lead; texts without paragraphs would have no end of it."""


def salience(article: Article, mentions: Collection[Mention]) -> Salience:
    """The weight of each name among the mentions of an article."""
    starts: dict[tuple[EntityType, str], list[int]] = defaultdict(list)
    for mention in mentions:
        starts[mention.type, mention.name].append(mention.start)
    lead = _lead(article)
    return {name: _weight(article, sorted(places), lead) for name, places in starts.items()}


def _lead(article: Article) -> range:
    """Where the lead stands in the article's text."""
    begin = article.body_offset
    end = article.body.find("\n", len(article.dateline))
    length = min(end if end >= 0 else len(article.body), _LONGEST_LEAD)
    if article.dateline and article.body.startswith(article.dateline):
        return range(begin + len(article.dateline), begin + length)
    return range(begin, begin + length)


def _weight(article: Article, starts: Sequence[int], lead: range) -> int:
    in_body = [start for start in starts if start >= article.body_offset]
    points = min(_DOUBLED * log2(len(starts)), _OFTEN)
    if starts[0] < article.body_offset:
        points += _TITLE
    if any(start in lead for start in starts):
        points += _LEAD
    if in_body:
        points += _SPREAD * (in_body[-1] - in_body[0]) / max(len(article.body), 1)
    return max(LEAST, min(round(points), MOST))
