"""Organisations that are part of another: the Justice Department's Tax Division, the U.S. Navy.

Texts name them with what they belong to and without. So a name is read as an *owner*, which may
be missing, and a *unit*; names that share their unit are compared.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from index.entities.lists import ALIASES, DEMONYMS, ORGANISATION_WORDS
from index.names.keys import is_company, with_blanks, without_suffix, words
from index.names.people import clearly_one
from index.names.shortened import WELL_KNOWN
from index.names.spelling import Form
from index.tokens import fold

NATIONAL = 1 / 20
"""A country's organisation is meant by its name alone when so many articles name it with the
country for each one without: what an archive calls the Supreme Court is mostly that of its own
country, though it names another's in full."""

_PEOPLES = frozenset(fold(name) for name in DEMONYMS if " " not in name)
_COUNTRIES = _PEOPLES | {"eu", "uk", "us", "usa"}
_UNITED_STATES = ("united", "states")
_LED_BY_MINISTERS = ("department", "ministry")
_REMEMBERED = 1 << 14
"""Names, the latest: two steps ask for each."""
_LONGEST_ACRONYM = 5
_OFFICE_OF = ("office", "of")
_WITH_UNITS = frozenset(("agency", "bureau", "commission", "department", "ministry", "service"))
"""What behind these words may be a unit of theirs though no possessive says so."""
_NO_OWNERS = frozenset((f"{word}s",) for word in (*ORGANISATION_WORDS, "president"))
"""Whose "the Department's Tax Division" is, the article says elsewhere."""
_GAPS = re.compile(r"[\s-]+")
_OWNERS = ORGANISATION_WORDS | {"enforcement"}
_JOINING = frozenset(("and", "for", "of", "the"))


class Unit(NamedTuple):
    """What an organisation belongs to, by its name, and what it is called there.

    Both in words that all their names share. national: the owner is a country or a people.
    """

    owner: str
    unit: str
    national: bool


@lru_cache(maxsize=_REMEMBERED)
def parted(name: str) -> Unit:
    """The owner and the unit that a name of an organisation spells."""
    written = without_suffix("organisation", words(name))
    if not written:
        return Unit("", name, national=False)
    country, rest = _behind_country(_behind_president(written))
    for of in range(1, len(rest) - 2):
        named = rest[of - 1] in ORGANISATION_WORDS or rest[0] == "office"
        if rest[of : of + 2] == ("of", "the") and named:
            _, owner, _ = parted(" ".join(rest[of + 2 :]))
            if owner.split()[-1] in ORGANISATION_WORDS:
                return Unit(owner, _unit(rest[:of]), national=False)
    if country and len(rest) == 1:
        return Unit(" ".join(country), _in_full(rest[0]), national=True)
    if not country and (acronym := _acronym(name)) and _is_unit_behind_acronym(rest[1:]):
        return Unit(_in_full(acronym), _in_full(_unit(rest[1:])), national=False)
    if at := _end_of_owner(rest, name):
        owner = "" if rest[:at] in _NO_OWNERS else _inner(rest[:at])
        return Unit(owner, _unit(rest[at:]), national=False)
    return Unit(" ".join(country), _unit(rest), national=bool(country))


def _inner(owner: tuple[str, ...]) -> str:
    """An owner without its own: of "Justice Department's Tax Division" the division."""
    found = parted(" ".join(owner))
    return found.unit if found.owner and not found.national else _unit(owner)


def _is_unit_behind_acronym(rest: tuple[str, ...]) -> bool:
    """Whether words behind an acronym are a unit's name: FBI Miami Field Office, HHS-OIG."""
    if not rest or rest[0] in _JOINING:
        return False
    return len(rest) > 1 or _in_full(rest[0]) != rest[0]


def units(forms: Iterable[Form]) -> list[list[Form]]:
    """The forms of each organisation, of forms whose names share their unit.

    Those of an owner's owner are of the owner, if a name says whose it is: the Justice Department's
    Fraud Section is the Criminal Division's beside "Fraud Section of the Justice Department's
    Criminal Division". Those without an owner are of the one that it clearly is. That is no people's, which is named
    for short too rarely: the Stock Exchange is seldom the American one.
    """
    owned: dict[Unit, list[Form]] = defaultdict(list)
    for form in forms:
        owned[parted(form.name)].append(form)
    if len(owned) == 1:
        return list(owned.values())
    _give_to_inner_owners(owned)
    alone = [unit for unit in owned if not unit.owner]
    articles = {unit: sum(form.articles for form in owned[unit]) for unit in sorted(owned)}
    owner = clearly_one([(unit, articles[unit]) for unit in articles if unit.owner])
    if alone and owner and _may_be_meant(owner, owned[owner]):
        needed = NATIONAL if owner.national else WELL_KNOWN
        if articles[owner] >= needed * articles[alone[0]]:
            owned[owner] += owned.pop(alone[0])
    return list(owned.values())


