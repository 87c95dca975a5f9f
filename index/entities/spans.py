"""A name among the words of an article, while it is still being worked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from index.entities.mentions import EntityType

SpanType = EntityType | Literal["other"]
"""What a model tells apart. "other" (demonyms, events, works) is recognised so that it is not
taken for one of the three, and is left out of the mentions."""


IsPlace = Callable[[tuple[str, ...]], bool]
"""Whether words are the name of a place of some sort."""


class Span(NamedTuple):
    """words[start:end] name something of a type."""

    start: int
    end: int
    type: SpanType
