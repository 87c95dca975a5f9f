"""Gives every mention in an article the one name it counts towards.

"Kirby", "KIRBY" and "John Kirby" are John Kirby; "ISW" is the Institute for the Study of War;
"U.S." is the United States. Only what the article itself says (and a short list of forms that
need no introduction) is used: joining names across articles is another step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from index.entities.abbreviations import initials
from index.entities.lists import ALIASES, COMPANY_SUFFIXES, GENERATIONS, LED, PARTICLES
from index.entities.mentions import EntityType

Named = tuple[EntityType, str]
"""The type of a mention and its surface."""

_LONGEST_ABBREVIATION: dict[EntityType, int] = {"person": 0, "place": 3, "organisation": 6}
"""Letters of a name in capitals that is left as it is; of an organisation's parts at hyphens."""
_SHORT = 3
"""Letters of a company's first word in capitals that is an abbreviation: UBS AG."""
_LONGEST_PART = 4
"""Words that a longer name begins or ends with and that may stand for it."""
_REMEMBERED = 1 << 13
"""Names, the latest; the same ones are looked at several times in an article."""
_GENERIC = frozenset(
    ("bank", "central bank", "federal reserve bank", "finance", "group", "reserve bank")
)
"""What banks and companies are called by those who mean a certain one."""
_INSIDE = PARTICLES | {"and", "for", "in", "of", "on", "the", "to", "with"}


def canonical_names(named: Sequence[Named], introduced: Mapping[str, str]) -> list[str]:
    """The canonical name of each mention, given in the order of the text; "" for what is none.

    introduced: abbreviations the article explains, with what they stand for.
    """
    written = _written(named)
    people = _People(name for (kind, _), name in written.items() if kind == "person")
    organisations = _organisations(
        {name for (kind, _), name in written.items() if kind == "organisation"}, introduced
    )
    generic = _Generic()
    names = []
    for item in named:
        kind, name = item[0], written[item]
        if kind == "person":
            name = people.name(name)
        elif kind == "organisation":
            name = generic.name(organisations.get(name, name))
        names.append(_in_full(kind, name))
    return names


def _in_full(kind: EntityType, name: str) -> str:
    """The full form of names that need no introduction."""
    alias = ALIASES.get(name.lower())
    return alias[1] if alias and alias[0] == kind else name


def _written(named: Iterable[Named]) -> dict[Named, str]:
    """How each surface is written when it is not in capitals, in this article or in general."""
    forms: dict[Named, dict[str, int]] = {}
    plain = {}
    for item, times in Counter(named).items():
        kind, surface = item
        name = surface if surface.isalpha() else _without_led(_with_single_spaces(surface))
        lower = name.lower()
        plain[item] = kind, name, lower
        if not name.isupper():
            counts = forms.setdefault((kind, lower), {})
            counts[name] = counts.get(name, 0) + times
    written = {}
    for item, (kind, name, lower) in plain.items():
        seen = forms.get((kind, lower))
        if not seen:
            written[item] = _recased(name, kind)
        elif len(seen) == 1:
            (written[item],) = seen
        else:
            written[item] = max(seen, key=lambda form: (seen[form], form))
    return written


def _with_single_spaces(name: str) -> str:
    return " ".join(name.replace("’", "'").split())


def _without_led(name: str) -> str:
    """The name in Icahn-led."""
    return name.rpartition("-")[0] if name.lower().endswith(LED) else name


def _recased(name: str, kind: EntityType) -> str:
    """A name in capitals as it would stand in a sentence; abbreviations stay."""
    words = name.split()
    parts = name.split("-") if kind == "organisation" else [name]
    longest = max(map(len, parts))
    if name.lower() in ALIASES or (len(words) == 1 and longest <= _LONGEST_ABBREVIATION[kind]):
        return name
    if kind == "organisation" and len(words) > 1 and len(words[0]) <= _SHORT:
        company = words[-1].lower() in COMPANY_SUFFIXES
        if company or all(len(word) <= _SHORT for word in words):
            return " ".join([words[0], *map(_suffix_or_capitalised, words[1:])])
    return " ".join(
        word.lower() if at and word.lower() in _INSIDE else _capitalised(word)
        for at, word in enumerate(words)
    )


def _suffix_or_capitalised(word: str) -> str:
    """A company's suffix as it is written, "AG", and other words as `_capitalised`."""
    if len(word) <= _SHORT and word.lower() not in ("co", "inc", "ltd", "plc", "and", "spa"):
        return word
    return word.lower() if word.lower() in _INSIDE else _capitalised(word)


def _capitalised(word: str) -> str:
    """One capital after each hyphen and after O' and the like; acronyms as they are."""
    if "." in word[:-1] or word.lower() in ALIASES:
        return word
    parts = "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
    if parts[1:2] == "'" and len(parts) > 3:
        parts = parts[:2] + parts[2].upper() + parts[3:]
    return parts


class _Generic:
    """What articles call the Bank, or the Central Bank: the one they named last."""

    def __init__(self) -> None:
        self._latest: dict[str, str] = {}

    def name(self, name: str) -> str:
        """The organisation that a name which many have stands for, "" for none; others as they are."""
        plain, shorts = _generic_forms(name)
        if plain in _GENERIC:
            return self._latest.get(plain, "")
        for short in shorts:
            self._latest[short] = name
        return name


