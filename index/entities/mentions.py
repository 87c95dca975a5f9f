"""The seam between recognition and everything else: text in, mentions out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, Protocol

EntityType = Literal["person", "place", "organisation"]
ENTITY_TYPES: tuple[EntityType, ...] = ("person", "place", "organisation")


class Mention(NamedTuple):
    """A name where it stands: text[start:end] == surface, counted towards `name`.

    Names of people have no titles or possessives in them: in "spokesperson John Kirby's" the
    surface is "John Kirby". `name` is the fullest form the article itself gives.
    """

    type: EntityType
    start: int
    end: int
    surface: str
    name: str


class Recogniser(Protocol):
    """Finds the people, places and organisations a text names."""

    @property
    def version(self) -> str:
        """Changes whenever the same text may give other mentions; stored beside them."""

    def find(self, text: str) -> tuple[Mention, ...]:
        """The mentions in one article's text (title, newline, body), by position, not nested.

        Never raises for any str and takes time linear in its length.
        """

    def find_all(self, texts: Iterable[str]) -> Iterator[tuple[Mention, ...]]:
        """The mentions in each of several articles' texts; quicker than one by one."""
