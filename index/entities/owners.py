"""Offices and divisions named right behind what they belong to: (ABC) Springfield Regional Office."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.entities.mentions import EntityType

Found = tuple[EntityType, int, int]
"""A type, and where a mention starts and ends in the text."""

_UNITS = ("Division", "Office")
_POSSESSIVES = frozenset(("'s", "’s"))


def with_owners(text: str, found: Sequence[Found], names: Sequence[str]) -> list[str]:
    """The names of mentions, in their order; those of units that anybody may have with whose they are.

    Only where the article gives them no longer name itself.
    """
    result = list(names)
    for n, ((owner, begin, end), (unit, start, stop)) in enumerate(pairwise(found), 1):
        name = names[n]
        if unit != "organisation" or owner != unit or not name.endswith(_UNITS):
            continue
        if name == text[start:stop]:
            between = text[end:start].strip()
            if between == ")" and text[begin - 1] == "(" and text[begin:end].isupper():
                result[n] = f"{text[begin:end]} {name}"
            elif between in _POSSESSIVES:
                result[n] = f"{text[begin:end]}'s {name}"
    return result
