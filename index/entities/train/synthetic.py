"""Writes sentences of kinds that the labelled sets lack: headlines, datelines, tables of sport."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

from index.entities.lists import DEMONYMS
from index.entities.spans import Span, SpanType
from index.entities.train.examples import Sentence
from index.entities.train.gazetteers import listed, state_names, town_names

_IN_CAPITALS, _AS_TITLES, _WITH_DATELINE = 0.05, 0.03, 0.03
"""Shares of the labelled sentences that are added a second time, changed."""

_AGENCIES = ("AFP", "AP", "CNN", "REUTERS", "Reuters", "UPI", "VOA", "Xinhua")
_WITH_DASH = 0.85
"""Of the datelines in capitals; in the others it was lost when the text was copied."""
_DASHES = ("-", "--", "–", "—")

_SPORTS = ("soccer", "rugby", "cricket", "golf", "tennis", "basketball", "baseball", "hockey")
_INITIALS = "ABCDEFGHIJKLMNPRSTVW"
_TOURNAMENTS = ("Open", "Cup", "Championships", "Grand Prix", "Classic", "Masters")
_HOW_MANY = {
    "sport_patterns": 4000,
    "news_patterns": 500,
    "business_patterns": 1500,
    "public_patterns": 500,
}


def changed(sentences: Iterable[Sentence], seed: int) -> Iterator[Sentence]:
    """Some of the sentences again: in capitals, as titles, or after a dateline."""
    random = Random(seed)  # noqa: S311 - to be repeatable, not secret
    towns, countries = town_names(), listed("countries")
    small = frozenset(listed("small_words"))
    for sentence in sentences:
        draw = random.random()
        if draw < _IN_CAPITALS:
            yield Sentence(tuple(word.upper() for word in sentence.words), sentence.names)
        elif draw < _IN_CAPITALS + _AS_TITLES:
            yield Sentence(tuple(_as_title(word, small) for word in sentence.words), sentence.names)
        elif draw < _IN_CAPITALS + _AS_TITLES + _WITH_DATELINE:
            yield _after_dateline(sentence, random, towns, countries)


def _as_title(word: str, small: frozenset[str]) -> str:
    return word if word in small else word[0].upper() + word[1:]


def _after_dateline(
    sentence: Sentence, random: Random, towns: list[str], countries: list[str]
) -> Sentence:
    town = random.choice(towns)
    words = (town.upper() if random.random() < 0.8 else town).split()
    names = [Span(0, len(words), "place")]
    if random.random() < 0.5:
        country = random.choice(countries).split()
        names.append(Span(len(words) + 1, len(words) + 1 + len(country), "place"))
        words += [",", *country]
    if random.random() < 0.4:
        names.append(Span(len(words) + 1, len(words) + 2, "organisation"))
        words += ["(", random.choice(_AGENCIES), ")"]
    if not words[0].isupper() or random.random() < _WITH_DASH:
        words.append(random.choice(_DASHES))
    moved = (Span(s + len(words), e + len(words), kind) for s, e, kind in sentence.names)
    return Sentence((*words, *sentence.words), (*names, *moved))


def patterns(seed: int) -> Iterator[Sentence]:
    """Lines of results and scorecards; sentences on companies, public bodies and platforms."""
    filler = _Patterns(Random(seed))  # noqa: S311 - to be repeatable, not secret
    for name, count in _HOW_MANY.items():
        patterns = listed(name)
        for _ in range(count):
            yield filler.sentence(patterns)


class _Patterns:
    """Fills slots with names from the lists, in capitals if they are, N with digits, YYYY."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._firms, self._companies = listed("firms"), listed("companies")
        self._bodies, self._organisations = listed("bodies"), listed("organisations")
        self._demonyms = sorted(name for name in DEMONYMS if not name.endswith("s"))
        given, surnames, towns = listed("given_names"), listed("surnames"), town_names()
        clubs, countries = listed("clubs"), [name for name in listed("countries") if len(name) > 2]
        states = state_names()
        sides, platforms = listed("league_cities"), listed("platforms")
        self._slots: dict[str, tuple[Callable[[], str], SpanType | None]] = {
            "Person": (lambda: f"{self._pick(given)} {self._pick(surnames)}", "person"),
            "Surname": (lambda: self._pick(surnames), "person"),
            "Initial": (lambda: f"{self._pick(_INITIALS)}. {self._pick(surnames)}", "person"),
            "Club": (lambda: self._pick(clubs), "organisation"),
            "Nickname": (lambda: self._pick(clubs), "organisation"),
            "Team": (lambda: self._pick(sides), "organisation"),
            "Firm": (lambda: self._firm(surnames, towns), "organisation"),
            "Company": (lambda: self._pick(self._companies), "organisation"),
            "Body": (lambda: self._body(towns, countries), "organisation"),
            "Ticker": (lambda: "".join(self._pick(_INITIALS) for _ in range(3)), None),
            "Platform": (lambda: self._pick(platforms), "organisation"),
            "Country": (lambda: self._pick(countries), "place"),
            "Town": (lambda: self._pick(towns), "place"),
            "State": (lambda: self._pick(states), "place"),
            "Sport": (lambda: self._pick(_SPORTS), None),
            "Tournament": (lambda: f"{self._pick(towns)} {self._pick(_TOURNAMENTS)}", None),
        }

    def sentence(self, patterns: Sequence[str]) -> Sentence:
        """One line, by a pattern drawn at random."""
        words: list[str] = []
        names: list[Span] = []
        for part in self._random.choice(patterns).split():
            number, dash, slot = part.partition("-")
            if dash and slot in self._slots:
                words += [self._digits(number), "-"]
            else:
                slot = part
            filled, kind = self._fill(slot)
            if kind:
                names.append(Span(len(words), len(words) + len(filled), kind))
            words += filled
        return Sentence(tuple(words), tuple(names))

    def _fill(self, slot: str) -> tuple[list[str], SpanType | None]:
        """The words for a slot, in capitals if it is, and what they name."""
        name = slot.title() if slot.isupper() else slot
        if name not in self._slots:
            return [self._digits(slot)], None
        fill, kind = self._slots[name]
        return (fill().upper() if slot.isupper() else fill()).split(), kind

    def _firm(self, surnames: list[str], towns: list[str]) -> str:
        """A company on the list or one made up from a surname or a town."""
        pattern = self._pick(self._firms)
        names = (self._pick(surnames), self._pick(surnames), self._pick(towns))
        return pattern.format(*names, self._pick(self._companies))

    def _body(self, towns: list[str], countries: list[str]) -> str:
        """A public body on the list or one made up from a town, a country or a demonym."""
        names = (self._pick(towns), self._pick(countries), self._pick(self._demonyms))
        return self._pick(self._bodies).format(*names, self._pick(self._organisations))

    def _pick(self, names: Sequence[str]) -> str:
        return self._random.choice(names)

    def _digits(self, pattern: str) -> str:
        """The pattern with N as digits and YYYY as a year, unless it is a word."""
        if pattern.strip("NYd0123456789-:.,/"):
            return pattern
        pattern = pattern.replace("YYYY", str(self._random.randrange(1985, 2025)))
        return "".join(str(self._random.randrange(1, 10)) if c == "N" else c for c in pattern)
