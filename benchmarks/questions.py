"""The questions that engines are timed on: classes of queries drawn from a corpus, or a file.

Every question is drawn from an article picked at random, so it has an answer. What a word is says
index.tokens; how frequent it is, is counted in a sample of the articles.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal

from benchmarks.corpus import LANGUAGE
from index.articles import Document
from index.tokens import STOP_WORDS, stem, words

Form = Literal["any", "all", "phrase", "prefix", "everything"]
"""Articles with any or all of the words, with the phrase, with the prefix, or all articles."""

Filter = tuple[str, str]
"""A facet and the value an article must have in it."""

SAMPLE = 5_000
RARE = 0.001
COMMON = (0.1, 0.5)
TELLING = (0.0005, 0.3)
"""Parts of the articles that have a rare word, a common one, or one of several that somebody
types. Words in more articles than these stand for nothing anybody looks for."""

PREFIX = 4
"""Letters of a prefix, taken from words at least two letters longer."""

LONGEST_RANGE = 730
"""Days of the longest range of dates; the shortest is 30."""

WITH_PAGE_FILTERS = 3
"""Every third question has two filters more on the page."""

_TRIES = 200
"""How many articles are tried for each question before a class gets fewer of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One query of a class, cut into words already.

    words are folded, stems are theirs in the same order; both empty for "everything".
    days: the first and the last day of publication. page_filters count on the page alone.
    """

    kind: str
    form: Form
    words: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    days: tuple[date, date] | None = None
    page_filters: tuple[Filter, ...] = ()

    def on_the_page(self) -> Question:
        """The question with the filters it has on the page."""
        filters = tuple(dict.fromkeys(self.filters + self.page_filters))
        return replace(self, filters=filters, page_filters=())


def draw_questions(
    documents: Sequence[Document], a_class: int = 30, seed: int = 1
) -> list[Question]:
    """About `a_class` different questions of each class; fewer where the corpus has no more."""
    sample = _Sample(documents, seed)
    return [
        question
        for kind, draw in CLASSES.items()
        for question in sample.questions(kind, draw, a_class)
    ]


def read_questions(path: Path, documents: Sequence[Document], seed: int = 1) -> list[Question]:
    """The queries of a file, one a line: a "phrase", a prefix*, words OR words, or all words.

    The class is named after the form. Filters for the page are drawn from the corpus.
    """
    rng = random.Random(seed)
    lines = filter(str.strip, path.read_text(encoding="utf-8").splitlines())
    found = [question for line in lines if (question := _read(line.strip())) is not None]
    return [
        replace(question, page_filters=_two_filters(rng.choice(documents), rng))
        if number % WITH_PAGE_FILTERS == 0
        else question
        for number, question in enumerate(found)
    ]


def _read(line: str) -> Question | None:
    """The question of a line; None when there is no word in it."""
    found = words(line.replace(" OR ", " "))
    if not found:
        return None
    if len(found) == 1 and line.endswith("*"):
        return _prefix("prefix", found[0])
    if len(found) > 1 and line.startswith('"') and line.endswith('"'):
        return _asked("phrase", "phrase", found)
    asked = _asked("one word", "any" if " OR " in line else "all", found)
    if len(asked.stems) == 1:
        return asked
    return replace(asked, kind=f"{asked.form} of {len(asked.stems)}")


def _asked(kind: str, form: Form, chosen: Iterable[str]) -> Question:
    """A question after words, each stem once but in phrases."""
    stems = [(stem(word, LANGUAGE), word) for word in chosen]
    if form != "phrase":
        stems = list(dict(stems).items())
    return Question(
        kind=kind,
        form=form,
        words=tuple(word for _, word in stems),
        stems=tuple(known for known, _ in stems),
    )


def _prefix(kind: str, prefix: str) -> Question:
    return Question(kind=kind, form="prefix", words=(prefix,), stems=(prefix,))


def _two_filters(document: Document, rng: random.Random) -> tuple[Filter, ...]:
    """A value of each of two facets of an article, or of one if it has no more."""
    facets = sorted(document.facets)
    chosen = rng.sample(facets, min(2, len(facets)))
    return tuple((facet, rng.choice(document.facets[facet])) for facet in chosen)


class _Sample:
    """Some articles of a corpus, and in which part of them each word is."""

    def __init__(self, documents: Sequence[Document], seed: int) -> None:
        self.rng = random.Random(seed)
        self._documents = self.rng.sample(documents, min(SAMPLE, len(documents)))
        self._words = [words(f"{each.title}\n{each.body}") for each in self._documents]
        self._articles = Counter(
            known for found in self._words for known in {stem(word, LANGUAGE) for word in found}
        )

    def questions(self, kind: str, draw: Draw, wanted: int) -> list[Question]:
        """Up to `wanted` different questions of a class."""
        found: dict[Question, None] = {}
        for _ in range(wanted * _TRIES if self._documents else 0):
            number = self.rng.randrange(len(self._documents))
            question = draw(self, number)
            if question is None:
                continue
            question = replace(question, kind=kind)
            if len(found) % WITH_PAGE_FILTERS == 0:
                filters = _two_filters(self._documents[number], self.rng)
                question = replace(question, page_filters=filters)
            found[question] = None
            if len(found) == wanted:
                break
        return list(found)

    def document(self, number: int) -> Document:
        """An article of the sample."""
        return self._documents[number]

    def words_between(self, number: int, least: float, most: float) -> list[str]:
        """The words of an article that this part of the articles has, a stem once, shuffled.

        Words of two articles always pass for rare, so that small samples have some.
        """
        enough = 2 / len(self._documents)
        stems = {
            stem(word, LANGUAGE): word
            for word in self._words[number]
            if word not in STOP_WORDS and word.isalpha()
        }
        chosen = sorted(
            word
            for known, word in stems.items()
            if least <= self._articles[known] / len(self._documents) <= max(most, enough)
        )
        self.rng.shuffle(chosen)
        return chosen

    def neighbours(self, number: int) -> list[tuple[str, str]]:
        """Words that stand side by side in the body of an article, neither a stop word."""
        return [
            pair
            for pair in pairwise(words(self._documents[number].body))
            if not STOP_WORDS.intersection(pair) and all(word.isalpha() for word in pair)
        ]


Draw = Callable[[_Sample, int], Question | None]
"""Makes a question of an article of the sample; None when the article gives none."""


def _some_words(count: int, form: Form, least: float, most: float) -> Draw:
    def draw(sample: _Sample, number: int) -> Question | None:
        chosen = sample.words_between(number, least, most)[:count]
        return _asked("", form, chosen) if len(chosen) == count else None

    return draw


def _phrase(sample: _Sample, number: int) -> Question | None:
    pairs = sample.neighbours(number)
    return _asked("", "phrase", sample.rng.choice(pairs)) if pairs else None


def _some_prefix(sample: _Sample, number: int) -> Question | None:
    chosen = sample.words_between(number, *TELLING)
    long = [word for word in chosen if len(word) >= PREFIX + 2 and word.isascii()]
    return _prefix("", long[0][:PREFIX]) if long else None


def _filter_alone(sample: _Sample, number: int) -> Question | None:
    chosen = _two_filters(sample.document(number), sample.rng)[:1]
    return Question(kind="", form="everything", filters=chosen) if chosen else None


def _phrase_and_filter(sample: _Sample, number: int) -> Question | None:
    phrase, alone = _phrase(sample, number), _filter_alone(sample, number)
    return replace(phrase, filters=alone.filters) if phrase and alone else None


def _words_and_days(sample: _Sample, number: int) -> Question | None:
    published = sample.document(number).published
    asked = _some_words(2, "any", *TELLING)(sample, number)
    if published is None or asked is None:
        return None
    day = datetime.fromtimestamp(published, UTC).date()
    before = timedelta(sample.rng.randint(0, 30))
    return replace(
        asked, days=(day - before, day - before + timedelta(sample.rng.randint(30, LONGEST_RANGE)))
    )


CLASSES: dict[str, Draw] = {
    "one rare word": _some_words(1, "all", 0.0, RARE),
    "one common word": _some_words(1, "all", *COMMON),
    **{f"any of {n}": _some_words(n, "any", *TELLING) for n in (2, 3, 5)},
    **{f"all of {n}": _some_words(n, "all", *TELLING) for n in (2, 3)},
    "phrase": _phrase,
    "prefix": _some_prefix,
    "phrase and filter": _phrase_and_filter,
    "filter alone": _filter_alone,
    "words and dates": _words_and_days,
}
"""The classes of questions by their names, in the order they are shown."""


def by_class(questions: Iterable[Question]) -> Iterator[tuple[str, list[Question]]]:
    """The questions of each class, classes in the order they come."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.kind, []).append(question)
    yield from found.items()
