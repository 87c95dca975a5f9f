"""Words that stand before, after and inside names; kept one a line in the folder `lists`."""

from __future__ import annotations

from pathlib import Path

from index.entities.mentions import EntityType

_FOLDER = Path(__file__).with_name("lists")


def read_list(path: Path) -> list[str]:
    """The lines of a list; those that begin with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _kept(name: str) -> frozenset[str]:
    return frozenset(read_list(_FOLDER / f"{name}.txt"))


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
NICKNAMES = dict(line.split() for line in read_list(_FOLDER / "nicknames.txt"))
"""Short forms of given names: what they are short for; both in lower case."""
GENERATIONS = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
LED = ("-led", "-backed", "-owned", "-controlled", "-run", "-linked", "-era", "-style")
"""What may be written behind a name without being part of it: Russian-backed, Putin-era."""

ALIASES: dict[str, tuple[EntityType, str]] = {
    "america": ("place", "United States"),
    "d.c.": ("place", "District of Columbia"),
    "d.p.r.k.": ("place", "North Korea"),
    "dc": ("place", "District of Columbia"),
    "dprk": ("place", "North Korea"),
    "e.u.": ("organisation", "European Union"),
    "eu": ("organisation", "European Union"),
    "great britain": ("place", "United Kingdom"),
    "prc": ("place", "China"),
    "reuter": ("organisation", "Reuters"),
    "u.a.e.": ("place", "United Arab Emirates"),
    "u.k": ("place", "United Kingdom"),
    "u.k.": ("place", "United Kingdom"),
    "u.n.": ("organisation", "United Nations"),
    "u.s": ("place", "United States"),
    "u.s.": ("place", "United States"),
    "u.s.a": ("place", "United States"),
    "u.s.a.": ("place", "United States"),
    "u.s.s.r.": ("place", "Soviet Union"),
    "uae": ("place", "United Arab Emirates"),
    "uk": ("place", "United Kingdom"),
    "un": ("organisation", "United Nations"),
    "united states of america": ("place", "United States"),
    "us": ("place", "United States"),
    "usa": ("place", "United States"),
    "ussr": ("place", "Soviet Union"),
}
"""Lower-case short forms that need no introduction: what they name, in full."""


def bare(word: str) -> str:
    """Lower case and without a final dot, as titles are listed."""
    return word.lower().rstrip(".")
