"""Firms that read like people, or like a list of them: Duff and Phelps; Goldman, Sachs and Co."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from index.entities.lists import PARTNERS
from index.entities.spans import Span
from index.entities.words import pieces

_AND = frozenset(("and", "&"))
_NOTHING = Span(0, 0, "other")
_SKIPPED = frozenset((",", ".", "/"))


def join_partners(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans of one article, in order; a firm on the list is one, with all that follows it.

    So is one of which only an end was found, "Standard and | Poor's Corp", or a beginning behind
    its owner, "Sample Motors' Pratt | and Whitney".
    """
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else _NOTHING
        if span.start < last.end:
            found[-1] = Span(last.start, max(last.end, span.end), last.type)
            continue
        start, end = _firm_at(words, span, last.end) if _may_be_firm(words, span) else (0, 0)
        if not end:
            found.append(span)
            continue
        if start > span.start:
            found.append(Span(span.start, start, span.type))
        found.append(Span(start, max(end, span.end), "organisation"))
    return found


def _may_be_firm(words: Sequence[str], span: Span) -> bool:
    """Whether a firm may begin at a word of a name, or before the "and" in front of it."""
    start, end, _ = span
    for word in words[start:end]:
        if word.lower() in _FIRMS:
            return True
    return start > 0 and words[start - 1] in _AND


def _firm_at(words: Sequence[str], span: Span, limit: int) -> tuple[int, int]:
    """Where a firm on the list begins and ends that a name is or has a part of; 0, 0 for none.

    limit: where the name before it ends.
    """
    if end := _end_of_firm(words, span.start):
        return span.start, end
    before = span.start - 2
    if before >= limit and words[before + 1] in _AND and words[before].lower() in _FIRMS:
        end = _end_of_firm(words, before)
        if end > span.start:
            return before, end
    for at in range(span.start + 1, span.end):
        if words[at].lower() in _FIRMS and _end_of_firm(words, at) > span.end:
            return at, _end_of_firm(words, at)
    return 0, 0


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
