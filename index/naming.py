"""What facet values are called: the names articles give, and those they are counted under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

FacetName = tuple[str, str]
"""A facet and one of its values."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Which facet values count under another name, or, where the other is None, not at all.

    A name given here is final: it is not looked up again. The other may be of another facet,
    as when a place was taken for a person; both are of index.articles.FACETS, since a story has
    no other name. Values that are not among `names` stay as they are. Where an article gets a
    value more than once in this way, it has it once, with the greatest of the weights.
    """

    names: Mapping[FacetName, FacetName | None] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def facets(self, facets: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """The facets of one article under these names, each value once, none empty."""
        named: dict[str, dict[str, None]] = {}
        for facet, values in facets.items():
            for value in values:
                name = self.names.get((facet, value), (facet, value))
                if name is not None:
                    named.setdefault(name[0], {})[name[1]] = None
        return {facet: tuple(values) for facet, values in named.items()}
