"""Where sentences end, well enough for cutting passages and cheap enough to ask on each query."""

from __future__ import annotations

import re
from typing import NamedTuple

# fmt: off
ABBREVIATIONS = frozenset([
    "Adm", "Apr", "Aug", "Ave", "Brig", "Capt", "Cmdr", "Co", "Col", "Corp", "Dec", "Dept", "Dr",
    "Feb", "Fig", "Fri", "Gen", "Gov", "Hon", "Inc", "Jan", "Jr", "Jul", "Jun", "Lt", "Ltd", "Maj",
    "Mar", "Messrs", "Mme", "Mon", "Mr", "Mrs", "Ms", "Mt", "No", "Nov", "Oct", "Prof", "Rep",
    "Rev", "Sat", "Sen", "Sep", "Sept", "Sgt", "Sr", "St", "Thu", "Tue", "Vol", "Wed", "approx",
    "bzw", "ca", "cf", "ed", "est", "etc", "pp", "vs",
])
# fmt: on
"""Before a full stop these do not end a sentence; initials and acronyms don't either."""

_LONGEST_WORD_LOOKED_AT = 12
_BREAK = re.compile(
    r"""
      [^\S\n]* \n \s*                                       # the end of a paragraph
    | (?P<marks> [.!?…؟۔։।]+ ["'”’»)\]]* ) \s+            # marks with a space after them
    | [。！？｡]+ ["”’」』）]*                                 # marks that need none
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"""[^\s("'“‘«\[]*\Z""")


class SentenceBreak(NamedTuple):
    """A sentence ends before position `end`; what follows it begins at `next`."""

    end: int
    next: int


def sentence_breaks(text: str, first: int, last: int) -> list[SentenceBreak]:
    """The breaks with first ≤ next and end ≤ last, in order; reads little more than that part."""
    found = []
    for match in _BREAK.finditer(text, max(first - 4, 0), last + 4):
        marks = match["marks"]
        if marks and not _ends_sentence(text, match.start(), marks, match.end()):
            continue
        end = match.start() + len(match[0].rstrip())
        if first <= match.end() and end <= last:
            found.append(SentenceBreak(end, match.end()))
    return found


def _ends_sentence(text: str, start: int, marks: str, following: int) -> bool:
    """Not so before a small letter, after an abbreviation, an initial or an acronym."""
    if text[following : following + 1].islower():
        return False
    if marks != ".":
        return True
    before = _LAST_WORD.search(text[max(start - _LONGEST_WORD_LOOKED_AT, 0) : start])
    word = before[0] if before else ""
    initial = len(word) == 1 and word.isupper()
    acronym = word[-1:].isalpha() and word[-2:-1] == "."
    return not (initial or acronym or word in ABBREVIATIONS)
