"""Which segments to merge: a pure function from their sizes to a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GROWTH = 2
"""A segment stays as it is while it has at least this many times the articles of all smaller ones.

So n articles are in at most 1 + log3(n) segments; and as the largest of those that are merged
grows by half or more, each article is merged at most log1.5(n) times."""

MOST_DELETED = 0.25
"""A segment with a larger part of its articles deleted is written anew without them."""


MOST_AT_ONCE = 100
"""Segments merged in one go: each is a file held open, of which a process may have 1,024."""


@dataclass(frozen=True, slots=True)
class SegmentSize:
    """A segment's name, its articles without the deleted ones, and the deleted ones.

    new: written since the last commit
    """

    name: str
    live: int
    deleted: int
    new: bool = False


def choose(segments: Sequence[SegmentSize]) -> list[str]:
    """The names of the segments to merge into one, none if all is well.

    The largest one that is smaller than GROWTH times all smaller ones together goes, with all
    smaller ones; so do those with too many deleted articles. So do all new ones if there are
    several, as when many articles are put at once: each segment has all words of its articles, so
    that one takes less room than two, and is searched faster. No more than MOST_AT_ONCE: there is
    more to choose once these are one.
    """
    ordered = sorted(segments, key=lambda segment: (segment.live, segment.name))
    merged = 0
    smaller = 0
    for position, segment in enumerate(ordered):
        if position and segment.live < GROWTH * smaller:
            merged = position + 1
        smaller += segment.live
    several = sum(segment.new and segment.live > 0 for segment in segments) > 1
    chosen = [segment.name for segment in ordered[:merged]]
    chosen += [
        segment.name
        for segment in ordered[merged:]
        if segment.deleted > MOST_DELETED * (segment.live + segment.deleted)
        or (several and segment.new)
    ]
    return chosen[:MOST_AT_ONCE]
