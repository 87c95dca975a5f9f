"""A name among the words of an article, while it is still being worked out."""

from __future__ import annotations

from typing import Literal, NamedTuple

from index.entities.mentions import EntityType

SpanType = EntityType | Literal["other"]
"""What a model tells apart. "other" (demonyms, events, works) is recognised so that it is not
taken for one of the three, and is left out of the mentions."""


class Span(NamedTuple):
    """words[start:end] name something of a type."""

    start: int
    end: int
    type: SpanType