@lru_cache(maxsize=_REMEMBERED)
def _generic_forms(name: str) -> tuple[str, frozenset[str]]:
    """A name without what companies end in, lower case, and what many are called that it may be."""
    words = [word for word in name.lower().split() if word not in COMPANY_SUFFIXES]
    beginnings_and_ends = (*words[:1], *words[-1:], *map(" ".join, (words[:2], words[-2:])))
    return " ".join(words), _GENERIC.intersection(beginnings_and_ends)


class _People:
    """The people of one article, found by any of the shorter forms of their names."""

    def __init__(self, names: Iterable[str]) -> None:
        seen: dict[tuple[tuple[str, ...], str], str] = {}
        for name in names:
            seen.setdefault(_key(name), name)
        endings = {(words[at:], "") for words, _ in seen for at in range(1, len(words))}
        full = [key for key in seen if len(key[0]) > 1 and key not in endings]
        fullest: dict[tuple[str, str, str], str] = {}
        for words, generation in full:
            group = (words[0], words[-1], generation)
            name = seen[words, generation]
            fullest[group] = max(fullest.get(group, ""), name, key=lambda form: len(form.split()))
        self._names = {
            (words, generation): fullest[words[0], words[-1], generation]
            for words, generation in full
        }
        self._latest: dict[tuple[str, ...], str] = {}
        for words, generation in full:
            for part in _parts(words):
                self._latest.setdefault(part, self._names[words, generation])

    def name(self, name: str) -> str:
        """The full name of the person; of several that fit the one named last, else first."""
        key = _key(name)
        full = self._names.get(key) or self._latest.get(key[0])
        if full is None:
            return name
        self._latest.update(dict.fromkeys(_parts(_key(full)[0]), full))
        return full


@lru_cache(maxsize=_REMEMBERED)
def _key(name: str) -> tuple[tuple[str, ...], str]:
    """The words of a name, lower case, without hyphens, and "jr" or the like."""
    words = name.lower().replace("-", " ").replace(",", " ").split()
    generation = ""
    while len(words) > 1 and words[-1] in GENERATIONS:
        generation = words.pop().rstrip(".")
    return tuple(words), generation


@lru_cache(maxsize=_REMEMBERED)
def _parts(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What a person may be called for short: any ending of the name, any one word of it."""
    endings = (words[at:] for at in range(1, len(words)))
    return *endings, *((word,) for word in words if word not in PARTICLES)


def _organisations(names: set[str], introduced: Mapping[str, str]) -> dict[str, str]:
    """The fuller names the article gives for its abbreviations and short company names."""
    fuller: dict[str, str] = {}
    in_order = sorted(names)
    for name in in_order:
        words = name.split()
        if len(words) > 1 and words[-1].lower() in COMPANY_SUFFIXES:
            fuller[" ".join(words[:-1]).rstrip(",")] = name
    if len(names) > 1:
        fuller |= _parts_of_one(in_order)
        fuller |= _initials_of_one(in_order)
    fuller.update(introduced)
    for name in names:  # texts that lost their apostrophes have "ABCs"
        if name[-1] == "s" and name[:-1].isupper() and name[:-1] in names | introduced.keys():
            fuller[name] = fuller.get(name[:-1], name[:-1])
    return fuller


def _parts_of_one(names: Sequence[str]) -> dict[str, str]:
    """The names that only one company's begins with, or of several words only one ends with.

    Ford in an article with Ford Motor Co, FORD too; the Fraud Section of the Criminal Division's.
    """
    longer: dict[str, set[str]] = {}
    for name in names:
        for part in _parts_in_lower_case(name):
            longer.setdefault(part, set()).add(name)
    found = ((name, longer.get(name.lower(), set()) - {name}) for name in names) if longer else ()
    return {name: fuller.pop() for name, fuller in found if len(fuller) == 1}


@lru_cache(maxsize=_REMEMBERED)
def _parts_in_lower_case(name: str) -> tuple[str, ...]:
    """What a company's name begins with, or an organisation's ends with."""
    written = name.split()
    company = written[-1].lower() in COMPANY_SUFFIXES
    if len(written) == 1 or (company and written[1].lower() in ALIASES):
        return ()
    words = name.lower().replace(",", "").split()
    lengths = range(1 if company else 2, min(len(words), _LONGEST_PART + 1))
    return tuple(" ".join(words[:length] if company else words[-length:]) for length in lengths)


def _initials_of_one(names: Sequence[str]) -> dict[str, str]:
    """The names in capitals that are the initials of just one other: NATO."""
    short = [name for name in names if name.isupper()]
    by_initials: dict[str, list[str]] = {}
    for name in names if short else ():
        if len(name.split()) > 2:
            by_initials.setdefault(initials(name), []).append(name)
    found = ((name, by_initials.get(name.replace(".", ""), [])) for name in short)
    return {name: candidates[0] for name, candidates in found if len(candidates) == 1}
