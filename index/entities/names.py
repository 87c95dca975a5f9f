"""Words that stand before, after and inside names without being part of them."""

from __future__ import annotations

from importlib import resources

TITLES = frozenset(
    """
    mr mrs ms miss dr prof professor sir dame lord lady madam monsieur herr president
    ex-president vice-president premier chancellor prime minister secretary secretary-general
    general gen maj lt col brig major colonel lieutenant captain capt commander cmdr cmdr.
    sergeant sgt corporal cpl private pvt admiral adm marshal brigadier senator sen
    representative rep congressman congresswoman governor gov mayor king queen prince princess
    pope cardinal archbishop bishop rev reverend rabbi imam ayatollah sheikh sheik emir sultan
    ambassador judge justice attorney chairman chairwoman chair chief spokesman spokeswoman
    spokesperson director minister coach officer deputy vice former acting analyst leader
    """.split()  # noqa: SIM905 - a block of words is easier to keep than a list of strings
)
"""Lower case and without the dot."""

OFFICES = TITLES - frozenset(
    ("bishop", "cardinal", "chief", "coach", "chair", "dame", "deputy", "general", "governor")
    + ("judge", "justice", "king", "lady", "lord", "major", "marshal", "mayor", "miss", "pope")
    + ("prince", "private", "queen", "sir", "sultan", "vice")
)
"""Titles that are hardly anybody's name, so that they end what stands before a name."""

GENERATIONS = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))

PARTICLES = frozenset(
    ("al", "bin", "da", "de", "del", "den", "der", "di", "du", "el", "ibn", "la", "le", "ter")
    + ("ten", "van", "von", "y", "zu")
)

COMPANY_SUFFIXES = frozenset(
    ("ab", "ag", "co", "co.", "company", "corp", "corp.", "corporation", "gmbh", "inc", "inc.")
    + ("limited", "llc", "llp", "ltd", "ltd.", "nv", "oy", "plc", "plc.", "s.a.", "sa", "spa")
)

NEVER_SURNAMES = frozenset(
    """
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday the a an he she it they we i you in on at by
    for from to of and or but if as is was are were this that these those there here his her its
    their our my who what when where why how not no yes after before during while since until
    also one two three new north south east west
    """.split()  # noqa: SIM905
)
"""Lower-case words that a shared spelling with somebody's surname never makes a person."""

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


def read_list(package: str, name: str) -> list[str]:
    """Return the lines of a list kept in a package; those that begin with # are comments."""
    text = resources.files(package).joinpath(f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


DEMONYMS = frozenset(read_list("index.entities", "demonyms"))
"""As they are written: "Ukrainian", "North Koreans"."""
