"""Words that stand before, after and inside names; kept one a line in the folder `lists`."""

from __future__ import annotations

from pathlib import Path

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
NEVER_SURNAMES = _kept("never_surnames")
SENTENCE_STARTS = _kept("sentence_starts")
GENERATIONS = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))

ALIASES = {
    "america": "United States",
    "d.p.r.k.": "North Korea",
    "dprk": "North Korea",
    "e.u.": "European Union",
    "eu": "European Union",
    "great britain": "United Kingdom",
    "prc": "China",
    "u.a.e.": "United Arab Emirates",
    "u.k": "United Kingdom",
    "u.k.": "United Kingdom",
    "u.n.": "United Nations",
    "u.s": "United States",
    "u.s.": "United States",
    "u.s.a": "United States",
    "u.s.a.": "United States",
    "uae": "United Arab Emirates",
    "uk": "United Kingdom",
    "un": "United Nations",
    "united states of america": "United States",
    "us": "United States",
    "usa": "United States",
}
"""Lower-case short forms of places and organisations that need no introduction."""


def bare(word: str) -> str:
    """Lower case and without a final dot, as titles are listed."""
    return word.lower().rstrip(".")
