"""Texts for the tests of stories: articles, and copies of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from index.articles import Article, PublicationDate

PARTS = 6
"""Parts a text is made of, each of which a copy may have changed."""

_WORDS = 15  # a part
_FIRST_DAY = datetime(2024, 3, 1, 9)


def text(plot: int, changed: frozenset[int] = frozenset()) -> str:
    """What is told of a plot; every part that was changed has other words."""
    return "\n".join(_part(plot, part, changed=part in changed) for part in range(PARTS))


def article(
    name: str, body: str, day: float | None = 0, title: str = "Flood in the north"
) -> Article:
    """An article of a day, or without a date."""
    published = None if day is None else PublicationDate(_FIRST_DAY + timedelta(days=day))
    return Article(id=name, title=title, body=body, published=published, source="The Wire")


def _part(plot: int, part: int, *, changed: bool) -> str:
    random = Random(f"{plot} {part} {changed}")
    words = ["".join(random.choices("abcdefghijklmnoprstuvw", k=6)) for _ in range(_WORDS)]
    name = f"Minister{plot}" if not changed else words[0].title()
    return f"{name} {' '.join(words)} {1000 + plot if not changed else random.randrange(10)}."
