"""The passages of an article that answer a query, as text plus ranges.

Nothing here knows of HTML: whoever shows a passage escapes its text and then marks its ranges.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from index.articles import Article
from search.highlights import Match, highlighter, ranges
from search.plan import Plan
from search.sentences import sentence_breaks

ELLIPSIS = "…"

_ENOUGH = 0.6
"""Of the width: a passage at least this long ends with its sentence, a shorter one goes on.

This and the next were chosen by reading the passages of the sample articles.
"""

_CONTEXT = 0.4
"""Of the room around the words, how much is before them when no sentence begins near."""

_GRAPHEME = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a text with the ranges (first, end) of the query's words in it, in characters.

    What stands at position p of the whole text stands at p − start here. An ellipsis at either
    end says that the passage was cut within a sentence; newlines became spaces.
    """

    text: str
    ranges: tuple[tuple[int, int], ...] = ()
    start: int = 0


class _Window(NamedTuple):
    """Neighbouring matches that fit one passage: their span and their keys."""

    start: int
    end: int
    keys: frozenset[int]


class _Cut(NamedTuple):
    """text[start:end] will be a passage; `begins` and `ends` with a sentence, or within one."""

    start: int
    end: int
    begins: bool
    ends: bool


def passages(
    article: Article, plan: Plan, *, most: int = 3, width: int = 240
) -> tuple[Passage, ...]:
    """At most `most` passages of about `width` characters from the body, in its order.

    Those with the most different words of the query are taken, and among these the ones where
    they stand closest. Without any word of the query in the body: its beginning.
    """
    body = article.body
    matches = highlighter(plan, "body", article.language).find(body)
    if not body.strip():
        return ()
    if matches:
        cuts = _best_cuts(body, _windows(matches, width), most, width)
    else:
        bounds = _bounds(body)
        cuts = [_cut(body, _Window(bounds[0], bounds[0], frozenset()), width, bounds, bounds)]
    marked = ranges(matches)
    return tuple(_passage(body, cut, marked) for cut in cuts)


def highlight_title(article: Article, plan: Plan) -> Passage:
    """The whole title with the query's words in it."""
    matches = highlighter(plan, "title", article.language).find(article.title)
    return Passage(article.title, ranges(matches))


def highlight_body(article: Article, plan: Plan) -> Passage:
    """The whole body, newlines and all, with the query's words in it."""
    matches = highlighter(plan, "body", article.language).find(article.body)
    return Passage(article.body, ranges(matches))


def _windows(matches: Sequence[Match], width: int) -> list[_Window]:
    """For each match, the shortest span from it with all the different keys within reach.

    Of a match that is itself too wide, only its beginning has to be in the passage.
    """
    windows = []
    upcoming: dict[int, int] = {}
    for start, end, key in reversed(matches):
        upcoming[key] = end
        reached = {key: end for key, end in upcoming.items() if end - start <= width}
        windows.append(
            _Window(start, max(reached.values(), default=start), frozenset(reached) | {key})
        )
    windows.reverse()
    return windows


def _best_cuts(text: str, windows: list[_Window], most: int, width: int) -> list[_Cut]:
    """Passages around the best windows, cut one after the other, disjoint and in order."""
    cuts: list[_Cut] = []
    covered: frozenset[int] = frozenset()
    bounds = _bounds(text)
    while windows and len(cuts) < most:
        best = max(
            windows,
            key=lambda window: (
                len(window.keys - covered),
                len(window.keys),
                window.start - window.end,
                -window.start,
            ),
        )
        floor = max((cut.end for cut in cuts if cut.end <= best.start), default=bounds[0])
        ceiling = min((cut.start for cut in cuts if cut.start >= best.end), default=bounds[1])
        cut = _cut(text, best, width, (floor, ceiling), bounds)
        cuts.append(cut)
        covered |= best.keys
        windows = [w for w in windows if w.start < w.end <= cut.start or w.start >= cut.end]
    return sorted(cuts)


def _bounds(text: str) -> tuple[int, int]:
    """The text without the white space around it."""
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _cut(
    text: str, window: _Window, width: int, free: tuple[int, int], bounds: tuple[int, int]
) -> _Cut:
    """The passage around a window, within the part of the text that is still free.

    It begins with the window's sentence and ends with a sentence, if they fit; else at words.
    """
    room = max(width - (window.end - window.start), 0)
    earliest = max(free[0], window.start - room)
    breaks = sentence_breaks(text, earliest, window.start)
    begins = bool(breaks) or earliest == bounds[0]
    if begins:
        start = breaks[-1].next if breaks else earliest
    else:
        context = int(room * _CONTEXT)
        start = _word_start(text, max(earliest, window.start - context), window.start)
    latest = min(start + width, free[1])
    if latest == bounds[1]:
        return _Cut(start, latest, begins, ends=True)
    ends = [each.end for each in sentence_breaks(text, window.end, latest)]
    if ends and (ends[-1] - start >= width * _ENOUGH or latest == free[1]):
        return _Cut(start, ends[-1], begins, ends=True)
    return _Cut(start, _word_end(text, start, window.end, latest), begins, ends=False)


def _word_start(text: str, earliest: int, latest: int) -> int:
    """The first place from `earliest` to `latest` after a space; `latest` when there is none."""
    for place in range(earliest, latest):
        if text[place].isspace() and not text[place + 1].isspace():
            return place + 1
    return latest


def _word_end(text: str, start: int, earliest: int, latest: int) -> int:
    """The last place from `earliest` to `latest` before a space, else between graphemes."""
    for place in range(latest, max(earliest, start + 1) - 1, -1):
        if text[place].isspace() and not text[place - 1].isspace():
            return place
    graphemes = (match.end() for match in _GRAPHEME.finditer(text, earliest, latest + 1))
    return max((end for end in graphemes if end <= latest), default=earliest)


def _passage(text: str, cut: _Cut, marked: Sequence[tuple[int, int]]) -> Passage:
    """The text of a cut with those of the marked ranges, or parts of them, that are in it."""
    start = cut.start if cut.begins else cut.start - len(ELLIPSIS)
    shown = (
        ("" if cut.begins else ELLIPSIS)
        + text[cut.start : cut.end].replace("\n", " ")
        + ("" if cut.ends else ELLIPSIS)
    )
    first = bisect_right(marked, cut.start, key=lambda span: span[1])
    last = bisect_left(marked, cut.end, key=lambda span: span[0])
    inside = (
        (max(begin, cut.start) - start, min(end, cut.end) - start)
        for begin, end in marked[first:last]
    )
    return Passage(shown, tuple(inside), start)
