"""Joins names of firms that were taken apart, and finds abbreviations of what is no organisation.

Firms are called after their partners: "Goldman, Sachs and Co" is one, though it reads like a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from index.entities.lists import COMPANY_SUFFIXES, GIVEN_NAMES, LAW_ENDINGS, TITLES, bare
from index.entities.spans import Span

AND = frozenset(("&", "and", "AND", "And"))
_COMPANY = frozenset(("Co", "Co.", "CO"))
_BETWEEN_PARTNERS = AND | {"/"}
_NAMED_TOGETHER = 2
"""Times that an article names two partners together, and neither of them alone."""

_SHORTEST = 4
"""Words before an abbreviation that can be explained, brackets included."""


def is_suffix_only(name: Sequence[str]) -> bool:
    """Whether nothing is left of a name without "and Co Ltd" and the like."""
    for word in name:  # noqa: SIM110 - this is asked of every name, and all() takes twice as long
        if word.lower() not in COMPANY_SUFFIXES and word not in AND:
            return False
    return True


def join_firms(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans of one article, in order; those that together name a firm are one."""
    found: list[Span] = []
    for span in map(partial(_with_and_company, words), _with_partners(words, spans)):
        last = found[-1] if found else None
        if last and span.start - last.end <= 1 and _belongs(words, last, span):
            found[-1] = Span(last.start, span.end, "organisation")
        else:
            found.append(span)
    return found


def explains_no_organisation(words: Sequence[str]) -> set[str]:
    """Abbreviations that the article gives for a law, or for common words.

    "Clean Air Act (CAA)", "durable medical equipment (DME)".
    """
    found = set()
    for bracket in _brackets(words):
        at = bracket + 1
        short = words[at] if at + 1 < len(words) else ""
        letters = short.removesuffix("s")
        if len(letters) < 2 or at < _SHORTEST or words[at + 1] != ")" or not letters.isupper():
            continue
        before = words[max(at - 1 - len(letters), 0) : at - 1]
        initials = "".join(word[0] for word in before).upper()
        dated = words[at - 2].isdigit() and words[at - 3] == "of"  # Act of 1994
        last = words[at - 4 if dated else at - 2]
        law = last.istitle() and last.lower() in LAW_ENDINGS
        if law or (initials == letters and all(map(str.islower, before))):
            found.add(short)
    return found


def _brackets(words: Sequence[str]) -> Iterator[int]:
    """Where brackets open."""
    at = -1
    for _ in range(words.count("(")):
        at = words.index("(", at + 1)
        yield at


def _belongs(words: Sequence[str], first: Span, second: Span) -> bool:
    """Whether the second name is but the end of a firm's: Morgan Grenfell and | Co Ltd.

    There is one word between them at most.
    """
    if "other" in (first.type, second.type):
        return False
    between, end = words[first.end : second.start], words[second.start : second.end]
    if is_suffix_only(end):
        return not between or between[0] in AND | {","}
    if between == ["of"]:  # Sample Motors of | Canada Ltd
        return first.type == "organisation" and is_suffix_only(end[1:])
    and_company = len(end) > 2 and end[1] in AND and is_suffix_only(end[1:])
    return and_company and first.end - first.start == 1 and between == [","]


def _with_and_company(words: Sequence[str], span: Span) -> Span:
    """A firm where "and Co" follows: Pat Sample | and Co."""
    start, end, kind = span
    if end + 1 < len(words) and words[end] in AND and words[end + 1] in _COMPANY:
        return span if kind == "other" else Span(start, end + 2, "organisation")
    return span


def _with_partners(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans, with one for every two partners that the article never parts.

    In an article on companies, two people whom it names a single time, and only by their surnames,
    are a firm too: of people it would say who they are.
    """
    pairs = {
        span: (words[span.start].lower(), words[span.end + 1].lower())
        for span in spans
        if span.type == "person" and _are_partners(words, span)
    }
    if not pairs:
        return list(spans)
    written = Counter(map(str.lower, words))
    strangers: set[tuple[str, str]] = set()
    if any(_is_company(words, span) for span in spans):
        by_start = {span.start: span for span in spans}
        strangers = {pair for span, pair in pairs.items() if _are_strangers(words, span, by_start)}
    firms = {
        pair
        for pair, times in Counter(pairs.values()).items()
        if pair[0] == pair[1]
        or (
            (times >= _NAMED_TOGETHER or pair in strangers)
            and written[pair[0]] == written[pair[1]] == times
        )
    }
    found: list[Span] = []
    for span in spans:
        if pairs.get(span) in firms:
            found.append(Span(span.start, span.start + 3, "organisation"))
        elif not found or found[-1].end <= span.start:
            found.append(span)
    return found


def _are_partners(words: Sequence[str], person: Span) -> bool:
    """Whether a person of a single word stands before "and" and another name: Smith and Jones."""
    start, end, _ = person
    if end - start > 1 or end + 1 >= len(words):
        return False
    return words[end] in _BETWEEN_PARTNERS and words[end + 1][0].isupper()


def _is_company(words: Sequence[str], span: Span) -> bool:
    return span.type == "organisation" and words[span.end - 1].lower() in COMPANY_SUFFIXES


def _are_strangers(words: Sequence[str], span: Span, by_start: Mapping[int, Span]) -> bool:
    """Whether nothing says that a name and the one behind "and" are people: no title, no given name."""
    second = by_start.get(span.end + 1)
    if second and (second.end - second.start > 1 or second.type == "other"):
        return False
    names = words[span.start], words[span.end + 1]
    if any(name.isupper() or name.capitalize() in GIVEN_NAMES for name in names):
        return False
    return not span.start or bare(words[span.start - 1]).removesuffix("s") not in TITLES
