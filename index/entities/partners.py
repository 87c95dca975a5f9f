"""Firms that read like people, or like a list of them: Duff and Phelps; Goldman, Sachs and Co."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from index.entities.lists import PARTNERS
from index.entities.spans import Span
from index.entities.words import pieces

_AND = frozenset(("and", "&"))
_SKIPPED = frozenset((",", ".", "/"))


def join_partners(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans of one article, in order; a firm on the list is one, with all that follows it."""
    found: list[Span] = []
    for span in spans:
        if found and span.start < found[-1].end:
            last = found[-1]
            found[-1] = Span(last.start, max(last.end, span.end), last.type)
        elif end := _end_of_firm(words, span.start):
            found.append(Span(span.start, max(end, span.end), "organisation"))
        else:
            found.append(span)
    return found


def _end_of_firm(words: Sequence[str], start: int) -> int:
    """Where a firm on the list ends that begins here, 0 when none does; the longest."""
    for names in _FIRMS.get(words[start].lower(), ()):
        if end := _end_of(words, start, names):
            return end
    return 0


def _end_of(words: Sequence[str], start: int, names: tuple[str, ...]) -> int:
    """Where the names end that stand here, with commas between them or not; 0 for others."""
    at = start
    for name in names:
        while at > start and at < len(words) and words[at] in _SKIPPED:
            at += 1
        if at == len(words):
            return 0
        word = words[at].lower()
        if word != name and not (word in _AND and name in _AND):
            return 0
        at += 1
    return at


def _listed() -> dict[str, list[tuple[str, ...]]]:
    """The names of each firm by the first, those of most names first."""
    firms = defaultdict(list)
    for firm in sorted(PARTNERS):
        names = [piece.lower() for word in firm.split() for piece in pieces(word)]
        names = [name for name in names if name not in _SKIPPED]
        firms[names[0]].append(tuple(names))
    return {first: sorted(listed, key=len, reverse=True) for first, listed in firms.items()}


_FIRMS = _listed()
