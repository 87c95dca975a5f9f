"""What the oracle knows of one document: its stems by position, its values with their weights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from index.articles import STORY, Document
from index.naming import Naming
from index.tokens import stem, words

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Text:
    """A document with the stems of its title and of its body, by position, and its values."""

    def __init__(self, document: Document, naming: Naming) -> None:
        self.document = document
        self.weights = named_weights(document, naming)
        self.words = {"title": words(document.title), "body": words(document.body)}
        self.stems = {
            name: [stem(word, document.language) for word in found]
            for name, found in self.words.items()
        }
        self.length = len(self.words["title"]) + len(self.words["body"])

    @property
    def day(self) -> date | None:
        published = self.document.published
        return None if published is None else (EPOCH + timedelta(seconds=published)).date()

    @property
    def story(self) -> str | None:
        return next(iter(self.values(STORY)), None)

    @property
    def age(self) -> tuple[bool, int, str]:
        """What the copies of a story are ordered by, the earliest first."""
        published = self.document.published
        return published is None, published or 0, self.document.article_id

    def values(self, facet: str) -> dict[str, int]:
        """The values of a facet, each with its weight."""
        return self.weights.get(facet, {})

    def has(self, wanted: str, field: str | None) -> bool:
        return any(wanted in self.stems[name] for name in fields(field))

    def frequency(self, stems: tuple[str, ...], slop: int, field: str) -> int:
        """The number of positions of the field where the stems begin, at most slop apart."""
        text = self.stems[field]
        return sum(begins_at(text, first, stems, slop) for first in range(len(text)))


def named_weights(document: Document, naming: Naming) -> dict[str, dict[str, int]]:
    """The values of each facet under these names with their weights, of several the greatest."""
    named: dict[str, dict[str, int]] = {}
    for facet, values in document.facets.items():
        weights = document.weights.get(facet, (1,) * len(values))
        for value, weight in zip(values, weights, strict=True):
            name = naming.names.get((facet, value), (facet, value))
            if name is not None:
                of_facet = named.setdefault(name[0], {})
                of_facet[name[1]] = max(weight, of_facet.get(name[1], 0))
    return named


def copies(text: Text, among: list[Text]) -> list[Text]:
    """All of these texts that have the text's story; the text alone when it has none."""
    return [text] if text.story is None else [each for each in among if each.story == text.story]


def age_of(text: Text) -> tuple[bool, int, str]:
    return text.age


def fields(field: str | None) -> tuple[str, ...]:
    return ("title", "body") if field is None else (field,)


def begins_at(text: list[str], first: int, stems: tuple[str, ...], slop: int) -> bool:
    """Whether the stems stand in order from `first` on with at most slop words between."""
    if text[first] != stems[0]:
        return False
    place = first
    for wanted in stems[1:]:  # the earliest place for each is the best one for those after it
        later = [other for other in range(place + 1, len(text)) if text[other] == wanted]
        if not later:
            return False
        place = later[0]
    return place - first - (len(stems) - 1) <= slop
