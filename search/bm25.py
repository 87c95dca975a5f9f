"""BM25F over title and body: the one formula by which every engine ranks.

The score of an article for a query is the sum over its words and phrases of

    boost · idf · (K1 + 1) · f / (K1 · norm + f)

    f     = TITLE_WEIGHT · min(frequency in the title, 3) + min(frequency in the body, 63)
    norm  = 1 − B + B · length / average length
    idf   = ln(1 + (articles − df + ½) / (df + ½))

length is the article's words in title and body together, rounded by index.lengths.round_length;
the average is of exact lengths. df is the number of articles with the word in the title or the
body, or in the one field the query names; then f counts only that field. A phrase has the sum
of its words' idf and as frequency the number of places where it begins. All statistics are of
the articles in the snapshot, deleted ones not counted. With match "any", a word that stands in
the query several times is boosted by query_weight.

Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.6,
with one length normalisation for both fields.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from index.lengths import round_length

K1 = 1.5
B = 0.6
TITLE_WEIGHT = 2.5
"""Chosen together on six test collections, in the middle of the settings that rank all of them
better than k1 1.2 and b 0.75 on title and body joined; docs/decisions/ranking.md has the grid."""
K3 = 8.0
"""As in Okapi at TREC; measured, 6 to 16 rank equally well, and counting a word once much worse."""
MOST_IN_TITLE = 3
MOST_IN_BODY = 63
"""Frequencies above these count as these, so that an index keeps both in one byte."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the formula needs to know of the archive."""

    articles: int
    average_length: float


def idf(articles: int, df: int) -> float:
    """How rare a word is; positive for every df ≤ articles."""
    return math.log(1 + (articles - df + 0.5) / (df + 0.5))


def weighted_frequency(in_title: int, in_body: int) -> float:
    """The f of the formula; a field the query leaves out is given as 0."""
    return TITLE_WEIGHT * min(in_title, MOST_IN_TITLE) + min(in_body, MOST_IN_BODY)


def length_norm(length: int, average_length: float) -> float:
    """The norm of the formula, for a length in words as it is (rounded here)."""
    return 1 - B + B * round_length(length) / average_length if average_length else 1.0


def saturation(frequency: float, norm: float) -> float:
    """The part of the score that grows with the frequency, from 0 up to K1 + 1."""
    return (K1 + 1) * frequency / (K1 * norm + frequency)


def score(word_idf: float, frequency: float, norm: float, boost: float = 1.0) -> float:
    """The score of one word or phrase in one article."""
    return boost * word_idf * saturation(frequency, norm)


def query_weight(times: int) -> float:
    """The boost of a word that stands this many times in a query: 1 for once, below K3 + 1."""
    return (K3 + 1) * times / (K3 + times)
