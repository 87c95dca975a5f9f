"""What to do about an answer without articles: the changes that would find some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from search.archive import Answer, Archive, Question
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


def remedies(archive: Archive, answer: Answer) -> tuple[Remedy, ...]:
    """The changes that find anything: of one step, in the order of the filters, or respelled."""
    tried = (
        Remedy(label, changed, _total(archive, answer, changed))
        for label, changed in _candidates(answer.question)
    )
    return (*(remedy for remedy in tried if remedy.total), *_respelled(archive, answer))


def _respelled(archive: Archive, answer: Answer) -> Iterator[Remedy]:
    """Another spelling that only finds something without the filters."""
    if answer.correction or not (answer.question.filters or answer.question.dates):
        return
    unfiltered = changes.cleared(answer.question)
    correction = archive.search(changes.counting(unfiltered)).correction
    if correction:
        label = f"Search for “{correction.text}” without the filters"
        yield Remedy(label, changes.asking(unfiltered, correction.text), correction.total)


def _total(archive: Archive, answer: Answer, changed: Question) -> int:
    """The articles of a changed question; where the words are the same, without reading them."""
    if (changed.text, changed.match) != (answer.question.text, answer.question.match):
        return archive.search(changes.counting(changed)).results.total
    request = replace(
        answer.request,
        filters=changed.filters,
        dates=changed.dates,
        offset=0,
        size=0,
        cursor=None,
        facets=(),
        histogram=None,
    )
    return archive.engine.search(request).total


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
