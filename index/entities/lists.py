"""Words that stand before, after and inside names; kept one a line in the folder `lists`."""

from __future__ import annotations

from pathlib import Path

from index.entities.mentions import EntityType

FOLDER = Path(__file__).with_name("lists")


def read_list(path: Path) -> list[str]:
    """The lines of a list; those that begin with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _kept(name: str) -> frozenset[str]:
    return frozenset(read_list(FOLDER / f"{name}.txt"))


def _in_full(name: str, kind: EntityType) -> dict[str, tuple[EntityType, str]]:
    """A list of short forms, each with what it stands for behind a sign of equality."""
    pairs = (line.partition(" = ") for line in read_list(FOLDER / f"{name}.txt"))
    return {short: (kind, full) for short, _, full in pairs}


DEMONYMS = _kept("demonyms")
TITLES = _kept("titles")
OFFICES = TITLES - _kept("titles_like_names")
"""Titles that are hardly anybody's name, so that they end what stands before a name."""
PARTICLES = _kept("particles")
COMPANY_SUFFIXES = _kept("company_suffixes")
ORGANISATION_WORDS = _kept("organisation_words")
PLACE_ENDINGS = _kept("place_endings")
LAW_ENDINGS = _kept("law_endings")
INSTITUTIONS = _kept("institutions")
BUILT_PLACES = _kept("built_places")
OCCASIONS = _kept("occasions")
MONEY = _kept("money")
NEVER_NAMES = _kept("never_names")
NEVER_SURNAMES = _kept("never_surnames")
SENTENCE_STARTS = _kept("sentence_starts")
GIVEN_NAMES = _kept("given_names")
COMMON_GIVEN_NAMES = _kept("common_given_names")
LEAGUE_CITIES = _kept("league_cities")
PARTNERS = _kept("partners")
"""Firms whose names read like people's."""
NICKNAMES = dict(line.split() for line in read_list(FOLDER / "nicknames.txt"))
"""Short forms of given names: what they are short for; both in lower case."""
GENERATIONS = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
PROJECTS = frozenset(("Operation", "Project"))
"""First words of names of what somebody does, and of some organisations."""
LED = (
    "-led",
    "-backed",
    "-owned",
    "-controlled",
    "-run",
    "-linked",
    "-era",
    "-style",
    "-area",
    "-based",
)
"""What may be written behind a name without being part of it: Russian-backed, Detroit-area."""

ALIASES = _in_full("known_abbreviations", "organisation") | _in_full("known_places", "place")
"""Lower-case short forms that need no introduction: what they name, in full."""


STATES = _kept("states")
"""States and provinces that stand behind the names of towns."""
SHORT_STATES = frozenset(short for short, (_, full) in ALIASES.items() if full in STATES)
"""Their short forms in lower case, with the final dot."""


def bare(word: str) -> str:
    """Lower case and without a final dot, as titles are listed."""
    return word.lower().rstrip(".")
