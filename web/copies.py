"""Copies of articles among the results: how many are left out, and the switch that counts them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.archive import Answer, Archive, Question
from web import changes


@dataclass(frozen=True, slots=True)
class CopiesSwitch:
    """How many copies are left out of the results, or were they not; and the question that turns."""

    left_out: int
    counted: bool
    question: Question


def copies_switch(archive: Archive, answer: Answer) -> CopiesSwitch | None:
    """The switch, where it makes a difference to the number of results."""
    asked, total = answer.question.copies, answer.results.total
    turned = replace(
        answer.request,
        copies=not asked,
        offset=0,
        size=0,
        cursor=None,
        facets=(),
        histogram=None,
    )
    left_out = abs(archive.engine.search(turned).total - total)
    if not left_out:
        return None
    return CopiesSwitch(left_out, asked, changes.copying(answer.question, copies=not asked))
