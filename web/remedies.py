"""What to do about an answer without articles: the changes that would find some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.archive import Archive, Question
from web import changes
from web.refinements import chips

MOST_TRIED = 12
"""Filters whose removal is tried, one search each."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change, the question it leads to, and the articles that has."""

    label: str
    question: Question
    total: int


def remedies(archive: Archive, question: Question) -> tuple[Remedy, ...]:
    """The changes of one step that find anything, in the order of the filters."""
    tried = (
        Remedy(label, changed, archive.search(changes.counting(changed)).results.total)
        for label, changed in _candidates(question)
    )
    return tuple(remedy for remedy in tried if remedy.total)


def _candidates(question: Question) -> Iterator[tuple[str, Question]]:
    removable = chips(question)
    for chip in removable[:MOST_TRIED]:
        yield f"Remove “{chip.kind} {chip.value}”", chip.without
    if len(removable) > 1:
        yield "Remove all filters", changes.cleared(question)
    if '"' in question.text:
        yield "Find the words anywhere", changes.asking(question, question.text.replace('"', " "))
    if question.text and question.match == "all":
        yield "Find any of the words", changes.matching(question, "any")
    if question.text and removable:
        yield "Keep the filters and drop the words", changes.asking(question, "")
