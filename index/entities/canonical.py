"""Gives every mention in an article the one name it counts towards.

"Kirby", "KIRBY" and "John Kirby" are John Kirby; "ISW" is the Institute for the Study of War;
"U.S." is the United States. Only what the article itself says (and a short list of forms that
need no introduction) is used: joining names across articles is another step.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from index.entities.abbreviations import initials
from index.entities.mentions import EntityType
from index.entities.names import ALIASES, COMPANY_SUFFIXES, GENERATIONS, PARTICLES

Named = tuple[EntityType, str]
"""The type of a mention and its surface."""

_LONGEST_ABBREVIATION = 6
_INSIDE = PARTICLES | {"and", "for", "in", "of", "on", "the", "to", "with"}


def canonical_names(
    named: Sequence[Named], introduced: dict[str, str], is_word: Callable[[str], bool]
) -> list[str]:
    """The canonical name of each mention, given in the order of the text.

    introduced: abbreviations the article explains, with what they stand for.
    is_word: whether a lower-case word is usually written in lower case or with one capital, so
    that KYIV becomes Kyiv and NATO stays.
    """
    written = _written(named, is_word)
    people = _People(written[item] for item in named if item[0] == "person")
    organisations = _organisations(
        {written[item] for item in named if item[0] == "organisation"}, introduced
    )
    names = []
    for item in named:
        name = written[item]
        if item[0] == "person":
            name = people.name(name)
        elif item[0] == "organisation":
            name = organisations.get(name, name)
        names.append(name if item[0] == "person" else ALIASES.get(name.lower(), name))
    return names


def _written(named: Iterable[Named], is_word: Callable[[str], bool]) -> dict[Named, str]:
    """How each surface is written when it is not in capitals, in this article or in general."""
    forms: dict[Named, Counter[str]] = defaultdict(Counter)
    plain = {}
    for item in named:
        if item not in plain:
            plain[item] = " ".join(item[1].replace("’", "'").split())
        name = plain[item]
        if not name.isupper():
            forms[item[0], name.lower()][name] += 1
    written = {}
    for (kind, surface), name in plain.items():
        seen = forms.get((kind, name.lower()))
        if seen:
            written[kind, surface] = max(seen, key=lambda form: (seen[form], form))
        else:
            written[kind, surface] = _recased(name, kind, is_word)
    return written


def _recased(name: str, kind: EntityType, is_word: Callable[[str], bool]) -> str:
    """A name in capitals as it would stand in a sentence; abbreviations stay."""
    words = name.split()
    if name.lower() in ALIASES or (
        kind == "organisation"
        and len(words) == 1
        and len(name) <= _LONGEST_ABBREVIATION
        and not is_word(name.lower())
    ):
        return name
    return " ".join(
        word.lower() if at and word.lower() in _INSIDE else _capitalised(word)
        for at, word in enumerate(words)
    )


def _capitalised(word: str) -> str:
    """One capital after each hyphen and after O' and the like; initials as they are."""
    if "." in word[:-1]:
        return word
    parts = "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
    if parts[1:2] == "'" and len(parts) > 3:
        parts = parts[:2] + parts[2].upper() + parts[3:]
    return parts


class _People:
    """The people of one article, found by any of the shorter forms of their names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._full: dict[tuple[str, ...], str] = {}
        self._by_part: dict[str, list[str]] = defaultdict(list)
        self._latest: dict[str, str] = {}
        groups: dict[tuple[str, str, str], str] = {}
        seen = dict.fromkeys(names)
        for name in seen:
            words = _parts(name)
            if len(words) > 1:
                key = (words[0], words[-1], _generation(name))
                groups[key] = max(groups.get(key, ""), name, key=lambda form: len(form.split()))
        for name in seen:
            words = _parts(name)
            if len(words) > 1:
                self._full[words] = groups[words[0], words[-1], _generation(name)]
        for words, full in self._full.items():
            for part in {" ".join(words[at:]) for at in range(1, len(words))}:
                if full not in self._by_part[part]:
                    self._by_part[part].append(full)
        for words, full in self._full.items():
            if words[0] not in self._by_part or full in self._by_part[words[0]]:
                self._by_part[words[0]].append(full)

    def name(self, name: str) -> str:
        """The full name of the person; of two that fit, the one named last before."""
        words = _parts(name)
        if len(words) > 1 and words in self._full:
            full = self._full[words]
        else:
            candidates = self._by_part.get(" ".join(words))
            if not candidates:
                return name
            full = self._latest.get(" ".join(words), candidates[0])
        parts = _parts(full)
        for at in range(len(parts)):
            self._latest[" ".join(parts[at:])] = full
        self._latest[parts[0]] = full
        return full


def _parts(name: str) -> tuple[str, ...]:
    words = name.lower().replace("-", " ").replace(",", " ").split()
    while len(words) > 1 and words[-1] in GENERATIONS:
        words.pop()
    return tuple(words)


def _generation(name: str) -> str:
    last = name.lower().split()[-1].rstrip(".")
    return last if last in GENERATIONS else ""


def _organisations(names: set[str], introduced: dict[str, str]) -> dict[str, str]:
    """The fuller names the article gives for its abbreviations and short company names."""
    fuller: dict[str, str] = {}
    by_initials: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        words = name.split()
        if len(words) > 2:
            by_initials[initials(name)].append(name)
        if len(words) > 1 and words[-1].lower() in COMPANY_SUFFIXES:
            fuller[" ".join(words[:-1]).rstrip(",")] = name
    for name in names:
        candidates = by_initials.get(name.replace(".", ""), [])
        if name.isupper() and len(candidates) == 1:
            fuller[name] = candidates[0]
    fuller.update(introduced)
    return fuller