def _give_to_inner_owners(owned: dict[Unit, list[Form]]) -> None:
    """Count the forms of an owner's owner as the owner's, where there is only one such."""
    inner: dict[str, Counter[Unit]] = defaultdict(Counter)
    for unit, forms in sorted(owned.items()):
        for form in forms:
            if outer := _owner_of_owner(form.name, unit):
                inner[outer][unit] += form.articles
    for unit in sorted(owned):
        taker = clearly_one(list(inner[unit.owner].items())) if unit.owner in inner else None
        if taker in owned and taker != unit:
            owned[taker] += owned.pop(unit)


def _owner_of_owner(name: str, unit: Unit) -> str:
    """Whose the owner is, in "Fraud Section of the Justice Department's Criminal Division".

    And in "Justice Department's Criminal Division's Fraud Section".
    """
    _, _, owner = name.partition(" of the ")
    if not owner:
        written = words(name)
        owner = " ".join(written[: -len(unit.unit.split())])
    found = parted(owner)
    return "" if found.national or found.unit != unit.owner else found.owner


def _may_be_meant(owner: Unit, forms: Iterable[Form]) -> bool:
    """Whether a unit's name alone may mean that of this owner: no people's, no country's company."""
    if not owner.national:
        return True
    companies = (is_company("organisation", form.name) for form in forms)
    return owner.owner not in _PEOPLES and not any(companies)


def _behind_president(written: tuple[str, ...]) -> tuple[str, ...]:
    """A name without the president whose it is: the President's, President Samples Task Force."""
    own = written[:1] == ("presidents",) or (
        written[:1] == ("president",) and written[1:2] != ("of",)
    )
    begin = 1 + (written[0] == "president")
    return (
        written[begin:]
        if own and len(written) > begin + 1 and written[begin - 1][-1] == "s"
        else written
    )


def _behind_country(written: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The country that a name begins with, if it goes on behind it, and what it goes on with."""
    if written[:2] == _UNITED_STATES and len(written) > 2:
        return ("us",), written[2:]
    if len(written) > 1 and written[0] in _COUNTRIES:
        return written[:1], written[1:]
    return (), written


def _acronym(name: str) -> str:
    """The acronym that a name begins with, "FBIs Miami Field Office", "IRS Criminal Investigation"."""
    first = (
        _GAPS.split(with_blanks(name.removeprefix("the ")))[0].removesuffix("'s").removesuffix("s")
    )
    short = 1 < len(first) <= _LONGEST_ACRONYM
    return first.lower() if short and first.isupper() and first.isalpha() else ""


def _in_full(acronym: str) -> str:
    """What an acronym stands for that everybody knows, as an owner."""
    kind, full = ALIASES.get(acronym, ("organisation", acronym))
    return parted(full).unit if kind == "organisation" and full != acronym else acronym


def _end_of_owner(written: tuple[str, ...], name: str) -> int:
    """How many words an owner has that ends with a possessive, a hyphen or before "Office of".

    0 where there is none. Texts that lost their apostrophes have "Justice Departments Tax Division".
    """
    before, hyphen, _ = name.partition("-")
    if hyphen and before.split() and fold(before.split()[-1]) in ORGANISATION_WORDS:
        at = len(_behind_country(words(before))[1])
        return at if 0 < at < len(written) - 1 else 0
    for at in range(2, len(written) - 2):
        if written[at : at + 2] == _OFFICE_OF and written[at - 1] not in _JOINING:
            return at
    for at in range(len(written) - 2, 0, -1):
        word = written[at - 1].removesuffix("s")
        if word != written[at - 1] and (word in _OWNERS or _is_of_justice(written, at)):
            return at
        if at > 1 and word in _WITH_UNITS and written[at] not in _JOINING:
            return at
    return 0


def _is_of_justice(written: tuple[str, ...], end: int) -> bool:
    """Whether the words before end are "department of justices" and the like."""
    return end == 3 and written[0] in _LED_BY_MINISTERS and written[1] == "of"


def _unit(written: tuple[str, ...]) -> str:
    """Words that all names share of one unit: "department of justices" as "justice department"."""
    if len(written) == 1:
        return written[0]
    written = tuple(word for word in written if word != "the")
    written = (*written[:-1], written[-1].removesuffix("s"))
    if len(written) > 2 and written[0] in _LED_BY_MINISTERS and written[1] == "of":
        written = (*written[2:], written[0])
    return " ".join(written)
