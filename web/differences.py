"""What changed from one version of an article to the next: paragraph by paragraph, then by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

ALIKE = 50
"""Likeness (0 to 100, by edit distance) from which a paragraph is an edited one and not another.
Below it hardly two words in a row are the same, and a comparison word by word cannot be read."""

MOST_PAIRS = 2_500
"""Pairs of paragraphs between two kept ones that are compared: 0.1 s at most."""

LONGEST_COMPARED = 2_000
"""Characters of a paragraph by which it is told whether it is alike."""

MOST_COMPARISONS = 100_000_000
"""Pairs of words of two paragraphs that are compared; each takes a bit, and together 0.05 s."""

Kind = Literal["same", "removed", "added"]

_WORD = re.compile(r"\w+|[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that stayed, went, came, or was edited: then its pieces differ in kind."""

    kind: Literal["same", "removed", "added", "changed"]
    pieces: tuple[Piece, ...]


def differences(before: str, after: str) -> tuple[Paragraph, ...]:
    """All paragraphs of two texts, in an order in which both can be read.

    Without what was removed they are the paragraphs of `after`, without what was added those of
    `before`. Time and memory stay small for texts of any length: what cannot be compared in them
    counts as replaced.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    found: list[Paragraph] = []
    kept_old = kept_new = 0
    for start, end, other_start in [*_common(old, new), (len(old), len(old), len(new))]:
        found += _replaced(old[kept_old:start], new[kept_new:other_start])
        found += [Paragraph("same", (Piece("same", text),)) for text in old[start:end]]
        kept_old, kept_new = end, other_start + end - start
    return tuple(found)


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Runs that stayed, as (first, end) of the old ones and first of the new; none if too many."""
    if len(old) * len(new) > MOST_COMPARISONS:
        return []
    return [
        (step.src_start, step.src_end, step.dest_start)
        for step in LCSseq.opcodes(old, new)
        if step.tag == "equal"
    ]


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs between two that stayed: edited ones side by side, the others whole."""
    done_old = done_new = 0
    for place, other in [*_pairs(old, new), (len(old), len(new))]:
        for text in old[done_old:place]:
            yield Paragraph("removed", (Piece("removed", text),))
        for text in new[done_new:other]:
            yield Paragraph("added", (Piece("added", text),))
        if place < len(old):
            yield Paragraph("changed", tuple(_pieces(old[place], new[other])))
        done_old, done_new = place + 1, other + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which paragraphs became which, in order: the pairs that are most alike together."""
    if not old or not new or len(old) * len(new) > MOST_PAIRS:
        return []
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [
        [fuzz.ratio(one[:LONGEST_COMPARED], other[:LONGEST_COMPARED]) for other in new]
        for one in old
    ]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            if alike[i][j] >= ALIKE:
                best[i][j] = max(best[i][j], best[i + 1][j + 1] + alike[i][j])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _pieces(old: str, new: str) -> Iterator[Piece]:
    """The words of an edited paragraph, neighbours of a kind together."""
    words, others = _WORD.findall(old), _WORD.findall(new)
    if len(words) * len(others) > MOST_COMPARISONS:
        yield from (Piece("removed", old), Piece("added", new))
        return
    steps: list[tuple[bool, str, str]] = []
    for step in LCSseq.opcodes(words, others):
        removed = "".join(words[step.src_start : step.src_end])
        added = "".join(others[step.dest_start : step.dest_end])
        steps.append((step.tag == "equal" and not _is_between(steps, removed), removed, added))
    for same, run in groupby(steps, key=lambda step: step[0]):
        gathered = list(run)
        removed = "".join(step[1] for step in gathered)
        added = "".join(step[2] for step in gathered)
        if same:
            yield Piece("same", removed)
        elif removed.strip() == added.strip() == "":
            yield Piece("same", added)
        else:
            yield from (Piece(kind, text) for kind, text in _told(removed, added) if text)


def _is_between(steps: Sequence[tuple[bool, str, str]], text: str) -> bool:
    """Whether what stayed is only a space or comma after a change, not worth an interruption."""
    return bool(steps) and not steps[-1][0] and not re.search(r"\w", text)


def _told(removed: str, added: str) -> tuple[tuple[Kind, str], ...]:
    return ("removed", removed), ("added", added)
