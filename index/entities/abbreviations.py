"""Finds the abbreviations an article introduces: "Institute for the Study of War (ISW)"."""

from __future__ import annotations

from collections.abc import Sequence

from index.entities.spans import Span

_LONGEST = 10
"""Letters of an abbreviation; what is longer in brackets is a name of its own."""


def introduced(words: Sequence[str], spans: Sequence[Span]) -> dict[str, Span]:
    """Abbreviations in brackets after a name of two words or more, with that name.

    The abbreviation must be capitals and share its first letter with the name or one of its
    words, so that "Boris Johnson (UK)" introduces nothing.
    """
    found: dict[str, Span] = {}
    for span in spans:
        start, at, kind = span
        if at + 2 >= len(words) or words[at] != "(" or words[at + 2] != ")":
            continue
        if at - start < 2 or kind not in ("organisation", "other"):
            continue
        if kind == "other" and "Departments" in words[start:at]:
            continue  # of several, of which it is the last one's
        short = words[at + 1]
        if _is_abbreviation(short) and _could_stand_for(short, words[start:at]):
            found.setdefault(short, span)
    return found


def initials(name: str) -> str:
    """The capitals an abbreviation of the name would have: ISW for the Institute above."""
    return "".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper())


def _is_abbreviation(word: str) -> bool:
    letters = word.replace(".", "").replace("-", "")
    return (
        2 <= len(letters) <= _LONGEST and letters.isalnum() and sum(map(str.isupper, letters)) > 1
    )


def _could_stand_for(short: str, long: Sequence[str]) -> bool:
    return any(word[0].lower() == short[0].lower() for word in long)
