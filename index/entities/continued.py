"""Organisations whose names go on behind "and" or a comma: Customs and Border Protection (CBP)."""

from __future__ import annotations

from collections.abc import Sequence

from index.entities.lists import (
    INSTITUTIONS,
    LAW_ENDINGS,
    NEVER_NAMES,
    ORGANISATION_WORDS,
    PARTICLES,
    SENTENCE_STARTS,
)
from index.entities.spans import Span

_AND = frozenset(("&", "and"))
_OFFICES = frozenset(("Executive", "Office"))
_SECTIONS = frozenset(("branch", "division", "section"))
_FOR = frozenset(("for", "of"))
_COUNTRIES = frozenset(("U.S.", "US", "U.K.", "UK"))
_LONGEST = 8
"""Words by which a name may go on."""


def continue_names(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans of one article, in order; those of organisations with all that belongs to them."""
    found: list[Span] = []
    behind = 0
    for span in spans:
        if span.start < behind:
            continue
        name = _with_particles(words, span) if span.type == "person" else span
        start, end, kind = name
        if kind == "organisation" and end - start > 1:
            start = _start(words, start, end, behind)
            if law := _end_of_law(words, end):
                kind, end = "other", law
            else:
                end = _end_of_office(words, start, _end(words, start, end))
            if found and behind == start and words[found[-1].start] in _COUNTRIES:
                start = found.pop().start
            found.append(Span(start, end, kind))
        else:
            found.append(name)
        behind = end
    return found


def _with_particles(words: Sequence[str], person: Span) -> Span:
    """Somebody with all of the surname, "Jean Sample | de Testville"; but FBIs Miami | field office."""
    start, end, _ = person
    if end == len(words):
        return person
    at = end
    while at + 1 < len(words) and words[at] in PARTICLES:
        at += 1
    if at > end:
        return Span(start, at + 1, "person") if words[at].istitle() else person
    if words[end] == "field" and end - start > 1 and words[end + 1 : end + 2] == ["office"]:
        whose = words[start].removesuffix("s")
        if len(whose) > 1 and whose.isupper():
            return Span(start, end, "organisation")
    return person


def _end_of_law(words: Sequence[str], end: int) -> int:
    """Where a law ends that began like an organisation: Fair Wages | and Working Hours Act; else 0."""
    if (
        end + 1 >= len(words)
        or words[end] not in _AND
        or words[end - 1].lower() in ORGANISATION_WORDS
    ):
        return 0
    for at in range(end + 1, min(end + _LONGEST, len(words))):
        if not words[at][0].isupper():
            return 0
        if words[at].lower() in LAW_ENDINGS:
            return at + 1 if at > end + 1 else 0
    return 0


def _start(words: Sequence[str], start: int, end: int, limit: int) -> int:
    """Where a name begins of which what is before "and" was not found: Customs and | Border Protection.

    limit: where the name before it ends.
    """
    at = start - 1
    whole = words[end - 1].lower() in ORGANISATION_WORDS or words[end - 1] in INSTITUTIONS
    if at <= limit or words[at] not in _AND or not words[at - 1][0].isupper():
        return start
    furthest = max(limit, at - _LONGEST)
    while at > furthest and words[at - 1][0].isupper() and words[at - 1] not in SENTENCE_STARTS:
        at -= 1
    if whole and not _is_explained_from(words, at, start, end):
        return start
    return at if at < start - 1 else start


def _is_explained_from(words: Sequence[str], at: int, start: int, end: int) -> bool:
    """Whether an abbreviation in brackets is of the words from `at`, and not of those from start."""
    if end + 2 >= len(words) or words[end] != "(" or words[end + 2] != ")":
        return False
    short = words[end + 1]
    return (
        short.isupper()
        and _is_made_of(short, words[at:end])
        and not _is_made_of(short, words[start:end])
    )


def _end_of_office(words: Sequence[str], start: int, end: int) -> int:
    """Where "Executive Office for U.S. Trustees" ends, or "FBI's Miami field office".

    And "Office of Investigations Springfield | office".
    """
    if end + 1 >= len(words):
        return end
    if words[end] == "field" and words[end + 1] == "office":
        return end + 2
    if words[end] == "office" and words[end - 1] == "field":
        return end + 1
    if words[start] == "Office" and words[end] in ("office", "Office"):
        return end + 1
    if words[end] not in _FOR or not _OFFICES.issuperset(words[start:end]):
        return end
    at = end + 1 + (words[end + 1] == "the")
    stop = min(at + _LONGEST, len(words))
    while at < stop and words[at][0].isupper():
        at += 1
    return at if words[at - 1][0].isupper() else end


def _end(words: Sequence[str], start: int, end: int) -> int:
    """Where an organisation's name ends that may go on behind its present end."""
    if end == len(words) or not (words[end] in _AND or words[end] == ","):
        return end
    stop, furthest = end + 1, min(end + _LONGEST, len(words))
    while stop < furthest and (
        words[stop][0].isupper() or words[stop] in _AND or words[stop] == ","
    ):
        stop += 1
    further = words[end:stop]
    if len(further) < 2:
        return end
    if _is_explained_by_all(words, start, end, stop):
        return stop
    if further[0] == "," and further[1].lower() in NEVER_NAMES and not _AND.isdisjoint(further):
        last = max(at for at, word in enumerate(further) if word in _AND)
        return end + last + 2 if last + 1 < len(further) else end
    return _end_of_section(words, start, end, further)


def _is_explained_by_all(words: Sequence[str], start: int, end: int, stop: int) -> bool:
    """Whether an abbreviation in brackets is of the whole, and not of what is behind "and"."""
    if stop + 2 >= len(words) or words[stop] != "(" or words[stop + 2] != ")":
        return False
    short = words[stop + 1]
    return (
        short.isupper()
        and _is_made_of(short, words[start:stop])
        and not _is_made_of(short, words[start:end])
        and not _is_made_of(short, words[end:stop])
    )


def _is_made_of(short: str, name: Sequence[str]) -> bool:
    """Whether the letters are initials of the name, in their order."""
    initials = iter(word[0] for word in name if word[0].isupper())
    return all(letter in initials for letter in short)


def _end_of_section(words: Sequence[str], start: int, end: int, further: Sequence[str]) -> int:
    """Where "Tax Division's Planning and Review Section" ends, of which half is found."""
    if further[0] not in _AND or words[end - 1].lower() in ORGANISATION_WORDS:
        return end
    inside = [word.lower() for word in words[start : end - 1]]
    if inside[-2:] != ["of", "the"] or inside[-3] not in _SECTIONS:
        owner = _end_of_owner(inside)
        if not owner or "of" in inside[owner:]:
            return end
    for at, word in enumerate(further):
        if word == "," or (at and word in _AND):
            break
        if at > 1 and word.lower() in ORGANISATION_WORDS:
            return end + at + 1
    return end


def _end_of_owner(name: Sequence[str]) -> int:
    """Where "tax divisions", "department of justices" and the like end, in lower case; else 0."""
    for at in range(len(name), 0, -1):
        if at > 2 and name[at - 3 : at - 1] == ["department", "of"] and name[at - 1][-1] == "s":
            return at
        if name[at - 1].removesuffix("s") in ORGANISATION_WORDS and "of" not in name[:at]:
            return at
    return 0
