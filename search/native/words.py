"""The words of a question in a segment, as kernels take them.

Remembered, as a question comes again with other filters, and for its next page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.native import few
from search.native.snapshot import Snapshot, View
from search.plan import Boolean, Phrase, Plan, Word, plain_words

MOST_WORDS = 16
"""Of a question or phrase that is remembered, so that long ones fill no memory."""


def few_words(snapshot: Snapshot, view: View, plan: Plan) -> few.Words | None:
    """A plan of nothing but words that few articles of the segment have; None of any other."""
    words, every = plain_words(plan)
    if not words:
        return None
    boost = plan.boost if isinstance(plan, Boolean) else 1.0
    if len(words) > MOST_WORDS:
        return _looked_up(snapshot, view, words, boost, every=every)
    try:
        return view.few_words[plan]
    except KeyError:
        found = _looked_up(snapshot, view, words, boost, every=every)
        return view.few_words.put(plan, found)


def phrase_words(
    snapshot: Snapshot, view: View, phrase: Phrase
) -> tuple[NDArray[np.int64] | None, float]:
    """The numbers of a phrase's words in the segment, and their idf together.

    None in place of numbers when one of the words is in no article of the segment.
    """
    key = phrase.stems, phrase.field
    found = view.phrase_words.get(key)
    if found is None:
        numbers = [view.term(stem) for stem in phrase.stems]
        rarity = sum(snapshot.idf(stem, phrase.field) for stem in phrase.stems)
        found = (None if min(numbers) < 0 else np.array(numbers, np.int64)), rarity
        if len(phrase.stems) <= MOST_WORDS:
            view.phrase_words.put(key, found)
    return found


def _looked_up(
    snapshot: Snapshot, view: View, words: Sequence[Word], boost: float, *, every: bool
) -> few.Words | None:
    """Words of which all or any are wanted; None when they have more than few articles."""
    sizes, numbers, weights = [], [], []
    for word in words:
        number = view.term(word.stem)
        if number >= 0:
            sizes.append(view.postings(number))
            numbers.append(number)
            weights.append(boost * word.boost * snapshot.idf(word.stem, None))
        elif every:
            return None
    if not sizes or (min(sizes) if every else sum(sizes)) > few.FEW:
        return None
    first = sizes.index(min(sizes)) if every else -1
    return few.Words(np.array(numbers, np.int64), np.array(weights, np.float32), first)
